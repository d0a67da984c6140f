"""What an app may say in a worker process, and in which words it is refused.

Java's classes are the norm, so that an app hears the same in every kind of worker: `EventReader`
for types and values, `HeaderSyntax` for header fields, `ResponseRules` for the order of events,
`ResponseLength` for what is declared. The cases are those of their tests.
"""

from __future__ import annotations

from typing import Any

import pytest

from compiled import compiled
from remote_post import Post
from spvn_bridge.http import SENT, ClientDisconnected
from spvn_bridge.remote import wire
from spvn_bridge.remote.response import (
    AWAITING_START,
    COMPLETE,
    LARGE,
    MESSAGE,
    STARTED,
    STREAMING,
    WINDOW,
    Exchange,
)

START = {"type": "http.response.start", "status": 200}
MORE = {"type": "http.response.body", "more_body": True}
LAST = {"type": "http.response.body"}


@pytest.fixture
def post() -> Post:
    return Post()


@pytest.fixture(params=["python", "compiled"])
def kind(request: pytest.FixtureRequest) -> type[Exchange]:
    found: type[Exchange] = Exchange if request.param == "python" else compiled().Exchange
    return found


@pytest.fixture
def exchange(kind: type[Exchange], post: Post) -> Exchange:
    return kind(7, post, silent=False)


def start(status: Any = 200, **headers: Any) -> dict[str, Any]:
    return {"type": "http.response.start", "status": status, **headers}


def body(data: Any, *, more: bool = False) -> dict[str, Any]:
    return {"type": "http.response.body", "body": data, "more_body": more}


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


# ---- ResponseRules

IN_TURN = "Expected ASGI message 'http.response.{}', but got 'http.response.{}'."
OVER = "Unexpected ASGI message 'http.response.{}' sent, after response already completed."


@pytest.mark.parametrize(
    ("before", "event", "state"),
    [
        ([], START, STARTED),
        ([START], MORE, STREAMING),
        ([START], LAST, COMPLETE),
        ([START, MORE], MORE, STREAMING),
        ([START, MORE], LAST, COMPLETE),
    ],
)
def test_legal_event_leads_on(
    exchange: Exchange, before: list[dict[str, Any]], event: dict[str, Any], state: int
) -> None:
    for each in before:
        exchange.send(each)
    assert exchange.send(event) is SENT
    assert exchange.state == state


@pytest.mark.parametrize(
    ("before", "event", "message"),
    [
        ([], MORE, IN_TURN.format("start", "body")),
        ([], LAST, IN_TURN.format("start", "body")),
        ([START], START, IN_TURN.format("body", "start")),
        ([START, MORE], START, IN_TURN.format("body", "start")),
        ([START, LAST], START, OVER.format("start")),
        ([START, LAST], MORE, OVER.format("body")),
        ([START, LAST], LAST, OVER.format("body")),
    ],
)
def test_event_out_of_order_is_a_violation(
    exchange: Exchange,
    post: Post,
    before: list[dict[str, Any]],
    event: dict[str, Any],
    message: str,
) -> None:
    for each in before:
        exchange.send(each)
    state, said = exchange.state, len(post.messages)
    with pytest.raises(RuntimeError) as error:
        exchange.send(event)
    assert str(error.value) == message
    assert (exchange.state, len(post.messages)) == (state, said)


def test_nothing_is_said_after_the_app_has_returned(exchange: Exchange, post: Post) -> None:
    exchange.over = True
    with pytest.raises(RuntimeError, match="after the app has returned"):
        exchange.send(START)
    assert not post.messages


@pytest.mark.parametrize("before", [[], [START], [START, MORE]])
def test_nobody_reads_it(exchange: Exchange, before: list[dict[str, Any]]) -> None:
    for each in before:
        exchange.send(each)
    exchange.leave()
    with pytest.raises(ClientDisconnected):
        exchange.send(LAST if before else START)


def test_what_is_wrong_is_said_even_when_nobody_reads(exchange: Exchange) -> None:
    exchange.leave()
    with pytest.raises(RuntimeError, match="Expected ASGI message"):
        exchange.send(LAST)


# ---- ResponseLength


def sized(*values: bytes, status: int = 200) -> dict[str, Any]:
    return start(status, headers=[(b"Content-Length", value) for value in values])


@pytest.mark.parametrize("value", [b"3", b"003", b"0" * 5_000 + b"3"])
def test_body_that_outgrows_its_length_is_a_violation(exchange: Exchange, value: bytes) -> None:
    exchange.send(sized(value))
    exchange.send(body(b"ab", more=True))
    with pytest.raises(RuntimeError, match="Response content longer than Content-Length"):
        exchange.send(body(b"cd"))
    exchange.send(body(b"c"))
    assert exchange.state == COMPLETE


@pytest.mark.parametrize(
    "values",
    [
        [b"3", b"3"],
        [b"x", b"3"],
        [b"3", b"3", b"3"],
        [b""],
        [b"+3"],
        [b"-3"],
        [b"3x"],
        [b"0x3"],
        [b"3 "],
        [b"1,2"],
        [b"\xb2"],
        [b"9223372036854775808"],
        [b"99999999999999999999"],
        [b"9" * 5_000],
    ],
)
def test_length_that_is_not_one_number_is_a_violation(
    exchange: Exchange, values: list[bytes]
) -> None:
    with pytest.raises(RuntimeError, match="'content-length' must be one number"):
        exchange.send(sized(*values))
    assert exchange.state == AWAITING_START


def test_the_largest_length_is_a_number(exchange: Exchange) -> None:
    exchange.send(sized(b"9223372036854775807"))
    exchange.send(body(b"abc", more=True))


@pytest.mark.parametrize("status", [100, 204, 304])
def test_response_without_a_body_may_declare_any_length(exchange: Exchange, status: int) -> None:
    exchange.send(sized(b"3", status=status))
    exchange.send(body(b"longer than that"))


def test_head_may_declare_any_length(kind: type[Exchange], post: Post) -> None:
    exchange = kind(7, post, silent=True)
    exchange.send(sized(b"3"))
    exchange.send(body(b"longer than that"))


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
