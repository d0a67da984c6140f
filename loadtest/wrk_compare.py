"""Measures spvn against granian and uvicorn with wrk: same Python, same app, one worker each.

Servers take turns, round by round, so that a noisy machine is noisy for all; the table shows
medians over the rounds, the ratio of each rival to spvn, and the CPU time per request over all
threads of a server. Needs `wrk` on PATH and an environment that holds the rivals and the apps'
packages:

    python3.13 -m venv /tmp/rivals
    /tmp/rivals/bin/pip install granian==2.8.7 uvicorn==0.54.0 uvloop httptools fastapi
    python3 loadtest/wrk_compare.py --venv /tmp/rivals
"""

from __future__ import annotations

import argparse
import os
import re
import signal
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
APPS = ROOT / "loadtest" / "apps"
TICKS = os.sysconf("SC_CLK_TCK")
SCENARIOS = {
    "hello": ("dotest.baz:app", "/"),
    "starlette": ("dotest.bar:app", "/"),
    "fastapi": ("dotest.bit:app", "/items/7?q=wrk"),
}


@dataclass(frozen=True)
class Round:
    """What one run of wrk against one server gave."""

    rate: float
    cpu_us: float
    p99_ms: float
    errors: int


def command(peer: str, target: str, venv: Path, number: int) -> list[str]:
    """The command line of a server, with the settings its documentation recommends."""
    port = str(number)
    apps = str(APPS)
    match peer:
        case "spvn":
            return [str(ROOT / "spvn"), "serve", "--app-dir", apps, "--port", port, target]
        case "granian":
            return [
                str(venv / "bin/granian"), "--interface", "asgi", "--loop", "uvloop",
                "--port", port, "--no-ws", "--workers", "1", target,
            ]  # fmt: skip
        case "uvicorn":
            return [
                str(venv / "bin/uvicorn"), "--app-dir", apps, "--port", port, "--loop", "uvloop",
                "--http", "httptools", "--no-access-log", "--log-level", "warning", target,
            ]  # fmt: skip
        case _:
            raise ValueError(f"unknown server: {peer}")


@contextmanager
def serving(peer: str, target: str, venv: Path) -> Iterator[tuple[int, int]]:
    """Runs a server; yields the id of its process group and its port once it answers."""
    port = free_port()
    environment = dict(os.environ, VIRTUAL_ENV=str(venv), PYTHONPATH=str(APPS))
    process = subprocess.Popen(
        command(peer, target, venv, port),
        env=environment,
        cwd=APPS,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        await_port(process, port)
        yield process.pid, port
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def free_port() -> int:
    """A port that nobody uses, nor a server that is just ending."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def await_port(process: subprocess.Popen[bytes], port: int) -> None:
    """Waits until the server accepts connections."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"{process.args!r} ended with {process.returncode}")
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError(f"{process.args!r} does not listen")


def cpu_seconds(group: int) -> float:
    """CPU time of all threads of all processes in a group, ended children included."""
    total = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[2]) == group:
            total += sum(int(field) for field in fields[11:15])
    return total / TICKS


def wrk(port: int, path: str, connections: int, seconds: int) -> tuple[float, int, float, int]:
    """Runs wrk; gives rate, requests, p99 in ms and errors."""
    url = f"http://127.0.0.1:{port}{path}"
    output = subprocess.run(
        ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--latency", url],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    rate = float(found(r"Requests/sec:\s+([\d.]+)", output)[1])
    requests = int(found(r"(\d+) requests in", output)[1])
    p99 = found(r"99%\s+([\d.]+)(us|ms|s)", output)
    milliseconds = float(p99[1]) * {"us": 0.001, "ms": 1.0, "s": 1000.0}[p99[2]]
    counts = re.findall(r"(?:connect|read|write|timeout|responses:) (\d+)", output)
    return rate, requests, milliseconds, sum(map(int, counts))


def found(pattern: str, output: str) -> re.Match[str]:
    """The place in wrk's output that must be there."""
    match = re.search(pattern, output)
    if match is None:
        raise RuntimeError(f"wrk printed no {pattern!r}:\n{output}")
    return match


def measure(peer: str, scenario: str, connections: int, options: argparse.Namespace) -> Round:
    """One server's turn: warm-up, then the measured run."""
    target, path = SCENARIOS[scenario]
    with serving(peer, target, options.venv) as (group, port):
        wrk(port, path, connections, options.warmup)
        before = cpu_seconds(group)
        rate, requests, p99, errors = wrk(port, path, connections, options.seconds)
        used = cpu_seconds(group) - before
        return Round(rate, used / max(1, requests) * 1e6, p99, errors)


def report(scenario: str, connections: int, rounds: dict[str, list[Round]]) -> None:
    """Prints one table row per server."""
    rates = {peer: statistics.median(r.rate for r in runs) for peer, runs in rounds.items()}
    for peer, runs in rounds.items():
        print(
            f"| {scenario} c={connections} | {peer} | {rates[peer]:,.0f} "
            f"| {rates['spvn'] / rates[peer]:.2f} "
            f"| {min(r.rate for r in runs):,.0f}-{max(r.rate for r in runs):,.0f} "
            f"| {statistics.median(r.cpu_us for r in runs):.1f} "
            f"| {statistics.median(r.p99_ms for r in runs):.1f} "
            f"| {sum(r.errors for r in runs)} |",
            flush=True,
        )


def main() -> int:
    """Runs the comparison."""
    parser = argparse.ArgumentParser(description="Measures servers with wrk.")
    parser.add_argument("--venv", type=Path, required=True, help="environment with the rivals")
    parser.add_argument("--peers", default="spvn,granian,uvicorn")
    parser.add_argument("--scenarios", default="hello,fastapi")
    parser.add_argument("--connections", default="64,1000")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=6)
    parser.add_argument("--warmup", type=int, default=4)
    options = parser.parse_args()
    print("| scenario | server | req/s | spvn / server | spread | CPU us/req | p99 ms | errors |")
    print("|---|---|---|---|---|---|---|---|")
    for scenario in options.scenarios.split(","):
        for connections in map(int, options.connections.split(",")):
            peers = options.peers.split(",")
            rounds: dict[str, list[Round]] = {peer: [] for peer in peers}
            for number in range(options.rounds):
                order = peers if number % 2 == 0 else peers[::-1]
                for peer in order:
                    result = measure(peer, scenario, connections, options)
                    print(f"  {scenario} c={connections} {peer} {result}", file=sys.stderr)
                    rounds[peer].append(result)
            report(scenario, connections, rounds)
    return 0


if __name__ == "__main__":
    sys.exit(main())
