"""Two workers, each with an interpreter and a GIL of its own."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from harness.command import Command
from harness.server import START_LINE, Server
from harness.waiting import eventually
from harness.wire import Connection, Truncated, WireError, chunk, request

pytestmark = pytest.mark.own

CHURN_SECONDS = 5
CLIENTS = 16
# Of each, however slow the machine is.
LEAST = 13


@pytest.fixture(scope="module")
def two(command: Command) -> Iterator[Server]:
    options = ("--workers", "2", "--isolation", "subinterpreter")
    with Server(command, "workers:app", *options) as server:
        yield server


def ask(server: Server, path: str) -> Any:
    with server.connect() as connection:
        return connection.ask(path).json()


def test_start_line_tells_of_two_workers(two: Server) -> None:
    assert ": 2 workers, subinterpreter, Python " in two.start_line


def test_both_workers_serve(two: Server) -> None:
    with ThreadPoolExecutor(8) as clients:
        found = list(clients.map(lambda _: ask(two, "/busy"), range(80)))
    by_interpreter = Counter(each["interpreter"] for each in found)
    assert len(by_interpreter) == 2, by_interpreter
    assert min(by_interpreter.values()) >= 10, by_interpreter
    assert len({each["thread"] for each in found}) == 2
    assert {each["pid"] for each in found} == {two.process.pid}


def test_one_worker_answers_while_the_other_is_blocked(two: Server) -> None:
    """A blocking app holds up its own interpreter, and no request but its own."""
    with two.connect() as blocked:
        blocked.send(request("/block"))
        two.wait_log("blocked for two seconds")
        free = {ask(two, "/who")["interpreter"] for _ in range(8)}
        assert blocked.silent(0), "the others were answered only when the worker was free again"
        assert blocked.read_response().json()["interpreter"] not in free


def use_well(connection: Connection, chance: random.Random) -> None:
    for _ in range(chance.randrange(1, 8)):
        assert connection.ask("/").body == b"hello"
        size = chance.randrange(20_000)
        body = chance.randbytes(size)
        assert connection.ask("/echo", method="POST", body=body).body == body


def stream_well(connection: Connection, chance: random.Random) -> None:
    assert connection.ask("/stream").body == bytes(20 * 8192)


def pipeline(connection: Connection, chance: random.Random) -> None:
    count = chance.randrange(2, 10)
    connection.send(*[request("/")] * count)
    for _ in range(count):
        assert connection.read_response().body == b"hello"


def leave_in_request(connection: Connection, chance: random.Random) -> None:
    whole = request("/echo", "Transfer-Encoding: chunked", method="POST") + chunk(b"x" * 500)
    connection.send(whole[: chance.randrange(1, len(whole))])
    connection.reset()


def leave_before_answer(connection: Connection, chance: random.Random) -> None:
    connection.send(request("/busy"))
    connection.close()


def leave_in_answer(connection: Connection, chance: random.Random) -> None:
    connection.send(request("/stream"))
    connection.read_head()
    chance.choice([connection.reset, connection.close])()


MANNERS: list[Callable[[Connection, random.Random], None]] = [
    use_well,
    stream_well,
    pipeline,
    leave_in_request,
    leave_before_answer,
    leave_in_answer,
]


def churn(server: Server, seed: int, until: float, failures: list[str]) -> None:
    """Clients that come, behave in one of the manners, and go."""
    chance = random.Random(seed)
    came = 0
    while time.monotonic() < until or came < LEAST:
        manner = chance.choice(MANNERS)
        try:
            with server.connect() as connection:
                manner(connection, chance)
        except (WireError, OSError) as failure:
            failures.append(f"{manner.__name__}: {failure!r}")
        came += 1


@pytest.mark.alone
def test_churn_and_disconnects_do_no_harm(two: Server) -> None:
    failures: list[str] = []
    until = time.monotonic() + CHURN_SECONDS
    mark = two.mark()
    with ThreadPoolExecutor(CLIENTS) as clients:
        came = [clients.submit(churn, two, seed, until, failures) for seed in range(CLIENTS)]
    assert [each.result() for each in came] == [None] * CLIENTS
    assert failures == []
    assert two.alive
    assert "Traceback" not in two.log_since(mark)
    assert {ask(two, "/who")["pid"] for _ in range(10)} == {two.process.pid}


def test_stop_under_load(command: Command) -> None:
    """Requests that are answered are answered whole; the server ends by itself."""
    options = ("--workers", "2", "--isolation", "subinterpreter")
    server = Server(command, "workers:app", *options)
    server.start()
    failures: list[str] = []
    with ThreadPoolExecutor(8) as clients:
        stopping = threading.Event()
        running = [clients.submit(_until_refused, server, stopping, failures) for _ in range(8)]
        eventually(lambda: ask(server, "/who")["requests"] > 200, within=20, what="some load")
        stopping.set()
        assert server.stop(within=15) == 0
        assert sum(each.result() for each in running) > 0
    assert failures == []
    server.check_clean()


def _until_refused(server: Server, stopping: threading.Event, failures: list[str]) -> int:
    """Asks until the server is gone; an answer that is cut short is a failure."""
    answered = 0
    with suppress(OSError):
        while True:
            with server.connect() as connection:
                try:
                    assert connection.ask("/stream").body == bytes(20 * 8192)
                    answered += 1
                except WireError as failure:
                    begun = isinstance(failure, Truncated) and failure.body
                    if begun or not stopping.is_set():
                        failures.append(repr(failure))
                    return answered
    return answered


def test_worker_that_ends_while_others_start_is_no_start(command: Command, tmp_path: Path) -> None:
    options = ("--workers", "2", "--isolation", "subinterpreter")
    server = Server(command, "ends_early:app", *options, env={"MARK": str(tmp_path / "mark")})
    server.launch()
    assert server.wait_exit(30) != 0
    assert "worker 0 failed" in server.log.splitlines()[-1]
    assert not START_LINE.search(server.log)
