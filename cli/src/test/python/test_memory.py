"""Memory under clients that do not do their part: items 25 and 41."""

from __future__ import annotations

import resource
import select
import time
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from conftest import Serve
from harness.notes import Notes
from harness.server import Server
from harness.waiting import Deadline, eventually
from harness.wire import Connection, chunk, request

pytestmark = [pytest.mark.heavy, pytest.mark.alone, pytest.mark.kinds("process")]

LIMIT_MIB = 700
TWO_GB = 2 * 1024**3
MIB = 1024 * 1024
BLOCK = bytes(256 * 1024)
SLOW_CLIENTS = 1000
# A client that could not send for so long is being held back.
HELD_BACK = 1.0


@pytest.fixture(scope="module", autouse=True)
def many_files() -> None:
    """A thousand clients in this process need as many file descriptors."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard < SLOW_CLIENTS + 500:
        pytest.skip(f"the hard limit of open files is {hard}")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, SLOW_CLIENTS + 500), hard))


@pytest.fixture
def roomy(serve: Serve) -> Iterator[Server]:
    """A server of its own, so that its memory tells of this test alone."""
    server = serve("conformance.main:app")
    with server.connect() as connection:
        assert connection.ask("/").status == 200
    yield server
    assert server.alive


def others_are_served(server: Server) -> None:
    started = time.monotonic()
    with server.connect() as connection:
        for _ in range(20):
            assert connection.ask("/").status == 200
    assert time.monotonic() - started < 5


def memory_is_bounded(server: Server) -> bool:
    assert server.rss_mib() < LIMIT_MIB
    return True


def upload(server: Server, connection: Connection, piece: bytes) -> int:
    """Sends a piece over and over until it is two gigabytes or the server holds the client back.

    Gives the bytes that were sent.
    """
    connection.socket.setblocking(False)
    sent = 0
    quiet = Deadline(HELD_BACK)
    while sent < TWO_GB and not quiet.passed:
        if not select.select([], [connection.socket], [], quiet.left)[1]:
            break
        sent += connection.socket.send(piece[sent % len(piece) :])
        quiet = Deadline(HELD_BACK)
        if sent % (64 * MIB) < len(piece):
            memory_is_bounded(server)
    return sent


@pytest.mark.parametrize("chunked", [False, True], ids=["length", "chunked"])
def test_upload_that_app_never_reads_is_held_back_item25(roomy: Server, chunked: bool) -> None:
    notes = Notes(roomy)
    framing = "Transfer-Encoding: chunked" if chunked else f"Content-Length: {TWO_GB}"
    # Chunks are sent piecemeal, so the stream may be cut anywhere; one endless chunk is legal.
    first = b"%x\r\n" % TWO_GB if chunked else b""
    with roomy.connect() as connection:
        target = f"/answer-at-gate?{notes.key}"
        connection.send(request(target, framing, method="POST"), first)
        notes.wait(1)
        sent = upload(roomy, connection, BLOCK)
        assert sent < TWO_GB, "the whole upload was taken in"
        memory_is_bounded(roomy)
        others_are_served(roomy)
        notes.open_gate()
        assert _answered_or_reset(connection)
    memory_is_bounded(roomy)
    others_are_served(roomy)


def test_many_small_chunks_held_back_item25(roomy: Server) -> None:
    notes = Notes(roomy)
    with roomy.connect() as connection:
        target = f"/answer-at-gate?{notes.key}"
        connection.send(request(target, "Transfer-Encoding: chunked", method="POST"))
        notes.wait(1)
        sent = upload(roomy, connection, chunk(b"x") * 20_000)
        assert sent < TWO_GB
        memory_is_bounded(roomy)
        others_are_served(roomy)
        notes.open_gate()


def _answered_or_reset(connection: Connection) -> bool:
    """The app answered without reading: the client sees the answer, or the end of its upload."""
    connection.socket.setblocking(True)
    try:
        return connection.read_response().body == b"answered"
    except AssertionError:
        return connection.ended()


@pytest.fixture
def slow_clients(roomy: Server) -> Iterator[Any]:
    """Opens clients that ask and never read; checks the server's memory while they come."""
    with ExitStack() as stack:

        def come(target: str) -> list[Connection]:
            clients = []
            for number in range(SLOW_CLIENTS):
                client = stack.enter_context(roomy.connect(rcvbuf=4096))
                client.send(request(target))
                clients.append(client)
                if number % 50 == 0:
                    memory_is_bounded(roomy)
            return clients

        yield come


def open_responses(server: Server) -> Any:
    memory_is_bounded(server)
    with server.connect() as connection:
        return connection.ask("/open-now").json()


def leave(clients: list[Connection]) -> None:
    """Half of them by a reset, half in an orderly way."""
    for client in clients[::2]:
        client.reset()
    for client in clients[1::2]:
        client.close()


@pytest.mark.parametrize("target", ["/ten-mb", "/ten-mb?blocks=1"], ids=["one-event", "blocks"])
def test_thousand_clients_that_never_read_item41(
    roomy: Server, slow_clients: Any, target: str
) -> None:
    before = roomy.open_sockets()
    clients = slow_clients(target)
    # One socket that was open before may have been on its way out.
    all_there = before + SLOW_CLIENTS - 1
    eventually(
        lambda: memory_is_bounded(roomy) and roomy.open_sockets() >= all_there,
        within=20,
        what=f"{SLOW_CLIENTS} clients at the server",
    )
    others_are_served(roomy)
    memory_is_bounded(roomy)
    leave(clients)
    eventually(
        lambda: open_responses(roomy)["count"] == 0 and roomy.open_sockets() <= before + 1,
        within=20,
        what="all responses and sockets released after the clients left",
    )
    memory_is_bounded(roomy)
    others_are_served(roomy)


def test_send_waits_for_clients_that_never_read_item41(roomy: Server, slow_clients: Any) -> None:
    clients = slow_clients("/ten-mb?blocks=1")
    eventually(
        lambda: open_responses(roomy)["count"] == SLOW_CLIENTS,
        within=20,
        what=f"{SLOW_CLIENTS} responses held back, not buffered",
    )
    leave(clients)
    eventually(
        lambda: open_responses(roomy)["oserrors"] == SLOW_CLIENTS,
        within=20,
        what="each waiting send() to raise OSError",
    )


def test_slow_client_gets_everything_in_the_end_item41(roomy: Server) -> None:
    with roomy.connect(rcvbuf=4096, timeout=30) as connection:
        connection.send(request("/ten-mb?blocks=1"))
        eventually(lambda: open_responses(roomy)["count"] == 1, what="the response held back")
        before = open_responses(roomy)["blocks"]
        assert before < 160
        assert connection.read_response().body == bytes(10 * MIB)
        assert open_responses(roomy)["blocks"] == 160
