"""The probes' own judgement: a server that answers wrongly is found out, a right one passes."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from harness import probe_report, probe_talk
from harness.command import ROOT, free_port
from harness.probe_cases import BadCase, Case, load
from harness.probe_liar import CLOSE, SILENT, Liar, answer, seen
from harness.probe_run import Verdict, run

pytestmark = pytest.mark.in_clear("judges servers that are scripted, and talk in clear")

CANARY = seen("/canary")
DATE = "Date: Mon, 23 Nov 2026 12:00:00 GMT"


@pytest.fixture(autouse=True)
def _little_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing here is slow but on purpose."""
    for name in ("SILENCE", "PATIENCE", "CANARY_SILENCE"):
        monkeypatch.setattr(probe_talk, name, 0.3)


@pytest.fixture
def make(tmp_path: Path) -> Make:
    return Make(tmp_path / "cases.toml")


class Make:
    """Cases from a file, as the real ones are."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def case(self, expect: str, *more: str) -> Case:
        quoted = ", ".join(f'"{outcome}"' for outcome in expect.split(" | "))
        return self.cases(f"expect = [{quoted}]", *more)[0]

    def cases(self, *lines: str, id: str = "MAL-X", times: int = 1) -> list[Case]:
        fixed = (f'id = "{id}"', 'section = "RFC 9112 3"', 'level = "must"', 'why = "So."')
        given = {line.partition(" = ")[0] for line in lines}
        sent = () if "send" in given else (r'send = "GET / HTTP/1.1\r\n\r\n"',)
        text = "\n".join(["[[case]]", *fixed, *sent, *lines, ""])
        self._file.write_text(text * times)
        return load(self._file)


def verdict(case: Case, *lines: bytes) -> Verdict:
    with Liar(*lines) as liar:
        return run([case], liar.address)[0]


@pytest.mark.parametrize(
    ("expect", "lines"),
    [
        ("200", [seen(), CANARY]),
        ("200 open", [seen(), CANARY]),
        ("400 close", [answer(400) + CLOSE]),
        ("400 close", [answer(400), SILENT]),
        ("4xx close", [answer(431) + CLOSE]),
        ("400", [answer(400), CANARY]),
        ("close", [CLOSE]),
        ("wait", [SILENT]),
        ("100 200 open", [b"HTTP/1.1 100 Continue\r\n\r\n" + seen(), CANARY]),
        ("200 404 close", [seen() + answer(404) + CLOSE]),
        ("400 | 200 close", [seen() + CLOSE]),
        ("h2", [b"\x00\x00\x06\x04\x00\x00\x00\x00\x00" + CLOSE]),
        ("200 close", [b"HTTP/1.1 200 OK\r\n\r\nto the end" + CLOSE]),
        ("200 open", [b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", CANARY]),
    ],
)
def test_acceptable_outcome_passes(make: Make, expect: str, lines: list[bytes]) -> None:
    assert verdict(make.case(expect), *lines).wrong == ""


@pytest.mark.parametrize(
    ("expect", "lines", "got"),
    [
        ("400 close", [seen(), CANARY], "200 open"),
        ("400 close", [answer(400), CANARY], "400 open"),
        ("400 close", [answer(500) + CLOSE], "500 closed"),
        ("400 close", [CLOSE], "closed"),
        ("400 close", [SILENT], "silent"),
        ("close", [answer(400) + CLOSE], "400 closed"),
        ("close", [SILENT], "silent"),
        ("wait", [CLOSE], "closed"),
        ("wait", [answer(400), CANARY], "400 open"),
        ("200 open", [seen() + CLOSE], "200 closed"),
        ("200 open", [seen(), SILENT], "200 silent"),
        ("200 open", [seen(), seen("/smuggled")], "200 200 silent"),
        ("200", [seen() + seen("/smuggled"), CANARY], "200 200 open"),
        ("200", [seen(), answer(400) + CLOSE], "200 400 closed"),
        ("200 200", [seen(), CANARY], "200 open"),
        ("200", [b"SSH-2.0-OpenSSH\r\n" + CLOSE], r"no HTTP: SSH-2.0-OpenSSH\r\n"),
        ("200", [b"\x00\x00\x06\x04\x00\x00\x00\x00\x00" + CLOSE], "h2"),
        ("200", [b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf" + CLOSE], "closed"),
        (
            "200",
            [b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhe" + CLOSE],
            "closed",
        ),
    ],
)
def test_wrong_outcome_is_found_out(make: Make, expect: str, lines: list[bytes], got: str) -> None:
    found = verdict(make.case(expect), *lines)
    assert found.wrong == f"got {got}"
    assert not found.passed


def test_what_the_app_saw_is_judged(make: Make) -> None:
    case = make.case("200", 'seen = { path = "/a", headers = { x = "1, 2", y = "" } }')
    pairs = [["x", "1"], ["x", "2"]]
    assert verdict(case, seen("/a", headers=pairs), CANARY).passed
    assert (
        verdict(case, seen("/b", headers=pairs), CANARY).wrong == "the app saw path '/b', not '/a'"
    )
    many = verdict(case, seen("/a", headers=[["x", "1"], ["y", "z"]]), CANARY).wrong
    assert many == "the app saw x: '1', not '1, 2'; the app saw y: 'z', not ''"


def test_what_the_app_saw_is_judged_for_each_answer(make: Make) -> None:
    case = make.case("200 200", 'seen = [{ path = "/1" }, { path = "/2" }]')
    assert verdict(case, seen("/1") + seen("/2"), CANARY).passed
    assert not verdict(case, seen("/2") + seen("/1"), CANARY).passed


def test_an_answer_that_is_not_the_apps_has_seen_nothing(make: Make) -> None:
    case = make.case("200", 'seen = { path = "/" }')
    assert verdict(case, answer(200, b"<html>"), CANARY).wrong == "the app saw path None, not '/'"


def test_headers_of_the_answer_are_judged(make: Make) -> None:
    case = make.case("200", 'answer = { date = ".+ gmt", server = "" }')
    assert verdict(case, answer(200, b"", DATE), CANARY).passed
    assert verdict(case, answer(200), CANARY).wrong == "answered with date: '', not '.+ gmt'"
    assert "server: 'X', not ''" in verdict(case, answer(200, b"", DATE, "Server: X"), CANARY).wrong


def test_answer_to_head_has_no_body(make: Make) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n"
    assert verdict(make.case("200 open", "head = true"), head, CANARY).passed
    assert verdict(make.case("200 open"), head, CANARY).wrong == "got silent"


def test_half_closed_connection_gets_no_canary(make: Make) -> None:
    case = make.case("200 close", "shutdown = true")
    assert verdict(case, seen() + CLOSE).passed
    assert verdict(make.case("close", "shutdown = true"), SILENT).passed


def test_second_piece_waits_for_an_answer(make: Make) -> None:
    case = make.case("200 404 close", 'send = ["a", "<answer>", "b"]')
    assert verdict(case, seen(), answer(404) + CLOSE).passed


def test_bytes_are_sent_as_written(make: Make) -> None:
    case = make.case("200", r'send = ["\u0000\u00ff", { repeat = "ab", times = 3 }, "c"]')
    assert [piece.data for piece in case.pieces] == [b"\0\xffabababc"]


def test_server_that_is_not_there_fails(make: Make) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = taken.getsockname()
    found = run([make.case("close")], address)[0]
    assert found.wrong.startswith("no connection: ")


@pytest.mark.parametrize(
    "lines",
    [
        ['expect = ["fine"]'],
        ['expect = [""]'],
        ["expect = []"],
        ['expect = ["200"]', "surprise = 1"],
        ["split = 1"],
    ],
)
def test_case_that_cannot_be_meant_is_refused(make: Make, lines: list[str]) -> None:
    with pytest.raises(BadCase):
        make.cases(*lines)


def test_case_of_unknown_category_is_refused(make: Make) -> None:
    with pytest.raises(BadCase, match="category"):
        make.cases('expect = ["200"]', id="ODD-X")


def test_second_case_of_the_same_name_is_refused(make: Make) -> None:
    with pytest.raises(BadCase, match="more than one case named MAL-X"):
        make.cases('expect = ["200"]', times=2)


def test_report_has_a_row_for_each_server_and_its_failures(make: Make) -> None:
    case = make.case("400 close")
    results = {
        "strict": [Verdict(case, "400 closed", "")],
        "lax": [Verdict(case, "200 open", "got 200 open")],
    }
    lines = probe_report.markdown(results).splitlines()
    assert lines[0] == "| server | malformed | all | failed: must | should | hardening |"
    assert "| strict | 1/1 | 1/1 | 0 | 0 | 0 |" in lines
    assert "| lax | 0/1 | 0/1 | 1 | 0 | 0 |" in lines
    assert "- MAL-X (must): got 200 open" in lines


def test_command_line_shows_a_failure_and_fails() -> None:
    with Liar(answer(200, b"whatever"), CANARY) as liar:
        found = command("--target", f"127.0.0.1:{liar.address[1]}", "--only", "MAL-HOST-MISSING")
    assert found.returncode == 1
    assert re.search(r"^malformed +0/1$", found.stdout, re.MULTILINE)
    line = next(line for line in found.stdout.splitlines() if line.startswith("FAIL"))
    assert line.startswith("FAIL MAL-HOST-MISSING [must, RFC 9112 3.2] sent GET / HTTP/1.1")
    assert line.endswith("expected 400; got 200 open")


def test_command_line_passes_when_all_pass() -> None:
    with Liar(answer(400) + CLOSE) as liar:
        found = command(
            "--target", f"127.0.0.1:{liar.address[1]}", "--only", "MAL-HOST-TWICE", "-v"
        )
    assert found.returncode == 0
    assert "ok   MAL-HOST-TWICE [" in found.stdout


def test_command_line_without_such_a_case_says_so() -> None:
    found = command("--target", f"127.0.0.1:{free_port()}", "--only", "NO-SUCH-CASE")
    assert found.returncode == 2
    assert "NO-SUCH-CASE" in found.stderr


def command(*options: str) -> subprocess.CompletedProcess[str]:
    script = ROOT / "cli" / "src" / "test" / "python" / "probe.py"
    return subprocess.run(
        [sys.executable, str(script), *options], capture_output=True, text=True, timeout=60
    )
