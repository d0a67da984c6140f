"""Ten thousand open connections, each with a request in flight."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from conftest import Serve
from harness.server import Server

pytestmark = [pytest.mark.heavy, pytest.mark.alone]

CONNECTIONS = 10_000
# What a server needs besides one descriptor for each connection.
SPARE = 500
WAIT = 30


def herd(server: Server, count: int, *paths: str) -> Any:
    assert isinstance(server.address, tuple)
    host, port = server.address
    done = subprocess.run(
        [sys.executable, "-m", "harness.herd", host, str(port), str(count), *paths],
        cwd=Path(__file__).parent,
        capture_output=True,
        text=True,
        timeout=170,
        check=True,
    )
    return json.loads(done.stdout)


def test_ten_thousand_requests_in_flight_all_answered(serve: Serve) -> None:
    """The soft limit of descriptors is left low: raising it is the server's business."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard < CONNECTIONS + SPARE:
        pytest.skip(f"the hard limit of open files is {hard}")
    env = {"COUNT": str(CONNECTIONS), "WAIT": str(WAIT)}
    server = serve("crowd:app", env=env, soft_fd_limit=1024)
    found = herd(server, CONNECTIONS, "/crowd", "/?say=again")
    assert found["errors"] == []
    assert found["connected"] == CONNECTIONS
    assert found["answered"] == [CONNECTIONS, CONNECTIONS]
    with server.connect() as connection:
        assert connection.ask("/most").json()["most"] == CONNECTIONS


def test_thousand_requests_in_flight_in_many_rounds(serve: Serve) -> None:
    server = serve("crowd:app", env={"COUNT": "1000", "WAIT": str(WAIT)})
    rounds = ["/crowd"] + ["/"] * 9
    found = herd(server, 1000, *rounds)
    assert found["errors"] == []
    assert found["answered"] == [1000] * 10
