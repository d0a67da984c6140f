"""What becomes of open streams, long polls and requests at work when the server stops."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass

import pytest

from harness.command import Command
from harness.server import Server
from harness.wire import Connection, Response, Truncated, request
from stop_streams import stop_streams

pytestmark = [pytest.mark.own, pytest.mark.kinds("process")]

# What each path of the app gives when the server is told to stop, and from when to when.
SOON = (0.9, 3.0)
PATHS = {
    "/events": (200, b"data: begun\n\n", SOON),
    "/farewell": (200, b"data: begun\n\ndata: farewell\n\n", SOON),
    "/deaf": (200, b"data: begun\n\n", (1.8, 4.0)),
    "/unbegun": (200, b"", (1.8, 4.0)),
    "/poll": (200, b"http.disconnect", SOON),
    "/silent-poll": (503, None, SOON),
    "/quiet": (200, b"a piece of a download\nthe end", SOON),
    "/work": (200, b"worked", (1.5, 6.0)),
    "/download": (200, b"a piece of a download\n" * 15, (2.0, 7.0)),
    "/sized": (200, b"a piece of a download\n" * 2, (2.0, 7.0)),
}


@dataclass
class Stop:
    """One stop of a server that had a client at each path."""

    responses: dict[str, Response | Truncated]
    seconds: dict[str, float]
    code: int
    server: Server


@pytest.fixture(scope="module")
def stop(command: Command) -> Iterator[Stop]:
    server = Server(command, "streams:app")
    server.start()
    try:
        yield _stop(server)
    finally:
        server.kill()


def _stop(server: Server) -> Stop:
    found: dict[str, Response | Truncated] = {}
    seconds: dict[str, float] = {}
    with ExitStack() as open_ones:
        clients = {path: open_ones.enter_context(server.connect(timeout=20)) for path in PATHS}
        for path, client in clients.items():
            client.send(request(path))
        for path in ("/events", "/farewell", "/deaf", "/quiet", "/download", "/sized"):
            assert not clients[path].silent(5), f"{path} has begun"
        began = time.monotonic()
        server.process.terminate()
        for path in sorted(PATHS, key=lambda each: PATHS[each][2]):
            found[path] = _response(clients[path])
            seconds[path] = time.monotonic() - began
        code = server.wait_exit()
    return Stop(found, seconds, code, server)


def _response(client: Connection) -> Response | Truncated:
    try:
        return client.read_response()
    except Truncated as truncated:
        return truncated


@pytest.mark.parametrize("path", PATHS)
def test_stop_by_kind_of_request(stop: Stop, path: str) -> None:
    status, body, (earliest, latest) = PATHS[path]
    response = stop.responses[path]
    assert isinstance(response, Response), str(response)
    assert response.status == status
    assert body is None or response.body == body
    assert earliest <= stop.seconds[path] <= latest


def test_stop_is_orderly(stop: Stop) -> None:
    assert stop.code == 0
    stop.server.check_clean()
    assert "ERROR" not in stop.server.log
    assert "WARN" not in stop.server.log


@pytest.mark.parametrize("listens", [True, False])
def test_every_stream_of_many_is_told(command: Command, listens: bool) -> None:
    found = stop_streams(command, clients=200, listens=listens)
    assert found.complaints == []
