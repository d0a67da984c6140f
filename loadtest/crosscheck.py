"""Holds `spvn loadtest` against wrk (closed loop) and vegeta (fixed rate) on the same server.

The tools take turns, round by round, so that a noisy machine is noisy for all; the tables show
medians over the rounds and their ratio. At the end, what the generator can do by itself: on one
core, against nginx on another. Needs `wrk`, `vegeta`, `nginx` and `taskset` on PATH:

    python3 loadtest/crosscheck.py
"""

from __future__ import annotations

import argparse
import json
import re
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SPVN = ROOT / "spvn"
APPS = ROOT / "loadtest" / "apps"
CONNECTIONS = 64
Figures = dict[str, float]


@contextmanager
def serving(target: str) -> Iterator[str]:
    """Runs spvn with a sample app; yields its URL once it listens."""
    port = free_port()
    command: list[str | Path] = [SPVN, "serve", "--app-dir", APPS, "--port", str(port), target]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        await_port(process, port)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(40)


def free_port() -> int:
    """A port that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def await_port(process: subprocess.Popen[bytes], port: int) -> None:
    """Waits until the server accepts connections."""
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError(f"{process.args!r} does not listen")


def output(*command: str | Path, given: bytes = b"") -> bytes:
    """What a command prints."""
    return subprocess.run(command, input=given, capture_output=True, check=True).stdout


def attack(url: str, seconds: int, *load: str, pinned: bool = False) -> dict[str, dict[str, float]]:
    """Runs `spvn loadtest attack`, perhaps on the second core alone; gives its JSON."""
    place = ("taskset", "-c", "1") if pinned else ()
    fixed = ("--connections", str(CONNECTIONS), "--duration", f"{seconds}s")
    told = ("--json", "--no-progress")
    run: dict[str, dict[str, float]] = json.loads(
        output(*place, SPVN, "loadtest", "attack", url, *fixed, *told, *load)
    )
    return run


def spvn_closed(url: str, seconds: int) -> Figures:
    """The rate of a closed loop, by `spvn loadtest`."""
    run = attack(url, seconds, "--closed")
    return {"req/s": float(str(run["rate"]))}


def wrk_closed(url: str, seconds: int) -> Figures:
    """The rate of a closed loop, by wrk."""
    text = output("wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", url).decode()
    rate = re.search(r"Requests/sec:\s+([\d.]+)", text)
    if rate is None:
        raise RuntimeError(f"wrk printed no rate:\n{text}")
    return {"req/s": float(rate[1])}


def spvn_fixed(url: str, seconds: int, rate: int) -> Figures:
    """Service times at a fixed rate, by `spvn loadtest`: what vegeta measures, from its start."""
    times = attack(url, seconds, "--rate", str(rate))["service_ms"]
    return {f"{name} ms": times[name] for name in ("mean", "p50", "p90", "p95", "p99")}


def vegeta_fixed(url: str, seconds: int, rate: int) -> Figures:
    """Latency at a fixed rate, by vegeta."""
    results = output(
        "vegeta", "attack", f"-rate={rate}", f"-duration={seconds}s", f"-connections={CONNECTIONS}",
        given=f"GET {url}\n".encode(),
    )  # fmt: skip
    times = json.loads(output("vegeta", "report", "-type=json", given=results))["latencies"]
    names = {"mean": "mean", "p50": "50th", "p90": "90th", "p95": "95th", "p99": "99th"}
    return {f"{name} ms": times[key] / 1e6 for name, key in names.items()}


def compared(title: str, rounds: int, tools: dict[str, Callable[[], Figures]]) -> None:
    """Lets two tools take turns, and prints the medians of their figures."""
    figures: dict[str, list[Figures]] = {name: [] for name in tools}
    for number in range(rounds):
        for name in list(tools)[:: 1 if number % 2 == 0 else -1]:
            figures[name].append(tools[name]())
            print(f"  {title}: {name} {figures[name][-1]}", file=sys.stderr)
    ours, theirs = figures.values()
    print(f"\n{title}\n\n| figure | {' | '.join(tools)} | ratio |\n|---|---|---|---|")
    for figure in ours[0]:
        mine = statistics.median(round[figure] for round in ours)
        other = statistics.median(round[figure] for round in theirs)
        print(f"| {figure} | {mine:,.2f} | {other:,.2f} | {mine / other:.3f} |", flush=True)


@contextmanager
def bare_responder() -> Iterator[str]:
    """Runs nginx with one process and one answer, on the first core; yields its URL."""
    with tempfile.TemporaryDirectory() as folder:
        port = free_port()
        config = Path(folder, "nginx.conf")
        config.write_text(
            f"worker_processes 1; daemon off; pid {folder}/pid; error_log stderr;\n"
            "events { worker_connections 1024; }\n"
            "http { access_log off; keepalive_requests 1000000000; server {\n"
            f'listen 127.0.0.1:{port}; location / {{ return 200 "Hello, world!"; }} }} }}\n'
        )
        command = ["taskset", "-c", "0", "nginx", "-c", str(config)]
        process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
        try:
            await_port(process, port)
            yield f"http://127.0.0.1:{port}/"
        finally:
            process.terminate()
            process.wait(10)


def own_cost(rounds: int, seconds: int) -> None:
    """Prints what the generator does on one core."""
    print("\nOn one core against nginx\n")
    print("| round | closed loop, req/s | 5,000 req/s: p50 ms | p99 ms |")
    print("|---|---|---|---|")
    with bare_responder() as url:
        for number in range(1, rounds + 1):
            rate = attack(url, seconds, "--closed", pinned=True)["rate"]
            times = attack(url, seconds, "--rate", "5000", pinned=True)["latency_ms"]
            row = f"{float(str(rate)):,.0f} | {times['p50']:.2f} | {times['p99']:.2f}"
            print(f"| {number} | {row} |", flush=True)


def main() -> int:
    """Runs both cross-checks."""
    parser = argparse.ArgumentParser(description="Holds spvn loadtest against wrk and vegeta.")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=6)
    parser.add_argument("--rate", type=int, default=500)
    options = parser.parse_args()
    rounds, seconds, rate = options.rounds, options.seconds, options.rate
    with serving("dotest.baz:app") as url:
        wrk_closed(url, 8)  # warms the server up
        compared(
            f"Closed loop, {CONNECTIONS} connections, hello app",
            rounds,
            {
                "spvn loadtest": lambda: spvn_closed(url, seconds),
                "wrk": lambda: wrk_closed(url, seconds),
            },
        )
    with serving("dotest.qux:app") as url:
        wrk_closed(f"{url}/wait", 5)
        compared(
            f"{rate} req/s, an app that awaits 10 ms",
            rounds,
            {
                "spvn loadtest": lambda: spvn_fixed(f"{url}/wait", seconds, rate),
                "vegeta": lambda: vegeta_fixed(f"{url}/wait", seconds, rate),
            },
        )
    own_cost(rounds, seconds)
    return 0


if __name__ == "__main__":
    sys.exit(main())
