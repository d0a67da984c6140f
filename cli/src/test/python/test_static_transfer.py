"""How files that are served without the app get to clients, whatever becomes of either."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from conftest import Serve
from harness.command import Command
from harness.public import LARGE, TEXT, ask, make, options
from harness.server import Server
from harness.tls import Pair
from harness.wire import Truncated, request

pytestmark = pytest.mark.own


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("static"))


@pytest.fixture(scope="module")
def files(command: Command, folder: Path) -> Iterator[Server]:
    with Server(command, "files_app:app", *options(folder)) as server:
        yield server


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
