"""What a checkout says of itself, and what the app `surroundings` sees of what is around it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from harness.server import Server


def version(home: Path) -> str:
    env = {**os.environ, "SPVN_PYTHON": sys.executable}
    done = subprocess.run(
        [home / "spvn", "--version"], env=env, capture_output=True, text=True, timeout=60
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def started(home: Path, **env: str) -> str:
    """What a start says that has something to prepare."""
    done = subprocess.run(
        [home / "spvn", "--version"],
        env={**os.environ, "SPVN_PYTHON": sys.executable, **env},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return done.stderr


def shown(server: Server, path: str = "/") -> Any:
    with server.connect() as connection:
        return connection.ask(path).json()
