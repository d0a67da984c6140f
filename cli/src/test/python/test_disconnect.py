"""What an app learns of a client that leaves: items 26 to 30, 32 and 55 to 58."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from conftest import Serve
from harness.notes import Notes
from harness.server import Server
from harness.waiting import eventually
from harness.wire import Connection, chunk, request

pytestmark = [pytest.mark.core, pytest.mark.kinds]

CHUNKED = "Transfer-Encoding: chunked"
DISCONNECT = {"type": "http.disconnect"}


def leave(connection: Connection, how: str) -> None:
    if how == "reset":
        connection.reset()
    else:
        connection.close()


@pytest.mark.parametrize("how", ["close", "reset"])
@pytest.mark.parametrize("framing", [CHUNKED, "Content-Length: 100"])
def test_disconnect_in_body_is_no_end_of_body_item26(
    server: Server, notes: Notes, framing: str, how: str
) -> None:
    with server.connect() as connection:
        connection.send(request(f"/note-events?{notes.key}", framing, method="POST"))
        connection.send(chunk(b"part") if framing == CHUNKED else b"part")
        notes.wait(1)
        leave(connection, how)
    seen = notes.wait(4)
    assert DISCONNECT in seen
    assert all(each.get("more_body", True) for each in seen), seen


@pytest.mark.parametrize("how", ["close", "reset"])
@pytest.mark.parametrize(
    "sent",
    [
        b"GET /whole-body HT",
        request("/whole-body", CHUNKED, method="POST"),
        request("/whole-body", CHUNKED, method="POST") + chunk(b"part"),
        request("/whole-body", "Content-Length: 100", method="POST") + b"part",
        request("/echo", CHUNKED, method="POST") + chunk(b"part"),
        request("/whole-body", CHUNKED, method="POST") + b"ffff\r\n" + bytes(40_000),
        request("/ten-mb?blocks=1"),
    ],
    ids=["head", "no-body", "chunk", "length", "echo", "half-chunk", "response"],
)
def test_connection_released_when_client_leaves_item26(
    server: Server, sent: bytes, how: str
) -> None:
    with server.connect() as connection:
        assert connection.ask("/").status == 200
    before = server.open_sockets()
    for _ in range(10):
        with server.connect() as connection:
            connection.send(sent)
            leave(connection, how)
    eventually(lambda: server.open_sockets() <= before, within=3, what="sockets closed")


def test_receive_after_response_is_disconnect_at_once_item27(server: Server, notes: Notes) -> None:
    with server.connect() as connection:
        target = f"/receive-after-response?{notes.key}"
        assert connection.ask(target, method="POST", body=b"x").body == b"answered"
        assert notes.wait(2) == [DISCONNECT] * 2
        assert connection.ask("/next").json()["path"] == "/next"


def test_pending_receive_wakes_when_response_is_complete_item27(
    server: Server, notes: Notes
) -> None:
    with server.connect() as connection:
        target = f"/receive-across-response?{notes.key}"
        assert connection.ask(target, method="POST", body=b"x").body == b"answered"
        assert connection.ask("/next").json()["path"] == "/next"
        assert notes.wait(1) == [DISCONNECT]


@pytest.mark.parametrize("how", ["close", "reset"])
@pytest.mark.parametrize("started", ["", "&started=1"], ids=["held", "started"])
def test_disconnect_while_app_waits_item28(
    server: Server, notes: Notes, started: str, how: str
) -> None:
    with server.connect() as connection:
        target = f"/wait-for-disconnect?{notes.key}{started}"
        connection.send(request(target, method="POST", body=b"x"))
        assert notes.wait(1) == ["waiting"]
        if started:
            assert connection.read_head().status == 200
        left_at = time.monotonic()
        leave(connection, how)
        event, noticed_at = notes.wait(2)[1]
    assert event == DISCONNECT
    assert noticed_at - left_at <= 1.0


def test_receive_waits_until_disconnect_item28(server: Server, notes: Notes) -> None:
    with server.connect() as connection:
        connection.send(request(f"/wait-for-disconnect?{notes.key}"))
        notes.wait(1)
        with server.connect() as other:
            for _ in range(20):
                assert other.ask("/").status == 200
        assert notes.all() == ["waiting"], "receive() returned while the client was there"


def test_disconnect_repeated_item29(server: Server, notes: Notes) -> None:
    with server.connect() as connection:
        connection.send(request(f"/note-events?{notes.key}", CHUNKED, method="POST"))
        connection.send(chunk(b"part"))
        notes.wait(1)
    assert notes.wait(4)[-3:] == [DISCONNECT] * 3


def test_cancelled_receive_loses_nothing_item30(server: Server) -> None:
    with server.connect() as connection:
        connection.send(request("/cancelled-receive", "Content-Length: 5", method="POST"))
        head = connection.read_head()
        assert head.status == 200
        assert connection.read_chunk() == b"pending;"
        assert connection.read_chunk() == b"cancelled;"
        connection.send(b"hello")
        rest = b""
        while piece := connection.read_chunk():
            rest += piece
    assert rest == b"hello"


def test_body_that_comes_while_a_receive_is_cancelled_is_whole_item30(server: Server) -> None:
    with server.connect() as connection:
        connection.send(request("/cancelled-receive", "Content-Length: 5", method="POST"))
        assert connection.read_head().status == 200
        assert connection.read_chunk() == b"pending;"
        connection.send(b"hello")
        rest = b""
        while piece := connection.read_chunk():
            rest += piece
    assert rest in {b"cancelled;hello", b"returned;hello"}


def test_two_receives_both_wake_item30(server: Server, notes: Notes) -> None:
    with server.connect() as connection:
        connection.send(request(f"/two-receives?{notes.key}"))
        notes.wait(1)
    assert notes.wait(2)[1] == ["http.disconnect"] * 2


@pytest.mark.parametrize("target", ["/answer-at-gate", "/receive-at-gate"])
def test_half_closed_client_gets_response_item32(server: Server, notes: Notes, target: str) -> None:
    with server.connect() as connection:
        connection.send(request(f"{target}?{notes.key}", method="POST", body=b"answered"))
        connection.shutdown_write()
        notes.wait(1)
        notes.open_gate()
        response = connection.read_response()
        assert (response.status, response.body) == (200, b"answered")
        assert connection.ended()


def test_half_closed_client_gets_large_response_item32(server: Server) -> None:
    with server.connect() as connection:
        connection.send(request("/ten-mb?blocks=1"))
        connection.shutdown_write()
        assert len(connection.read_response().body) == 10 * 1024 * 1024


@pytest.mark.parametrize("how", ["close", "reset"])
def test_send_after_disconnect_raises_oserror_item55(
    server: Server, notes: Notes, how: str
) -> None:
    with server.connect() as connection:
        connection.send(request(f"/send-until-refused?{notes.key}"))
        assert connection.read_head().status == 200
        leave(connection, how)
    first, again = notes.wait(2)
    assert "OSError" in first
    assert first[0] != "OSError", "the class is the server's own"
    assert again == first


def test_send_error_that_escapes_is_not_logged_item55(server: Server, notes: Notes) -> None:
    mark = server.mark()
    with server.connect() as connection:
        connection.send(request(f"/send-escapes?{notes.key}"))
        assert connection.read_head().status == 200
        connection.reset()
    assert notes.wait(1) == ["ended"]
    with server.connect() as other:
        assert other.ask("/").status == 200
    assert "Traceback" not in server.log_since(mark)
    assert "ERROR" not in server.log_since(mark)


def test_nothing_cancelled_at_disconnect_item57(server: Server, notes: Notes) -> None:
    with server.connect() as connection:
        connection.send(request(f"/works-on?{notes.key}"))
        notes.wait(1)
    assert notes.wait(4) == ["waiting", "http.disconnect", "went on", "finally"]


def test_background_work_survives_client_item58(server: Server, notes: Notes) -> None:
    with server.connect() as connection:
        assert connection.ask(f"/works-after-response?{notes.key}").body == b"answered"
        notes.wait(1)
    notes.open_gate()
    assert notes.wait(2) == ["background", "done"]


def test_background_work_awaited_at_stop_item58(serve: Serve, tmp_path: Path) -> None:
    written = tmp_path / "written"
    server = serve("background:app", env={"WRITE_TO": str(written)})
    with server.connect() as connection:
        assert connection.ask("/").body == b"answered"
    assert server.stop() in (0, -15)
    assert written.read_text() == "background work is done"
