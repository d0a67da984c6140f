"""Starts: spvn beside uvicorn and granian, from nothing to the first response and on from there.

    python start_bench.py --rivals VENV [--rounds 5] [--seconds 10] [--rate 1000]

VENV is a virtual environment with fastapi, uvicorn and granian; the apps run in it under each
server. What is compared is done in turn, round by round, so that what else the machine does meets
all of them. spvn is measured as it is, and without what Java has learned in a run before (by
`./spvn train`, which is run first). wrk of PATH keeps the connections busy.

Prints two tables: seconds of time and of processors until the first response, and for the app that
says hello the latency of the first seconds at a rate, what they cost of a processor, and the memory
that is resident: the medians of the rounds, and the least of the starts.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from harness.command import OWN_GROUP, ROOT, dying_with_us, free_port
from harness.wire import Connection

SPVN = ROOT / "spvn"
TICK = os.sysconf("SC_CLK_TCK")
START_WITHIN = 120
APPS = {
    "hello": """
async def app(scope, receive, send):
    assert scope["type"] == "http"
    headers = [(b"content-length", b"5")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"hello"})
""",
    "fast": """
from fastapi import FastAPI

app = FastAPI()

@app.get("/")
async def hello() -> str:
    return "hello"
""",
}


@dataclass(frozen=True)
class Contender:
    name: str
    line: tuple[str, ...]
    java_options: str = ""


def contenders(rivals: Path) -> list[Contender]:
    place = ("--host", "127.0.0.1", "--port", "{port}", "{app}:app")
    spvn = (str(SPVN), "serve", *place)
    return [
        Contender("spvn", spvn),
        Contender("spvn, nothing learned", spvn, "-Xshare:auto"),
        Contender("uvicorn", (f"{rivals}/bin/uvicorn", "--no-access-log", *place)),
        Contender("granian", (f"{rivals}/bin/granian", "--interface", "asgi", *place)),
    ]


class Run:
    """One server from its start on; it and its processes are one group."""

    def __init__(self, process: subprocess.Popen[bytes], port: int) -> None:
        self.process = process
        self.port = port
        began = time.monotonic()
        self._wait_answer(began + START_WITHIN)
        self.wall = time.monotonic() - began
        self.cpu = self.cpu_now()

    def _wait_answer(self, deadline: float) -> None:
        while not self._answers():
            assert self.process.poll() is None, f"{self.process.args!r} ended"
            assert time.monotonic() < deadline, f"{self.process.args!r} does not answer"
            time.sleep(0.002)

    def _answers(self) -> bool:
        try:
            with Connection(("127.0.0.1", self.port)) as connection:
                return connection.ask("/").status == 200
        except OSError:
            return False

    def cpu_now(self) -> float:
        """Seconds of a processor, of those that have ended as well."""
        return sum(sum(map(int, fields[11:15])) / TICK for _, fields in self._group())

    def rss(self) -> float:
        """MB; what several processes share counts once."""
        total = 0
        for pid, _ in self._group():
            for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
                total += int(line.split()[1]) if line.startswith("Pss:") else 0
        return total / 1024

    def _group(self) -> Iterator[tuple[str, list[str]]]:
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                fields = stat.read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(fields[2]) == self.process.pid and fields[0] != "Z":
                yield stat.parent.name, fields


@contextmanager
def running(contender: Contender, app: str, folder: Path, rivals: Path) -> Iterator[Run]:
    port = free_port()
    line = [part.format(port=port, app=app) for part in contender.line]
    own = {"VIRTUAL_ENV": str(rivals), "SPVN_JAVA_OPTS": contender.java_options}
    process = subprocess.Popen(
        [*dying_with_us(), *line],
        cwd=folder,
        env=os.environ | own,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        **OWN_GROUP,
    )
    try:
        yield Run(process, port)
    finally:
        process.terminate()
        process.wait(60)


def first_seconds(run: Run, rate: int, seconds: int) -> tuple[float, float]:
    """The 99th percentile in ms, and seconds of a processor, of the server alone."""
    before = run.cpu_now()
    attack = [str(SPVN), "loadtest", "attack", "--json", "--no-progress"]
    load = ["--rate", str(rate), "--duration", f"{seconds}s", f"http://127.0.0.1:{run.port}/"]
    said = subprocess.run([*attack, *load], capture_output=True, check=True).stdout
    return float(json.loads(said)["latency_ms"]["p99"]), run.cpu_now() - before


def under_load(run: Run, connections: int) -> float:
    url = f"http://127.0.0.1:{run.port}/"
    wrk = ["wrk", "-t", "1", "-c", str(connections), "-d", "4s", "--timeout", "30s", url]
    subprocess.run(wrk, stdout=subprocess.DEVNULL, check=True)
    return run.rss()


def starts(servers: list[Contender], folder: Path, asked: argparse.Namespace) -> str:
    found: dict[tuple[str, str], list[Run]] = defaultdict(list)
    for _ in range(asked.rounds):
        for app in APPS:
            for server in servers:
                with running(server, app, folder, asked.rivals) as run:
                    found[app, server.name].append(run)
    lines = [
        "| app | server | wall s, least | median | CPU s, least | median |",
        "|---|---|" + "---|" * 4,
    ]
    for (app, name), runs in found.items():
        walls, cpus = [run.wall for run in runs], [run.cpu for run in runs]
        numbers = (min(walls), statistics.median(walls), min(cpus), statistics.median(cpus))
        lines.append(f"| {app} | {name} | {' | '.join(f'{n:.2f}' for n in numbers)} |")
    return "\n".join(lines)


def first_load(servers: list[Contender], folder: Path, asked: argparse.Namespace) -> str:
    found: dict[str, list[tuple[float, ...]]] = defaultdict(list)
    for _ in range(asked.rounds):
        for server in servers:
            with running(server, "hello", folder, asked.rivals) as run:
                idle = run.rss()
                p99, cpu = first_seconds(run, asked.rate, asked.seconds)
                busy = [under_load(run, connections) for connections in (64, 1000)]
                found[server.name].append((p99, cpu, idle, *busy))
    heads = (f"p99 ms at {asked.rate}/s", "CPU s", "MB idle", "at 64 connections", "at 1000")
    lines = [f"| server | {' | '.join(heads)} |", "|---|" + "---|" * len(heads)]
    for name, rounds in found.items():
        medians = [statistics.median(column) for column in zip(*rounds, strict=True)]
        lines.append(f"| {name} | {' | '.join(f'{n:.1f}' for n in medians)} |")
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--rivals", type=Path, required=True)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=10)
    parser.add_argument("--rate", type=int, default=1000)
    asked = parser.parse_args()
    servers = contenders(asked.rivals)
    environment = os.environ | {"VIRTUAL_ENV": str(asked.rivals)}
    subprocess.run([SPVN, "train"], env=environment, stdout=subprocess.DEVNULL, check=True)
    with tempfile.TemporaryDirectory(prefix="spvn-start-") as name:
        folder = Path(name)
        for app, text in APPS.items():
            (folder / f"{app}.py").write_text(text)
        print(starts(servers, folder, asked), flush=True)
        print()
        print(first_load(servers, folder, asked))
    return 0


if __name__ == "__main__":
    sys.exit(main())
