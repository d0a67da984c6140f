"""Files that are served without the app (RFC 9110, RFC 9112), over real sockets."""

from __future__ import annotations

import os
import re
import threading
import time
from collections.abc import Iterator
from email.utils import formatdate
from pathlib import Path

import pytest

from conftest import Serve
from harness.command import Command
from harness.server import Server
from harness.tls import Pair
from harness.wire import Response, Truncated, request

pytestmark = pytest.mark.own

SECRET = b"SECRET: outside of every directory that is served"
LARGE = bytes(range(256)) * 4096  # 1 MiB
CHANGED = 1_700_000_000
TEXT = b"0123456789" * 10


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    top = tmp_path_factory.mktemp("static")
    (top / "secret.txt").write_bytes(SECRET)
    (top / "public-secret").mkdir()
    (top / "public-secret" / "secret.txt").write_bytes(SECRET)
    public = top / "public"
    _write(public / "a.txt", TEXT)
    _write(public / "large.bin", LARGE)
    _write(public / "empty.css", b"")
    _write(public / "app.js", b"alert('plain')")
    for suffix in ("br", "zst", "gz"):
        _write(public / f"app.js.{suffix}", f"in {suffix}".encode())
    _write(public / "with space.html", b"<p>")
    _write(public / "\u00fc.svg", b"<svg/>")
    _write(public / "unknown.zzz", b"?")
    _write(public / "docs" / "index.html", b"<h1>docs</h1>")
    _write(public / "bare" / "x.txt", b"x")
    _write(public / ".well-known" / "security.txt", b"Contact:")
    for hidden in (".env", ".git/config", "docs/.htpasswd"):
        _write(public / hidden, SECRET)
    (public / "inside.txt").symlink_to("a.txt")
    (public / "outside.txt").symlink_to(top / "secret.txt")
    (public / "outside").symlink_to(top)
    (public / "hidden.txt").symlink_to(".env")
    (public / "loop").symlink_to("loop")
    os.mkfifo(public / "pipe")
    return public


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    os.utime(path, (CHANGED, CHANGED))


@pytest.fixture(scope="module")
def files(command: Command, folder: Path) -> Iterator[Server]:
    options = [
        *("--static", f"/assets={folder}", "--static", f"/={folder / 'docs'}"),
        *("--static-index", "index.html", "--static-max-age", "1h"),
    ]
    with Server(command, "files_app:app", *options) as server:
        yield server


def ask(server: Server, target: str | bytes, *headers: str, method: str = "GET") -> Response:
    with server.connect() as client:
        return client.ask(target, *headers, method=method)


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


def _corpus() -> list[bytes]:
    """Ways out of a directory that servers have been fooled with."""
    ups = [
        *(b"..", b"%2e%2e", b"%2E%2E", b".%2e", b"%2e.", b"%252e%252e", b"%c0%ae%c0%ae"),
        *(
            b"%e0%80%ae%e0%80%ae",
            b"..;",
            b"..%00",
            b"%2e%2e%00",
            b"..%20",
            b"...",
            b"....",
            b"%00..",
        ),
        *(b"..%0a", b"..%09", b"%u002e%u002e", b"\xc0\xae\xc0\xae", b"..%ff", b". .", b"%2e%2e."),
    ]
    slashes = [b"/", b"%2f", b"%5c", b"\\"]
    corpus = [b"/assets/" + up + slash + b"secret.txt" for up in ups for slash in slashes]
    corpus += [
        b"/assets/../public-secret/secret.txt",
        b"/assets/-secret/secret.txt",
        b"/assets-secret/secret.txt",
        b"/assets//secret.txt",
        b"/assets/docs/../../secret.txt",
        b"/assets/docs/..%2f..%2fsecret.txt",
        b"/assets/docs/%2e%2e/%2e%2e/secret.txt",
        b"/assets/./.././secret.txt",
        b"/assets/outside.txt",
        b"/assets/outside/secret.txt",
        b"/assets/outside/public/../secret.txt",
        b"/assets/hidden.txt",
        b"/assets/.env",
        b"/assets/%2eenv",
        b"/assets/.git/config",
        b"/assets/%2egit%2fconfig",
        b"/assets/docs/.htpasswd",
        b"/assets/.env/",
        b"/assets/.env%00.txt",
        b"/assets/a.txt%00../secret.txt",
        b"/assets/loop",
        b"/assets/pipe",
        b"/assets/secret.txt%00",
        b"//secret.txt",
        b"/../secret.txt",
        b"/%2e%2e/secret.txt",
        b"/..%2fsecret.txt",
        b"/../public/.env",
        b"//assets/../secret.txt",
        b"/x/../../secret.txt",
        b"/assets/" + b"x/../" * 30 + b"../secret.txt",
        b"/assets/" + b"docs/" * 200 + b"secret.txt",
        b"/assets/" + b"a" * 5000,
    ]
    return corpus


class TestTraversal:
    def test_nothing_from_outside(self, files: Server, folder: Path) -> None:
        corpus = [*_corpus(), b"/assets" + str(folder.parent / "secret.txt").encode()]
        assert len(set(corpus)) >= 100
        for target in corpus:
            with files.connect() as client:
                client.send(b"GET " + target + b" HTTP/1.1\r\nHost: x\r\n\r\n")
                response = client.read_response()
            assert SECRET not in response.body, target
            assert response.status in (299, 400, 404), target
            below = target.startswith((b"/assets/", b"/assets%"))
            assert not (below and response.status == 299), target

    def test_absolute_form(self, files: Server) -> None:
        assert ask(files, "http://x/assets/../secret.txt").status == 404
        assert ask(files, "http://x/assets/a.txt").body == TEXT

    def test_no_open_redirect(self, files: Server) -> None:
        for target in (b"//docs", b"/assets//docs", b"//example.com/assets/docs"):
            with files.connect() as client:
                response = client.ask(target)
            assert response.one("location") is None

    def test_links_may_lead_out_where_allowed(self, serve: Serve, folder: Path) -> None:
        server = serve("files_app:app", "--static", f"/a={folder}", "--static-symlinks")
        assert ask(server, "/a/outside.txt").body == SECRET
        assert ask(server, "/a/outside/secret.txt").body == SECRET
        assert ask(server, "/a/hidden.txt").status == 404
        assert ask(server, "/a/../secret.txt").status == 404


def test_unreadable_is_forbidden(files: Server, folder: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("root may read all")
    locked = folder / "locked.txt"
    locked.write_bytes(b"")
    locked.chmod(0)
    assert ask(files, "/assets/locked.txt").status == 403


def test_files_are_served_while_the_app_is_blocked(files: Server) -> None:
    with files.connect() as blocking:
        blocking.send(request("/block"))
        began = time.monotonic()
        for _ in range(20):
            assert ask(files, "/assets/a.txt").status == 200
        assert time.monotonic() - began < 2.5
        assert not blocking.silent(10)
        assert blocking.read_response().status == 299


def _sparse(path: Path, size: int) -> None:
    with path.open("wb") as file:
        file.truncate(size)


def test_file_that_shrinks_breaks_the_connection_off(files: Server, folder: Path) -> None:
    shrinking = folder / "shrinking.bin"
    _sparse(shrinking, 64 << 20)
    with files.connect(rcvbuf=16_384) as client:
        client.send(request("/assets/shrinking.bin"))
        head = client.read_head()
        assert head.one("content-length") == b"%d" % (64 << 20)
        client.read_exactly(100_000)
        _sparse(shrinking, 0)
        with pytest.raises(Truncated):
            client.read_body(head)


def test_file_that_grows_is_sent_as_it_was(files: Server, folder: Path) -> None:
    growing = folder / "growing.bin"
    _sparse(growing, 8 << 20)
    with files.connect(rcvbuf=16_384) as client:
        client.send(request("/assets/growing.bin"))
        head = client.read_head()
        _sparse(growing, 9 << 20)
        assert len(client.read_body(head).body) == 8 << 20
        assert client.ask("/assets/a.txt").body == TEXT


def test_client_that_does_not_read_is_cut_off_and_the_file_is_closed(
    serve: Serve, tmp_path: Path
) -> None:
    _sparse(tmp_path / "big.bin", 64 << 20)
    server = serve("files_app:app", "--static", f"/f={tmp_path}", "--timeout-write", "1s")
    with server.connect(rcvbuf=4096) as client:
        client.send(request("/f/big.bin"))
        client.read_head()
        _wait_closed(server, "big.bin", opened=True)
        _wait_closed(server, "big.bin", opened=False)


def _wait_closed(server: Server, name: str, *, opened: bool) -> None:
    deadline = time.monotonic() + 15
    while _is_open(server, name) != opened:
        assert time.monotonic() < deadline, f"{name} open: {not opened}"
        time.sleep(0.02)


def _is_open(server: Server, name: str) -> bool:
    folder = Path(f"/proc/{server.process.pid}/fd")
    for link in folder.iterdir():
        try:
            if link.readlink().name == name:
                return True
        except OSError:
            continue
    return False


def test_no_descriptor_is_left(files: Server) -> None:
    for headers in ([], ["Range: bytes=0-1,5-6"], ["If-None-Match: *"], ["If-Match: *"]):
        for method in ("GET", "HEAD"):
            ask(files, "/assets/a.txt", *headers, method=method)
    with files.connect() as client:
        client.send(request("/assets/large.bin"))
        client.reset()
    for name in ("a.txt", "large.bin", "docs", "public"):
        _wait_closed(files, name, opened=False)


def test_many_clients_each_get_theirs(files: Server) -> None:
    wrong: list[bytes] = []

    def run(number: int) -> None:
        with files.connect() as client:
            for _ in range(5):
                first = number * 1000
                got = client.ask("/assets/large.bin", f"Range: bytes={first}-").body
                if got != LARGE[first:]:
                    wrong.append(got)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_workers_tls_and_unix_socket(
    serve: Serve, folder: Path, tmp_path: Path, pair: Pair
) -> None:
    route = ("--static", f"/a={folder}", "--workers", "2")
    encrypted = serve("files_app:app", *route, *pair.options)
    with encrypted.connect() as client:
        assert client.ask("/a/large.bin").body == LARGE
        assert client.ask("/a/large.bin", "Range: bytes=70000-").body == LARGE[70_000:]
        assert client.ask("/other").body == b"app GET /other"
    local = serve("files_app:app", *route, bind=f"unix:{tmp_path / 'socket'}")
    with local.connect() as client:
        assert client.ask("/a/large.bin").body == LARGE
        assert client.ask("/a/a.txt").body == TEXT
