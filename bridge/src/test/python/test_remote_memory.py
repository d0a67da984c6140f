"""A worker process that has no memory for its own part ends, for somebody waits for what it has."""

from __future__ import annotations

import socket
from collections import deque
from typing import TYPE_CHECKING, Any, NoReturn

import pytest

from spvn_bridge.remote import wire
from spvn_bridge.remote.host import Host

if TYPE_CHECKING:
    from collections.abc import Iterator


class Ended(BaseException):
    """The process would have ended."""


@pytest.fixture(autouse=True)
def ending(monkeypatch: pytest.MonkeyPatch) -> None:
    def give_up(reason: str) -> NoReturn:
        raise Ended(reason)

    monkeypatch.setattr(wire, "give_up", give_up)


class Starved:
    """A connection, or anything else, of which each use lacks memory."""

    def fileno(self) -> int:
        return -1

    def __getattr__(self, name: str) -> Any:
        def fail(*_: object) -> NoReturn:
            raise MemoryError(name)

        return fail


@pytest.fixture
def connection() -> Iterator[socket.socket]:
    one, other = socket.socketpair()
    with one, other:
        yield one


def test_read_that_has_no_room_for_its_count() -> None:
    inlet = wire.Inlet(Starved(), deque())  # type: ignore[arg-type]
    with pytest.raises(Ended, match="there is no memory for requests"):
        inlet.hush()


def test_batch_that_cannot_be_sent() -> None:
    outlet = wire.Outlet(Starved())  # type: ignore[arg-type]
    outlet.messages.append([wire.SERVING])
    with pytest.raises(Ended, match="there is no memory for answers"):
        outlet.flush()


def test_message_for_which_no_turn_of_the_loop_can_be_had(connection: socket.socket) -> None:
    todo: deque[Any] = deque()
    host = Host(wire.Inlet(connection, todo), wire.Outlet(connection), todo)
    host._loop = Starved()  # type: ignore[assignment]
    with pytest.raises(Ended, match="there is no memory for an answer"):
        host.add([wire.LOG, 20, "hello"])
