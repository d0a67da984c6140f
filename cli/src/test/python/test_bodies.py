"""Bodies of all sizes come back unchanged, also while they are still being uploaded."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from harness.documents import BLOCK, blocks, geojson
from harness.server import Server
from harness.wire import LAST_CHUNK, Connection, Head, chunk, request

pytestmark = [pytest.mark.core, pytest.mark.kinds]

CHUNKED = "Transfer-Encoding: chunked"
SIZES = [0, 1, 65_536, 104_857_600]
FRAMING = pytest.mark.parametrize("chunked", [False, True], ids=["length", "chunked"])


def sha256(pieces: Iterator[bytes]) -> str:
    digest = hashlib.sha256()
    for piece in pieces:
        digest.update(piece)
    return digest.hexdigest()


def received(connection: Connection, head: Head) -> Iterator[bytes]:
    """The pieces of a response body as they come; an empty one may have a length."""
    if head.one("content-length") is not None:
        yield connection.read_body(head).body
        return
    while piece := connection.read_chunk():
        yield piece
    assert connection.read_exactly(2) == b"\r\n"


@contextmanager
def uploading(connection: Connection, size: int, chunked: bool) -> Iterator[None]:
    """Sends the body in a thread of its own, so that what comes back can be read meanwhile."""

    def upload() -> None:
        for block in blocks(size):
            connection.socket.sendall(chunk(block) if chunked else block)
        if chunked:
            connection.socket.sendall(LAST_CHUNK)

    thread = threading.Thread(target=upload, daemon=True)
    thread.start()
    yield
    thread.join(30)
    assert not thread.is_alive()


@FRAMING
@pytest.mark.parametrize("size", SIZES)
def test_body_streamed_back_during_upload_item23(server: Server, size: int, chunked: bool) -> None:
    framing = CHUNKED if chunked else f"Content-Length: {size}"
    with server.connect(timeout=30) as connection:
        connection.send(request("/echo", framing, method="POST"))
        with uploading(connection, size, chunked):
            head = connection.read_head()
            assert sha256(received(connection, head)) == sha256(blocks(size))
        assert connection.ask("/next").json()["path"] == "/next"


@FRAMING
@pytest.mark.parametrize("size", SIZES[:-1])
def test_body_sent_back_whole(server: Server, size: int, chunked: bool) -> None:
    body = b"".join(blocks(size))
    with server.connect() as connection:
        if chunked:
            framed = [chunk(block) for block in blocks(size)]
            connection.send(request("/whole-body", CHUNKED, method="POST"), *framed, LAST_CHUNK)
        else:
            connection.send(request("/whole-body", method="POST", body=body))
        response = connection.read_response()
        assert response.body == body
        assert connection.ask("/next").json()["path"] == "/next"


@FRAMING
def test_each_block_comes_back_before_the_next_is_sent_item23(
    server: Server, chunked: bool
) -> None:
    count = 20
    framing = CHUNKED if chunked else f"Content-Length: {count * BLOCK}"
    with server.connect() as connection:
        connection.send(request("/echo", framing, method="POST"))
        head = None
        for block in blocks(count * BLOCK):
            connection.send(chunk(block) if chunked else block)
            head = head or connection.read_head()
            back = b""
            while len(back) < BLOCK:
                back += connection.read_chunk()
            assert back == block
        connection.send(LAST_CHUNK if chunked else b"")
        assert connection.read_chunk() == b""


@pytest.mark.parametrize("target", ["/echo", "/whole-body"])
def test_large_document_unchanged(server: Server, target: str) -> None:
    document = geojson()
    assert len(document) > 2_000_000
    digest = hashlib.sha256(document).hexdigest()
    with server.connect(timeout=30) as connection:
        sender = threading.Thread(
            target=connection.socket.sendall, args=(request(target, method="POST", body=document),)
        )
        sender.start()
        response = connection.read_response()
        sender.join()
    assert hashlib.sha256(response.body).hexdigest() == digest


@pytest.mark.heavy
@pytest.mark.parametrize(
    "chunked",
    [
        pytest.param(False, id="length"),
        pytest.param(True, id="chunked", marks=pytest.mark.kinds("main")),  # it is the front's
    ],
)
def test_one_event_of_over_two_gib_is_sent(server: Server, chunked: bool) -> None:
    count = 2**31 + 5
    with server.connect(timeout=200) as connection:
        connection.send(request(f"/zeros?count={count}&more={int(chunked)}"))
        head = connection.read_head()
        if chunked:
            assert connection.read_exactly(10) == b"80000005\r\n"
            connection.discard(count)
            assert connection.read_exactly(7) == b"\r\n" + LAST_CHUNK
        else:
            assert head.one("content-length") == str(count).encode()
            connection.discard(count)
        assert connection.ask("/next").json()["path"] == "/next"


def test_many_small_requests_on_one_connection(server: Server) -> None:
    with server.connect() as connection:
        for number in range(500):
            body = b"%d" % number * (number % 50)
            response = connection.ask("/whole-body", method="POST", body=body)
            assert response.body == body
