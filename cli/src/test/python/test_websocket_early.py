"""What clients send, and do, before they have the answer to their handshake: items 81 and 83."""

from __future__ import annotations

import pytest

from harness.notes import Notes
from harness.server import Server
from harness.websocket import (
    BINARY,
    PING,
    PONG,
    TEXT,
    Client,
    Frame,
    close_frame,
    frame,
    handshake,
)
from harness.websocket_events import ACCEPT, CLOSE, CONNECT, close, disconnect, play
from harness.wire import request

pytestmark = [pytest.mark.core, pytest.mark.kinds]

# So long nothing may come: the only way to see that something does not happen. An app that takes
# as long to answer is waited for in another way.
QUIET = 0.3
# More than is read of a client that waits, in messages of which more come than may wait for an app.
MANY = [frame(BINARY, bytes(5_000))] * 100


def late(notes: Notes, then: Notes) -> bytes:
    return handshake(f"/ws/accept-late?{notes.key}&then-{then.key}")


def test_client_gone_before_accept_item81(server: Server, notes: Notes) -> None:
    with server.connect() as connection:
        connection.send(handshake(play(notes, "receive", "gate", "receive", ACCEPT, close())))
        notes.wait(2)
    notes.open_gate()
    assert notes.wait(3)[2] == disconnect(1006)
    accepted, closed = notes.wait(5)[3:]
    assert "OSError" in accepted["raised"]
    assert closed is None


@pytest.mark.parametrize("how", ["reset", "close", "shutdown_write"])
def test_client_that_leaves_while_the_app_thinks_is_1006_item81(
    server: Server, notes: Notes, how: str
) -> None:
    """Whatever it has sent: that is for a WebSocket, which there is not."""
    with server.connect() as connection:
        target = play(notes, "receive", "receive", ACCEPT, close())
        connection.send(handshake(target), frame(TEXT, b"early"))
        assert connection.silent(QUIET)
        getattr(connection, how)()
        connected, left, accepted, closed = notes.wait(4)
    assert (connected, left) == (CONNECT, disconnect(1006))
    assert "OSError" in accepted["raised"]
    assert closed is None


@pytest.mark.parametrize("how", ["reset", "shutdown_write"])
def test_client_that_leaves_behind_much_is_1006_item81(
    server: Server, notes: Notes, how: str
) -> None:
    """The end is behind what is not read yet, unless the connection is broken."""
    with server.connect() as connection:
        connection.send(late(notes, notes), *MANY)
        assert connection.silent(QUIET)
        getattr(connection, how)()
        notes.open_gate()
        sizes, end = notes.wait(3)[2]
    assert end == disconnect(1006)
    if how == "shutdown_write":
        assert sizes == [5_000] * 100


@pytest.mark.parametrize("early", [False, True])
def test_client_that_leaves_behind_a_request_is_1006_item81(server: Server, early: bool) -> None:
    """It was waited for before, for the request's sake; it leaves then or afterwards."""
    first, notes = Notes(server), Notes(server)
    with server.connect() as connection:
        connection.send(request(f"/answer-at-gate?{first.key}"))
        connection.send(handshake(play(notes, "receive", "receive")))
        first.wait(1)
        assert connection.silent(QUIET)
        if early:
            connection.shutdown_write()
        first.open_gate()
        assert connection.read_response().body == b"answered"
        notes.wait(1)
        if not early:
            assert connection.silent(QUIET)
            connection.shutdown_write()
        assert notes.wait(2) == [CONNECT, disconnect(1006)]


def test_frames_with_the_handshake_are_kept_item83(server: Server) -> None:
    with server.connect() as connection:
        connection.send(handshake("/ws/echo"), frame(TEXT, b"early"), frame(BINARY, b"x" * 70_000))
        head = connection.read_head()
        assert head.status == 101
        assert connection.read_exactly(7) == b"\x81\x05early"
        assert connection.read_exactly(10 + 70_000)[10:] == b"x" * 70_000
        connection.send(close_frame(1000))
        assert connection.read_exactly(4) == b"\x88\x02\x03\xe8"
        assert connection.ended()


def test_frames_behind_a_handshake_that_is_denied_are_no_request_item83(
    server: Server, notes: Notes
) -> None:
    with server.connect() as connection:
        connection.send(handshake(play(notes, CLOSE)), request("/ws/echo"))
        assert connection.read_response().status == 403
        assert connection.ended()


def test_handshake_behind_a_request_item83(server: Server, notes: Notes) -> None:
    """On a connection that has had requests, and one whose request is still in hand."""
    with server.connect() as connection:
        assert connection.ask("/first").status == 200
        connection.send(request(f"/answer-at-gate?{notes.key}"), handshake("/ws/echo"))
        notes.wait(1)
        assert connection.silent(QUIET)
        notes.open_gate()
        assert connection.read_response().body == b"answered"
        assert connection.read_head().status == 101
        connection.send(frame(TEXT, b"there"))
        assert connection.read_exactly(7) == b"\x81\x05there"


def test_frames_before_a_late_accept_are_kept_item83(server: Server, notes: Notes) -> None:
    with server.connect() as connection:
        connection.send(handshake(play(notes, "receive", "gate", ACCEPT, "echo")))
        connection.send(frame(TEXT, b"early"), frame(TEXT, b"in two ", first=0))
        assert connection.silent(QUIET)
        connection.send(frame(0, b"pieces"), frame(PING, b"?"))
        notes.open_gate()
        client = Client.accepted(connection)
        early, rest = client.read_frame(), [client.read_frame(), client.read_frame()]
        assert early == Frame(TEXT, b"early") or early == Frame(PONG, b"?")
        assert Frame(TEXT, b"in two pieces") in rest
        client.close(1000)
        assert client.read_close() == (1000, "")


def test_many_frames_before_a_late_accept_are_kept_item83(server: Server, notes: Notes) -> None:
    with server.connect() as connection:
        connection.send(late(notes, notes), *MANY, close_frame(4001, "x"))
        assert connection.silent(QUIET)
        notes.open_gate()
        assert Client.accepted(connection).read_close() == (4001, "")
    assert notes.wait(3)[2] == [[5_000] * 100, disconnect(4001, "x")]


def test_frames_before_a_late_accept_come_before_the_end_item83(
    server: Server, notes: Notes
) -> None:
    """The client leaves when it is accepted, and the app has received nothing yet."""
    then = Notes(server)
    with server.connect() as connection:
        connection.send(late(notes, then), *[frame(TEXT, b"m")] * 100)
        assert connection.silent(QUIET)
        notes.open_gate()
        client = Client.accepted(connection)
        connection.shutdown_write()
        assert client.connection.silent(QUIET)
        then.open_gate()
        assert notes.wait(3)[2] == [[1] * 100, disconnect(1006)]
