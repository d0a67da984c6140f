"""Resident memory and open sockets of a process and its children, read from /proc."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

MIB = 1024 * 1024


def rss_mib(pid: int) -> float:
    """Resident memory in MiB of the process with all its descendants."""
    return sum(_resident(each) for each in [pid, *descendants(pid)]) / MIB


def open_sockets(pid: int) -> int:
    """How many sockets the process holds open, with all its descendants."""
    return sum(_sockets(each) for each in [pid, *descendants(pid)])


def _sockets(pid: int) -> int:
    found = 0
    for descriptor in Path(f"/proc/{pid}/fd").glob("*"):
        with suppress(FileNotFoundError):
            found += os.readlink(descriptor).startswith("socket:")
    return found


def descendants(pid: int) -> list[int]:
    """What the process has started, and what that has."""
    found: list[int] = []
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in map(int, _text(children).split()):
            found += [child, *descendants(child)]
    return found


def _resident(pid: int) -> int:
    for line in _text(Path(f"/proc/{pid}/status")).splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024
    return 0


def _text(path: Path) -> str:
    """The file's text; a process that has just ended has none."""
    try:
        return path.read_text()
    except (FileNotFoundError, ProcessLookupError):
        return ""
