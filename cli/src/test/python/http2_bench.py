"""HTTP/2 in clear: spvn beside granian and hypercorn, asked by h2load in turn.

    python http2_bench.py --rivals VENV [--seconds 5] [--rounds 3] [--idle 10000] [--only hello]

VENV is a virtual environment with granian, hypercorn, uvloop and FastAPI; h2load is that of PATH.
Each server has one worker, no access log and, for what is asked, one app; all are started first and
asked round by round, so that what else the machine does meets all of them. A first round, which is
not counted, warms them up. The second table is what one of many idle connections takes of memory,
each of which has asked once, in a server of its own.

Prints the medians of the rounds, with the least and the most; * stands where another server has
failed requests. Ends with an error when spvn has.
"""

from __future__ import annotations

import argparse
import re
import statistics
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from harness.apart import Apart
from harness.command import Command
from harness.http2 import Http2
from harness.server import Server

Rates = dict[tuple[str, str], list[float]]

MULTIPLEXED, FASTAPI = "multiplexed:app", "frameworks.fastapi_small:app"
UPLOAD = 100_000_000
OWN_OPTIONS = ("--timeout-keep-alive", "10m")
RIVALS = {
    "granian": "{bin}/granian --interface asgi --http 2 --loop uvloop --workers 1 --no-ws"
    " --backlog 16384 --backpressure 16384"
    " --log-level warning {{target}} --host {{host}} --port {{port}}",
    "hypercorn": "{bin}/hypercorn -k uvloop --keep-alive 600 --log-level warning {{target}}"
    " --bind {{host}}:{{port}}",
}
RATE = re.compile(r"finished in [^,]+, ([\d.]+) req/s")
REQUESTS = re.compile(r"requests: .*? (\d+) failed, (\d+) errored, (\d+) timeout")
STATUSES = re.compile(r"status codes: \d+ 2xx, (\d+) 3xx, (\d+) 4xx, (\d+) 5xx")


@dataclass(frozen=True)
class Case:
    """What is asked, of which app, over how many connections and streams of each."""

    name: str
    target: str
    path: str
    connections: int
    streams: int
    size: int = 0  # of what is carried, where that is told in MB/s
    uploads: int = 0  # so many, in place of seconds

    @property
    def label(self) -> str:
        return f"{self.name}, -c{self.connections} -m{self.streams}"

    def rate(self, requests: float) -> str:
        return f"{requests * self.size / 1e6:,.0f} MB/s" if self.size else f"{requests:,.0f}/s"


CASES = (
    Case("hello", MULTIPLEXED, "/", 1, 100),
    Case("hello", MULTIPLEXED, "/", 64, 100),
    Case("FastAPI JSON", FASTAPI, "/items/5?q=x", 1, 100),
    Case("FastAPI JSON", FASTAPI, "/items/5?q=x", 64, 100),
    Case("100 KiB", MULTIPLEXED, "/sized?count=102400", 1, 100, size=102_400),
    Case("100 KiB", MULTIPLEXED, "/sized?count=102400", 64, 100, size=102_400),
    Case("upload of 100 MB", MULTIPLEXED, "/sink", 1, 1, size=UPLOAD, uploads=3),
)


def command_of(name: str, rivals: Path | None) -> Command:
    if name == "spvn":
        return Command()
    folder = f"{rivals}/bin"
    return Command("env PYTHONPATH={app_dir} " + RIVALS[name].format(bin=folder))


@contextmanager
def serving(name: str, rivals: Path | None, target: str) -> Iterator[Server]:
    command = command_of(name, rivals)
    server = Server(command, target, *(OWN_OPTIONS if command.own else ()))
    try:
        server.start()
        yield server
    finally:
        server.kill()


def attack(server: Server, case: Case, seconds: int, upload: Path) -> tuple[float, bool]:
    """Requests a second, and whether all were answered well, as those to spvn must be."""
    line = ["h2load", "-t", "1", "-c", str(case.connections), "-m", str(case.streams)]
    if case.uploads:
        line += ["-n", str(case.uploads), "-d", str(upload)]
    else:
        line += ["-D", str(seconds), "--warm-up-time", "1"]
    done = subprocess.run(
        [*line, server.url + case.path], capture_output=True, text=True, timeout=seconds + 120
    )
    said = done.stdout + done.stderr
    rate, failed, statuses = RATE.search(said), REQUESTS.search(said), STATUSES.search(said)
    assert rate, said
    assert failed, said
    assert statuses, said
    wrong = [int(count) for count in (*failed.groups(), *statuses.groups())]
    told = f"{server.url}{case.path}: {failed.group()}; {statuses.group()}"
    assert not (server.command.own and any(wrong)), told
    return float(rate[1]), not any(wrong)


def rates(
    cases: list[Case], servers: list[str], asked: argparse.Namespace
) -> tuple[Rates, set[tuple[str, str]]]:
    """By the label of the case and the server; and where requests have failed."""
    found: Rates = defaultdict(list)
    failed: set[tuple[str, str]] = set()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="spvn-h2-")))
        upload = folder / "upload"
        upload.write_bytes(bytes(UPLOAD))
        running = {
            (name, target): stack.enter_context(serving(name, asked.rivals, target))
            for target in sorted({case.target for case in cases})
            for name in servers
        }
        for number in range(asked.rounds + 1):
            for case in cases:
                for name in servers:
                    server = running[name, case.target]
                    rate, well = attack(server, case, asked.seconds, upload)
                    if number:
                        found[case.label, name].append(rate)
                    if not well:
                        failed.add((case.label, name))
    return found, failed


def print_rates(
    cases: list[Case], servers: list[str], found: Rates, failed: set[tuple[str, str]]
) -> None:
    rivals = [name for name in servers if name != "spvn"]
    print(f"| h2load | {' | '.join(servers)} | spvn to the best other |")
    print(f"|---|{'---|' * (len(servers) + 1)}")
    for case in cases:
        medians = {name: statistics.median(found[case.label, name]) for name in servers}
        cells = [
            f"{case.rate(medians[name])}{'*' * ((case.label, name) in failed)}"
            f" ({case.rate(min(each))} to {case.rate(max(each))})"
            for name in servers
            for each in [found[case.label, name]]
        ]
        best = max((medians[name] for name in rivals), default=0)
        ratio = f"{medians['spvn'] / best:.2f}" if best and "spvn" in medians else ""
        print(f"| {case.label} | {' | '.join(cells)} | {ratio} |")


def print_idle(servers: list[str], asked: argparse.Namespace) -> None:
    print(f"\n| {asked.idle:,} idle connections | before, MiB | with them | KiB each |")
    print("|---|---|---|---|")
    for name in servers:
        with serving(name, asked.rivals, MULTIPLEXED) as server:
            with Http2.to(server) as client:
                for _ in range(200):
                    client.ask("/")
            before = server.rss_mib()
            assert isinstance(server.address, tuple)
            with Apart("h2_idle", *server.address, asked.idle) as clients:
                count = int(clients.line(within=120) or 0)
                assert count == asked.idle, f"{name}: {count} of {asked.idle}"
                held = server.rss_mib()
        each = (held - before) * 1024 / asked.idle
        print(f"| {name} | {before:.0f} | {held:.0f} | {each:.1f} |", flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rivals", type=Path, help="a virtual environment with them")
    parser.add_argument("--servers", nargs="+", default=["spvn", *RIVALS])
    parser.add_argument("--seconds", type=int, default=5)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--idle", type=int, default=10_000, help="connections; 0 for none")
    parser.add_argument("--only", action="append", help="cases whose labels have this in them")
    asked = parser.parse_args()
    wanted = asked.only or [""]
    cases = [each for each in CASES if any(part in each.label for part in wanted)]
    if asked.rounds:
        print_rates(cases, asked.servers, *rates(cases, asked.servers, asked))
    if asked.idle:
        print_idle(asked.servers, asked)
    return 0


if __name__ == "__main__":
    sys.exit(main())
