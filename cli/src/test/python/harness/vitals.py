"""What a server holds: threads, descriptors, sockets and memory, read from /proc."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from harness.server import Server
from harness.waiting import eventually

# What a JVM starts and ends as it likes: threads of its compilers, a file that is being read.
SPARE_THREADS = 6
SPARE_DESCRIPTORS = 3

_GROUP = 2


@dataclass(frozen=True)
class Vitals:
    threads: int
    descriptors: int
    sockets: int
    rss_mib: float

    def __str__(self) -> str:
        return (
            f"{self.threads} threads {self.descriptors} descriptors"
            f" {self.sockets} sockets {self.rss_mib:.0f} MiB"
        )

    def back_at(self, base: Vitals) -> bool:
        """Whether there is no more than there was, but for memory, which is judged over time."""
        return (
            self.sockets <= base.sockets
            and self.descriptors <= base.descriptors + SPARE_DESCRIPTORS
            and self.threads <= base.threads + SPARE_THREADS
        )


def vitals(server: Server) -> Vitals:
    pids = group(server.process.pid)
    return Vitals(
        threads=sum(_entries(pid, "task") for pid in pids),
        descriptors=sum(_entries(pid, "fd") for pid in pids),
        sockets=server.open_sockets(),
        rss_mib=server.rss_mib(),
    )


def group(leader: int) -> list[int]:
    """The processes of a server: it was started as the leader of a group of its own."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(FileNotFoundError, ProcessLookupError):
            after_name = stat.read_text().rpartition(")")[2].split()
            if int(after_name[_GROUP]) == leader:
                found.append(int(stat.parent.name))
    return found


def settled(server: Server, base: Vitals, rest: Callable[[], bool], within: float) -> Vitals:
    """What the server holds once that is no more than the base, and the rest is true."""

    def probe() -> Vitals | None:
        now = vitals(server)
        return now if now.back_at(base) and rest() else None

    try:
        found = eventually(probe, within=within, what="back at the base")
    except AssertionError as late:
        now = vitals(server)
        raise AssertionError(f"{late}; base: {base}; now: {now}; the rest: {rest()}") from None
    assert found is not None
    return found


def growth(values: list[float]) -> float:
    """How much the last third exceeds the first, in medians, which single values do not move."""
    third = max(1, len(values) // 3)
    return median(values[-third:]) / median(values[:third]) - 1


def answers(server: Server, within: float = 10.0) -> bool:
    """Whether a plain request on a new connection gets its answer; fails with what came instead."""
    with server.connect(timeout=within) as connection:
        response = connection.ask("/")
    assert (response.status, response.body) == (200, b"hello"), response
    return True


def _entries(pid: int, folder: str) -> int:
    try:
        return len(list(Path(f"/proc/{pid}/{folder}").iterdir()))
    except (FileNotFoundError, ProcessLookupError):
        return 0
