"""WebSockets over HTTP/2: what bounds them, how they are stopped, and what is told of them."""

from __future__ import annotations

import json
import signal
from pathlib import Path

import pytest

from conftest import Serve
from harness import frames
from harness.admin import ANY_PORT, Admin
from harness.h2_tunnel import connect, opened
from harness.http2 import Http2
from harness.notes import Notes
from harness.waiting import eventually
from harness.websocket import BINARY, TEXT, frame
from harness.websocket_events import CONNECT, disconnect, play

pytestmark = [pytest.mark.own, pytest.mark.kinds]

CONFORMANCE = "conformance.main:app"
KIB = 1024


def test_stop_tells_both_sides_1012(serve: Serve) -> None:
    server = serve(CONFORMANCE)
    notes = Notes(server)
    with Http2.to(server) as client:
        first = opened(client, f"/ws/events?{notes.key}")
        other = opened(client, "/ws/echo")
        assert notes.wait(1) == [CONNECT]
        server.signal(signal.SIGTERM)
        for each in (first, other):
            assert each.read_close()[0] == 1012
        client.await_end()
    assert server.wait_exit() == 0


def test_app_that_does_not_receive_stops_the_client(serve: Serve) -> None:
    """Small messages that wait are no flood, and no more of them wait than there is window for."""
    server = serve(CONFORMANCE, "--ws-max-queue", "4")
    notes = Notes(server)
    with Http2.to(server) as client:
        socket = opened(client, f"/ws/receive-late?{notes.key}")
        stream = client.next_stream - 2
        for _ in range(2000):
            socket.binary(b"small")
        assert client.ask("/").status == 200
        sent = 2000
        while client.credit(stream) > 2 * KIB:
            socket.send(frame(BINARY, bytes(KIB)))
            sent += 1
        assert client.ask("/").status == 200
        assert sent < 2000 + 4 * KIB
        notes.open_gate()
        socket.close(1000)
        assert socket.read_close()[0] == 1000
    assert notes.wait(1)[0][0] == sent


def test_client_that_takes_nothing_is_left_and_its_neighbours_are_not(serve: Serve) -> None:
    server = serve(CONFORMANCE, "--timeout-write", "500ms", *ANY_PORT)
    notes = Notes(server)
    with Http2.to(server) as client:
        other = opened(client, "/ws/echo")
        stream = connect(client, f"/ws/send-blocks?{notes.key}", credit=False)
        assert client.head(stream).status == 200
        assert client.reset_of(stream) == frames.CANCEL
        other.text("still here")
        assert other.read() == "still here"
        assert client.ask("/").status == 200
    assert Admin.of(server).metric('spvn_refusals_total{reason="write_timeout"}') == 1


def test_client_that_takes_nothing_does_not_hold_up_the_app(serve: Serve) -> None:
    """Small messages, which a worker writes itself while they are taken at once."""
    server = serve(CONFORMANCE, *ANY_PORT)
    admin, notes = Admin.of(server), Notes(server)
    sent = [-1.0, -1.0, -1.0]

    def waits() -> bool:
        sent.append(admin.metric('spvn_websocket_messages_total{direction="sent"}'))
        return sent[-1] == sent[-3] > 0

    with Http2.to(server, settings={frames.INITIAL_WINDOW_SIZE: 0}) as client:
        target = f"/ws/sends-while-receiving?{notes.key}"
        stream = connect(client, target, credit=False)
        assert client.head(stream).status == 200
        eventually(waits, within=20, what="a writer that waits")
        for _ in range(3):
            with server.connect() as connection:
                assert connection.ask("/").status == 200
        client.send(frames.reset(stream))
        admin.await_metric("spvn_websockets_active", 0)
        admin.await_metric("spvn_http2_streams_active", 0)


def test_each_counts_as_a_connection(serve: Serve) -> None:
    server = serve(CONFORMANCE, "--limit-connections", "3", *ANY_PORT)
    admin = Admin.of(server)
    with Http2.to(server) as client:
        sockets = [opened(client, "/ws/echo") for _ in range(2)]
        admin.await_metric("spvn_connections_active", 3)
        assert client.response(connect(client, "/ws/echo")).status == 503
        sockets.pop().close(1000)
        admin.await_metric("spvn_connections_active", 2)
        opened(client, "/ws/echo").text("x")
        sockets[0].text("x")
        assert sockets[0].read() == "x"
    admin.await_metric("spvn_connections_active", 0)
    admin.await_metric("spvn_http2_streams_active", 0)
    assert admin.metric("spvn_held_bytes") == 0


def test_what_no_client_sends_is_refused(serve: Serve) -> None:
    server = serve(CONFORMANCE)
    with Http2.to(server) as client:
        pseudo = [(":method", "CONNECT"), (":protocol", "websocket"), (":scheme", "http")]
        target = [(":path", "/ws/echo"), (":authority", "spvn.test")]
        for more in ([], [("sec-websocket-version", "8")]):
            stream = client.open([*pseudo, *target, *more], end=False)
            assert client.response(stream).status == 400
        assert client.ask("/").status == 200


@pytest.mark.parametrize("options", [["--no-ws"], ["--ws", "none"]])
def test_they_are_not_offered_where_none_are_served(serve: Serve, options: list[str]) -> None:
    with Http2.to(serve(CONFORMANCE, *options)) as client:
        assert client.await_settings().get(frames.ENABLE_CONNECT_PROTOCOL, 0) == 0
        assert client.reset_of(connect(client, "/ws/echo")) == frames.PROTOCOL_ERROR
        assert client.ask("/").status == 200


def test_lost_stream_while_the_handshake_waits_is_a_disconnect(serve: Serve) -> None:
    server = serve(CONFORMANCE)
    notes = Notes(server)
    with Http2.to(server) as client:
        stream = connect(client, play(notes, "receive", "receive"))
        assert notes.wait(1) == [CONNECT]
        client.send(frames.reset(stream))
        assert notes.wait(2)[1] == disconnect(1006)
        assert client.ask("/").status == 200


def test_access_log_and_metrics_know_them(serve: Serve, tmp_path: Path) -> None:
    file = tmp_path / "access"
    logged = ("--access-log-file", str(file), "--access-log-format", "json")
    server = serve(CONFORMANCE, *logged, *ANY_PORT)
    admin = Admin.of(server)
    with Http2.to(server) as client:
        socket = opened(client, "/ws/echo?a=b")
        admin.await_metric("spvn_websockets_active", 1)
        socket.send(frame(TEXT, b"12345"))
        assert socket.read() == "12345"
        socket.close(1000)
        assert socket.read_close()[0] == 1000
        admin.await_metric("spvn_websockets_active", 0)
    eventually(lambda: file.read_text().count("\n") == 1, what="a line of the access log")
    line = json.loads(file.read_text())
    assert (line["method"], line["path"], line["status"]) == ("CONNECT", "/ws/echo", 200)
    assert (line["protocol"], line["bytes"]) == ("HTTP/2", 5)
    assert admin.metric('spvn_requests_total{method="CONNECT",status="200"}') == 1


def test_bytes_are_counted_once(serve: Serve) -> None:
    server = serve(CONFORMANCE, *ANY_PORT)
    admin = Admin.of(server)
    with Http2.to(server) as client:
        socket = opened(client, "/ws/echo")
        before = admin.metrics()
        socket.binary(bytes(100 * KIB))
        assert socket.read() == bytes(100 * KIB)
        after = admin.metrics()
    for direction in ("in", "out"):
        key = f'spvn_bytes_total{{direction="{direction}"}}'
        assert 100 * KIB < after[key] - before[key] < 120 * KIB
