"""Clients that leave, in an orderly way or by a reset, after each step of a conversation."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from harness.command import Command
from harness.server import Server
from harness.vitals import answers
from harness.waiting import eventually
from harness.wire import LAST_CHUNK, Connection, chunk, request

pytestmark = pytest.mark.kinds

LONG = "Content-Length: 100000"
UPLOAD = request("/upload", "Transfer-Encoding: chunked", method="POST")
WAIT = request("/wait")


def nothing(connection: Connection) -> None:
    """The client reads nothing."""


def answer(connection: Connection) -> None:
    assert connection.read_response().body == b"hello"


def piece(connection: Connection) -> None:
    assert connection.read_head().status == 200
    assert connection.read_chunk()


def pieces(connection: Connection) -> None:
    piece(connection)
    for _ in range(5):
        assert connection.read_chunk()


@dataclass(frozen=True)
class Step:
    """How far a client comes: what it sends, what it reads, whether a task of the app awaits it.

    Where it may leave before the app is called, `task` is None; `later` is sent once it was called.
    """

    sent: bytes
    reads: Callable[[Connection], None] = nothing
    task: bool | None = False
    later: bytes = b""


STEPS = {
    "connect": Step(b""),
    "request-line": Step(b"GET /wai"),
    "head": Step(b"POST /upload HTTP/1.1\r\nHost: spvn.te"),
    "whole-head-length": Step(request("/upload", LONG, method="POST"), task=True),
    "whole-head-chunked": Step(UPLOAD, task=True),
    "small-body": Step(request("/upload", "Content-Length: 9", method="POST") + b"part", task=None),
    "body-length": Step(request("/upload", LONG, method="POST") + bytes(50_000), task=True),
    "chunk-size": Step(UPLOAD + chunk(b"whole") + b"f", task=True),
    "chunk": Step(UPLOAD + chunk(b"whole") + b"ff\r\npart", task=True),
    "last-chunk": Step(UPLOAD + chunk(b"whole") + LAST_CHUNK[:-2], task=True),
    "whole-request": Step(WAIT, task=True),
    "response-head": Step(request("/wait?started=1"), piece, task=True),
    "response-stream": Step(request("/download"), pieces, task=True),
    "response-unread": Step(request("/download"), task=True),
    "between-requests": Step(request("/"), answer),
    "second-head": Step(request("/") + b"GET /wai", answer),
    "second-head-behind": Step(WAIT + b"GET / HTTP/1.1\r\nHo", task=True),
}

# Whole heads that stand behind a request that is not answered.
BEHIND = {
    "one": Step(WAIT + request("/"), task=True),
    "body": Step(WAIT + UPLOAD + chunk(b"part"), task=True),
    "many": Step(WAIT + request("/") * 100, task=True),
    "later": Step(WAIT + request("/"), task=True, later=request("/")),
}

Leave = Callable[[Connection], None]

LEAVE: dict[str, Leave] = {"close": Connection.close, "reset": Connection.reset}
leaves = pytest.mark.parametrize("leave", LEAVE.values(), ids=LEAVE)


@dataclass(frozen=True)
class Ordeal:
    """A server, and how many sockets it has when it has no clients."""

    server: Server
    sockets: int


@pytest.fixture(scope="module")
def ordeal(command: Command) -> Iterator[Ordeal]:
    with Server(command, "ordeal:app") as server:
        yield Ordeal(server, server.open_sockets())


def tasks(server: Server) -> Any:
    with server.connect() as connection:
        return connection.ask("/tasks").json()


class Before:
    """What the server held before the client came; it must hold no more once that has left."""

    def __init__(self, ordeal: Ordeal) -> None:
        self._server = ordeal.server
        self._sockets = ordeal.sockets
        self._tasks = tasks(ordeal.server)

    def more(self, count: str) -> int:
        """How many more tasks have `begun`, `ended` or seen that their client has `left`."""
        return int(tasks(self._server)[count] - self._tasks[count])

    def wait_restored(self) -> None:
        eventually(lambda: self.more("begun") == self.more("ended"), what="the task's end")
        eventually(lambda: self._server.open_sockets() <= self._sockets, what="sockets closed")


@leaves
@pytest.mark.parametrize("step", STEPS.values(), ids=STEPS)
def test_client_leaves_item28(ordeal: Ordeal, step: Step, leave: Leave) -> None:
    leaves_after(step, ordeal, leave)


@leaves
@pytest.mark.parametrize("step", BEHIND.values(), ids=BEHIND)
def test_client_leaves_with_requests_behind_item28(
    ordeal: Ordeal, step: Step, leave: Leave
) -> None:
    leaves_after(step, ordeal, leave)


def leaves_after(step: Step, ordeal: Ordeal, leave: Leave) -> None:
    before = Before(ordeal)
    with ordeal.server.connect() as connection:
        connection.send(step.sent)
        step.reads(connection)
        if step.task:
            eventually(lambda: before.more("begun") == 1, what="the app's task")
        connection.send(step.later)
        leave(connection)
        answers(ordeal.server)
        before.wait_restored()
    if step.task:
        assert before.more("left") == before.more("begun"), "a task did not see its client leave"
    elif step.task is not None:
        assert before.more("begun") == 0, "the app was called"


@leaves
def test_client_leaves_while_its_request_is_queued(
    ordeal: Ordeal, tmp_path: Path, leave: Leave
) -> None:
    before = Before(ordeal)
    go_on = tmp_path / "go-on"
    with (
        ordeal.server.connect() as blocking,
        ordeal.server.connect() as queued,
        ordeal.server.connect() as other,
    ):
        blocking.send(request(f"/block?until={go_on}"))
        ordeal.server.wait_log(f"blocked until {go_on}")
        queued.send(WAIT)
        other.send(request("/"))
        leave(queued)
        go_on.touch()
        assert blocking.read_response().body == b"blocked"
        assert other.read_response().body == b"hello"
    answers(ordeal.server)
    before.wait_restored()


@leaves
def test_crowd_leaves_at_once(ordeal: Ordeal, leave: Leave) -> None:
    """Every step at the same time, a few times over."""
    before = Before(ordeal)
    with ExitStack() as stack:
        for step in list(STEPS.values()) * 5:
            connection = stack.enter_context(ordeal.server.connect())
            connection.send(step.sent)
            step.reads(connection)
            stack.callback(leave, connection)
    answers(ordeal.server)
    before.wait_restored()
