"""Ten thousand open connections, each with a request in flight."""

from __future__ import annotations

import resource

import pytest

from conftest import Serve
from harness.attacks import attack
from harness.server import Server

pytestmark = [
    pytest.mark.heavy,
    pytest.mark.alone,
    pytest.mark.in_clear("spvn loadtest has no TLS"),
]

CONNECTIONS = 10_000
# What a server needs besides one descriptor for each connection.
SPARE = 500
WAIT = 30


def crowds(server: Server, size: int, count: int) -> None:
    """So many crowds on the same connections; none is answered before it is whole."""
    rate, seconds = 10_000, size * count / 10_000
    load = ("--rate", str(rate), "--duration", f"{seconds:g}s", "--connections", str(size))
    done = attack(f"{server.url}/crowd", *load, "--timeout", f"{WAIT + 10}s", "--json")
    assert done.report["statuses"] == {"200": size * count}, done.out
    with server.connect() as connection:
        assert connection.ask("/most").json() == {"now": 0, "most": size}


def test_ten_thousand_requests_in_flight_all_answered(serve: Serve) -> None:
    """The soft limit of descriptors is left low: raising it is the server's business."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard < CONNECTIONS + SPARE:
        pytest.skip(f"the hard limit of open files is {hard}")
    env = {"COUNT": str(CONNECTIONS), "WAIT": str(WAIT)}
    crowds(serve("crowd:app", env=env, soft_fd_limit=1024), CONNECTIONS, 2)


def test_thousand_requests_in_flight_in_many_rounds(serve: Serve) -> None:
    crowds(serve("crowd:app", env={"COUNT": "1000", "WAIT": str(WAIT)}), 1000, 10)
