"""The access log: a line for each request, whatever became of it; nobody ever waits for it."""

from __future__ import annotations

import json
import os
import pwd
import re
import signal
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from conftest import Serve
from harness.admin import ANY_PORT, Admin
from harness.command import Command
from harness.kinds import kinds_tried
from harness.server import Server
from harness.waiting import eventually
from harness.websocket import opened, refused
from harness.wire import request

pytestmark = pytest.mark.own

LOST = "spvn_access_log_lost_total"


class Logged:
    """A server that logs its requests as JSON, and the lines that came since one has looked."""

    def __init__(self, server: Server, file: Path) -> None:
        self.server = server
        self._file = file
        self._read = 0

    def lines(self, count: int) -> list[dict[str, Any]]:
        """So many, and no more; without what differs from run to run."""
        eventually(lambda: len(self._new()) >= count, what=f"{count} lines: {self._file}")
        lines = [json.loads(line) for line in self._new()]
        self._read += len(lines)
        assert len(lines) == count, lines
        for line in lines:
            assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\S+", line.pop("time"))
            assert line.pop("duration_ms") >= 0
            assert line.pop("client") == "127.0.0.1"
        return lines

    def line(self) -> dict[str, Any]:
        return self.lines(1)[0]

    def _new(self) -> list[str]:
        return self._file.read_text().splitlines()[self._read :]


@pytest.fixture(scope="module", params=kinds_tried("main", "process"))
def shared(
    request: pytest.FixtureRequest, command: Command, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Logged]:
    file = tmp_path_factory.mktemp("logs") / "access"
    options = (
        *("--isolation", request.param, "--request-id"),
        *("--access-log-file", str(file), "--access-log-format", "json"),
        *("--limit-body", "100", "--timeout-header", "1s"),
    )
    with Server(command, "talks:app", *options) as server:
        yield Logged(server, file)


def test_answered(shared: Logged) -> None:
    with shared.server.connect() as connection:
        answer = connection.ask("/a%20b?x=1", "User-Agent: t/1", "X-Request-ID: mine-1")
        assert (answer.json(), answer.one("x-request-id")) == (["mine-1"], b"mine-1")
    line = shared.line()
    assert (line.pop("scheme"), line.pop("host")) == (shared.server.scheme, "spvn.test")
    assert line == {
        "method": "GET",
        "path": "/a%20b",
        "query": "x=1",
        "protocol": "HTTP/1.1",
        "user_agent": "t/1",
        "request_id": "mine-1",
        "status": 200,
        "bytes": len(answer.body),
    }


@pytest.mark.parametrize("sent", ["", "X-Request-ID: a b", "X-Request-ID: " + "a" * 129])
def test_request_id_is_made_where_none_can_be_taken_over(shared: Logged, sent: str) -> None:
    with shared.server.connect() as connection:
        answer = connection.ask("/", *([sent] if sent else []))
    (given,) = answer.json()
    assert re.fullmatch("[0-9a-f]{32}", given)
    assert answer.one("x-request-id") == given.encode()
    assert shared.line()["request_id"] == given


def test_failed_request_is_named_by_its_id(shared: Logged) -> None:
    with shared.server.connect() as connection:
        answer = connection.ask("/fails?x", "X-Request-ID: failing")
        assert (answer.status, answer.one("x-request-id")) == (500, b"failing")
    shared.server.wait_log("exception in the app, GET /fails [failing]\nTraceback")
    assert (shared.line()["status"]) == 500


def test_head_has_no_content(shared: Logged) -> None:
    with shared.server.connect() as connection:
        connection.send(request("/", method="HEAD"))
        connection.read_response("HEAD")
    line = shared.line()
    assert (line["method"], line["status"], line["bytes"]) == ("HEAD", 200, 0)


@pytest.mark.parametrize(
    ("sent", "status", "told"),
    [
        (b"GET / HTTP/1.1\r\nHost: h\r\nbad header: x\r\n\r\n", 400, {"request": "GET / HTTP/1.1"}),
        (b'G"T\x1b / HTTP/1.1\r\n\r\n', 400, {"request": 'G"T\\x1b / HTTP/1.1'}),
        (b"GET / HTTP/1.1\r\nHost:", 408, {}),
        (b"GET /" + b"a" * 20_000, 414, {}),
        (
            b"POST /x HTTP/1.1\r\nHost: h\r\nContent-Length: 101\r\n\r\n",
            413,
            {"method": "POST", "path": "/x"},
        ),
    ],
    ids=["malformed", "escaped", "late", "long", "large"],
)
def test_refused(shared: Logged, sent: bytes, status: int, told: dict[str, str]) -> None:
    with shared.server.connect() as connection:
        connection.send(sent)
        answer = connection.read_response()
        assert answer.status == status
    line = shared.line()
    assert (line["status"], line["bytes"]) == (status, len(answer.body))
    assert {key: line.get(key) for key in told} == told


def test_client_that_leaves_in_the_middle(shared: Logged) -> None:
    connection = shared.server.connect()
    connection.send(request("/half"))
    connection.read_head()
    connection.read_chunk()
    connection.reset()
    line = shared.line()
    assert (line["path"], line["status"], line["bytes"]) == ("/half", 200, 5)


def test_client_that_leaves_before_the_answer(shared: Logged) -> None:
    connection = shared.server.connect()
    connection.send(request("/never"))
    connection.reset()
    line = shared.line()
    assert (line["path"], line["bytes"]) == ("/never", 0)
    assert line["status"] in (499, 500)  # the app may hear of it first, and say nothing


def test_websocket_has_one_line_at_its_end(shared: Logged) -> None:
    with opened(shared.server, "/ws?a", "X-Request-ID: ws-1") as client:
        assert json.loads(client.read()) == ["ws-1"]
        client.text("hello")
        assert client.read() == "hello"
        client.close(1000)
        assert client.read_end() == (1000, "")
    line = shared.line()
    shown = {key: line[key] for key in ("method", "path", "query", "status", "close", "bytes")}
    assert shown == {
        "method": "GET",
        "path": "/ws",
        "query": "a",
        "status": 101,
        "close": 1000,
        "bytes": len('["ws-1"]hello'),
    }
    assert line["request_id"] == "ws-1"


def test_websocket_that_is_refused(shared: Logged) -> None:
    assert refused(shared.server, "/denied").status == 403
    line = shared.line()
    assert (line["path"], line["status"], line.get("close")) == ("/denied", 403, None)


def test_combined_on_standard_output(serve: Serve) -> None:
    server = serve("talks:app", "--access-log")
    with server.connect() as connection:
        connection.ask("/x?y", "User-Agent: t/1\\", "Authorization: Basic dTpw")
    wanted = (
        r"127\.0\.0\.1 - u \[\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d [+-]\d{4}\]"
        r' "GET /x\?y HTTP/1\.1" 200 2 "-" "t/1\\\\"\n'
    )
    eventually(lambda: re.fullmatch(wanted, server.stdout.text), what=wanted)


def test_files_are_opened_anew_on_sigusr1(serve: Serve, tmp_path: Path) -> None:
    access = tmp_path / "access"
    options = ("--access-log-file", str(access), "--access-log-format", "%(U)s")
    server = serve("talks:app", *options)
    with server.connect() as connection:
        connection.ask("/one")
        eventually(lambda: access.read_text() == "/one\n", what="a line")
        access.rename(tmp_path / "access.1")
        server.signal(signal.SIGUSR1)
        eventually(access.exists, what="the new file")
        connection.ask("/two")
        eventually(lambda: access.read_text() == "/two\n", what="a line in the new file")
    assert (tmp_path / "access.1").read_text() == "/one\n"


@pytest.mark.parametrize("what", ["disk", "pipe"])
def test_what_cannot_be_written_is_counted(serve: Serve, tmp_path: Path, what: str) -> None:
    file = Path("/dev/full")
    if what == "pipe":
        file = tmp_path / "pipe"
        os.mkfifo(file)
    long = ("--access-log-format", "%(U)s " + "x" * 60_000)
    server = serve("talks:app", "--access-log-file", str(file), *long, *ANY_PORT)
    admin = Admin.of(server)
    count = 3000 if what == "pipe" else 100
    with server.connect() as connection:
        for _ in range(count):
            assert connection.ask("/", "Pad: " + "x" * 6000).status == 200
    admin.await_metrics(lambda seen: seen[LOST] > 0, "lines to be lost")
    server.wait_line(r"WARN +access log lines lost because \S+ was not read or not writable: \d+")
    assert server.stop(within=10) == 0


def test_file_that_cannot_be_opened(command: Command, tmp_path: Path) -> None:
    server = Server(command, "talks:app", "--access-log-file", str(tmp_path / "none" / "log"))
    server.launch()
    assert server.wait_exit() == 4
    assert f"cannot open the log file {tmp_path}/none/log: there is no such directory" in server.log


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may become another user")
def test_file_is_the_users_or_there_is_no_start(
    command: Command, serve: Serve, place: Path
) -> None:
    file = place / "access"
    options = ("--access-log-file", str(file), "--user", "nobody", "--isolation", "main")
    server = serve("whoami:app", *options)
    assert file.stat().st_uid == pwd.getpwnam("nobody").pw_uid
    assert server.stop() == 0
    os.chown(file, 0, 0)
    refused_start = Server(command, "whoami:app", *options)
    refused_start.launch()
    assert refused_start.wait_exit() == 4
    assert f"--user may not write the log file {file}" in refused_start.log


def test_plain_request_where_https_is_spoken(serve: Serve) -> None:
    server = serve("talks:app", "--ssl-self-signed", "--access-log", plain=True)
    assert not isinstance(server.address, str)
    with socket.create_connection(server.address, 10) as plain:
        plain.sendall(request("/"))
        assert plain.recv(1000).startswith(b"HTTP/1.1 400")
    eventually(lambda: '"-" 400 ' in server.stdout.text, what="its line")
