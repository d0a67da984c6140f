"""What drills share: a server of the drills' app, what it says, who is served beside, a verdict."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from harness.admin import ANY_PORT, Admin
from harness.command import Command
from harness.memory import descendants
from harness.server import Server
from harness.waiting import eventually

ACTIVE = "spvn_websockets_active"
HELD = "spvn_held_bytes"


@dataclass
class Found:
    """What a drill has seen, and what of it is not as it must be."""

    text: str
    complaints: list[str] = field(default_factory=list)

    def unless(self, good: bool, complaint: str) -> None:
        if not good:
            self.complaints.append(complaint)


@contextmanager
def serving(command: Command, *options: str, bind: str = "127.0.0.1:0") -> Iterator[Server]:
    """The server of the drills' app; killed when something has failed."""
    more = ANY_PORT if command.own else ()
    server = Server(command, "sockets:app", *more, *options, bind=bind)
    try:
        server.start()
        yield server
    finally:
        server.kill()


def address_of(server: Server) -> tuple[str, int]:
    assert isinstance(server.address, tuple)
    return server.address


def told(server: Server) -> dict[str, object]:
    """What the app says of itself."""
    with server.connect() as connection:
        found = connection.ask("/told").json()
    assert isinstance(found, dict)
    return found


def left_behind(server: Server) -> list[str]:
    """What is still there once it should be gone."""

    def left() -> list[str]:
        found = [] if told(server)["open"] == 0 else ["calls of the app"]
        if server.command.own:
            seen = Admin.of(server).metrics()
            found += [name for name in (ACTIVE, HELD) if seen[name]]
        return found

    last: list[str] = []

    def nothing() -> bool:
        last[:] = left()
        return not last

    try:
        eventually(nothing, within=20, what="nothing left behind")
    except AssertionError:
        return [f"left behind: {', '.join(last)}"]
    return []


class Witness:
    """One who asks again and again beside a drill, and measures."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._ask)
        self.times: list[float] = []

    def __enter__(self) -> Witness:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _ask(self) -> None:
        with self._server.connect() as connection:
            while not self._over.wait(0.005):
                began = time.monotonic()
                connection.ask("/")
                self.times.append(time.monotonic() - began)

    def worst(self) -> str:
        times = sorted(self.times)
        if not times:
            return "nobody served"
        return (
            f"p50 {1000 * times[len(times) // 2]:.1f} ms,"
            f" p99 {1000 * times[int(len(times) * 0.99)]:.1f} ms of {len(times)}"
        )


def processor(server: Server) -> float:
    """Seconds of the processor that the server has taken."""
    ticks = 0
    for pid in [server.process.pid, *descendants(server.process.pid)]:
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")
