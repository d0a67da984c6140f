"""Compression of responses (--compress), over real sockets."""

from __future__ import annotations

import gzip
import os
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
import zstandard

from conftest import Serve
from harness.command import APPS, JAVA_OPTIONS, Command
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
    os.utime(folder / "text.txt", (1, 1))
    with Server(command, TARGET, "--compress", "--static", f"/files={folder}") as server:
        yield server


def decoded(response: Response) -> bytes:
    """The content that a client makes of it."""
    match response.one("content-encoding"):
        case None:
            return response.body
        case b"gzip":
            return gzip.decompress(response.body)
        case b"zstd":
            return zstandard.ZstdDecompressor().decompressobj().decompress(response.body)
        case other:
            raise AssertionError(other)


def ask(server: Server, target: str, *headers: str, method: str = "GET") -> Response:
    with server.connect() as client:
        return client.ask(target, *headers, method=method)


CODINGS = pytest.mark.parametrize("coding", ["gzip", "zstd"])


@CODINGS
def test_text_is_compressed(compressing: Server, coding: str) -> None:
    for target in ("/text", "/text?length=1"):
        response = ask(compressing, target, f"Accept-Encoding: {coding}")
        assert response.one("content-encoding") == coding.encode()
        assert response.one("vary") == b"accept-encoding"
        assert response.one("content-length") == str(len(response.body)).encode()
        assert len(response.body) < len(TEXT) / 10
        assert decoded(response) == TEXT


@CODINGS
def test_large_body_is_compressed_in_pieces(compressing: Server, coding: str) -> None:
    for target in ("/large", "/large?length=1"):
        response = ask(compressing, target, f"Accept-Encoding: {coding}")
        assert response.one("content-encoding") == coding.encode()
        assert response.one("content-length") is None
        assert len(response.chunks) > 1
        assert decoded(response) == LARGE


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("gzip, deflate, br, zstd", b"zstd"),
        ("zstd;q=0.5, gzip", b"gzip"),
        ("zstd;q=0, *", b"gzip"),
        ("*", b"zstd"),
        ("gzip;q=0.1", b"gzip"),
        ("identity;q=0.5, zstd;q=0.4, gzip;q=0.5", b"gzip"),
    ],
)
def test_client_gets_what_it_likes_best(compressing: Server, accepted: str, coding: bytes) -> None:
    response = ask(compressing, "/text", f"Accept-Encoding: {accepted}")
    assert (response.one("content-encoding"), decoded(response)) == (coding, TEXT)


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
        {"content-range": "bytes 0-4399/9999", "status": "416"},
        {"type": "image/png", "status": "206"},
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
    ("fields", "varies"),
    [
        ({"status": "206", "content-range": "bytes 0-4399/9999"}, True),
        ({"status": "206", "type": "image/png"}, False),
        ({"status": "206", "type": "multipart/byteranges; boundary=x"}, True),
        ({"status": "206", "cache-control": "no-transform"}, False),
        ({"status": "304"}, True),
        ({"status": "304", "type": "image/png"}, False),
        ({"status": "304", "content-encoding": "br"}, False),
    ],
)
def test_what_stands_for_another_varies_as_that(
    compressing: Server, fields: dict[str, str], varies: bool
) -> None:
    """RFC 9110 15.3.7 and 15.4.5."""
    response = ask(compressing, f"/text?{urlencode(fields)}", GZIP)
    assert response.status == int(fields["status"])
    assert response.one("vary") == (b"accept-encoding" if varies else None)
    assert response.one("content-encoding") != b"gzip"


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


@CODINGS
def test_stream_reaches_the_client_at_once(compressing: Server, coding: str) -> None:
    inflate: Any = (
        zlib.decompressobj(31) if coding == "gzip" else zstandard.ZstdDecompressor().decompressobj()
    )
    with compressing.connect() as client, compressing.connect() as other:
        client.send(request("/stream", f"Accept-Encoding: {coding}"))
        head = client.read_head()
        assert head.one("content-encoding") == coding.encode()
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


@pytest.mark.parametrize("accepted", ["identity", "gzip", "zstd"])
def test_what_is_more_than_promised_is_the_apps_error_and_no_content(
    compressing: Server, accepted: str
) -> None:
    response = ask(compressing, "/over", f"Accept-Encoding: {accepted}")
    assert (response.status, decoded(response)) == (200, TEXT[:-1])
    whole = ask(compressing, "/over?whole=1", f"Accept-Encoding: {accepted}")
    assert (whole.status, decoded(whole)) == (500, b"Internal Server Error")


@pytest.mark.parametrize("accepted", ["identity", "gzip", "zstd"])
def test_body_has_its_end_with_the_last_byte_that_was_promised(
    compressing: Server, accepted: str
) -> None:
    """Whatever the app does before it says that there are no more."""
    with compressing.connect() as client:
        client.send(request("/held", f"Accept-Encoding: {accepted}"))
        assert decoded(client.read_response()) == TEXT
        ask(compressing, "/go")
        assert decoded(client.ask("/text", f"Accept-Encoding: {accepted}")) == TEXT


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
    assert part.one("vary") == b"accept-encoding"
    tag = (response.one("etag") or b"").decode()
    same = ask(compressing, "/files/text.txt", GZIP, f"If-None-Match: {tag}")
    assert (same.status, same.one("vary")) == (304, b"accept-encoding")


def test_client_of_python_gets_the_text(compressing: Server) -> None:
    with httpx.Client(base_url=compressing.url, verify=False) as client:
        for target, content in (("/text", TEXT), ("/large", LARGE), ("/short", SHORT)):
            assert client.get(target).content == content
        assert client.get("/text").headers["content-encoding"] == "zstd"


@CODINGS
def test_clients_that_leave_leave_nothing(compressing: Server, coding: str) -> None:
    accepted = f"Accept-Encoding: {coding}"
    for _ in range(20):
        with compressing.connect(rcvbuf=4096) as client:
            client.send(request("/large", accepted))
            client.read_head()
            client.reset()
    assert decoded(ask(compressing, "/large", accepted)) == LARGE


def test_library_of_zstd_is_loaded_for_the_first_client_that_takes_it(serve: Serve) -> None:
    server = serve(TARGET, "--compress")
    assert decoded(ask(server, "/text", GZIP)) == TEXT
    assert not _has_loaded(server)
    assert decoded(ask(server, "/text", "Accept-Encoding: zstd")) == TEXT
    assert _has_loaded(server)


def _has_loaded(server: Server) -> bool:
    return "zstd" in Path(f"/proc/{server.process.pid}/maps").read_text()


def test_gzip_is_what_is_left_where_the_library_cannot_be_loaded(
    serve: Serve, tmp_path: Path
) -> None:
    nowhere = f"-Djava.io.tmpdir={tmp_path / 'none'}"
    server = serve(TARGET, "--compress", env={JAVA_OPTIONS: nowhere})
    for _ in range(2):
        response = ask(server, "/text", "Accept-Encoding: zstd, gzip")
        assert (response.one("content-encoding"), decoded(response)) == (b"gzip", TEXT)
        assert ask(server, "/text", "Accept-Encoding: zstd").body == TEXT
    assert server.stop() == 0
    assert server.log.count("responses are compressed with gzip alone") == 1


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
