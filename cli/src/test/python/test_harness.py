"""What the tests themselves promise: they leave no server behind."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from harness.command import dying_with_us
from harness.waiting import eventually

pytestmark = [
    pytest.mark.own,
    pytest.mark.skipif(not dying_with_us(), reason="this system ends no process with its parent"),
]

KILLED = """
import os, signal
from harness.command import Command
from harness.server import Server

server = Server(Command(), "ordeal:app")
server.start()
print(server.process.pid, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_server_ends_with_tests_that_are_killed() -> None:
    line = [sys.executable, "-B", "-c", KILLED]
    here = Path(__file__).parent
    killed = subprocess.run(line, cwd=here, stdout=subprocess.PIPE, text=True, timeout=90)
    eventually(lambda: not runs(int(killed.stdout)), within=10, what="the server to be gone")


def runs(pid: int) -> bool:
    """Not one that has ended and waits for nobody to ask how."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"
