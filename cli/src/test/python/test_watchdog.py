"""`--worker-hang-timeout`: an event loop that does not come back is reported, with its stack."""

from __future__ import annotations

import re
import signal
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path

import pytest

from conftest import Serve
from harness.command import Command
from harness.kinds import kinds_tried
from harness.server import Server
from harness.waiting import eventually
from harness.wire import Connection, request

pytestmark = [pytest.mark.own, pytest.mark.kinds("process")]

TARGET = "hangs:app"
LIMIT = ("--worker-hang-timeout", "1s")
SEVERAL = ("--workers", "2", "--isolation", *kinds_tried("subinterpreter"))
TWO = (*LIMIT, *SEVERAL)
BACK = re.compile(r"WARN +worker (\d) is back after (\d+\.\d) s")
REPORT = re.compile(
    r"WARN +worker (\d) has been blocked for (\d+\.\d) s.*?(?=^\d{4}-|\Z)", re.M | re.S
)
NO_STACK = "; its Python stack cannot be had: native code holds the interpreter's lock"


class Watched:
    """A server that many tests use, and what its log has said since the test began."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self._mark = server.mark()

    @property
    def log(self) -> str:
        return self.server.log_since(self._mark)

    @property
    def backs(self) -> list[tuple[str, float]]:
        """Which worker has come back, and how long it was away."""
        return [(each[1], float(each[2])) for each in BACK.finditer(self.log)]

    @property
    def reports(self) -> list[re.Match[str]]:
        return list(REPORT.finditer(self.log))

    def ask(self, path: str) -> bytes:
        with self.server.connect(timeout=60) as connection:
            return connection.ask(path).body

    def wait_backs(self, count: int = 1) -> list[tuple[str, float]]:
        def come() -> list[tuple[str, float]]:
            return self.backs if len(self.backs) >= count else []

        return eventually(come, within=10, what=f"{count} returns")

    def wait_log(self, text: str) -> None:
        eventually(lambda: text in self.log, within=10, what=f"{text!r} in the log")


@pytest.fixture(scope="module", params=kinds_tried("main", "subinterpreter"))
def one_worker(command: Command, request: pytest.FixtureRequest) -> Iterator[Server]:
    with Server(command, TARGET, *LIMIT, "--isolation", request.param) as server:
        yield server


@pytest.fixture(scope="module")
def two_workers(command: Command) -> Iterator[Server]:
    with Server(command, TARGET, *TWO, "--queue-timeout", "500ms") as server:
        yield server


@pytest.fixture
def one(one_worker: Server) -> Iterator[Watched]:
    yield Watched(one_worker)
    assert one_worker.alive


@pytest.fixture
def two(two_workers: Server) -> Iterator[Watched]:
    yield Watched(two_workers)
    assert two_workers.alive


@pytest.mark.parametrize(
    ("path", "line", "name"),
    [
        ("/sleep", "time.sleep(seconds)  # here it sleeps", "sleep"),
        ("/spin", "end", "spin"),
    ],
)
def test_blocked_request_is_reported_with_its_stack(
    one: Watched, path: str, line: str, name: str
) -> None:
    assert one.ask(f"{path}?seconds=2") == b"done"
    [(_, away)] = one.wait_backs()
    [report] = one.reports
    text = report.group()
    first, head, *stack = text.splitlines()
    assert 1.2 <= away <= 4
    assert 1.0 <= float(report[2]) <= away, text
    assert head == "Traceback (most recent call last):"
    assert re.fullmatch(r'  File ".*/hangs\.py", line \d+, in app', stack[0]), text
    assert re.fullmatch(rf'  File ".*/hangs\.py", line \d+, in {name}', stack[2]), text
    assert line in stack[3], text
    assert "spvn_bridge" not in text
    assert "asyncio" not in text
    assert one.log.index(first) < one.log.index("is back after")


def test_callback_that_blocks_without_a_request_is_reported(one: Watched) -> None:
    assert one.ask("/later?seconds=2") == b"done"
    one.wait_backs()
    [report] = one.reports
    assert "time.sleep(seconds)  # here it sleeps" in report.group()


def test_native_code_that_keeps_the_lock_is_reported_without_a_stack(one: Watched) -> None:
    """Or with it late, when the lock was given up for a moment."""
    assert one.ask("/native?seconds=3.5") == b"done"
    one.wait_backs()
    text = one.reports[0].group()
    assert NO_STACK in text or "in keep_the_lock\n" in text


def test_each_hang_is_reported(one: Watched) -> None:
    assert one.ask("/sleep?seconds=2") == b"done"
    one.wait_backs(1)
    assert one.ask("/sleep?seconds=2") == b"done"
    one.wait_backs(2)
    assert len(one.reports) == 2


def test_loop_that_is_busy_with_many_requests_is_not_reported(one: Watched) -> None:
    until = time.monotonic() + 4
    with ThreadPoolExecutor(16) as clients:
        answered = sum(clients.map(lambda _: keep_busy(one.server, until), range(16)))
    assert answered > 50
    assert one.reports == []


def keep_busy(server: Server, until: float) -> int:
    answered = 0
    with server.connect() as connection:
        while time.monotonic() < until:
            connection.send(*[request("/spin?seconds=0.002")] * 8)
            for _ in range(8):
                assert connection.read_response().body == b"done"
                answered += 1
    return answered


@pytest.mark.parametrize("path", ["/spin", "/sleep", "/native"])
def test_other_worker_serves_and_the_one_is_named(two: Watched, path: str) -> None:
    with two.server.connect(timeout=60) as blocked:
        blocked.send(request(f"{path}?seconds=3"))
        two.wait_log(f"{path} begins")
        slowest = served_meanwhile(two, blocked)
        assert blocked.read_response().body == b"done"
    assert slowest < 2, "the other worker was held up"
    [(number, _)] = two.wait_backs()
    assert {each[1] for each in two.reports} == {number}


def served_meanwhile(two: Watched, blocked: Connection) -> float:
    """The slowest answer of those that the other worker gives while one is blocked."""
    slowest = 0.0
    while blocked.silent(0.05):
        began = time.monotonic()
        assert b"MainThread" in two.ask("/threads")
        slowest = max(slowest, time.monotonic() - began)
    return slowest


def test_both_workers_hang_and_queued_requests_are_refused(two: Watched) -> None:
    with two.server.connect() as first, two.server.connect() as second:
        first.send(request("/spin?seconds=3"))
        two.wait_log("/spin begins")
        second.send(request("/sleep?seconds=3"))
        two.wait_log("/sleep begins")
        began = time.monotonic()
        with two.server.connect() as queued:
            assert queued.ask("/threads").status == 503
        assert time.monotonic() - began < 2
        assert first.read_response().body == b"done"
        assert second.read_response().body == b"done"
    assert {number for number, _ in two.wait_backs(2)} == {"0", "1"}
    assert {each[1] for each in two.reports} == {"0", "1"}
    assert "in spin\n" in two.log
    assert "in sleep\n" in two.log


def test_long_hang_is_reported_each_time_it_doubles(serve: Serve) -> None:
    watched = Watched(serve(TARGET, "--worker-hang-timeout", "500ms"))
    assert watched.ask("/sleep?seconds=6") == b"done"
    [(_, away)] = watched.wait_backs()
    assert 5.4 <= away <= 8
    times = [float(each[2]) for each in watched.reports]
    assert 2 <= len(times) <= 4, times
    assert all(later >= 1.8 * sooner for sooner, later in pairwise(times)), times


def test_nothing_is_reported_where_it_is_off(serve: Serve) -> None:
    watched = Watched(serve(TARGET, "--worker-hang-timeout", "off"))
    assert watched.ask("/sleep?seconds=2.5") == b"done"
    assert b"spvn-watch" not in watched.ask("/threads")
    assert watched.server.stop() == 0
    assert "blocked" not in watched.log
    assert "back after" not in watched.log


def test_short_blocks_are_not_reported(serve: Serve) -> None:
    watched = Watched(serve(TARGET, "--worker-hang-timeout", "2s"))
    for _ in range(4):
        assert watched.ask("/sleep?seconds=0.6") == b"done"
    assert watched.ask("/threads").count(b"spvn-watch") == 1
    assert watched.reports == []


class TestStop:
    def hang(self, server: Server, seconds: float, path: str = "/sleep") -> Connection:
        connection = server.connect(timeout=30)
        connection.send(request(f"{path}?seconds={seconds}"))
        server.wait_log(f"{path} begins")
        return connection

    def test_hang_that_ends_in_time_is_a_graceful_stop(self, serve: Serve, tmp_path: Path) -> None:
        written = tmp_path / "shutdown"
        server = serve(TARGET, *LIMIT, env={"WRITE_TO": str(written)})
        with self.hang(server, 2.5) as connection:
            server.signal(signal.SIGTERM)
            assert connection.read_response().body == b"done"
        assert server.wait_exit(10) == 0
        assert written.read_text() == "shut down"
        assert BACK.search(server.log), server.tail()
        server.check_clean()

    @pytest.mark.parametrize("path", ["/sleep", "/spin"])
    def test_hang_for_good_ends_the_process_with_its_log(self, serve: Serve, path: str) -> None:
        server = serve(TARGET, *LIMIT, "--graceful-timeout", "2s")
        with self.hang(server, 60, path):
            server.signal(signal.SIGTERM)
            began = time.monotonic()
            assert server.wait_exit(15) == 1
            # The limit, and the moment that the end of the process may take beyond it.
            assert 1.9 <= time.monotonic() - began <= 3.5
        assert f"in {path[1:]}\n" in server.log
        assert re.search(
            r"WARN +stopped without waiting any longer for worker 0, whose event loop is blocked,"
            r" after \d",
            server.log,
        )
        server.check_clean()

    def test_hang_of_two_workers_takes_no_longer(self, serve: Serve) -> None:
        server = serve(TARGET, *TWO, "--graceful-timeout", "1s")
        with self.hang(server, 60), self.hang(server, 60, "/spin"):
            server.signal(signal.SIGTERM)
            began = time.monotonic()
            server.wait_exit(15)
            assert time.monotonic() - began <= 2.5
        server.check_clean()

    def test_second_signal_ends_a_hang_at_once(self, serve: Serve) -> None:
        server = serve(TARGET, *LIMIT)
        with self.hang(server, 60):
            server.wait_log("has been blocked")
            server.signal(signal.SIGTERM)
            server.wait_log("SIGTERM: stopping")
            server.signal_again(signal.SIGTERM)
            assert server.wait_exit(5) == 1
        server.check_clean()


def test_many_stacks_do_no_harm(serve: Serve) -> None:
    """They are taken while both interpreters run Python as fast as they can."""
    server = serve(TARGET, "--worker-hang-timeout", "1ms", *SEVERAL)
    over = threading.Event()
    with ThreadPoolExecutor(4) as clients:
        spinning = [clients.submit(keep_spinning, server, over) for _ in range(4)]
        try:
            eventually(lambda: server.log.count("in spin\n") >= 10, within=60, what="stacks")
        finally:
            over.set()
    assert sum(each.result() for each in spinning) >= 20
    assert server.stop() == 0


def keep_spinning(server: Server, over: threading.Event) -> int:
    answered = 0
    with server.connect() as connection:
        while not over.is_set():
            assert connection.ask("/spin?seconds=0.15").body == b"done"
            answered += 1
    return answered
