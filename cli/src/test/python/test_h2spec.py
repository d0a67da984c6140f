"""The cases of h2spec for servers: generic, http2 and hpack, the strict ones, too.

spvn serve multiplexed:app --app-dir cli/src/test/apps
h2spec -h 127.0.0.1 -p 8000 -S
"""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from xml.etree import ElementTree

import pytest

from conftest import Serve
from harness import golang
from harness.command import Command
from harness.tls import Pair

pytestmark = pytest.mark.skipif(golang.found() is None, reason="h2spec is made with Go")

PACKAGE = "github.com/summerwind/h2spec/cmd/h2spec"
VERSION = "v2.2.1+incompatible"
CASES = 146
SUMMARY = re.compile(r"(\d+) tests, (\d+) passed, (\d+) skipped, (\d+) failed")


@pytest.mark.in_clear("it says itself whether it is")
def test_in_clear(command: Command, serve: Serve, tmp_path: Path) -> None:
    server = serve("multiplexed:app", *(("--http", "2") if command.own else ()))
    judge(server.address, tmp_path)


@pytest.mark.own
def test_through_tls(serve: Serve, pair: Pair, tmp_path: Path) -> None:
    server = serve("multiplexed:app", *pair.options)
    judge(server.address, tmp_path, "-t", "-k")


def judge(address: object, folder: Path, *options: str) -> None:
    assert isinstance(address, tuple)
    host, port = address
    report = folder / "h2spec.xml"
    line = [
        str(golang.installed(PACKAGE, VERSION)),
        "-h",
        host,
        "-p",
        str(port),
        "-S",
        "-P",
        "/soon",
    ]
    line += ["--junit-report", str(report), *options]
    said = subprocess.run(line, capture_output=True, text=True, timeout=200).stdout
    counts = SUMMARY.search(said)
    assert counts, said
    assert not failures(report), said[-4000:]
    assert counts.groups() == (str(CASES), str(CASES), "0", "0"), counts.group()


def failures(report: Path) -> list[str]:
    cases = ElementTree.parse(report).iter("testcase")
    return [
        f"{case.get('package')} {case.get('classname')}"
        for case in cases
        if case.find("failure") is not None or case.find("error") is not None
    ]
