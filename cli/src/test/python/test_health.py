"""The admin address: health that is answered whatever happens to the app."""

from __future__ import annotations

import signal
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest

from harness.admin import ANY_PORT, Admin
from harness.command import Command
from harness.server import Server
from harness.waiting import eventually
from harness.watched import (
    LOST,
    OK,
    STARTING,
    STOPPING,
    TARGET,
    Watch,
    Watched,
    assert_answers_soon,
    requests,
)
from harness.wire import request

pytestmark = pytest.mark.own


@pytest.mark.alone
def test_starting_is_told_during_a_long_import(command: Command, tmp_path: Path) -> None:
    gate = tmp_path / "gate"
    with_gate = {"IMPORT_GATE": str(gate)}
    server = Server(command, TARGET, *ANY_PORT, env=with_gate)
    try:
        server.launch()
        admin = Admin.of(server)
        assert_answers_soon(admin, STARTING)
        assert admin.metric('spvn_worker_state{state="serving",worker="0"}') == 0
        gate.touch()
        server.wait_started()
        assert_answers_soon(admin, OK)
        assert server.stop() == 0
        server.check_clean()
    finally:
        server.kill()


def test_answers_while_the_loop_is_blocked(watched: Watched) -> None:
    with watched.connect() as connection:
        watched.block(connection)
        assert_answers_soon(watched.admin)
        assert connection.silent(0)
        watched.open_gate()
        assert connection.read_response().status == 200


def test_answers_while_the_queue_is_full(watch: Watch) -> None:
    watched = watch("--queue-size", "4", "--queue-timeout", "20s")
    with ExitStack() as opened:
        clients = watched.crowd(opened, 40, waiting=4)
        assert_answers_soon(watched.admin)
        watched.release(clients)
    watched.admin.await_metric(requests("GET", 200), 40)


@pytest.mark.alone
def test_answers_under_load(watched: Watched) -> None:
    """As many clients as the front can take, each with its next request at once."""
    stop = time.monotonic() + 3

    def hurry(_: int) -> int:
        count = 0
        with watched.connect() as connection:
            while time.monotonic() < stop:
                connection.send(*[request("/")] * 50)
                count += sum(connection.read_response().status == 200 for _ in range(50))
        return count

    with ThreadPoolExecutor(16) as clients:
        counts = clients.map(hurry, range(16))
        watched.admin.await_metrics(lambda seen: seen.get(requests("GET", 200), 0) > 0, "requests")
        while time.monotonic() < stop:
            assert_answers_soon(watched.admin)
        total = sum(counts)
    watched.admin.await_metric(requests("GET", 200), total)


@pytest.mark.alone
def test_stopping_is_told_while_a_request_is_in_hand(watched: Watched) -> None:
    with watched.connect() as connection:
        connection.send(request("/hold"))
        watched.server.wait_log("a request is in hand")
        assert watched.admin.ready() == OK
        watched.server.signal(signal.SIGTERM)
        watched.server.wait_log("SIGTERM: stopping")
        assert_answers_soon(watched.admin, STOPPING)
        assert watched.admin.metric("spvn_requests_in_flight") == 1
        watched.open_gate()
        assert connection.read_response().status == 200
    assert watched.server.wait_exit() == 0
    with pytest.raises(OSError, match="refused"):
        watched.admin.live()


def test_lost_workers_are_told(watched: Watched) -> None:
    """The server ends for that, which the unfinished head of a request delays by a moment."""
    with watched.connect() as unfinished, watched.connect() as connection:
        unfinished.send(b"GET / HTTP/1.1\r\n")
        connection.send(request("/end"))
        eventually(lambda: watched.admin.live() == LOST, what="the loss of all workers")
        assert watched.admin.ready() == LOST
        assert watched.admin.metric('spvn_worker_state{state="ended",worker="0"}') == 1
    assert watched.server.wait_exit() == 1
