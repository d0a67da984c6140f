"""No state of a connection is without a deadline.

Each row brings a connection to a state and leaves it there: the client does nothing more, and does
not close. The server has to be rid of it by itself, for the reason that is given; where the app is
at work, the app's end is the deadline, and the end of `--graceful-timeout` at the latest.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass

import pytest

from harness.admin import ANY_PORT, Admin
from harness.command import Command
from harness.server import Server
from harness.wire import Connection, request

pytestmark = [pytest.mark.own, pytest.mark.kinds("process")]

TIGHT = (
    *("--timeout-header", "500ms", "--timeout-keep-alive", "500ms"),
    *("--timeout-body", "500ms", "--timeout-write", "500ms", "--queue-timeout", "500ms"),
)
BODY = "Content-Length: 100000"
# The longest: a connection that is over is kept for its client for 2 s after it took something.
RID_OF_IT_WITHIN = 15.0


def first_byte(connection: Connection) -> None:
    """Nothing has come."""


def head(connection: Connection) -> None:
    connection.send(b"GET / HTTP/1.1\r\nHost: a\r\n")


def next_request(connection: Connection) -> None:
    assert connection.ask("/").status == 200


def next_head(connection: Connection) -> None:
    next_request(connection)
    head(connection)


def head_behind_a_request(connection: Connection) -> None:
    connection.send(request("/later?0.2"))
    head(connection)
    assert connection.read_response().status == 200


def small_body(connection: Connection) -> None:
    connection.send(request("/body", "Content-Length: 10", method="POST"))


def body(connection: Connection) -> None:
    connection.send(request("/body", BODY, method="POST"))


def chunk(connection: Connection) -> None:
    connection.send(request("/body", "Transfer-Encoding: chunked", method="POST"), b"fff\r\nx")


def body_after_leave(connection: Connection) -> None:
    connection.send(request("/body", BODY, "Expect: 100-continue", method="POST"))
    assert connection.read_head().status == 100


def body_that_nobody_wants(connection: Connection) -> None:
    connection.send(request("/", BODY, method="POST"))
    assert connection.read_response().status == 200


def body_behind_an_unread_response(connection: Connection) -> None:
    connection.send(request("/large", BODY, method="POST"))


def response(connection: Connection) -> None:
    connection.send(request("/stream"))


def last_response(connection: Connection) -> None:
    connection.send(request("/last"))


def end(connection: Connection) -> None:
    assert connection.ask("/", "Connection: close").status == 200


def end_after_refusal(connection: Connection) -> None:
    connection.send(b"GET / HTTP/1.1\r\n bad\r\n\r\n")
    assert connection.read_response().status == 400


def turn_behind_a_request(connection: Connection) -> None:
    connection.send(request("/later?1") + request("/large"))
    assert connection.read_response().status == 200


def half_closed(connection: Connection) -> None:
    connection.send(request("/later?1"))
    connection.shutdown_write()
    assert connection.read_response().status == 200


@dataclass(frozen=True)
class State:
    reach: Callable[[Connection], None]
    reason: str = ""  # under which it is counted; none where the connection was over anyway


STATES = (
    State(first_byte, "idle_timeout"),
    State(head, "header_timeout"),
    State(next_request, "idle_timeout"),
    State(next_head, "header_timeout"),
    State(head_behind_a_request, "header_timeout"),
    State(small_body, "body_timeout"),
    State(body, "body_timeout"),
    State(chunk, "body_timeout"),
    State(body_after_leave, "body_timeout"),
    State(body_that_nobody_wants, "body_timeout"),
    State(body_behind_an_unread_response, "write_timeout"),
    State(response, "write_timeout"),
    State(last_response, "write_timeout"),
    State(end),
    State(end_after_refusal, "malformed"),
    State(turn_behind_a_request, "write_timeout"),
    State(half_closed),
)


@pytest.fixture(scope="module")
def tight(command: Command) -> Iterator[Server]:
    with Server(command, "limits:app", *ANY_PORT, *TIGHT) as server:
        yield server


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.reach.__name__)
def test_client_that_does_nothing_more_is_let_go(tight: Server, state: State) -> None:
    admin = Admin.of(tight)
    admin.await_metric("spvn_connections_active", 0, within=RID_OF_IT_WITHIN)
    key = f'spvn_refusals_total{{reason="{state.reason}"}}'
    before = admin.metrics().get(key, 0.0)
    with tight.connect(rcvbuf=4096) as connection:
        state.reach(connection)
        if state.reason:
            admin.await_metric(key, before + 1, within=RID_OF_IT_WITHIN)
        admin.await_metric("spvn_connections_active", 0, within=RID_OF_IT_WITHIN)
    admin.await_metric("spvn_held_bytes", 0)


def test_stop_ends_every_state(command: Command) -> None:
    """Also where the app does not come to an end."""
    limit = 3.0
    generous = [f"--graceful-timeout={limit:g}s"]
    with Server(command, "limits:app", *ANY_PORT, *generous) as server, ExitStack() as stack:
        for state in STATES:
            state.reach(stack.enter_context(server.connect(rcvbuf=4096)))
        for hold in (request("/hold"), request("/hold", BODY, method="POST") + b"x"):
            stack.enter_context(server.connect()).send(hold)
        Admin.of(server).await_metrics(
            lambda seen: seen["spvn_requests_in_flight"] >= 2, "the app to be at work"
        )
        began = time.monotonic()
        server.stop(within=limit + 10)
        assert time.monotonic() - began < limit + 2, "longer than --graceful-timeout"
