"""A module of the harness as a process of its own, which may be killed or be slow."""

from __future__ import annotations

import json
import select
import subprocess
import sys
from pathlib import Path
from typing import Any

PYTHON_TESTS = Path(__file__).resolve().parents[1]


class Apart:
    """Runs `python -m harness.NAME`; killed on leaving, if it has not ended before."""

    def __init__(self, name: str, *arguments: object) -> None:
        self._name = name
        self._process = subprocess.Popen(
            [sys.executable, "-B", "-m", f"harness.{name}", *map(str, arguments)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,  # a line that is there must not hide in a buffer
            cwd=PYTHON_TESTS,
        )

    def __enter__(self) -> Apart:
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()

    def line(self, within: float = 60.0) -> str:
        """The next line that it prints; empty when it has ended."""
        out = self._process.stdout
        assert out is not None
        assert select.select([out], [], [], within)[0], f"{self._name} says nothing"
        return out.readline().decode().strip()

    def end(self, within: float = 60.0) -> Any:
        """Closes its standard input, by which it is to end, and reads the JSON that it prints."""
        out, _ = self._process.communicate(timeout=within)
        assert self._process.returncode == 0, f"{self._name} ended with {self._process.returncode}"
        return json.loads(out)

    def kill(self) -> None:
        self._process.kill()
        with self._process:  # closes the pipes and waits
            pass
