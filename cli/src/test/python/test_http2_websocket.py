"""WebSockets over HTTP/2 (RFC 8441): the same events, and as many beside requests as one likes."""

from __future__ import annotations

import json

import pytest

from harness import frames, websocket
from harness.h2_tunnel import OFFER, connect, opened
from harness.http2 import Http2
from harness.notes import Notes
from harness.server import Server
from harness.websocket_events import (
    ACCEPT,
    CONNECT,
    DENIAL_BODY,
    DENIAL_START,
    close,
    disconnect,
    play,
    text,
)
from harness.wire import WireError

pytestmark = [pytest.mark.core, pytest.mark.kinds]


def test_server_says_that_it_takes_them(server: Server) -> None:
    with Http2.to(server) as client:
        assert client.await_settings().get(frames.ENABLE_CONNECT_PROTOCOL) == 1


def test_messages_come_back(server: Server) -> None:
    with Http2.to(server) as client:
        socket = opened(client, "/ws/echo")
        for message in ("text", "", "é" * 1000):
            socket.text(message)
            assert socket.read() == message
        for size in (0, 1, 126, 70_000):
            socket.binary(bytes(size))
            assert socket.read() == bytes(size)
        socket.close(1000, "bye")
        assert socket.read_close()[0] == 1000


def test_compressed_messages_come_back(server: Server) -> None:
    with Http2.to(server) as client:
        socket = opened(client, "/ws/echo", OFFER)
        assert (socket.head.one("sec-websocket-extensions") or b"").startswith(
            b"permessage-deflate"
        )
        for _ in range(3):
            socket.text("again and again " * 100)
            assert socket.read() == "again and again " * 100


def test_scope_is_that_of_a_websocket(server: Server) -> None:
    with Http2.to(server) as client:
        fields = [("sec-websocket-protocol", "chat, superchat"), ("x-a", "1")]
        socket = opened(client, "/ws/scope?a=b", *fields)
        scope = json.loads(socket.read())
    assert (scope["type"], scope["http_version"]) == ("websocket", "2")
    assert scope["scheme"] == ("wss" if server.tls else "ws")
    assert (scope["path"], scope["query_string"]) == ("/ws/scope", {"bytes": "a=b"})
    assert scope["subprotocols"] == ["chat", "superchat"]
    names = [name["bytes"] for name, _ in scope["headers"]]
    assert names[0] == "host"
    assert not [name for name in names if name.startswith(":")]


def test_close_of_the_app_ends_the_stream(server: Server, notes: Notes) -> None:
    with Http2.to(server) as client:
        told = ["receive", ACCEPT, text("hello"), close(4000, "enough"), "receive"]
        stream = connect(client, play(notes, *told))
        assert client.head(stream).status == 200
        found = client.streams[stream]
        client.until(lambda: b"enough" in found.body, "the close")
        client.data(stream, websocket.close_frame(4000))
        client.until(lambda: found.ended or found.code is not None, "the end of the stream")
        assert found.code in (None, frames.NO_ERROR, frames.CANCEL)
        assert client.ask("/").status == 200


def test_denied_websocket_is_an_answer(server: Server, notes: Notes) -> None:
    with Http2.to(server) as client:
        refused = client.response(connect(client, play(notes, "receive", close())))
        assert refused.status == 403
        told = ["receive", DENIAL_START, DENIAL_BODY]
        answer = client.response(connect(client, play(notes, *told)))
        assert (answer.status, answer.body) == (401, b"no")
        assert client.ask("/").status == 200


@pytest.mark.parametrize("how", ["reset", "end"])
def test_lost_stream_is_a_disconnect_of_that_websocket(
    server: Server, notes: Notes, how: str
) -> None:
    with Http2.to(server) as client:
        other = opened(client, "/ws/echo")
        stream = connect(client, f"/ws/events?{notes.key}")
        assert client.head(stream).status == 200
        if how == "reset":
            client.send(frames.reset(stream))
        else:
            client.data(stream, end=True)
        assert notes.wait(2) == [CONNECT, disconnect(1006)]
        other.text("still here")
        assert other.read() == "still here"


def test_lost_connection_is_a_disconnect_of_all(server: Server) -> None:
    some = [Notes(server) for _ in range(3)]
    with Http2.to(server) as client:
        for notes in some:
            opened(client, f"/ws/events?{notes.key}")
    for notes in some:
        assert notes.wait(2) == [CONNECT, disconnect(1006)]


def test_many_websockets_share_a_connection_with_requests(server: Server) -> None:
    with Http2.to(server) as client:
        sockets = [opened(client, "/ws/echo") for _ in range(20)]
        for number, socket in enumerate(sockets):
            socket.text(f"message {number}")
            assert client.ask("/").status == 200
        for number, socket in reversed(list(enumerate(sockets))):
            assert socket.read() == f"message {number}"


@pytest.mark.parametrize("protocol", ["other", ""])
def test_unknown_protocol_is_refused(server: Server, protocol: str) -> None:
    """RFC 9220 3: 501 for a protocol that is not known; an empty one is no protocol."""
    with Http2.to(server) as client:
        pseudo = [(":method", "CONNECT"), (":protocol", protocol), (":scheme", client.scheme)]
        stream = client.open([*pseudo, (":path", "/"), (":authority", "spvn.test")], end=False)
        found = client.streams[stream]
        client.until(lambda: found.head or found.code is not None, "a refusal")
        if found.head:
            assert found.head.status in (400, 501)
        assert client.ask("/").status == 200


def test_frame_that_is_not_masked_ends_the_websocket(server: Server, notes: Notes) -> None:
    with Http2.to(server) as client:
        socket = opened(client, f"/ws/events?{notes.key}")
        socket.send(websocket.frame(websocket.TEXT, b"bare", mask=b""))
        try:
            assert socket.read_close()[0] == 1002
        except WireError:
            assert not client.ended
        assert client.ask("/").status == 200
