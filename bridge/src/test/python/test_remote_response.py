"""What an app may say in a worker process, and in which words it is refused.

Java's classes are the norm, so that an app hears the same in every kind of worker: `EventReader`
for types and values, `HeaderSyntax` for header fields. The cases are those of their tests.
"""

from __future__ import annotations

from typing import Any

import pytest

from remote_post import LAST, START, Post, body, start
from spvn_bridge.http import SENT
from spvn_bridge.remote import wire
from spvn_bridge.remote.response import (
    AWAITING_START,
    COMPLETE,
    LARGE,
    MESSAGE,
    STREAMING,
    WINDOW,
    Exchange,
)


def block(exchange: Exchange, post: Post, headers: Any) -> bytes:
    exchange.send(start(headers=headers))
    exchange.send(LAST)
    fields: bytes = post.messages[0][3]
    return fields


# ---- EventReader


@pytest.mark.parametrize(
    "headers",
    [
        lambda: [(b"A", b"1"), [b"b", b"2"]],
        lambda: ((b"a", b"1"), (b"B", b"2")),
        lambda: (pair for pair in [(b"a", b"1"), (b"b", b"2")]),
        {b"a": b"1", b"b": b"2"}.items,
        lambda: iter([iter([b"a", b"1"]), iter([b"b", b"2"])]),
    ],
)
def test_headers_may_be_any_iterable(exchange: Exchange, post: Post, headers: Any) -> None:
    assert block(exchange, post, headers()) == b"a\x001\x00b\x002\x00"


def test_start_without_headers_has_none(exchange: Exchange, post: Post) -> None:
    exchange.send(start(204))
    exchange.send(LAST)
    assert post.messages == [[wire.RESPONSE, 7, 204, b"", b""]]


@pytest.mark.parametrize(
    "name", ["http.response" + ".body", type("Name", (str,), {})(LAST["type"])]
)
def test_type_is_known_by_its_value(exchange: Exchange, post: Post, name: str) -> None:
    exchange.send(START)
    exchange.send({"type": name, "body": b"x"})
    assert post.messages == [[wire.RESPONSE, 7, 200, b"", b"x"]]


@pytest.mark.parametrize(
    "data",
    [
        b"data",
        bytearray(b"data"),
        memoryview(b"data"),
        memoryview(b"d.a.t.a.")[::2],
        type("Data", (bytes,), {})(b"data"),
    ],
)
def test_body_may_be_any_bytes(exchange: Exchange, post: Post, data: Any) -> None:
    exchange.send(START)
    exchange.send(body(data))
    assert post.messages[0][4] == b"data"
    assert type(post.messages[0][4]) is bytes


@pytest.mark.parametrize(
    ("value", "more"), [(True, True), (False, False), (1, True), (0, False), ([], False)]
)
def test_more_is_what_python_takes_for_true(
    exchange: Exchange, post: Post, value: Any, more: Any
) -> None:
    exchange.send(START)
    exchange.send({"type": "http.response.body", "more_body": value})
    assert exchange.state == (STREAMING if more else COMPLETE)
    assert type(post.messages[-1][-1]) is (bool if more else bytes)


@pytest.mark.parametrize(
    ("event", "message"),
    [
        ([], "an ASGI event must be a dict"),
        (start("200"), "'status' must be an int"),
        (start(status=True), "'status' must be an int"),
        (start(None), "'status' must be an int"),
        (start(headers=[(b"a",)]), "a header must be a pair of name and value"),
        (start(headers=[("a", b"")]), "a header name must be bytes"),
        (start(headers=[(b"a", "")]), "a header value must be bytes"),
        (start(headers=[(bytearray(b"a"), b"")]), "a header name must be bytes"),
        (body("text"), "'body' must be bytes"),
        (body(None), "'body' must be bytes"),
    ],
)
def test_value_of_the_wrong_type_is_a_type_error(
    exchange: Exchange, event: Any, message: str
) -> None:
    with pytest.raises(TypeError) as error:
        exchange.send(event)
    assert str(error.value) == message


@pytest.mark.parametrize(
    ("event", "message"),
    [
        ({}, "ASGI event without a 'type'"),
        ({"type": 7}, "ASGI event without a 'type'"),
        ({"type": "http.response.begin"}, "Unexpected ASGI message 'http.response.begin'"),
        ({"type": "http.response.start"}, "'http.response.start' without 'status'"),
    ],
)
def test_event_that_is_none_is_a_violation(
    exchange: Exchange, event: dict[str, Any], message: str
) -> None:
    with pytest.raises(RuntimeError) as error:
        exchange.send(event)
    assert str(error.value) == message


@pytest.mark.parametrize("status", [-1, 0, 99, 600, 999, 1000, 10**30])
def test_status_beyond_http_is_refused(exchange: Exchange, status: int) -> None:
    with pytest.raises(ValueError, match="status must be 100 to 599, not "):
        exchange.send(start(status))
    assert exchange.state == AWAITING_START


@pytest.mark.parametrize("status", [100, 200, 204, 304, 418, 599])
def test_status_of_a_known_class_is_legal(exchange: Exchange, post: Post, status: int) -> None:
    exchange.send(start(status))
    exchange.send(LAST)
    assert post.messages == [[wire.RESPONSE, 7, status, b"", b""]]


def test_headers_whose_iteration_sends_another_event_are_kept_apart(
    kind: type[Exchange], exchange: Exchange, post: Post
) -> None:
    other = kind(8, post, silent=False)

    def fields() -> Any:
        yield b"outer", b"1"
        other.send(start(202, headers=[(b"inner", b"1")]))
        yield b"last", b"2"

    assert block(exchange, post, fields()) == b"outer\x001\x00last\x002\x00"
    other.send(LAST)
    assert post.messages[-1] == [wire.RESPONSE, 8, 202, b"inner\x001\x00", b""]


# ---- HeaderSyntax

TOKEN = b"!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"


def refusal(post: Post, *pairs: tuple[bytes, bytes]) -> str:
    try:
        post.cache.fields(pairs)
    except ValueError as error:
        return str(error)
    return ""


def test_a_name_is_made_of_token_characters(post: Post) -> None:
    for octet in range(256):
        expected = "" if octet in TOKEN else f"illegal byte 0x{octet:02x} in header name 'x"
        assert refusal(post, (b"x%cx" % octet, b"")).startswith(expected), octet
        assert bool(refusal(post, (b"x%cx" % octet, b""))) is bool(expected), octet


def test_a_value_is_made_of_everything_but_control_characters(post: Post) -> None:
    for octet in range(256):
        legal = octet == 9 or (octet >= 32 and octet != 127)
        expected = "" if legal else f"illegal byte 0x{octet:02x} in header value 'x"
        assert refusal(post, (b"a", b"x%cx" % octet)).startswith(expected), octet
        assert bool(refusal(post, (b"a", b"x%cx" % octet))) is bool(expected), octet


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        (b"", b"", "header name is empty"),
        (b"X y\xe9", b"", "illegal byte 0x20 in header name 'X y\\xe9'"),
        (
            b"a",
            b"a\r\nset-cookie: b",
            "illegal byte 0x0d in header value 'a\\x0d\\x0aset-cookie: b'",
        ),
        (b"a", b"\\\n", "illegal byte 0x0a in header value '\\\\x0a'"),
        (b"a", b"v" * 5000 + b"\n", f"illegal byte 0x0a in header value '{'v' * 60}...'"),
        (b"a", b"1\0b\x002", "illegal byte 0x00 in header value '1\\x00b\\x002'"),
        (b"a\x001\0b", b"2", "illegal byte 0x00 in header name 'a\\x001\\x00b'"),
    ],
)
def test_a_refusal_shows_the_offender_readably(
    post: Post, name: bytes, value: bytes, words: str
) -> None:
    """NUL is what separates fields on the wire: none may come in by a field."""
    assert refusal(post, (b"fine", b"1"), (name, value)) == words
    with pytest.raises(ValueError, match=r"in header|is empty"):
        post.cache.fields(iter([iter((name, value))]))


def test_names_are_put_into_lower_case_as_ascii(exchange: Exchange, post: Post) -> None:
    assert block(exchange, post, [(b"X-AZ-az", b"\xc9Z")]) == b"x-az-az\0\xc9Z\0"


def test_fields_that_were_seen_before_are_those_that_are_sent(post: Post) -> None:
    for value in (b"1", b"2", b"1"):
        assert post.cache.fields([(b"A", value)]).block == b"a\0%c\0" % value


def test_the_cache_is_bounded(post: Post) -> None:
    for number in range(5_000):
        post.cache.fields([(b"a", b"%d" % number)])
    post.cache.fields([(b"a", b"x" * 10_000)])
    assert len(post.cache._known) <= 1024
    assert all(len(known.block) < 1_000 for known in post.cache._known.values())


# ---- what is said


def test_a_response_of_pieces(exchange: Exchange, post: Post) -> None:
    exchange.send(start(201, headers=[(b"a", b"1")]))
    assert not post.messages, "the head goes with the body"
    exchange.send(body(b"x", more=True))
    exchange.send(body(b"y"))
    assert post.messages == [
        [wire.START, 7, 201, b"a\x001\0"],
        [wire.PART, 7, b"x", True],
        [wire.PART, 7, b"y", False],
    ]


@pytest.mark.parametrize("more", [True, False])
def test_a_large_body_is_offered(exchange: Exchange, post: Post, more: Any) -> None:
    exchange.send(START)
    exchange.send(body(bytes(LARGE + 1), more=more))
    assert post.messages[0] == [wire.START, 7, 200, b""]
    assert post.offered == [(7, bytes(LARGE + 1), more)]


def test_a_body_that_is_just_not_large_is_said(exchange: Exchange, post: Post) -> None:
    exchange.send(START)
    exchange.send(body(bytes(LARGE)))
    assert post.messages == [[wire.RESPONSE, 7, 200, b"", bytes(LARGE)]]


@pytest.mark.parametrize("size", [0, 1, 1_000, WINDOW])
def test_the_app_waits_after_a_window_until_there_is_room(
    exchange: Exchange, post: Post, size: int
) -> None:
    """Pieces without a byte count as well, or memory would not be bounded."""
    exchange.send(START)
    for _ in range(2):
        sent = 0
        while exchange.send(body(bytes(size), more=True)) is SENT:
            sent += size + MESSAGE
            assert sent < WINDOW
        assert exchange.send(body(b"", more=True)) is post.waits
        exchange.has_room()
    assert [message for message in post.messages if message[0] == wire.FULL] == [[wire.FULL, 7]] * 2


def test_the_end_of_a_response_asks_for_no_room(exchange: Exchange, post: Post) -> None:
    exchange.send(START)
    assert exchange.send(body(bytes(10 * LARGE))) is SENT
    assert not [message for message in post.messages if message[0] == wire.FULL]


def test_the_start_may_be_said_by_itself(exchange: Exchange, post: Post) -> None:
    exchange.say_start()
    exchange.send(start(201))
    exchange.say_start()
    exchange.say_start()
    exchange.send(body(b"x"))
    assert post.messages == [[wire.START, 7, 201, b""], [wire.PART, 7, b"x", False]]
