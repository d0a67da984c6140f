"""What receive() says of the body: items 20 to 24 and 33."""

from __future__ import annotations

from typing import Any

import pytest

from harness.notes import Notes
from harness.server import Server
from harness.wire import LAST_CHUNK, Connection, chunk, request

pytestmark = [pytest.mark.core, pytest.mark.kinds]

CHUNKED = "Transfer-Encoding: chunked"
EXPECT = "Expect: 100-continue"
# So long nothing may come: the only way to see that something does not happen.
QUIET = 0.3


def event(text: str, more: bool) -> dict[str, Any]:
    return {
        "type": "http.request",
        "body_type": "bytes",
        "text": text,
        "length": len(text),
        "more_body": more,
    }


def body_of(events: list[dict[str, Any]]) -> str:
    return "".join(each["text"] for each in events)


def test_first_event_is_request_of_bytes_item20(server: Server) -> None:
    with server.connect() as connection:
        events = connection.ask("/events", method="POST", body=b"hello").json()
    assert events[0]["type"] == "http.request"
    assert {each["body_type"] for each in events} == {"bytes"}
    assert body_of(events) == "hello"


@pytest.mark.parametrize("version", ["1.0", "1.1"])
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_no_body_is_one_final_event_item21(server: Server, method: str, version: str) -> None:
    with server.connect() as connection:
        events = connection.ask("/events", method=method, version=version).json()
    assert events == [event("", False)]


def test_length_zero_is_one_final_event_item21(server: Server) -> None:
    with server.connect() as connection:
        events = connection.ask("/events", method="POST", body=b"").json()
    assert events == [event("", False)]


def test_chunks_decoded_item22(server: Server) -> None:
    with server.connect() as connection:
        connection.send(request("/whole-body", CHUNKED, method="POST"))
        connection.send(chunk(b"one,"), chunk(b"two,"), chunk(b"x" * 100_000), LAST_CHUNK)
        assert connection.read_response().body == b"one,two," + b"x" * 100_000


def test_chunk_extensions_not_in_body_item22(server: Server) -> None:
    with server.connect() as connection:
        connection.send(request("/whole-body", CHUNKED, method="POST"))
        connection.send(chunk(b"one", b";a=b"), chunk(b"two", b';a="q;q"'), b"0;last\r\n\r\n")
        assert connection.read_response().body == b"onetwo"
        assert connection.ask("/next").json()["path"] == "/next"


def test_request_trailers_not_in_body_item22(server: Server) -> None:
    with server.connect() as connection:
        connection.send(request("/events", CHUNKED, "Trailer: X-Sum", method="POST"))
        connection.send(chunk(b"data"), b"0\r\nX-Sum: 1\r\nX-Other: 2\r\n\r\n")
        events = connection.read_response().json()
        assert body_of(events) == "data"
        assert connection.ask("/next").json()["path"] == "/next"


def test_chunks_cut_anywhere_item22(server: Server) -> None:
    whole = chunk(b"hello", b";x=1") + chunk(b"world") + b"0\r\nX-T: 1\r\n\r\n"
    with server.connect() as connection:
        connection.send(request("/whole-body", CHUNKED, method="POST"))
        for at in range(len(whole)):
            connection.send(whole[at : at + 1])
        assert connection.read_response().body == b"helloworld"


def test_chunk_size_in_either_case_with_zeros_item22(server: Server) -> None:
    data = b"y" * 0xAB
    with server.connect() as connection:
        connection.send(request("/whole-body", CHUNKED, method="POST"))
        connection.send(b"00aB\r\n", data, b"\r\n", b"AB\r\n", data, b"\r\n000\r\n\r\n")
        assert connection.read_response().body == data + data


@pytest.mark.parametrize("chunked", [True, False], ids=["chunked", "length"])
def test_first_piece_received_during_upload_item23(server: Server, chunked: bool) -> None:
    framing = CHUNKED if chunked else "Content-Length: 10"
    with server.connect() as connection:
        connection.send(request("/echo", framing, method="POST"))
        connection.send(chunk(b"first") if chunked else b"first")
        head = connection.read_head()
        assert _echoed(connection, 5) == b"first"
        connection.send(chunk(b"later") + LAST_CHUNK if chunked else b"later")
        assert head.status == 200
        assert _echoed(connection, 5) == b"later"


def _echoed(connection: Connection, count: int) -> bytes:
    data = b""
    while len(data) < count:
        data += connection.read_chunk()
    return data


def test_more_body_true_until_the_last_item24(server: Server, notes: Notes) -> None:
    with server.connect() as connection:
        connection.send(request(f"/note-events?{notes.key}", CHUNKED, method="POST"))
        connection.send(chunk(b"a"))
        notes.wait(1)
        connection.send(chunk(b"b"), LAST_CHUNK)
        seen = notes.wait(2)
        while seen[-1]["more_body"]:
            seen = notes.wait(len(seen) + 1)
        assert [each["more_body"] for each in seen] == [True] * (len(seen) - 1) + [False]
        assert body_of(seen) == "ab"


def test_no_request_event_after_the_last_item24(server: Server, notes: Notes) -> None:
    with server.connect() as connection:
        connection.send(request(f"/note-events?{notes.key}", method="POST", body=b"all"))
        before = len(notes.wait(1))
        connection.reset()
    after = notes.wait(before + 3)
    bodies = [each for each in after if each["type"] == "http.request"]
    assert [each["more_body"] for each in bodies] == [True] * (len(bodies) - 1) + [False]
    assert after[len(bodies) :] == [{"type": "http.disconnect"}] * 3


def test_continue_sent_when_app_receives_item33(server: Server, notes: Notes) -> None:
    with server.connect() as connection:
        target = f"/receive-at-gate?{notes.key}"
        connection.send(request(target, EXPECT, "Content-Length: 5", method="POST"))
        notes.wait(1)
        assert connection.silent(QUIET), "100 Continue before the app asked for the body"
        notes.open_gate()
        interim = connection.read_head()
        assert (interim.status, interim.headers) == (100, [])
        connection.send(b"hello")
        response = connection.read_response()
    assert (response.status, response.body) == (200, b"hello")


def test_continue_sent_once_for_chunked_body_item33(server: Server) -> None:
    with server.connect() as connection:
        connection.send(request("/whole-body", "EXPECT: 100-Continue", CHUNKED, method="POST"))
        assert connection.read_head().status == 100
        connection.send(chunk(b"one"), chunk(b"two"), LAST_CHUNK)
        assert connection.read_response().body == b"onetwo"
        assert connection.ask("/next").json()["path"] == "/next"


def test_no_continue_without_receive_item33(server: Server, notes: Notes) -> None:
    with server.connect() as connection:
        target = f"/answer-at-gate?{notes.key}"
        connection.send(request(target, EXPECT, "Content-Length: 5", method="POST"))
        notes.wait(1)
        notes.open_gate()
        assert connection.read_response().body == b"answered"


def test_no_continue_after_final_status_item33(server: Server, notes: Notes) -> None:
    with server.connect() as connection:
        target = f"/answer-then-receive?{notes.key}"
        connection.send(request(target, EXPECT, "Content-Length: 5", method="POST"))
        response = connection.read_response()
        assert (response.status, response.body) == (200, b"early")
        assert connection.silent(QUIET) or connection.ended()
    assert notes.wait(1) == [{"type": "http.disconnect"}]


def test_no_continue_to_http_1_0_item33(server: Server) -> None:
    with server.connect() as connection:
        head = request("/whole-body", EXPECT, method="POST", version="1.0", body=b"hello")
        connection.send(head)
        response = connection.read_response()
    assert (response.status, response.body) == (200, b"hello")


def test_no_continue_when_body_came_along_item33(server: Server) -> None:
    with server.connect() as connection:
        connection.send(request("/whole-body", EXPECT, method="POST", body=b"hello"))
        head = connection.read_head()
        if head.status == 100:
            head = connection.read_head()
        assert connection.read_body(head).body == b"hello"
        assert connection.ask("/next").json()["path"] == "/next"
