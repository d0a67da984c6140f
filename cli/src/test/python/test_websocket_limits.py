"""What bounds a WebSocket: items 87, 88, 96 and 97, and the options that say so."""

from __future__ import annotations

import signal
import zlib
from collections.abc import Iterator

import pytest

from conftest import Serve
from harness.admin import ANY_PORT, Admin
from harness.command import Command
from harness.notes import Notes
from harness.server import Server
from harness.waiting import eventually
from harness.websocket import (
    BINARY,
    CONTINUATION,
    DEFLATE,
    PING,
    PONG,
    RSV1,
    TEXT,
    Frame,
    frame,
    handshake,
    opened,
)

pytestmark = [pytest.mark.kinds("process"), pytest.mark.own]

CONFORMANCE = "conformance.main:app"
KIB = 1024
FIN = 0x80
MIB = 1024 * KIB


@pytest.fixture(scope="module")
def small(command: Command) -> Iterator[Server]:
    """Messages of 1 KiB, two of which may wait."""
    with Server(command, CONFORMANCE, "--ws-max-size", "1K", "--ws-max-queue", "2") as server:
        yield server


@pytest.fixture(scope="module")
def asking(command: Command) -> Iterator[Server]:
    """Asks its clients often whether they are there."""
    times = ("--ws-ping-interval", "300ms", "--ws-ping-timeout", "400ms")
    with Server(command, CONFORMANCE, *times) as server:
        yield server


def test_largest_message(small: Server) -> None:
    with opened(small, "/ws/echo") as client:
        client.binary(bytes(KIB))
        client.send(frame(BINARY, bytes(KIB // 2), first=0), frame(CONTINUATION, bytes(KIB // 2)))
        assert client.read() == bytes(KIB)
        assert client.read() == bytes(KIB)


TOO_BIG = {
    "frame": [frame(BINARY, bytes(KIB + 1))],
    "head": [frame(BINARY, bytes(KIB + 1))[:8]],
    "fragments": [frame(TEXT, b"a" * KIB, first=0), frame(CONTINUATION, b"a")],
    "announced": [b"\x82\xff" + (1 << 40).to_bytes(8, "big") + bytes(4)],
}


@pytest.mark.parametrize("case", TOO_BIG)
def test_too_big_is_1009_for_both_item87(small: Server, case: str) -> None:
    notes = Notes(small)
    with opened(small, f"/ws/events?{notes.key}") as client:
        client.send(*TOO_BIG[case])
        assert client.read_close()[0] == 1009
        assert client.connection.ended()
    assert notes.wait(2)[1]["code"] == 1009


def compressed(data: bytes, level: int = 6) -> bytes:
    deflater = zlib.compressobj(level, zlib.DEFLATED, -15)
    return (deflater.compress(data) + deflater.flush(zlib.Z_SYNC_FLUSH))[:-4]


def test_bomb_is_1009_item97(small: Server) -> None:
    with opened(small, "/ws/echo", DEFLATE) as client:
        bomb = compressed(bytes(900_000))
        assert len(bomb) < KIB
        client.send(frame(BINARY, bomb, first=FIN | RSV1))
        assert client.read_close()[0] == 1009


def test_large_bomb_takes_little_item97(server: Server) -> None:
    """A quarter of a gigabyte in 250 KB."""
    piece = compressed(bytes(MIB))
    bomb = compressed(bytes(256 * MIB), 9)
    assert len(bomb) < MIB
    with opened(server, "/ws/echo", DEFLATE) as client:
        client.send(frame(BINARY, piece, first=FIN | RSV1))
        assert client.read() == bytes(MIB)
        before = server.rss_mib()
        client.send(frame(BINARY, bomb, first=FIN | RSV1))
        assert client.read_close()[0] == 1009
    assert server.rss_mib() - before < 128


# ---- compression


def test_compression_is_agreed_on_item97(server: Server) -> None:
    text = '{"price": 12.5, "name": "something"}' * 20
    with opened(server, "/ws/echo", DEFLATE) as client:
        answer = client.head.one("sec-websocket-extensions") or b""
        assert answer.startswith(b"permessage-deflate")
        for _ in range(3):
            client.send(frame(TEXT, compressed(text.encode()), first=FIN | RSV1))
            assert client.read() == text
        client.text(text)
        sent = client.read_frame()
    assert sent.rsv == RSV1
    assert len(sent.payload) < len(text) / 4


@pytest.mark.parametrize(
    "offer",
    [
        "permessage-deflate; server_no_context_takeover; client_no_context_takeover",
        "permessage-deflate; server_max_window_bits=10",
        "permessage-deflate; unknown, permessage-deflate",
        "x-other, permessage-deflate; client_max_window_bits=12",
    ],
)
def test_parameters_of_compression_item97(server: Server, offer: str) -> None:
    with opened(server, "/ws/echo", f"Sec-WebSocket-Extensions: {offer}") as client:
        answer = client.head.one("sec-websocket-extensions") or b""
        for parameter in (b"server_no_context_takeover", b"server_max_window_bits=10"):
            if parameter in offer.encode():
                assert parameter in answer
        for count in (1, 200, 20_000):
            text = "some words of a message " * count
            client.send(frame(TEXT, compressed(text.encode()), first=FIN | RSV1))
            assert client.read() == text


@pytest.mark.parametrize(
    "offer",
    ["permessage-bzip2", "permessage-deflate; server_max_window_bits=99", "x-webkit-deflate-frame"],
)
def test_what_cannot_be_agreed_on_is_declined_item97(server: Server, offer: str) -> None:
    with opened(server, "/ws/echo", f"Sec-WebSocket-Extensions: {offer}") as client:
        assert client.head.all("sec-websocket-extensions") == []
        client.text("x" * 1000)
        assert client.read_frame() == Frame(TEXT, b"x" * 1000)


def test_no_compression_unless_asked_for_item97(server: Server) -> None:
    with opened(server, "/ws/echo") as client:
        assert client.head.all("sec-websocket-extensions") == []


def test_no_compression_when_told_so_item97(serve: Serve) -> None:
    server = serve(CONFORMANCE, "--ws-per-message-deflate", "false")
    with opened(server, "/ws/echo", DEFLATE) as client:
        assert client.head.all("sec-websocket-extensions") == []
        client.send(frame(TEXT, b"x", first=FIN | RSV1))
        assert client.read_close()[0] == 1002


# ---- back-pressure


def test_app_that_does_not_receive_stops_the_reader_item96(small: Server) -> None:
    """No more than the queue, and what the system's buffers take, is read; all of it in the end."""
    notes, count = Notes(small), 0
    message = frame(BINARY, bytes(KIB))
    with opened(small, f"/ws/receive-late?{notes.key}") as client:
        client.connection.socket.settimeout(1)
        rest = b""
        try:
            while count < 50_000:
                rest = message[client.connection.socket.send(message) :]
                count += 1
                while rest:
                    rest = rest[client.connection.socket.send(rest) :]
        except TimeoutError:
            pass
        assert 0 < count < 50_000, "the server reads on while its app does not"
        notes.open_gate()
        client.send(rest)
        client.close(1000)
        assert client.read_close()[0] == 1000
    received, size, end = notes.wait(1)[0]
    assert received == count
    assert size == count * KIB
    assert end["code"] == 1000


def test_pings_behind_a_full_queue_wait_item96(small: Server) -> None:
    notes = Notes(small)
    with opened(small, f"/ws/receive-late?{notes.key}") as client:
        client.send(*[frame(TEXT, b"x")] * 5, frame(PING, b"behind"))
        assert client.connection.silent(0.3)
        notes.open_gate()
        assert client.read_frame() == Frame(PONG, b"behind")


def test_client_that_does_not_read_makes_send_wait_item96(server: Server, notes: Notes) -> None:
    with opened(server, f"/ws/send-blocks?{notes.key}", rcvbuf=32 * KIB) as client:
        count = notes.wait(1, within=30)[0]
        assert count < 1000
        for _ in range(count + 1):
            assert client.read() == bytes(64 * KIB)
        assert notes.wait(2)[1] == "went on"
        assert client.read_end() == (1000, "")


def test_client_that_never_reads_and_goes_item96(server: Server, notes: Notes) -> None:
    mark, before = server.mark(), server.open_sockets()
    with opened(server, f"/ws/send-blocks?{notes.key}", rcvbuf=32 * KIB) as client:
        notes.wait(1, within=30)
        client.connection.reset()
    eventually(lambda: server.open_sockets() <= before, what="the sockets of those who left")
    assert "Traceback" not in server.log_since(mark)


# ---- signs of life


def test_clients_are_pinged_and_answers_keep_them_item88(asking: Server) -> None:
    with opened(asking, "/ws/echo") as client:
        for _ in range(5):
            ping = client.read_frame()
            assert ping.opcode == PING
            client.send(frame(PONG, ping.payload))
        client.text("still there")
        assert client.read() == "still there"


def test_client_that_does_not_answer_is_left_item88(asking: Server) -> None:
    notes = Notes(asking)
    with opened(asking, f"/ws/events?{notes.key}") as client:
        code, reason = client.read_close()
        assert (code, reason) == (1011, "keepalive ping timeout")
        assert client.pings
        assert client.connection.ended()
    assert notes.wait(2)[1] == {
        "type": "websocket.disconnect",
        "code": 1006,
        "reason": "keepalive ping timeout",
    }


def test_no_pings_when_told_so_item88(serve: Serve) -> None:
    server = serve(CONFORMANCE, "--ws-ping-interval", "0", "--ws-ping-timeout", "200ms")
    with opened(server, "/ws/echo") as client:
        assert client.connection.silent(1.0)


# ---- not served


@pytest.mark.parametrize("options", [["--no-ws"], ["--ws", "none"]])
def test_without_websockets_the_app_gets_a_request(serve: Serve, options: list[str]) -> None:
    server = serve(CONFORMANCE, *options)
    with server.connect() as connection:
        connection.send(handshake("/shown"))
        scope = connection.read_response().json()
        assert scope["type"] == "http"
        assert scope["method"] == "GET"
        assert connection.ask("/next").status == 200


def test_name_of_an_implementation(serve: Serve) -> None:
    with opened(serve(CONFORMANCE, "--ws", "wsproto"), "/ws/echo") as client:
        client.text("x")
        assert client.read() == "x"


# ---- stop, and what is counted


def test_stop_tells_both_sides_1012(serve: Serve) -> None:
    server = serve(CONFORMANCE)
    notes = Notes(server)
    with opened(server, f"/ws/events?{notes.key}") as client, opened(server, "/ws/echo") as other:
        notes.wait(1)
        server.signal(signal.SIGTERM)
        assert client.read_end() == (1012, "")
        assert other.read_end() == (1012, "")
    assert server.wait_exit() == 0


def test_metrics(serve: Serve) -> None:
    server = serve(CONFORMANCE, *ANY_PORT)
    admin = Admin.of(server)
    with opened(server, "/ws/echo") as client, opened(server, "/ws/echo") as other:
        for _ in range(3):
            client.text("x")
            assert client.read() == "x"
        admin.await_metric("spvn_websockets_active", 2)
        client.close(1000)
        client.read_close()
        other.close(4123)
        other.read_close()
    admin.await_metric("spvn_websockets_active", 0)
    metrics = admin.metrics()
    assert metrics['spvn_websocket_messages_total{direction="received"}'] == 3
    assert metrics['spvn_websocket_messages_total{direction="sent"}'] == 3
    assert metrics['spvn_websocket_closes_total{code="1000"}'] == 1
    assert metrics['spvn_websocket_closes_total{code="other"}'] == 1
