"""How many connections one client address may have open, and open in a second."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from harness.admin import ANY_PORT, Admin
from harness.command import Command
from harness.proxied import text_header
from harness.server import Server
from harness.waiting import eventually
from harness.wire import Connection, Truncated

pytestmark = pytest.mark.own

TARGET = "conformance.main:app"


@pytest.fixture(scope="module")
def limited(command: Command) -> Iterator[Server]:
    with Server(command, TARGET, "--limit-connections-per-ip", "2", *ANY_PORT) as server:
        yield server


@pytest.fixture(scope="module")
def behind_balancer(command: Command) -> Iterator[Server]:
    options = ("--limit-connections-per-ip", "1", "--limit-connection-rate", "5")
    with Server(command, TARGET, "--proxy-protocol", *options, *ANY_PORT) as server:
        yield server


def refused(server: Server, reason: str) -> float:
    return Admin.of(server).metric(f'spvn_refusals_total{{reason="{reason}"}}')


def from_address(server: Server, host: str) -> Connection:
    assert not isinstance(server.address, str)
    made = socket.create_connection(server.address, 10, (host, 0))
    return Connection.over(made)


def is_served(connection: Connection) -> bool:
    try:
        return connection.ask("/").status == 200
    except (Truncated, ConnectionError):
        return False


def has_room(server: Server) -> bool:
    with server.connect() as connection:
        return is_served(connection)


def test_connection_above_the_limit_is_closed_until_there_is_room(limited: Server) -> None:
    before = refused(limited, "client_connections")
    with ExitStack() as stack:
        allowed = [stack.enter_context(limited.connect()) for _ in range(2)]
        assert all(is_served(each) for each in allowed)
        with limited.connect() as third:
            assert third.ended()
        with from_address(limited, "127.0.0.2") as other:
            assert is_served(other), "it is not the client's that has too many"
        assert all(is_served(each) for each in allowed)
    assert refused(limited, "client_connections") == before + 1
    eventually(lambda: has_room(limited), what="room for another connection")


def named(server: Server, client: str) -> Connection:
    """A connection that a balancer makes for a client."""
    connection = server.connect()
    connection.send(text_header(client))
    return connection


def test_behind_a_balancer_the_client_that_it_names_is_counted(behind_balancer: Server) -> None:
    before = refused(behind_balancer, "client_connections")
    with (
        named(behind_balancer, "2001:db8::1") as first,
        named(behind_balancer, "2001:db8:0:1::1") as other,
    ):
        assert is_served(first)
        assert is_served(other)
        with named(behind_balancer, "2001:db8::ffff:2") as same:
            assert not is_served(same), "one network of IPv6 is one client"
    assert refused(behind_balancer, "client_connections") == before + 1


def test_client_that_connects_too_often_is_turned_away(behind_balancer: Server) -> None:
    """As many as in a second come at once, whether they may stay or not; then no more."""
    before = refused(behind_balancer, "client_rate")
    with ExitStack() as stack:
        for _ in range(30):
            stack.enter_context(named(behind_balancer, "192.0.2.1"))
        eventually(lambda: refused(behind_balancer, "client_rate") > before, what="a refusal")
        other = stack.enter_context(named(behind_balancer, "192.0.2.2"))
        assert is_served(other)
