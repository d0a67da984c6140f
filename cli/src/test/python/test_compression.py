"""Compression of responses (--compress), over real sockets."""

from __future__ import annotations

import gzip
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import httpx
import pytest

from conftest import Serve
from harness.command import APPS, Command
from harness.server import Server
from harness.tls import Pair
from harness.wire import Response, Truncated, request

sys.path.insert(0, str(APPS))
from compressed import LARGE, NOISE, PIECES, SHORT, TEXT

pytestmark = pytest.mark.own

TARGET = "compressed:app"
GZIP = "Accept-Encoding: gzip"


@pytest.fixture(scope="module")
def compressing(command: Command, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("files")
    (folder / "text.txt").write_bytes(TEXT)
    (folder / "noise.bin").write_bytes(NOISE)
    with Server(command, TARGET, "--compress", "--static", f"/files={folder}") as server:
        yield server


def ask(server: Server, target: str, *headers: str, method: str = "GET") -> Response:
    with server.connect() as client:
        return client.ask(target, *headers, method=method)


def test_text_is_compressed(compressing: Server) -> None:
    for target in ("/text", "/text?length=1"):
        response = ask(compressing, target, GZIP)
        assert response.one("content-encoding") == b"gzip"
        assert response.one("vary") == b"accept-encoding"
        assert response.one("content-length") == str(len(response.body)).encode()
        assert len(response.body) < len(TEXT) / 10
        assert gzip.decompress(response.body) == TEXT


def test_large_body_is_compressed_in_pieces(compressing: Server) -> None:
    for target in ("/large", "/large?length=1"):
        response = ask(compressing, target, GZIP)
        assert response.one("content-length") is None
        assert len(response.chunks) > 1
        assert gzip.decompress(response.body) == LARGE


@pytest.mark.parametrize("accepted", ["identity", "br", "gzip;q=0", "", "gzip;q=0.1, identity"])
def test_client_that_does_not_take_it_gets_it_as_it_is(compressing: Server, accepted: str) -> None:
    response = ask(compressing, "/text", f"Accept-Encoding: {accepted}")
    assert response.one("content-encoding") is None
    assert response.one("vary") == b"accept-encoding"
    assert response.body == TEXT


@pytest.mark.parametrize(
    "fields",
    [
        {"type": "image/png"},
        {"type": "application/octet-stream"},
        {"type": "text/event-stream"},
        {"type": "Text/Event-Stream; charset=utf-8"},
        {"content-encoding": "br"},
        {"content-encoding": "identity"},
        {"cache-control": "public, No-Transform"},
        {"content-range": "bytes 0-4399/9999", "status": "206"},
        {"status": "206"},
        {"content-digest": "sha-256=:AAAA:"},
    ],
)
def test_what_may_not_be_is_left(compressing: Server, fields: dict[str, str]) -> None:
    response = ask(compressing, f"/text?{urlencode(fields)}", GZIP)
    assert response.body == TEXT
    assert response.one("vary") is None
    assert response.one("content-encoding") == (
        fields["content-encoding"].encode() if "content-encoding" in fields else None
    )


@pytest.mark.parametrize(
    "kind",
    [
        "application/json",
        "text/css; charset=utf-8",
        "TEXT/HTML",
        "application/problem+json",
        "image/svg+xml",
        "application/wasm",
        "application/javascript",
    ],
)
def test_types(compressing: Server, kind: str) -> None:
    response = ask(compressing, f"/text?{urlencode({'type': kind})}", GZIP)
    assert response.one("content-encoding") == b"gzip"
    assert response.one("content-type") == kind.encode()


def test_short_and_incompressible_are_left(compressing: Server) -> None:
    for target, content in (("/short", SHORT), ("/noise", NOISE)):
        response = ask(compressing, target, GZIP)
        assert response.body == content
        assert response.one("content-encoding") is None
        assert response.one("vary") == b"accept-encoding"


def test_errors_are_compressed_too(compressing: Server) -> None:
    response = ask(compressing, "/text?status=404", GZIP)
    assert (response.status, gzip.decompress(response.body)) == (404, TEXT)


def test_fields_that_were_of_the_whole_content(compressing: Server) -> None:
    fields = {"etag": '"x"', "vary": "cookie", "accept-ranges": "bytes", "x-other": "1"}
    response = ask(compressing, f"/text?{urlencode(fields)}", GZIP)
    assert response.one("etag") == b'W/"x"'
    assert response.all("vary") == [b"cookie", b"accept-encoding"]
    assert response.one("accept-ranges") is None
    assert response.one("x-other") == b"1"
    others = urlencode({"etag": 'W/"y"', "vary": "*"})
    weak = ask(compressing, f"/text?{others}", GZIP)
    assert (weak.one("etag"), weak.one("vary")) == (b'W/"y"', b"*")


def test_head_has_the_fields_of_get(compressing: Server) -> None:
    with compressing.connect() as client:
        response = client.ask("/head", GZIP, method="HEAD")
        assert response.one("content-encoding") == b"gzip"
        assert response.one("content-length") is None
        plain = client.ask("/head", method="HEAD")
        assert plain.one("content-length") == str(len(TEXT)).encode()
        assert plain.one("vary") == b"accept-encoding"


def test_http10_is_left(compressing: Server) -> None:
    with compressing.connect() as client:
        client.send(request("/text", GZIP, version="1.0"))
        response = client.read_response()
    assert (response.one("content-encoding"), response.body) == (None, TEXT)


def test_stream_reaches_the_client_at_once(compressing: Server) -> None:
    inflate = zlib.decompressobj(31)
    with compressing.connect() as client, compressing.connect() as other:
        client.send(request("/stream", GZIP))
        head = client.read_head()
        assert head.one("content-encoding") == b"gzip"
        for number in range(PIECES):
            expected = b"piece %d\n" % number
            got = b""
            while got != expected:
                got += inflate.decompress(client.read_chunk())
                assert expected.startswith(got)
            other.ask("/go")
        while chunk := client.read_chunk():
            assert inflate.decompress(chunk) == b""
        assert inflate.eof


def test_body_shorter_than_promised_breaks_the_connection_off(compressing: Server) -> None:
    with compressing.connect() as client:
        client.send(request("/promised", GZIP))
        with pytest.raises(Truncated):
            client.read_response()


def test_files_are_compressed_where_they_lie_there_in_no_coding(compressing: Server) -> None:
    plain = ask(compressing, "/files/text.txt")
    response = ask(compressing, "/files/text.txt", GZIP)
    assert gzip.decompress(response.body) == TEXT
    assert response.one("etag") == b"W/" + (plain.one("etag") or b"")
    part = ask(compressing, "/files/text.txt", GZIP, "Range: bytes=1-5")
    assert (part.status, part.body) == (206, TEXT[1:6])
    assert ask(compressing, "/files/noise.bin", GZIP).body == NOISE
    tag = (response.one("etag") or b"").decode()
    assert ask(compressing, "/files/text.txt", GZIP, f"If-None-Match: {tag}").status == 304


def test_client_of_python_gets_the_text(compressing: Server) -> None:
    with httpx.Client(base_url=compressing.url, verify=False) as client:
        for target, content in (("/text", TEXT), ("/large", LARGE), ("/short", SHORT)):
            assert client.get(target).content == content


def test_clients_that_leave_leave_nothing(compressing: Server) -> None:
    for _ in range(20):
        with compressing.connect(rcvbuf=4096) as client:
            client.send(request("/large", GZIP))
            client.read_head()
            client.reset()
    assert gzip.decompress(ask(compressing, "/large", GZIP).body) == LARGE


def test_without_the_option_nothing_is(server: Server) -> None:
    with server.connect() as client:
        response = client.ask("/scope", GZIP, "Host: x")
    assert response.one("content-encoding") is None
    assert response.one("vary") is None


def test_two_workers_tls_and_unix_socket(serve: Serve, tmp_path: Path, pair: Pair) -> None:
    options = ("--compress", "--workers", "2", "--compress-min-size", "100")
    encrypted = serve(TARGET, *options, *pair.options)
    assert gzip.decompress(ask(encrypted, "/large", GZIP).body) == LARGE
    local = serve(TARGET, *options, bind=f"unix:{tmp_path / 'socket'}")
    for target, content in (("/short", SHORT), ("/text", TEXT)):
        assert gzip.decompress(ask(local, target, GZIP).body) == content
