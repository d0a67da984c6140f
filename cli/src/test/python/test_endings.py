"""How connections end: the client hears of it at once, and loses nothing that it was sent.

A close with unread input resets a connection, and a reset throws away what the client has not yet
read (RFC 9112 section 9.6).
"""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from contextlib import suppress

import pytest

from harness.admin import ANY_PORT, Admin
from harness.command import Command
from harness.server import Server
from harness.wire import Connection, request

pytestmark = [pytest.mark.own, pytest.mark.core, pytest.mark.kinds]

LARGE = 8_000_000
# Less than a connection that is over is kept for its client.
SOON = 1.0


@pytest.fixture(scope="module")
def serving(command: Command) -> Iterator[Server]:
    with Server(command, "limits:app", *ANY_PORT, "--limit-body", "100M") as server:
        yield server


@pytest.mark.parametrize("size", [500_000, 2_000_000, 20_000_000])
def test_early_answer_reaches_a_client_that_sends_all_first(serving: Server, size: int) -> None:
    assert isinstance(serving.address, tuple)
    for _ in range(3):
        client = serving.http_client()
        client.request("POST", "/deny", body=bytes(size))
        response = client.getresponse()
        assert (response.status, response.read()) == (401, b"log in first")
        client.close()


def test_announced_body_above_the_limit_reaches_a_client_that_sends_all_first(
    serving: Server,
) -> None:
    assert isinstance(serving.address, tuple)
    client = serving.http_client()
    client.request("POST", "/body", body=bytes(100 * 1024 * 1024 + 1))
    assert client.getresponse().status == 413
    client.close()


def test_response_is_whole_though_more_requests_were_sent_behind_it(serving: Server) -> None:
    with serving.connect(rcvbuf=16_384) as connection:
        connection.send(request("/last") + request("/") * 2000)
        time.sleep(0.5)  # the server is done with it, and has unread input
        assert len(connection.read_response().body) == LARGE
        assert connection.ended()


@pytest.mark.parametrize(
    "sent",
    [
        b"GET / HTTP/1.1\r\n bad\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"a" * 70_000,
        request("/", "Connection: close"),
        request("/body", "Content-Length: 1000000000", method="POST"),
    ],
    ids=["malformed", "too large", "last", "body too large"],
)
def test_end_follows_the_last_response_at_once(serving: Server, sent: bytes) -> None:
    """Not when the client's time is up: it is what tells an HTTP/1.0 client that all has come."""
    with serving.connect() as connection:
        connection.send(sent)
        response = connection.read_response()
        assert response.one("connection") == b"close"
        assert connection.ended(within=SOON)


def test_finished_connection_is_closed_though_its_client_stays(serving: Server) -> None:
    admin = Admin.of(serving)
    admin.await_metric("spvn_connections_active", 0, within=10)
    with serving.connect() as connection:
        assert connection.ask("/", "Connection: close").status == 200
        admin.await_metric("spvn_connections_active", 0, within=10)


def test_client_that_goes_on_sending_after_its_refusal_holds_up_no_stop(command: Command) -> None:
    with Server(command, "limits:app") as server, server.connect() as connection:
        connection.send(b"POST / HTTP/1.1\r\n bad\r\n\r\n")
        assert connection.read_response().status == 400
        server.signal(signal.SIGTERM)
        ends = time.monotonic() + 10
        while server.alive and time.monotonic() < ends:
            with suppress(OSError):
                connection.send(b"x")
            time.sleep(0.1)
        assert not server.alive


def test_slow_head_that_goes_on_coming_is_told_408(command: Command) -> None:
    """Whatever comes at the moment at which its time is up."""
    with Server(command, "limits:app", "--timeout-header", "300ms") as server:
        for _ in range(5):
            with server.connect() as connection:
                connection.send(b"GET / HTTP/1.1\r\nX: ")
                while connection.silent(0.001):
                    connection.send(b"x")
                assert connection.read_response().status == 408


def test_client_that_waits_for_leave_owes_nothing_while_the_app_is_at_work(
    command: Command,
) -> None:
    """RFC 9110 section 10.1.1: the time of the app before `100 Continue` is not the client's."""
    with Server(command, "limits:app", *ANY_PORT, "--timeout-body", "300ms") as server:
        with server.connect() as connection:
            _expect(connection, "/later?1")
            assert connection.read_head().status == 100
            connection.send(b"hello")
            assert connection.read_response().body == b"5"
        with server.connect() as connection:
            _expect(connection, "/body")
            assert connection.read_head().status == 100
            assert connection.read_response().status == 408


def _expect(connection: Connection, target: str) -> None:
    connection.send(request(target, "Expect: 100-continue", "Content-Length: 5", method="POST"))
