"""Attacks of `spvn loadtest`, and the scripted server they go to."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from dataclasses import dataclass
from typing import Any

from harness import scripted
from harness.command import OWN_GROUP, ROOT, Command, dying_with_us
from harness.server import CRASH


@dataclass(frozen=True)
class Done:
    """An attack that is over."""

    code: int
    out: str
    err: str

    @property
    def report(self) -> dict[str, Any]:
        """The JSON, whose numbers add up whatever has happened."""
        report: dict[str, Any] = json.loads(self.out)
        ends = ("responses", "failures", "unfinished")
        assert sum(report[end] for end in ends) == report["requests"], report
        assert sum(report["statuses"].values()) == report["responses"]
        assert sum(report["errors"].values()) == report["failures"]
        assert report["latency_ms"]["count"] == report["responses"]
        return report

    @property
    def complaint(self) -> str:
        """The one line on standard error."""
        lines = self.err.splitlines()
        assert len(lines) == 1, self.err
        return lines[0]


class Attack:
    """A running `spvn loadtest attack`."""

    def __init__(self, *options: str, env: dict[str, str] | None = None) -> None:
        self.process: subprocess.Popen[str] = subprocess.Popen(
            [*dying_with_us(), str(ROOT / "spvn"), "loadtest", "attack", *options],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=Command().environment(env or {}),
            **OWN_GROUP,
            text=True,
        )

    def __enter__(self) -> Attack:
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()

    def kill(self) -> None:
        """Ends it at once, if it has not ended before."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.communicate()

    def wait_progress(self) -> str:
        assert self.process.stderr is not None
        return self.process.stderr.readline()

    def end(self, within: float = 30) -> Done:
        try:
            out, err = self.process.communicate(timeout=within)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise
        assert not CRASH.search(err), err
        return Done(self.process.returncode, out, err)


def attack(url: str, *options: str) -> Done:
    """An attack without warm-up and progress, and its end."""
    return Attack(url, "--no-warmup", "--no-progress", *options).end()


class Target:
    """A scripted server in a process of its own."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] = subprocess.Popen(
            [*dying_with_us(), sys.executable, scripted.__file__],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout is not None
        self._port = int(self._process.stdout.readline())

    def url(self, path: str = "/") -> str:
        return f"http://127.0.0.1:{self._port}{path}"

    def signal(self, number: signal.Signals) -> None:
        self._process.send_signal(number)

    def close(self) -> None:
        self._process.kill()
        self._process.communicate()
