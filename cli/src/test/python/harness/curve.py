"""What a server holds over time, and how much its memory has grown."""

from __future__ import annotations

import subprocess
import time
from dataclasses import dataclass

from harness.admin import ANY_PORT, Admin
from harness.command import ROOT, Command
from harness.server import Server
from harness.vitals import growth, vitals

# After so many requests, or a tenth of them, what a server holds is no longer due to its start.
YOUTH = 1_000_000

CONNECTIONS = "spvn_connections_active"
IN_FLIGHT = "spvn_requests_in_flight"


@dataclass(frozen=True)
class Point:
    """One line of the curve; a server without an admin address tells of no connections."""

    seconds: float
    requests: int
    churned: int
    per_second: int
    rss_mib: int
    sockets: int
    descriptors: int
    threads: int
    connections: int | None
    in_flight: int | None

    def __str__(self) -> str:
        told = "" if self.connections is None else f" {self.connections:>5} connections"
        told += "" if self.in_flight is None else f" {self.in_flight:>4} in flight"
        return (
            f"{self.seconds:7.0f} s {self.requests:>11,} requests {self.per_second:>8,}/s"
            f" {self.churned:>9,} churned {self.rss_mib:>5} MiB {self.sockets:>5} sockets"
            f" {self.descriptors:>5} descriptors {self.threads:>4} threads{told}"
        )


class Watch:
    """Looks at the server from outside, and at its metrics where it has an admin address."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._admin = Admin.of(server) if has_admin(server.command) else None
        self._started = time.monotonic()
        self.curve: list[Point] = []

    def point(self, answered: int, churned: int) -> Point:
        seconds = time.monotonic() - self._started
        before, since = (self.curve[-1].requests, self.curve[-1].seconds) if self.curve else (0, 0)
        held = vitals(self._server)
        told = self._told()
        self.curve.append(
            Point(
                seconds=round(seconds, 1),
                requests=answered,
                churned=churned,
                per_second=round((answered - before) / max(seconds - since, 0.001)),
                rss_mib=round(held.rss_mib),
                sockets=held.sockets,
                descriptors=held.descriptors,
                threads=held.threads,
                connections=told[0],
                in_flight=told[1],
            )
        )
        return self.curve[-1]

    def idle(self) -> bool:
        """Whether the server says that nothing is going on."""
        return not any(self._told())

    def _told(self) -> tuple[int | None, int | None]:
        if self._admin is None:
            return None, None
        metrics = self._admin.metrics()
        return round(metrics[CONNECTIONS]), round(metrics[IN_FLIGHT])


def has_admin(command: Command) -> bool:
    """Whether the server is spvn, in a version with an admin address."""
    if not command.own:
        return False
    line = [str(ROOT / "spvn"), "serve", "--help"]
    shown = subprocess.run(line, env=command.environment({}), capture_output=True, check=True)
    return ANY_PORT[0].encode() in shown.stdout


def grown(curve: list[Point]) -> float:
    """How much the memory has grown since the server's youth."""
    youth = min(YOUTH, curve[-1].requests // 10) if curve else 0
    later = [float(point.rss_mib) for point in curve if point.requests >= youth]
    return growth(later) if later else 0.0
