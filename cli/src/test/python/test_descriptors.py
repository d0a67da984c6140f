"""A server that runs out of file descriptors, and gets them back."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from contextlib import ExitStack, suppress

import pytest

from conftest import Serve
from harness.server import CRASH, Server
from harness.vitals import answers, group, vitals
from harness.waiting import eventually
from harness.wire import Connection, Truncated, WireError, request

LIMIT = 1024
# A listener that tries again and again without a pause would fill the log.
LOG_AT_MOST = 20_000


def limit_descriptors(server: Server, limit: int) -> None:
    """For the processes as they run, so that they could not take the limit into account."""
    for pid in group(server.process.pid):
        resource.prlimit(pid, resource.RLIMIT_NOFILE, (limit, limit))


@pytest.fixture
def limited(serve: Serve) -> Iterator[Server]:
    server = serve("ordeal:app")
    assert answers(server)
    yield server
    assert server.alive
    assert not CRASH.search(server.log)


def newcomers(server: Server, stack: ExitStack, count: int) -> list[Connection]:
    """Connections that ask at once; those that were refused are not among them."""
    found = []
    for _ in range(count):
        with suppress(OSError):
            connection = stack.enter_context(server.connect(agreed=False))
            connection.send(request("/"))
            found.append(connection)
    return found


def answered_or_ended(connection: Connection) -> bool:
    """Fails when neither an answer nor an end of the connection comes in time."""
    outcome = connection.read_outcome()
    return outcome.body == b"" if isinstance(outcome, Truncated) else outcome.status in (200, 503)


def served_again(server: Server) -> bool:
    try:
        return answers(server, within=1)
    except (WireError, OSError):
        return False


@pytest.mark.parametrize("times", [1, 3])
def test_listener_survives_an_app_that_takes_all_descriptors(limited: Server, times: int) -> None:
    limit_descriptors(limited, LIMIT)
    with limited.connect() as old, ExitStack() as stack:
        assert old.ask("/").body == b"hello"
        for _ in range(times):
            mark = limited.mark()
            assert old.ask("/take-descriptors").json()["error"] == "EMFILE"
            waiting = newcomers(limited, stack, 20)
            assert old.ask("/").body == b"hello", "an open connection is not served"
            assert old.ask("/give-back").status == 200
            eventually(lambda: served_again(limited), within=10, what="a new connection is served")
            assert all(answered_or_ended(connection) for connection in waiting)
            assert len(limited.log_since(mark)) < LOG_AT_MOST
        assert old.ask("/").body == b"hello"


def test_listener_survives_connections_that_take_all_descriptors(limited: Server) -> None:
    """Each connection that is given up lets another one in."""
    limit = vitals(limited).descriptors + 10
    limit_descriptors(limited, limit)
    mark = limited.mark()
    with ExitStack() as stack:
        waiting = newcomers(limited, stack, 60)
        # A server may keep one or two in reserve.
        eventually(lambda: vitals(limited).descriptors >= limit - 2, what="no descriptors left")
        for connection in waiting:
            assert answered_or_ended(connection)
            connection.close()
    eventually(lambda: served_again(limited), within=10, what="a new connection is served")
    assert len(limited.log_since(mark)) < LOG_AT_MOST
