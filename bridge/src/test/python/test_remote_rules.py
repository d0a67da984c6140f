"""In which order an app may send in a worker process, and how much.

Java's classes are the norm: `ResponseRules` for the order of events, `ResponseLength` for what is
declared. The cases are those of their tests.
"""

from __future__ import annotations

from typing import Any

import pytest

from remote_post import LAST, MORE, START, Post, body, start
from spvn_bridge.http import SENT, ClientDisconnected
from spvn_bridge.remote.response import AWAITING_START, COMPLETE, STARTED, STREAMING, Exchange

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
