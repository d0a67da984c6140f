"""Requests and responses over HTTP/2: what an app sees and sends, byte by byte."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest

from harness import frames
from harness.http2 import Http2
from harness.notes import Notes
from harness.server import Server
from harness.wire import Response

pytestmark = [pytest.mark.core, pytest.mark.kinds]

DISCONNECT = {"type": "http.disconnect"}


def scope_of(response: Response) -> dict[str, Any]:
    assert response.status == 200, response
    scope = response.json()
    assert isinstance(scope, dict)
    return scope


def listed(scope: dict[str, Any]) -> list[tuple[str, str]]:
    return [(name["bytes"], value["bytes"]) for name, value in scope["headers"]]


def test_scope_is_that_of_the_request(server: Server) -> None:
    with Http2.to(server) as client:
        scope = scope_of(client.ask("/a%20b/%C3%A9?x=1&y=%20", ("x-b", "2"), ("x-a", "1")))
    assert (scope["type"], scope["http_version"], scope["method"]) == ("http", "2", "GET")
    assert scope["scheme"] == server.scheme
    assert (scope["path"], scope["raw_path"]) == ("/a b/é", {"bytes": "/a%20b/%C3%A9"})
    assert scope["query_string"] == {"bytes": "x=1&y=%20"}
    assert listed(scope) == [("host", "spvn.test"), ("x-b", "2"), ("x-a", "1")]


def test_tls_agrees_on_it_and_a_clear_client_needs_no_word(server: Server) -> None:
    with Http2.to(server) as client:
        assert client.alpn == ("h2" if server.tls else None)
        assert client.ask("/").status == 200


def test_host_stands_in_for_an_authority(server: Server) -> None:
    fields = [(":method", "GET"), (":scheme", server.scheme), (":path", "/")]
    with Http2.to(server) as client:
        stream = client.open([*fields, ("x-a", "1"), ("host", "other.test")])
        assert sorted(listed(scope_of(client.response(stream)))) == [
            ("host", "other.test"),
            ("x-a", "1"),
        ]


def test_crumbs_of_cookies_are_one_field(server: Server) -> None:
    """RFC 9113 8.2.3."""
    with Http2.to(server) as client:
        crumbs = [("cookie", "a=1"), ("x-between", "1"), ("cookie", "b=2"), ("cookie", "c=3")]
        headers = listed(scope_of(client.ask("/", *crumbs)))
    assert [value for name, value in headers if name == "cookie"] == ["a=1; b=2; c=3"]


def test_repeated_fields_stay_apart_and_bytes_are_kept(server: Server) -> None:
    every = bytes([*range(0x21, 0x7F), *range(0x80, 0x100)])
    with Http2.to(server) as client:
        more = (("x-a", "1"), ("x-a", "2"), ("x-every", every), ("x-empty", ""))
        headers = listed(scope_of(client.ask("/", *more)))
    assert headers[1:] == [
        *(("x-a", "1"), ("x-a", "2")),
        ("x-every", every.decode("latin-1")),
        ("x-empty", ""),
    ]


def test_fields_of_a_response_are_as_the_app_sent_them(server: Server) -> None:
    every = bytes([*range(0x21, 0x7F), *range(0x80, 0x100)])
    with Http2.to(server) as client:
        answer = client.ask(
            "/own-headers",
            *(("x-send-x-b", "1"), ("x-send-x-b", "2"), ("x-send-x-every", every)),
            *(("x-send-set-cookie", "a=1"), ("x-send-set-cookie", "b=2")),
        )
    assert answer.body == b"hello"
    assert answer.all("x-b") == [b"1", b"2"]
    assert answer.all("set-cookie") == [b"a=1", b"b=2"]
    assert answer.one("x-every") == every


def test_framing_of_the_app_does_not_pass(server: Server) -> None:
    """RFC 9113 8.2.2; the client refuses such fields."""
    with Http2.to(server) as client:
        for target in ("/framed-by-app", "/framed-by-app?length=1"):
            answer = client.ask(target)
            assert (answer.status, answer.body) == (200, b"hello")
        more = (("x-send-connection", "close"), ("x-send-keep-alive", "timeout=5"))
        assert client.ask("/own-headers", *more).body == b"hello"


@pytest.mark.parametrize("size", [0, 1, 16_384, 65_536, 20_000_000])
def test_body_streamed_back_during_upload(server: Server, size: int) -> None:
    sent = (b"%08x" % 0x1234ABCD * (size // 8 + 1))[:size]
    with Http2.to(server, timeout=60) as client:
        answer = client.ask("/echo", ("content-length", str(size)), method="POST", body=sent)
    assert hashlib.sha256(answer.body).digest() == hashlib.sha256(sent).digest()


def test_body_without_a_length_in_many_frames(server: Server) -> None:
    with Http2.to(server) as client:
        stream = client.request("/whole-body", method="POST", end=False)
        pieces = [b"%d," % number for number in range(500)]
        for piece in pieces:
            client.data(stream, piece)
        client.send(frames.padded(stream, b"padded", 100))
        client.data(stream, end=True)
        assert client.response(stream).body == b"".join(pieces) + b"padded"


def test_request_without_a_body_has_one_event(server: Server) -> None:
    with Http2.to(server) as client:
        for method in ("GET", "POST"):
            (event,) = client.ask("/events", method=method).json()
            assert (event["type"], event["length"]) == ("http.request", 0)
            assert event["more_body"] is False


def test_trailers_of_a_request_end_its_body(server: Server) -> None:
    with Http2.to(server) as client:
        stream = client.request("/whole-body", ("te", "trailers"), method="POST", end=False)
        client.data(stream, b"body")
        client.trail(stream, ("x-checksum", "1"))
        assert client.response(stream).body == b"body"


def test_head_has_the_fields_and_no_body(server: Server) -> None:
    with Http2.to(server) as client:
        more = (("x-send-content-length", "5"),)
        answer = client.ask("/own-headers", *more, method="HEAD")
        assert (answer.status, answer.body) == (200, b"")
        assert answer.one("content-length") == b"5"
        assert client.ask("/own-headers", *more).body == b"hello"


@pytest.mark.parametrize("status", [204, 304])
def test_status_without_a_body_has_none(server: Server, status: int) -> None:
    with Http2.to(server) as client:
        answer = client.ask(f"/own-headers?status={status}")
        assert (answer.status, answer.body) == (status, b"")
        assert client.ask("/").status == 200


def test_piece_of_a_body_goes_out_before_the_next(server: Server, notes: Notes) -> None:
    with Http2.to(server) as client:
        stream = client.request(f"/piece-at-gate?{notes.key}")
        found = client.streams[stream]
        client.until(lambda: found.body, "the first piece")
        assert (bytes(found.body), found.ended) == (b"data: first\n\n", False)
        notes.open_gate()
        assert client.response(stream).body == b"data: first\n\ndata: second\n\n"


def test_reset_stream_is_a_disconnect_of_that_stream(server: Server, notes: Notes) -> None:
    other = Notes(server)
    with Http2.to(server) as client:
        left = client.request(f"/wait-for-disconnect?{notes.key}")
        kept = client.request(f"/answer-at-gate?{other.key}")
        assert (notes.wait(1), other.wait(1)) == (["waiting"], ["waiting"])
        client.send(frames.reset(left))
        assert notes.wait(2)[1][0] == DISCONNECT
        other.open_gate()
        assert client.response(kept).body == b"answered"
        assert client.ask("/").status == 200


def test_reset_in_a_body_is_no_end_of_it(server: Server, notes: Notes) -> None:
    with Http2.to(server) as client:
        stream = client.request(f"/note-events?{notes.key}", method="POST", end=False)
        client.data(stream, b"part")
        notes.wait(1)
        client.send(frames.reset(stream))
        seen = notes.wait(4)
    assert DISCONNECT in seen
    assert all(each.get("more_body", True) for each in seen), seen


def test_end_of_a_connection_is_a_disconnect_of_all_its_streams(server: Server) -> None:
    all_notes = [Notes(server) for _ in range(3)]
    with Http2.to(server) as client:
        for each in all_notes:
            client.request(f"/wait-for-disconnect?{each.key}")
        for each in all_notes:
            each.wait(1)
    for each in all_notes:
        assert each.wait(2)[1][0] == DISCONNECT


def test_send_after_a_reset_raises_oserror(server: Server, notes: Notes) -> None:
    with Http2.to(server) as client:
        stream = client.request(f"/send-until-refused?{notes.key}")
        assert client.head(stream).status == 200
        client.send(frames.reset(stream))
        first, again = notes.wait(2)
        assert "OSError" in first
        assert again == first


def test_answer_without_reading_ends_the_stream_without_an_error(
    server: Server, notes: Notes
) -> None:
    """RFC 9113 8.1: the response is whole, and the client is told that its body is in vain."""
    with Http2.to(server) as client:
        stream = client.request(f"/answer-then-receive?{notes.key}", method="POST", end=False)
        client.data(stream, b"a part of a body")
        answer = client.response(stream)
        assert (answer.status, answer.body) == (200, b"early")
        assert client.reset_of(stream) == frames.NO_ERROR
        assert client.ask("/").status == 200


def test_error_before_the_head_is_answered_500(server: Server) -> None:
    with Http2.to(server) as client:
        answer = client.ask("/raises?when=first&text=secret")
        assert answer.status == 500
        assert b"secret" not in answer.body
        assert client.ask("/").status == 200


@pytest.mark.parametrize(
    "target", ["/raises?when=middle&text=x", "/returns?when=middle", "/short-of-length"]
)
def test_response_that_breaks_off_is_reset(server: Server, target: str) -> None:
    with Http2.to(server) as client:
        stream = client.request(target)
        assert client.head(stream).status == 200
        assert client.reset_of(stream) == frames.INTERNAL_ERROR
        assert not client.streams[stream].ended
        assert client.ask("/").status == 200


def test_client_that_waits_for_100_is_told_to_go_on(server: Server) -> None:
    with Http2.to(server) as client:
        more = (("expect", "100-continue"), ("content-length", "4"))
        stream = client.request("/whole-body", *more, method="POST", end=False)
        found = client.streams[stream]
        client.until(lambda: found.interim, "100")
        assert [head.status for head in found.interim] == [100]
        client.data(stream, b"body", end=True)
        assert client.response(stream).body == b"body"


BROKEN: dict[str, list[tuple[str, str]]] = {
    "upper case": [("X-Upper", "1")],
    "connection": [("connection", "close")],
    "transfer-encoding": [("transfer-encoding", "chunked")],
    "te": [("te", "gzip")],
    "unknown pseudo-field": [(":other", "1")],
    "two lengths": [("content-length", "0"), ("content-length", "1")],
    "space": [("x a", "1")],
    "line break": [("x-a", "1\r\nx-b: 2")],
}


@pytest.mark.parametrize("case", BROKEN)
def test_broken_head_costs_its_stream_alone(server: Server, case: str) -> None:
    """RFC 9113 8.1.1: a reset, or 400 before it; never the app."""
    with Http2.to(server) as client:
        stream = client.request("/", *BROKEN[case])
        found = client.streams[stream]
        client.until(lambda: found.head or found.code is not None, "a refusal")
        if found.head is None:
            assert found.code == frames.PROTOCOL_ERROR
        else:
            assert found.head.status == 400
        assert client.ask("/").status == 200


@pytest.mark.parametrize("sent", [b"", b"short", b"longer than it says"])
def test_body_of_another_length_than_promised_is_a_broken_stream(
    server: Server, notes: Notes, sent: bytes
) -> None:
    with Http2.to(server) as client:
        target = f"/note-events?{notes.key}"
        stream = client.request(target, ("content-length", "10"), method="POST", end=False)
        client.data(stream, sent, end=True)
        assert client.reset_of(stream) == frames.PROTOCOL_ERROR
        assert client.ask("/").status == 200
    seen = notes.all()
    assert all(each.get("more_body", True) for each in seen), seen
