"""What the server does itself over HTTP/2: limits, files, compression, its logs and its counts."""

from __future__ import annotations

import gzip
import json
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from conftest import Serve
from harness import frames
from harness.admin import ANY_PORT, Admin
from harness.command import Command
from harness.h2_messages import Reset
from harness.http2 import Http2
from harness.public import LARGE, TEXT, make, options
from harness.server import Server
from harness.waiting import Deadline, eventually
from harness.wire import Response, WireError

pytestmark = pytest.mark.own

LIMITS = "limits:app"
REFUSALS = "spvn_refusals_total"


@pytest.fixture(scope="module")
def tight(command: Command) -> Iterator[Server]:
    soon = ("--limit-body", "1K", "--timeout-body", "500ms", "--timeout-keep-alive", "1s")
    with Server(command, LIMITS, *ANY_PORT, *soon, "--timeout-header", "500ms") as server:
        yield server


@pytest.fixture(scope="module")
def files(command: Command, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = make(tmp_path_factory.mktemp("static"))
    with Server(command, "compressed:app", "--compress", *options(folder)) as server:
        yield server


def counted(server: Server, reason: str) -> Callable[[], float]:
    admin = Admin.of(server)
    return lambda: admin.metrics()[f'{REFUSALS}{{reason="{reason}"}}']


# ---------------------------------------------------------------- limits


def test_head_above_the_limit_is_answered_431(tight: Server) -> None:
    with Http2.to(tight) as client:
        more = [(f"x-{number}", "v" * 1000) for number in range(100)]
        assert client.ask("/", *more).status == 431
        assert client.ask("/").status == 200


def test_more_fields_than_the_limit_are_answered_431(tight: Server) -> None:
    with Http2.to(tight) as client:
        more = [(f"x-{number}", "") for number in range(1000)]
        assert client.ask("/", *more).status == 431
        assert client.ask("/").status == 200


@pytest.mark.parametrize("length", [(), (("content-length", "2000"),)])
def test_body_above_the_limit_is_answered_413(
    tight: Server, length: tuple[tuple[str, str], ...]
) -> None:
    refused = counted(tight, "body_too_large")
    before = refused()
    with Http2.to(tight) as client:
        stream = client.request("/body", *length, method="POST", end=False)
        client.data(stream, bytes(2000), end=True)
        assert client.response(stream).status == 413
        assert client.ask("/body", method="POST", body=bytes(1024)).body == b"1024"
    eventually(lambda: refused() == before + 1, what="the refusal")


def test_slow_body_is_answered_408_and_its_neighbours_live(tight: Server) -> None:
    with Http2.to(tight) as client:
        stream = client.request("/body", method="POST", end=False)
        client.data(stream, b"slow")
        with suppress(Reset):
            assert client.response(stream).status == 408
        assert client.ask("/").status == 200


def test_idle_connection_is_told_goaway_and_closed(tight: Server) -> None:
    with Http2.to(tight) as client:
        assert client.ask("/").status == 200
        client.await_end(within=5)
        assert client.goaway
        assert client.goaway.code == frames.NO_ERROR


def test_open_stream_is_no_idle_connection(tight: Server) -> None:
    with Http2.to(tight) as client:
        stream = client.request("/later?1.8")
        assert client.response(stream).body == b"0"


def test_half_a_head_is_ended_in_time(tight: Server) -> None:
    with Http2.to(tight) as client:
        client.await_settings()
        client.send(frames.frame(frames.HEADERS, 0, 1, client.block(client.fields("/"))))
        began = time.monotonic()
        client.await_end(within=5)
        assert time.monotonic() - began > 0.4


def test_half_a_preface_is_ended_in_time(tight: Server) -> None:
    with Http2.to(tight, greet=False) as client:
        client.send(frames.PREFACE[:10])
        answer = raw(client)
        assert not answer or answer.startswith((b"HTTP/1.1 408", b"\0")), answer


def raw(client: Http2) -> bytes:
    """All that comes up to the end of the connection, whichever protocol it is of."""
    found = b""
    client.socket.settimeout(5)
    with suppress(ConnectionError):
        while data := client.socket.recv(65_536):
            found += data
    return found


def test_stream_without_credit_is_cut_and_its_neighbours_live(serve: Serve) -> None:
    server = serve(LIMITS, *ANY_PORT, "--timeout-write", "1s")
    with Http2.to(server) as client:
        stream = client.request("/large", credit=False)
        found = client.streams[stream]
        client.until(lambda: found.code is not None, "a reset", within=8)
        assert len(found.body) == frames.WINDOW
        assert client.ask("/").status == 200


def test_full_queue_is_answered_503(serve: Serve) -> None:
    server = serve(LIMITS, *ANY_PORT, "--queue-size", "1", "--queue-timeout", "300ms")
    admin = Admin.of(server)
    with Http2.to(server) as client:
        blocked = client.request("/block?2")
        admin.await_metric("spvn_requests_in_flight", 1)
        waits = [client.request("/?waits") for _ in range(3)]
        for stream in waits:
            response = client.response(stream)
            assert (response.status, response.one("retry-after")) == (503, b"1")
        assert not client.streams[blocked].ended, "answered only once the app was free again"
        assert client.response(blocked).body == b"blocked"
        assert client.ask("/seen").json() == ["2", ""]


def test_flood_of_resets_is_counted_and_told(serve: Serve) -> None:
    server = serve(LIMITS, *ANY_PORT)
    with Http2.to(server) as client, Http2.to(server) as other:
        end = Deadline(20)
        with suppress(WireError, OSError):  # the end of the connection
            while not end.passed:
                client.send(*(frames.reset(client.request("/")) for _ in range(100)))
                client.roundtrip()
        assert client.goaway
        assert client.goaway.code == frames.ENHANCE_YOUR_CALM
        assert other.ask("/").status == 200
    seen = Admin.of(server).metrics()
    assert sum(value for key, value in seen.items() if key.startswith(REFUSALS)) > 0


# ---------------------------------------------------------------- files and compression


def test_file_is_answered_with_its_fields(files: Server) -> None:
    with Http2.to(files) as client:
        response = client.ask("/assets/a.txt")
        assert (response.status, response.body) == (200, TEXT)
        assert response.one("content-length") == str(len(TEXT)).encode()
        assert response.one("content-type") == b"text/plain; charset=utf-8"
        etag = (response.one("etag") or b"").decode()
        assert client.ask("/assets/a.txt", ("if-none-match", etag)).status == 304
        assert client.ask("/assets/a.txt", method="HEAD").body == b""
        ranged = client.ask("/assets/a.txt", ("range", "bytes=2-5"))
        assert (ranged.status, ranged.body) == (206, TEXT[2:6])


def test_large_files_side_by_side_are_whole(files: Server) -> None:
    with Http2.to(files, timeout=60) as client:
        streams = [client.request("/assets/large.bin") for _ in range(5)]
        for stream in streams:
            assert client.response(stream).body == LARGE


def test_text_is_compressed(files: Server) -> None:
    with Http2.to(files) as client:
        plain = client.ask("/large")
        packed = client.ask("/large", ("accept-encoding", "gzip"))
        assert packed.one("content-encoding") == b"gzip"
        assert gzip.decompress(packed.body) == plain.body


# ---------------------------------------------------------------- logs and counts


def lines_of(file: Path, count: int) -> list[dict[str, Any]]:
    eventually(lambda: len(file.read_text().splitlines()) >= count, what=f"{count} lines")
    return [json.loads(line) for line in file.read_text().splitlines()]


def test_access_log_has_a_line_for_each_stream(serve: Serve, tmp_path: Path) -> None:
    file = tmp_path / "access"
    logged = ("--access-log-file", str(file), "--access-log-format", "json", "--limit-body", "100")
    server = serve(LIMITS, *logged)
    with Http2.to(server) as client:
        first: Response = client.ask("/a?b", ("user-agent", "t/1"))
        client.ask("/body", method="POST", body=bytes(200))
    answered, refused = lines_of(file, 2)
    assert (answered["method"], answered["path"], answered["status"]) == ("GET", "/a", 200)
    assert answered["protocol"] in ("HTTP/2", "HTTP/2.0", "h2")
    assert (answered["host"], answered["user_agent"]) == ("spvn.test", "t/1")
    assert answered["bytes"] == len(first.body)
    assert (refused["path"], refused["status"]) == ("/body", 413)


def test_metrics_and_status_count_requests_by_version_and_streams(serve: Serve) -> None:
    server = serve("multiplexed:app", *ANY_PORT)
    admin = Admin.of(server)
    with server.connect() as connection:
        assert connection.ask("/").status == 200
    with Http2.to(server) as client:
        for _ in range(3):
            client.ask("/")
        held = [client.request("/endless", credit=False) for _ in range(4)]
        for stream in held:
            client.head(stream)
        admin.await_metric("spvn_http2_streams_active", 4)
        admin.await_metric('spvn_requests_by_version_total{version="2"}', 3)
        found = json.loads(admin.ask("/status").body)
        assert found["streams_open"] == 4
        assert found["requests"]["by_version_total"] == {"1.0": 0, "1.1": 1, "2": 3}
        client.send(*map(frames.reset, held))
        admin.await_metric("spvn_http2_streams_active", 0)
