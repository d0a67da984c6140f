"""What a worker process tells the server, and when."""

from __future__ import annotations

import asyncio
import marshal
import socket
from collections import deque
from typing import TYPE_CHECKING, Any

import pytest

from spvn_bridge.remote import wire
from spvn_bridge.remote.host import Host

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def connections() -> Iterator[tuple[socket.socket, socket.socket]]:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.settimeout(5)
        yield ours, theirs


@pytest.fixture
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    made = asyncio.new_event_loop()
    yield made
    made.close()


def test_what_is_said_while_the_loop_is_left_is_sent_when_it_goes_on(
    connections: tuple[socket.socket, socket.socket], loop: asyncio.AbstractEventLoop
) -> None:
    """An app's SystemExit leaves the loop, and is logged before that is entered again."""
    ours, theirs = connections
    todo: deque[Any] = deque()
    host = Host(wire.Inlet(ours, todo), wire.Outlet(ours), todo)
    host._loop = loop
    host.log(40, "ignored what the app raised")
    loop.run_until_complete(asyncio.sleep(0))
    batch = theirs.recv(1000)
    assert marshal.loads(batch[4:]) == (  # noqa: S302 - our own
        0,
        [[wire.LOG, 40, "ignored what the app raised"]],
    )
