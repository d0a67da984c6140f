"""The cases of Autobahn's suite for servers, run by kosoku, which has the same ones.

Here all but those for speed (9) and compression in bulk (12, 13), which take minutes:

    spvn serve websocket_echo:app --app-dir cli/src/test/apps
    kosoku 127.0.0.1:8000 -o FOLDER -p 2
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from conftest import Serve
from harness.h2_gateway import Gateway

pytestmark = [pytest.mark.kinds("main", "process"), pytest.mark.in_clear("kosoku has no TLS")]

KOSOKU = Path(sys.executable).with_name("kosoku")
CHOSEN = ("[1-7].*", "10.*")
CASES = 247
# Cases of what a client may do, where the suite only tells what the server made of it.
INFORMATIONAL = 3


def test_cases(serve: Serve, tmp_path: Path) -> None:
    server = serve("websocket_echo:app")
    assert not isinstance(server.address, str)
    judge(server.address, tmp_path)


def test_cases_over_http2(serve: Serve, tmp_path: Path) -> None:
    """The same through a gateway, since kosoku has no HTTP/2."""
    with Gateway(serve("websocket_echo:app")) as gateway:
        judge(gateway.address, tmp_path)


def judge(address: tuple[str, int], tmp_path: Path) -> None:
    host, port = address
    chosen = [argument for each in CHOSEN for argument in ("-i", each)]
    line = [str(KOSOKU), f"{host}:{port}", "-o", str(tmp_path), *chosen]
    ended = subprocess.run(line, capture_output=True, text=True, timeout=240)
    cases = results(tmp_path)
    assert len(cases) == CASES, ended.stdout + ended.stderr
    odd = {
        name: case
        for name, case in cases.items()
        if {case["behavior"], case["behaviorClose"]} - {"OK", "INFORMATIONAL"}
    }
    assert not odd, odd
    counts = Counter(case["behavior"] for case in cases.values())
    assert counts["INFORMATIONAL"] <= INFORMATIONAL, counts


def results(folder: Path) -> dict[str, dict[str, Any]]:
    """What became of each case, by its number."""
    agents = json.loads((folder / "index.json").read_text())
    (cases,) = agents.values()
    assert isinstance(cases, dict)
    return cases
