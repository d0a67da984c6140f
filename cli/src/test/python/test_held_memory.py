"""What all clients together make the server hold is bounded, and is given back."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

import hoarders
from conftest import Serve
from harness.admin import ANY_PORT, Admin
from harness.beside import Load
from harness.command import Command
from harness.server import Server
from harness.waiting import eventually
from harness.wire import LAST_CHUNK, Connection, chunk, request

pytestmark = [pytest.mark.own, pytest.mark.kinds("process")]

SMALL_HEAP = {"SPVN_JAVA_OPTS": "-Xmx64m"}
HEAD = b"GET / HTTP/1.1\r\nHost: a\r\n" + b"X: %s\r\n" % (b"a" * 1000) * 60
MEMORY = 'spvn_refusals_total{reason="memory"}'


@pytest.fixture
def small(command: Command) -> Iterator[Server]:
    with Server(command, "limits:app", *ANY_PORT, env=SMALL_HEAP) as server:
        yield server


@pytest.mark.alone
@pytest.mark.in_clear("spvn loadtest has no TLS")
def test_heads_and_uploads_beyond_the_heap_and_others_are_served(command: Command) -> None:
    with Server(command, "ordeal:app", *ANY_PORT, env=SMALL_HEAP) as server:
        load = Load(rate=100, connections=8, warm=False)
        found = hoarders.siege(server, hoarders.Hoard(1000, 100, over=3, stay=2), load)
        assert found.beside.failures == {}
        hoarders.given_back(server)
        assert Admin.of(server).metric(MEMORY) > 100


def test_heads_beyond_the_room_for_them_are_told_503(small: Server) -> None:
    with ExitStack() as stack:
        idle = stack.enter_context(small.connect())
        assert idle.ask("/").status == 200
        held = _hoard(stack, small, 400)
        told = [each for each in held if not each.silent(0)]
        assert 50 < len(told) < 400, f"{len(told)} of 400"
        for each in told:
            response = each.read_response()
            assert (response.status, response.one("retry-after")) == (503, b"1")
            assert each.ended()
        assert Admin.of(small).metric(MEMORY) == len(told)
        with small.connect() as other:
            assert other.ask("/").status == 200, "a small head has room"
        for _ in range(12):
            if idle.ended(within=1):
                break
            _hoard(stack, small, 20)  # those that were told have made room
        else:
            pytest.fail("idle connections are let go soon")
    _all_is_given_back(small)


def _hoard(stack: ExitStack, server: Server, count: int) -> list[Connection]:
    """Opens connections with heads that do not end; all of them have been read when it returns."""
    admin = Admin.of(server)
    before = admin.metric('spvn_bytes_total{direction="in"}')
    held = [stack.enter_context(server.connect()) for _ in range(count)]
    for each in held:
        each.send(HEAD)
    wanted = before + count * len(HEAD)
    admin.await_metrics(
        lambda seen: seen['spvn_bytes_total{direction="in"}'] >= wanted, "all to be read", 20
    )
    return held


def _all_is_given_back(server: Server) -> None:
    Admin.of(server).await_metric("spvn_held_bytes", 0, within=10)


def test_heads_of_requests_in_hand_count(small: Server) -> None:
    """An app that waits keeps the heads of its requests, too."""
    with ExitStack() as stack:
        admin = Admin.of(small)
        for _ in range(400):
            waiting = small.connect()
            stack.callback(waiting.reset)  # one that only ends its side would get its answer
            waiting.send(HEAD.replace(b"GET / ", b"GET /hold "), b"\r\n")
        admin.await_metrics(
            lambda seen: seen[MEMORY] + seen["spvn_requests_in_flight"] == 400, "all to be read", 20
        )
        assert admin.metric(MEMORY) > 50
    _release(small)
    _all_is_given_back(small)


def test_request_with_a_body_is_served_while_others_use_up_the_room(small: Server) -> None:
    """Its body must not have to wait for room before an app can take it."""
    with ExitStack() as stack:
        admin = Admin.of(small)
        for _ in range(60):
            holder = small.connect()
            stack.callback(holder.reset)
            holder.send(request("/hold", "Content-Length: 400000", method="POST"), bytes(200_000))
        admin.await_metric("spvn_requests_in_flight", 60, within=10)
        eventually(lambda: _is_steady(admin), what="the room to be used up")
        with small.connect() as connection:
            connection.send(request("/body", "Transfer-Encoding: chunked", method="POST"))
            connection.send(chunk(b"hello"), chunk(b"world"), LAST_CHUNK)
            assert connection.read_response().body == b"10"
            connection.send(request("/body", method="POST", body=bytes(100_000)))
            assert connection.read_response().body == b"100000"
    _all_is_given_back(small)
    _release(small)


def _release(server: Server) -> None:
    """Lets the app end the requests that it holds."""
    with server.connect() as connection:
        assert connection.ask("/release").status == 200


def _is_steady(admin: Admin) -> bool:
    before = admin.metric("spvn_held_bytes")
    time.sleep(0.3)
    return admin.metric("spvn_held_bytes") == before


def test_clients_that_do_not_read_count(small: Server) -> None:
    with ExitStack() as stack:
        admin = Admin.of(small)
        connections = [stack.enter_context(small.connect(rcvbuf=4096)) for _ in range(20)]
        for each in connections:
            each.send(request("/stream"))
        alone = len(connections) * 8 * 1024
        admin.await_metrics(
            lambda seen: seen["spvn_held_bytes"] > alone + 20 * 16_000, "unread responses to count"
        )
    _all_is_given_back(small)


def test_tiny_pieces_of_a_response_count_for_what_they_cost(serve: Serve) -> None:
    server = serve("limits:app")
    with server.connect(rcvbuf=4096) as connection:
        connection.send(request("/tiny"))
        connection.read_head()
        eventually(lambda: _taken(server) == _taken(server) > 0, what="the app to be held up")
        # Beside what both systems keep, a chunk of one byte being six on the wire.
        assert _taken(server) < 200_000
    eventually(lambda: "tiny is over" in _seen(server), what="send() to raise")


def _taken(server: Server) -> int:
    """How many pieces the app could send, once that does not change any more."""
    before = ""
    while (now := next(each for each in _seen(server) if each.startswith("tiny "))) != before:
        before = now
        time.sleep(0.3)
    return int(now.removeprefix("tiny "))


def _seen(server: Server) -> list[str]:
    with server.connect() as connection:
        found = connection.ask("/seen").json()
    assert isinstance(found, list)
    return found


def test_slow_but_steady_reader_gets_its_response(serve: Serve) -> None:
    """What counts is what the client takes, not that the system has room for more."""
    server = serve("limits:app", "--timeout-write", "500ms")
    with server.connect() as connection:
        connection.send(request("/large", "Connection: close"))
        got = bytearray()
        ends = time.monotonic() + 4
        while time.monotonic() < ends:
            got += connection.socket.recv(40_000)
            time.sleep(0.1)  # 400 KB a second: what the system keeps lasts longer than the patience
        while piece := connection.socket.recv(262_144):
            got += piece
        assert len(got.partition(b"\r\n\r\n")[2]) == 8_000_000
