"""Overload: what servers do with twice the requests that they can answer.

    python overload.py --rivals VENV [--seconds 30] [--servers spvn,granian,uvicorn]

VENV is a virtual environment with the other servers, uvloop, httptools and FastAPI. Every server
runs one worker, in turn, with the settings that the comparison of load tests gives it, and the app
is the FastAPI sample. Each is first warmed up: 5 s of a closed loop, of overload, and of a closed
loop again. Then a closed loop finds what it can do, and requests come at twice that rate, whether
or not those before them were answered. A client waits for 5 s. Prints a table:

- offered and reached: requests a second that were due, and that found a free connection in time;
- goodput: responses of status 2xx a second;
- p50 and p99 run from when a request was due, also where it had to wait for a connection;
- 503: refusals in all; the load generator times classes of status, so its times are those of 5xx;
- broken: requests whose connection was refused, reset or closed;
- other: requests that got neither 2xx nor 503, for any other reason;
- late: the 99th percentile of how much the load generator was itself late;
- elsewhere: processors that were busy with neither the server nor the load generator.

The generator shares the processors with the server. When it was late by more than milliseconds, or
much went on elsewhere, the server had no processor of its own, and the line says little about it.

Ends with 1 unless spvn keeps what it promises: goodput of at least 90 % of its capacity, a p99 of
250 ms, no broken connection, and everything else a 503 within 250 ms.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from harness.attacks import Attack
from harness.command import ROOT, Command
from harness.server import Server
from harness.vitals import group

APP_DIR = ROOT / "loadtest" / "apps"
TARGET = "dotest.bit:app"
PATH = "/items/7?query=load"
WARMUP_SECONDS = 5
CAPACITY_SECONDS = 10
TIMEOUT_SECONDS = 5

LEAST_SHARE = 0.9
MOST_MILLIS = 250
BROKEN = (
    "connection refused",
    "no connection",
    "connection reset",
    "connection closed before the response ended",
)
UNSENT = "no free connection in time"

RIVALS = {
    "granian": "env PYTHONPATH={{app_dir}} {bin}/granian --interface asgi --http 1 --no-ws"
    " --loop uvloop --log-level warning --backlog 16384 --backpressure 16384"
    " --workers 1 --host {{host}} --port {{port}} {{target}}",
    "uvicorn": "{bin}/uvicorn --loop uvloop --http httptools --interface asgi3 --no-access-log"
    " --log-level warning --backlog 16384 --timeout-keep-alive 75"
    " --app-dir {{app_dir}} --workers 1 --host {{host}} --port {{port}} {{target}}",
}
HEADINGS = (
    *("server", "capacity", "offered", "reached", "goodput", "of capacity", "p50", "p99"),
    *("503", "their p99", "their max", "broken", "other", "late", "elsewhere"),
)


@dataclass(frozen=True)
class Outcome:
    """One server's capacity, and the report of the attack at twice that."""

    server: str
    capacity: float
    report: dict[str, Any]
    elsewhere: float

    @property
    def share(self) -> float:
        goodput: float = self.report["goodput"]
        return goodput / self.capacity

    @property
    def reached(self) -> float:
        unsent: int = self.report["errors"].get(UNSENT, 0)
        requests: int = self.report["requests"]
        return (requests - unsent) / float(self.report["elapsed_s"])

    @property
    def refused(self) -> int:
        return int(self.report["statuses"].get("503", 0))

    @property
    def broken(self) -> int:
        return sum(self.report["errors"].get(kind, 0) for kind in BROKEN)

    @property
    def other(self) -> int:
        report = self.report
        failures: int = report["failures"] - self.broken
        statuses: int = report["responses"] - report["successes"] - self.refused
        return failures + statuses + int(report["unfinished"])

    def millis(self, status_class: str, point: str) -> float | None:
        """A point of the latency of responses of this class; none without such responses."""
        times = self.report["latency_by_class_ms"].get(status_class)
        return None if times is None else float(times[point])

    def row(self) -> str:
        cells = (
            self.server,
            f"{self.capacity:,.0f}/s",
            f"{self.report['load']['rate']:,.0f}/s",
            f"{self.reached:,.0f}/s",
            f"{self.report['goodput']:,.0f}/s",
            f"{self.share:.0%}",
            _shown(self.millis("2xx", "p50")),
            _shown(self.millis("2xx", "p99")),
            f"{self.refused:,}",
            _shown(self.millis("5xx", "p99")),
            _shown(self.millis("5xx", "max")),
            f"{self.broken:,}",
            f"{self.other:,}",
            _shown(self.report["generator"]["lag_ms"]["p99"]),
            f"{self.elsewhere:.2f}",
        )
        return _line(cells)

    def complaints(self) -> Iterator[str]:
        """What spvn promised and has not kept."""
        if self.share < LEAST_SHARE:
            yield f"goodput is {self.share:.0%} of the capacity, not {LEAST_SHARE:.0%}"
        for status_class in ("2xx", "5xx"):
            p99 = self.millis(status_class, "p99")
            if p99 is not None and p99 > MOST_MILLIS:
                yield f"the p99 of {status_class} is {_shown(p99)}, more than {MOST_MILLIS} ms"
        if self.broken:
            yield f"{self.broken:,} connections were refused, reset or closed"
        if self.other:
            yield f"{self.other:,} requests got neither 2xx nor 503: {self._others()}"

    def _others(self) -> str:
        """Errors and statuses, with their counts."""
        return json.dumps({**self.report["errors"], **self.report["statuses"]})


def _shown(millis: float | None) -> str:
    return "-" if millis is None else f"{millis:,.1f} ms"


def _line(cells: tuple[str, ...]) -> str:
    return f"| {' | '.join(cells)} |"


def attack(server: Server, seconds: float, *options: str) -> dict[str, Any]:
    url = f"{server.url}{PATH}"
    common = ("--json", "--no-progress", "--timeout", f"{TIMEOUT_SECONDS}s")
    running = Attack(url, *common, "--duration", f"{seconds:g}s", *options)
    return running.end(within=seconds + TIMEOUT_SECONDS + 30).report


def overload(name: str, server: Server, seconds: float, connections: int) -> Outcome:
    """Warms the server up, measures it, and asks for twice as much."""
    closed = ("--closed", "--connections", "64")

    def twice(capacity: float) -> tuple[str, ...]:
        return ("--rate", f"{2 * capacity:.0f}", "--connections", str(connections))

    attack(server, WARMUP_SECONDS, *twice(attack(server, WARMUP_SECONDS, *closed)["goodput"]))
    attack(server, WARMUP_SECONDS, *closed)
    capacity: float = attack(server, CAPACITY_SECONDS, *closed)["goodput"]
    began, before = time.monotonic(), seconds_elsewhere(server)
    report = attack(server, seconds, *twice(capacity))
    elsewhere = (seconds_elsewhere(server) - before) / (time.monotonic() - began)
    return Outcome(name, capacity, report, elsewhere)


def seconds_elsewhere(server: Server) -> float:
    """Processor time since the machine's start, but for this server's and our children's."""
    user, nice, system, _, _, *interrupts = Path("/proc/stat").read_text().split()[1:8]
    busy = sum(map(int, (user, nice, system, *interrupts)))
    for pid in group(server.process.pid):
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        busy -= int(fields[11]) + int(fields[12])
    ours = resource.getrusage(resource.RUSAGE_CHILDREN)
    return busy / os.sysconf("SC_CLK_TCK") - ours.ru_utime - ours.ru_stime


def server_of(name: str, rivals: Path | None) -> Server:
    """All of them run the app on the same Python with the same packages, if there are rivals."""
    env = {"SPVN_PYTHON": f"{rivals}/bin/python"} if rivals else {}
    if name == "spvn":
        return Server(Command(), TARGET, "--queue-timeout", "100ms", app_dir=APP_DIR, env=env)
    command = Command(RIVALS[name].format(bin=f"{rivals}/bin"))
    return Server(command, TARGET, app_dir=APP_DIR)


def outcomes(names: list[str], wanted: argparse.Namespace) -> Iterator[Outcome]:
    for name in names:
        with server_of(name, wanted.rivals) as server:
            yield overload(name, server, wanted.seconds, wanted.connections)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rivals", type=Path, help="a virtual environment with other servers")
    parser.add_argument("--servers", help="some of spvn,granian,uvicorn; all that there are")
    parser.add_argument("--seconds", type=float, default=30.0, help="of overload")
    parser.add_argument("--connections", type=int, default=4_000, help="of the overload")
    parser.add_argument("--report", type=Path, help="where the raw results are written as JSON")
    wanted = parser.parse_args()
    all_servers = ["spvn", *(RIVALS if wanted.rivals else ())]
    names = wanted.servers.split(",") if wanted.servers else all_servers
    if unknown := set(names) - set(all_servers):
        parser.error(f"no such server, or no --rivals: {', '.join(sorted(unknown))}")
    print(_line(HEADINGS))
    print(_line(("---",) * len(HEADINGS)), flush=True)
    found = []
    for outcome in outcomes(names, wanted):
        found.append(outcome)
        print(outcome.row(), flush=True)
    if wanted.report:
        raw = {each.server: asdict(each) for each in found}
        wanted.report.write_text(json.dumps(raw, indent=1))
    broken = [each for one in found if one.server == "spvn" for each in one.complaints()]
    for complaint in broken:
        print(f"spvn: {complaint}", file=sys.stderr)
    return int(bool(broken))


if __name__ == "__main__":
    sys.exit(main())
