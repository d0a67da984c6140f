"""The soak test itself: a short one that finds nothing, and that it finds what there is."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from harness.command import Command

pytestmark = [pytest.mark.own, pytest.mark.heavy]

SOAK = Path(__file__).parent / "soak.py"
RATE = 2_000


def soak(seconds: float, rate: int, *options: str, **env: str) -> subprocess.CompletedProcess[str]:
    """A soak in a small heap, whose limit is reached within seconds."""
    minutes = ("--minutes", str(seconds / 60), "--rate", str(rate), "--every", "1")
    return subprocess.run(
        [sys.executable, "-B", str(SOAK), *minutes, *options],
        cwd=SOAK.parent,
        env=Command().environment({"SPVN_JAVA_OPTS": "-Xmx48m", **env}),
        capture_output=True,
        text=True,
        timeout=200,
    )


@pytest.mark.alone
def test_twenty_seconds_of_load_and_churn_leave_nothing_behind(tmp_path: Path) -> None:
    report = tmp_path / "curve.json"
    done = soak(20, RATE, "--growth", "0.3", "--report", str(report))
    assert done.returncode == 0, done.stdout + done.stderr
    last = json.loads(report.read_text())[-1]
    assert last["requests"] > RATE
    assert last["churned"] > 100
    assert last["requests"] / last["seconds"] < 1.2 * RATE


@pytest.mark.parametrize(
    ("leak", "said"),
    [("memory", "memory grew by "), ("descriptors", "back at"), ("threads", "back at")],
)
def test_soak_finds_leak(leak: str, said: str) -> None:
    options = ("--growth", "0.3", "--settle", "3")
    done = soak(6, RATE // 2, "--target", "leaking:app", *options, LEAK=leak)
    assert done.returncode == 1, done.stdout + done.stderr
    assert said in done.stderr
