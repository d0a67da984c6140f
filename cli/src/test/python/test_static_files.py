"""Files that are served without the app (RFC 9110, RFC 9112), over real sockets."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator
from email.utils import formatdate
from pathlib import Path

import pytest

from conftest import Serve
from harness.command import Command
from harness.public import CHANGED, LARGE, TEXT, ask, make, options
from harness.server import Server
from harness.wire import request

pytestmark = pytest.mark.own


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("static"))


@pytest.fixture(scope="module")
def files(command: Command, folder: Path) -> Iterator[Server]:
    with Server(command, "files_app:app", *options(folder)) as server:
        yield server


def test_file_is_answered_with_its_fields(files: Server) -> None:
    response = ask(files, "/assets/a.txt")
    assert (response.status, response.body) == (200, TEXT)
    assert response.one("content-type") == b"text/plain; charset=utf-8"
    assert response.one("content-length") == b"100"
    assert response.one("last-modified") == formatdate(CHANGED, usegmt=True).encode()
    assert response.one("cache-control") == b"max-age=3600"
    assert response.one("accept-ranges") == b"bytes"
    assert re.fullmatch(rb'"[0-9a-f]+-64"', response.one("etag") or b"")
    assert response.one("vary") is None


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("large.bin", b"application/octet-stream"),
        ("empty.css", b"text/css; charset=utf-8"),
        ("with%20space.html", b"text/html; charset=utf-8"),
        ("%C3%BC.svg", b"image/svg+xml"),
        ("unknown.zzz", b"application/octet-stream"),
        ("css", b"application/octet-stream"),
        ("module.MJS", b"text/javascript; charset=utf-8"),
        ("x.wasm", b"application/wasm"),
        ("site.webmanifest", b"application/manifest+json"),
        ("x.avif", b"image/avif"),
        ("x.woff2", b"font/woff2"),
        ("100%25%20%C3%A9%3F.txt", b"text/plain; charset=utf-8"),
        (".well-known/security.txt", b"text/plain; charset=utf-8"),
        ("inside.txt", b"text/plain; charset=utf-8"),
        ("app%2Ejs", b"text/javascript; charset=utf-8"),
    ],
)
def test_types(files: Server, name: str, kind: bytes) -> None:
    response = ask(files, f"/assets/{name}?v=1")
    assert (response.status, response.one("content-type")) == (200, kind)


def test_large_file_is_sent_whole_and_the_connection_goes_on(files: Server) -> None:
    with files.connect() as client:
        for _ in range(3):
            assert client.ask("/assets/large.bin").body == LARGE
        client.send(request("/assets/large.bin") + request("/assets/a.txt"))
        assert client.read_response().body == LARGE
        assert client.read_response().body == TEXT


def test_head_has_the_same_fields_and_no_body(files: Server) -> None:
    whole = ask(files, "/assets/a.txt")
    with files.connect() as client:
        head = client.ask("/assets/a.txt", "Range: bytes=0-1", method="HEAD")
        assert client.ask("/assets/a.txt").body == TEXT
    assert head.status == 200
    assert [f for f in head.headers if f[0] != b"date"] == [
        f for f in whole.headers if f[0] != b"date"
    ]


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "PATCH"])
def test_other_methods_are_refused(files: Server, method: str) -> None:
    response = ask(files, "/assets/a.txt", "Content-Length: 0", method=method)
    assert (response.status, response.one("allow")) == (405, b"GET, HEAD")


def test_route_has_no_other_answer_than_its_files(files: Server) -> None:
    assert ask(files, "/assets/none.txt").status == 404
    assert ask(files, "/assets/a.txt/").status == 404
    assert ask(files, "/assets/bare").status == 404
    assert ask(files, "/assets/bare/").status == 404
    assert ask(files, "/assetsx/a.txt").body == b"app GET /assetsx/a.txt"


def test_root_serves_what_is_afile_and_the_rest_is_the_apps(files: Server) -> None:
    assert ask(files, "/").body == b"<h1>docs</h1>"
    assert ask(files, "/index.html").body == b"<h1>docs</h1>"
    assert ask(files, "/none").body == b"app GET /none"
    assert ask(files, "/index.html", "Content-Length: 0", method="POST").status == 299
    assert ask(files, "/.htpasswd").status == 299


def test_directory_is_its_index_behind_aslash(files: Server) -> None:
    assert ask(files, "/assets/docs/").body == b"<h1>docs</h1>"
    response = ask(files, "/assets/docs?a=1")
    assert (response.status, response.one("location")) == (301, b"./docs/?a=1")


class TestConditions:
    OLD = formatdate(CHANGED - 10, usegmt=True)
    SAME = formatdate(CHANGED, usegmt=True)
    NEW = formatdate(CHANGED + 10, usegmt=True)

    @pytest.mark.parametrize(
        ("fields", "status"),
        [
            (["If-None-Match: TAG"], 304),
            (["If-None-Match: W/TAG"], 304),
            (["If-None-Match: *"], 304),
            (['If-None-Match: "x", TAG'], 304),
            (['If-None-Match: "x"'], 200),
            ([f"If-Modified-Since: {SAME}"], 304),
            ([f"If-Modified-Since: {NEW}"], 304),
            ([f"If-Modified-Since: {OLD}"], 200),
            (["If-Modified-Since: yesterday"], 200),
            (['If-None-Match: "x"', f"If-Modified-Since: {NEW}"], 200),
            (["If-Match: TAG"], 200),
            (["If-Match: *"], 200),
            (["If-Match: W/TAG"], 412),
            (['If-Match: "x"'], 412),
            (["If-Match: TAG", f"If-Unmodified-Since: {OLD}"], 200),
            ([f"If-Unmodified-Since: {OLD}"], 412),
            ([f"If-Unmodified-Since: {SAME}"], 200),
            (['If-Match: "x"', "If-None-Match: TAG"], 412),
            (["Range: bytes=0-1", "If-Range: TAG"], 206),
            (["Range: bytes=0-1", "If-Range: W/TAG"], 200),
            (["Range: bytes=0-1", f"If-Range: {SAME}"], 206),
            (["Range: bytes=0-1", f"If-Range: {NEW}"], 200),
            (["Range: bytes=0-1", "If-None-Match: TAG"], 304),
        ],
    )
    def test_conditions(self, files: Server, fields: list[str], status: int) -> None:
        tag = (ask(files, "/assets/a.txt").one("etag") or b"").decode()
        response = ask(files, "/assets/a.txt", *(each.replace("TAG", tag) for each in fields))
        assert response.status == status
        if status == 304:
            assert response.one("etag") == tag.encode()
            assert response.one("cache-control") == b"max-age=3600"
            assert response.one("content-type") is None

    def test_tag_and_time_are_weak_while_the_file_may_change_within_them(
        self, serve: Serve, tmp_path: Path
    ) -> None:
        """RFC 9110 8.8.2.2 and 13.1.5."""
        file = tmp_path / "file.txt"
        server = serve("files_app:app", "--static", f"/f={tmp_path}")
        file.write_bytes(TEXT)
        soon = time.time() + 3600
        os.utime(file, (soon, soon))
        first = ask(server, "/f/file.txt")
        tag, then = (
            (first.one("etag") or b"").decode(),
            (first.one("last-modified") or b"").decode(),
        )
        assert tag.startswith("W/")
        for condition in (tag, tag.removeprefix("W/"), then):
            part = ask(server, "/f/file.txt", "Range: bytes=0-1", f"If-Range: {condition}")
            assert (part.status, part.body) == (200, TEXT)
        assert ask(server, "/f/file.txt", f"If-None-Match: {tag}").status == 304

    def test_changed_file_has_another_tag(self, serve: Serve, tmp_path: Path) -> None:
        file = tmp_path / "file.txt"
        file.write_bytes(b"one")
        server = serve("files_app:app", "--static", f"/f={tmp_path}")
        first = ask(server, "/f/file.txt")
        file.write_bytes(b"two")
        tag = (first.one("etag") or b"").decode()
        second = ask(server, "/f/file.txt", f"If-None-Match: {tag}")
        assert (second.status, second.body) == (200, b"two")
        assert second.one("etag") != first.one("etag")


class TestRanges:
    @pytest.mark.parametrize(
        ("wanted", "first", "last"),
        [
            ("0-0", 0, 0),
            ("5-", 5, 99),
            ("-3", 97, 99),
            ("-1000", 0, 99),
            ("90-100000", 90, 99),
            ("0-4,3-9", 0, 9),
            ("0-4, 5-9", 0, 9),
            ("95-99, 200-300", 95, 99),
        ],
    )
    def test_one_range(self, files: Server, wanted: str, first: int, last: int) -> None:
        response = ask(files, "/assets/a.txt", f"Range: bytes={wanted}")
        assert (response.status, response.body) == (206, TEXT[first : last + 1])
        assert response.one("content-range") == f"bytes {first}-{last}/100".encode()

    @pytest.mark.parametrize("wanted", ["100-", "100-200", "-0", "500-600,700-"])
    def test_no_such_range(self, files: Server, wanted: str) -> None:
        response = ask(files, "/assets/a.txt", f"Range: bytes={wanted}")
        assert (response.status, response.one("content-range")) == (416, b"bytes */100")

    @pytest.mark.parametrize(
        "value",
        [
            *("bytes=5-1", "bytes=a-b", "bytes=", "bytes=-", "lines=0-1", "0-1"),
            "bytes=" + ",".join(f"{3 * i}-{3 * i}" for i in range(17)),
        ],
    )
    def test_what_is_no_range_is_ignored(self, files: Server, value: str) -> None:
        response = ask(files, "/assets/a.txt", f"Range: {value}")
        assert (response.status, response.body) == (200, TEXT)

    def test_many_ranges(self, files: Server) -> None:
        response = ask(files, "/assets/large.bin", "Range: bytes=-4, 0-3, 100000-299999")
        kind = (response.one("content-type") or b"").decode()
        boundary = kind.removeprefix("multipart/byteranges; boundary=").encode()
        parts = response.body.split(b"\r\n--" + boundary)
        assert (response.status, parts[0], parts[-1]) == (206, b"", b"--\r\n")
        bodies = {}
        for part in parts[1:-1]:
            head, _, body = part.partition(b"\r\n\r\n")
            assert b"content-type: application/octet-stream" in head
            bodies[re.search(rb"content-range: bytes (\S+)", head)[1]] = body  # type: ignore[index]
        size = len(LARGE)
        assert bodies == {
            b"%d-%d/%d" % (size - 4, size - 1, size): LARGE[-4:],
            b"0-3/%d" % size: LARGE[:4],
            b"100000-299999/%d" % size: LARGE[100_000:300_000],
        }


class TestPrecompressed:
    @pytest.mark.parametrize(
        ("accepted", "coding"),
        [
            ("gzip, deflate, br, zstd", b"br"),
            ("gzip, zstd", b"zstd"),
            ("gzip", b"gzip"),
            ("br;q=0.5, gzip", b"gzip"),
            ("br;q=0, *", b"zstd"),
            ("*;q=0.1, identity;q=0", b"br"),
            ("BR", b"br"),
            ("identity", None),
            ("gzip;q=0", None),
            ("gzip;q=0.2, identity;q=0.9", None),
            ("", None),
        ],
    )
    def test_negotiation(self, files: Server, accepted: str, coding: bytes | None) -> None:
        response = ask(files, "/assets/app.js", f"Accept-Encoding: {accepted}")
        suffix = {b"br": b"br", b"zstd": b"zst", b"gzip": b"gz"}
        expected = b"alert('plain')" if coding is None else b"in " + suffix[coding]
        assert (response.status, response.body) == (200, expected)
        assert response.one("content-encoding") == coding
        assert response.one("content-type") == b"text/javascript; charset=utf-8"
        assert response.one("vary") == b"accept-encoding"

    def test_each_has_atag_of_its_own(self, files: Server) -> None:
        accepted = ["br", "zstd", "gzip", "identity"]
        tags = {ask(files, "/assets/app.js", f"Accept-Encoding: {c}").one("etag") for c in accepted}
        assert len(tags) == 4

    def test_no_coding_that_is_taken(self, files: Server) -> None:
        assert ask(files, "/assets/a.txt", "Accept-Encoding: *;q=0").status == 406
