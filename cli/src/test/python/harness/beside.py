"""A modest load of `spvn loadtest` beside what is done to a server, and what it has seen."""

from __future__ import annotations

import math
import signal
from dataclasses import dataclass
from typing import Any

from harness.attacks import Attack
from harness.server import Server

PATIENCE = 10
# For one that is told when to end.
LONG = 1800.0


@dataclass(frozen=True)
class Load:
    """The others; a generator that does not warm up first tells of failures, but of no latency."""

    rate: float
    connections: int
    warm: bool = True


@dataclass(frozen=True)
class Latency:
    """From when a request was due to its response, in milliseconds; what failed is told by kind."""

    answers: int
    p50: float
    p99: float
    failures: dict[str, int]

    @staticmethod
    def of(report: dict[str, Any]) -> Latency:
        failures = dict(report["errors"])
        failures |= {status: n for status, n in report["statuses"].items() if status != "200"}
        if report["unfinished"] and not report["stopped"]:
            failures["unfinished"] = report["unfinished"]
        times = report["latency_ms"] if report["responses"] else {"p50": math.inf, "p99": math.inf}
        return Latency(report["successes"], times["p50"], times["p99"], failures)

    def __str__(self) -> str:
        failed = f" failures {self.failures}" if self.failures else ""
        return f"{self.answers:>7,} answers p50 {self.p50:7.2f} ms p99 {self.p99:7.2f} ms{failed}"


def others(server: Server, load: Load, seconds: float) -> Latency:
    """A pass of the load."""
    with _begun(server, load, seconds, "--no-progress") as attack:
        return Latency.of(attack.end(within=seconds + PATIENCE + 30).report)


class Others:
    """The load from entering on, until it is told to end."""

    def __init__(self, server: Server, load: Load) -> None:
        self._attack = _begun(server, load, LONG)

    def __enter__(self) -> Others:
        self._attack.wait_progress()
        return self

    def __exit__(self, *_: object) -> None:
        self._attack.kill()

    def end(self) -> Latency:
        self._attack.process.send_signal(signal.SIGINT)
        return Latency.of(self._attack.end(within=PATIENCE + 30).report)


def _begun(server: Server, load: Load, seconds: float, *options: str) -> Attack:
    how = ["--rate", f"{load.rate:g}", "--connections", str(load.connections), "--json", *options]
    how += ["--duration", f"{seconds:g}s", "--timeout", f"{PATIENCE}s"]
    return Attack(f"{server.url}/", *how, *(() if load.warm else ("--no-warmup",)))
