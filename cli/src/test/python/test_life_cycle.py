"""Signals, stopping and idle connections."""

from __future__ import annotations

import signal
import sys
import time
from contextlib import ExitStack
from pathlib import Path

import pytest

from conftest import Serve
from harness.notes import Notes
from harness.server import Server
from harness.wire import Connection, request

pytestmark = pytest.mark.own

TARGET = "conformance.main:app"


@pytest.fixture
def running(serve: Serve) -> Server:
    return serve(TARGET)


def in_flight(server: Server, connection: Connection, notes: Notes) -> None:
    """Sends a request that the app holds back."""
    connection.send(request(f"/answer-at-gate?{notes.key}"))
    notes.wait(1)


def slow_in_flight(server: Server, connection: Connection) -> None:
    """Sends a request that `background:slow` answers by itself, a little later."""
    connection.send(request("/"))
    server.wait_log("the slow request is here")


@pytest.mark.core
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_request_in_flight_is_answered(serve: Serve, number: signal.Signals) -> None:
    server = serve("background:slow")
    with server.connect() as connection:
        slow_in_flight(server, connection)
        server.signal(number)
        response = connection.read_response()
        assert (response.status, response.body) == (200, b"slow but sure")
        assert connection.ended()
    assert server.wait_exit(10) == 0
    server.check_clean()


@pytest.mark.core
def test_stop_without_work_is_quick(running: Server) -> None:
    with running.connect() as connection:
        assert connection.ask("/").status == 200
    started = time.monotonic()
    assert running.stop() == 0
    assert time.monotonic() - started < 3


def test_idle_connections_closed_at_once(running: Server) -> None:
    with running.connect() as used, running.connect() as fresh:
        assert used.ask("/").status == 200
        running.signal(signal.SIGTERM)
        assert used.ended(within=2)
        assert fresh.ended(within=2)
        assert running.wait_exit(5) == 0


def test_who_is_in_the_queue_of_the_system_at_a_stop_is_answered(running: Server) -> None:
    with ExitStack() as clients:
        running.signal(signal.SIGSTOP)
        waiting = [clients.enter_context(running.connect()) for _ in range(50)]
        for each in waiting:
            each.send(request("/"))
        running.signal(signal.SIGTERM)
        running.signal(signal.SIGCONT)
        for each in waiting:
            assert each.read_response().status == 200
            # Who was accepted before the signal reached Java is answered as ever, and closed then.
            assert each.ended(within=5)
    assert running.wait_exit(10) == 0
    running.check_clean()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_start_in_the_background_of_a_script(serve: Serve, number: signal.Signals) -> None:
    """A shell without job control starts `spvn ... &` with SIGINT ignored."""
    ignoring = (
        "import os, signal, sys; signal.signal(int(sys.argv[1]), signal.SIG_IGN);"
        " os.execvp(sys.argv[2], sys.argv[2:])"
    )
    through = (sys.executable, "-c", ignoring, f"{number:d}")
    server = serve("background:slow", through=through)
    with server.connect() as connection:
        slow_in_flight(server, connection)
        server.signal(number)
        assert connection.read_response().status == 200
    assert server.wait_exit(10) == 0
    server.check_clean()


def test_new_connections_refused_while_stopping(running: Server) -> None:
    notes = Notes(running)
    with running.connect() as connection, running.connect() as idle:
        in_flight(running, connection, notes)
        assert idle.ask("/").status == 200
        running.signal(signal.SIGTERM)
        assert idle.ended(within=2)
        with pytest.raises(OSError, match=r"refused|reset"):
            _use(running)
        running.kill()


def _use(server: Server) -> None:
    """Connects; where the kernel still accepts, nothing may be served."""
    with server.connect() as late:
        late.send(request("/"))
        if late.ended():
            raise ConnectionResetError("reset")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_second_signal_ends_at_once(running: Server, number: signal.Signals) -> None:
    notes = Notes(running)
    with running.connect() as connection, running.connect() as idle:
        in_flight(running, connection, notes)
        assert idle.ask("/").status == 200
        running.signal(signal.SIGTERM)
        assert idle.ended(within=2), "the first signal has been seen"
        assert running.alive
        running.signal_again(number)
        started = time.monotonic()
        running.wait_exit(5)
        assert time.monotonic() - started < 2
    running.check_clean()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_signal_that_comes_twice_is_one(serve: Serve, number: signal.Signals) -> None:
    """As where it is sent to a process and to its group, or passed on by a parent as well."""
    server = serve("background:slow")
    with server.connect() as connection:
        slow_in_flight(server, connection)
        server.signal(number)
        server.signal(number)
        assert connection.read_response().status == 200
    assert server.wait_exit(10) == 0
    server.check_clean()


def test_second_signal_leaves_no_pid_file(serve: Serve, tmp_path: Path) -> None:
    server = serve(TARGET, "--proc-dir", str(tmp_path))
    assert (tmp_path / "spvn.pid").exists()
    with server.connect() as connection, server.connect() as idle:
        in_flight(server, connection, Notes(server))
        assert idle.ask("/").status == 200
        server.signal(signal.SIGTERM)
        assert idle.ended(within=2), "the first signal has been seen"
        server.signal_again(signal.SIGTERM)
        server.wait_exit(5)
    assert not (tmp_path / "spvn.pid").exists()


def test_graceful_timeout_bounds_the_wait(serve: Serve) -> None:
    server = serve(TARGET, "--graceful-timeout", "1s")
    notes = Notes(server)
    with server.connect() as connection:
        in_flight(server, connection, notes)
        started = time.monotonic()
        server.stop(within=6)
        assert time.monotonic() - started >= 0.9
    server.check_clean()


def test_keep_alive_timeout_closes_idle_connections(serve: Serve) -> None:
    server = serve(TARGET, "--timeout-keep-alive", "1s")
    with server.connect() as connection:
        assert connection.ask("/").status == 200
        answered = time.monotonic()
        assert connection.ended(within=4)
        assert 0.7 <= time.monotonic() - answered <= 3


def test_keep_alive_timeout_after_an_answer_ahead_of_the_body(serve: Serve) -> None:
    server = serve(TARGET, "--timeout-keep-alive", "1s")
    with server.connect() as connection:
        connection.send(request("/", "Content-Length: 100000", method="POST") + bytes(30_000))
        assert connection.read_response().status == 200
        connection.send(bytes(70_000))
        answered = time.monotonic()
        assert connection.ended(within=4)
        assert 0.7 <= time.monotonic() - answered <= 3


def test_keep_alive_timeout_spares_busy_connections(serve: Serve) -> None:
    server = serve(TARGET, "--timeout-keep-alive", "1s")
    notes = Notes(server)
    with server.connect() as connection:
        in_flight(server, connection, notes)
        assert connection.silent(1.6), "the connection was cut while the app worked"
        notes.open_gate()
        assert connection.read_response().body == b"answered"


@pytest.mark.core
def test_shutdown_of_lifespan_ran(serve: Serve, tmp_path: Path) -> None:
    server = serve("lifespans:app", env={"FOLDER": str(tmp_path), "MODE": "plain"})
    assert server.stop() == 0
    assert (tmp_path / "order").read_text().split() == ["startup", "shutdown", "shutdown-ends"]


@pytest.mark.core
def test_start_line(running: Server) -> None:
    assert isinstance(running.address, tuple)
    assert f" on {running.url}: 1 worker, " in running.start_line
    assert running.log.count("spvn 0.1.0 on ") == 1
