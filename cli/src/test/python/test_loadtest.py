"""`spvn loadtest`: what an attack counts, shows and ends with, when the server misbehaves."""

from __future__ import annotations

import json
import os
import pty
import select
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from harness import scripted
from harness.attacks import Attack, Target, attack
from harness.command import ROOT, Command, free_port
from harness.waiting import Deadline

pytestmark = pytest.mark.own

ANSWERED, UNANSWERED, BAD_OPTION, BAD_ENVIRONMENT = 0, 1, 2, 4


@pytest.fixture
def own_target() -> Iterator[Target]:
    """For a test that ends the server, or counts on being alone with it."""
    target = Target()
    yield target
    target.close()


@pytest.fixture(scope="module")
def target() -> Iterator[Target]:
    target = Target()
    yield target
    target.close()


def test_rate_is_held(target: Target) -> None:
    done = attack(target.url(), "--rate", "200", "--duration", "1500ms", "--json")
    assert done.code == ANSWERED, done.err
    assert done.err == ""
    report = done.report
    assert report["kind"] == "attack"
    assert report["url"] == target.url()
    assert report["load"] == {"mode": "open", "rate": 200.0, "connections": 64}
    assert report["requests"] == report["successes"] == 300
    assert report["statuses"] == {"200": 300}
    assert report["errors"] == {}
    assert report["stopped"] is False
    assert 1.45 <= report["elapsed_s"] < 4
    assert sum(interval["due"] for interval in report["intervals"]) == 300
    assert report["bytes_received"] == 300 * len(scripted.OK)


def test_ramp(target: Target) -> None:
    done = attack(target.url(), "--ramp", "100:300", "--duration", "1s", "--json")
    report = done.report
    assert report["load"] == {"mode": "open", "from": 100.0, "to": 300.0, "connections": 64}
    assert 198 <= report["requests"] <= 202


def test_closed_loop(target: Target) -> None:
    """20 ms for each answer leave a connection at most 50 of them a second."""
    done = attack(
        target.url("/late?seconds=0.02"), "--closed", "-c", "2", "--duration", "1s", "--json"
    )
    assert done.code == ANSWERED, done.err
    report = done.report
    assert report["load"] == {"mode": "closed", "connections": 2}
    assert 2 <= report["requests"] <= 104
    assert report["latency_ms"]["min"] >= 19


def test_report_for_people(target: Target) -> None:
    done = Attack(target.url(), "--no-progress", "--duration", "500ms").end()
    assert done.code == ANSWERED, done.err
    assert target.url() in done.out
    assert "200: 25" in done.out
    assert "p99.9" in done.out


def test_connections_that_are_too_few_are_named(target: Target) -> None:
    """Two connections and 50 ms of service are 40 requests a second."""
    late = target.url("/late?seconds=0.05")
    done = attack(late, "-r", "200", "-c", "2", "-d", "1s")
    assert done.code == ANSWERED, done.err
    assert "Requests waited for one of the 2 connections." in done.out
    assert "--connections gives more" in done.out
    assert "server did not keep up" not in done.out


def test_last_response_that_comes_late_is_no_complaint(target: Target) -> None:
    done = attack(target.url("/late?seconds=0.3"), "-r", "20", "-d", "500ms")
    assert done.code == ANSWERED, done.err
    assert "waited" not in done.out
    assert "keep up" not in done.out


def test_server_errors_are_responses_but_no_successes(target: Target) -> None:
    done = attack(target.url("/every-other-fails"), "--rate", "100", "--duration", "1s", "--json")
    assert done.code == ANSWERED, done.err
    report = done.report
    assert report["responses"] == 100
    assert report["statuses"] == {"200": 50, "500": 50}
    assert report["successes"] == 50
    assert report["success_ratio"] == 0.5
    assert report["goodput"] < report["rate"]
    assert report["latency_by_class_ms"]["5xx"]["count"] == 50


@pytest.mark.parametrize(
    ("path", "timeout", "reason"),
    [
        ("/garbage", "5s", "not an HTTP response"),
        ("/half", "5s", "connection closed before the response ended"),
        ("/late?seconds=20", "300ms", "no response in time"),
    ],
)
def test_what_is_no_response(target: Target, path: str, timeout: str, reason: str) -> None:
    done = attack(
        target.url(path), "--rate", "20", "--duration", "500ms", "--timeout", timeout, "--json"
    )
    assert done.code == UNANSWERED
    report = done.report
    assert report["responses"] == 0
    assert report["errors"] == {reason: 10}
    assert report["latency_ms"]["count"] == 0
    assert done.complaint == f"spvn: 10 of 10 requests had no response: {reason} 10"


def test_server_that_dies(own_target: Target) -> None:
    done = attack(own_target.url("/dies?after=50"), "--rate", "100", "--duration", "1s", "--json")
    assert done.code == UNANSWERED
    report = done.report
    assert report["requests"] == 100
    assert report["responses"] == 50
    assert report["failures"] == 50
    assert report["errors"]["connection refused"] >= 1
    assert done.complaint.startswith("spvn: 50 of 100 requests had no response: ")


def test_paused_server_cannot_hide(own_target: Target) -> None:
    """Latency runs from when a request was due; the time of service is short for most."""
    running = Attack(own_target.url(), "--no-warmup", "--rate", "200", "--duration", "3s", "--json")
    running.wait_progress()
    own_target.signal(signal.SIGSTOP)
    time.sleep(1.0)
    own_target.signal(signal.SIGCONT)
    done = running.end()
    assert done.code == ANSWERED, done.err
    report = done.report
    assert report["requests"] == 600
    assert report["latency_ms"]["max"] >= 800
    assert report["latency_ms"]["p99_9"] >= 800
    assert report["latency_ms"]["p90"] >= 200, "a third of the requests were due in the pause"
    assert report["service_ms"]["p50"] < 200


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_signal_ends_it_with_a_report(
    target: Target, tmp_path: Path, number: signal.Signals
) -> None:
    out = tmp_path / "out"
    running = Attack(target.url(), "--no-warmup", "--duration", "60s", "--json", "--out", str(out))
    line = running.wait_progress()
    assert "/60s" in line
    running.process.send_signal(number)
    done = running.end(within=10)
    assert done.code == 128 + number
    report = done.report
    assert report["stopped"] is True
    assert 1 <= report["responses"] < 3000
    assert json.loads((out / "run.json").read_text()) == report
    assert (out / "report.html").exists()


def test_out(target: Target, tmp_path: Path) -> None:
    """The page needs nothing but itself."""
    out = tmp_path / "a" / "b"
    done = attack(target.url(), "--duration", "300ms", "--json", "--out", str(out))
    assert done.code == ANSWERED, done.err
    assert json.loads((out / "run.json").read_text()) == done.report
    page = (out / "report.html").read_text()
    assert target.url() in page
    assert done.report["started"] in page
    assert "<script src" not in page
    assert "<link" not in page
    assert sorted(path.name for path in out.iterdir()) == ["report.html", "run.json"]


def test_out_is_a_file(target: Target, tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.touch()
    done = attack(target.url(), "--duration", "60s", "--out", str(path))
    assert done.code == BAD_ENVIRONMENT
    assert done.complaint == f"spvn: --out: cannot write to {path}: a file is in the way"


def expects(method: str, body: str, field: str) -> str:
    return f"/expects?seen={quote(f'{method}|{body}')}&field={quote(field)}"


def test_request_is_as_asked(target: Target, tmp_path: Path) -> None:
    path = tmp_path / "body.json"
    path.write_text('{"a": "/b"}')
    url = target.url(expects("PUT", path.read_text(), "\r\nX-A: b: c\r\n"))
    options = ["--method", "PUT", "-H", "X-A: b: c", "-H", "X-B:d"]
    done = attack(url, *options, "--body", str(path), "--duration", "200ms", "--json")
    assert done.report["statuses"] == {"200": 10}


def test_body_is_text(target: Target) -> None:
    url = target.url(expects("POST", '{"a": "/b"}', "\r\nContent-Length: 11\r\n"))
    done = attack(url, "--body", '{"a": "/b"}', "--duration", "200ms", "--json")
    assert done.report["statuses"] == {"200": 10}


@pytest.mark.parametrize(
    ("url", "options", "code", "named"),
    [
        ("http://127.0.0.1:{free}/", [], UNANSWERED, "connection refused"),
        ("http://no-such-host.invalid/", [], BAD_OPTION, "no-such-host.invalid"),
        ("http://[::1/", [], BAD_OPTION, "http://[::1/"),
        ("https://127.0.0.1/", [], BAD_OPTION, "no other scheme is supported"),
        ("127.0.0.1:{free}/", [], BAD_OPTION, "write http://HOST:PORT/PATH"),
        ("http://192.0.2.1/", [], BAD_OPTION, "--allow-remote"),
        ("http://127.0.0.1:{free}/", ["--body", "no/such.json"], BAD_OPTION, "no such file"),
        ("http://127.0.0.1:{free}/", ["--rate", "0"], BAD_OPTION, "--rate"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else str(value),
)
def test_nothing_is_attacked(url: str, options: list[str], code: int, named: str) -> None:
    began = time.monotonic()
    done = attack(url.format(free=free_port()), "--duration", "60s", *options)
    assert done.code == code
    assert named in done.complaint
    assert done.complaint.startswith("spvn: ")
    assert done.out == ""
    assert time.monotonic() - began < 20


def test_half_a_command() -> None:
    done = subprocess.run(
        [ROOT / "spvn", "loadtest"],
        env=Command().environment({}),
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert done.returncode == BAD_OPTION
    assert "spvn loadtest attack" in done.stderr
    assert "spvn loadtest compare" in done.stderr


def test_progress_line_by_line(target: Target) -> None:
    running = Attack(target.url(), "--no-warmup", "--duration", "1500ms")
    done = running.end()
    lines = done.err.splitlines()
    assert len(lines) in (1, 2)
    assert all("req/s" in line and "\x1b" not in line for line in lines)


def on_terminal(url: str, kind: str) -> str:
    """What a terminal gets as standard error."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [ROOT / "spvn", "loadtest", "attack", url, "--no-warmup", "--duration", "1500ms"],
        stdout=subprocess.DEVNULL,
        stderr=theirs,
        env=Command().environment({"TERM": kind}),
    )
    os.close(theirs)
    try:
        return _read_all(ours)
    finally:
        process.wait(10)
        os.close(ours)


def _read_all(terminal: int) -> str:
    pieces = []
    deadline = Deadline(20)
    while select.select([terminal], [], [], deadline.left)[0]:
        try:
            pieces.append(os.read(terminal, 4096))
        except OSError:  # nobody holds the other end any more
            break
    return b"".join(pieces).decode()


@pytest.mark.parametrize(
    ("kind", "holds"),
    [
        ("xterm", lambda text: "\n" not in text and text.endswith("\r\x1b[K")),
        ("dumb", lambda text: "\x1b" not in text and text.count("\n") >= 1),
    ],
    ids=["xterm", "dumb"],
)
def test_progress_on_terminal(target: Target, kind: str, holds: Callable[[str], bool]) -> None:
    text = on_terminal(target.url(), kind)
    assert text.count("req/s") >= 1
    assert holds(text), repr(text)


def test_server_that_accepts_and_is_silent() -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen(64)
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        done = attack(url, "--rate", "20", "--duration", "500ms", "--timeout", "300ms", "--json")
    assert done.code == UNANSWERED
    assert done.report["errors"] == {"no response in time": 10}
