"""What the admin address answers, and how soon, while the app sleeps in its event loop.

    python blocked_loop_drill.py --seconds 10 --isolation main

One request blocks the only worker; others fill the queue behind it. Health, metrics, the status
page and its JSON are each asked ten times a second meanwhile. Prints the slowest answer of each,
and ends with 1 when one took longer than `--limit`, or when the page or the log does not name the
request that blocks the worker and the line of Python it is at.
"""

from __future__ import annotations

import argparse
import json
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any

from harness.admin import ANY_PORT, Admin
from harness.command import Command
from harness.server import Server
from harness.waiting import eventually
from harness.wire import request

PATHS = ("/health/live", "/health/ready", "/metrics", "/", "/status")
QUEUE = 4
LINE = "time.sleep(seconds)  # here it sleeps"
EVERY = 0.1


@dataclass
class Witness:
    """Asks for one path ten times a second, and notes how long answers take."""

    admin: Admin
    path: str
    times: list[float] = field(default_factory=list)
    last: bytes = b""

    def watch(self, over: threading.Event) -> None:
        while not over.is_set():
            began = time.monotonic()
            self.last = self.admin.ask(self.path).body
            self.times.append(time.monotonic() - began)
            over.wait(EVERY)


@dataclass
class Found:
    """What a drill has seen."""

    times: dict[str, list[float]]
    status: dict[str, Any]
    page: str
    log: str

    @property
    def complaints(self) -> list[str]:
        worker = self.status["workers"][0]
        wrong = {
            "the JSON does not say that the worker is blocked": not worker["blocked"],
            "the JSON does not name the request": (worker["blocked_by"] or {}).get("path")
            != "/sleep",
            "the JSON does not have the stack": LINE not in (worker["stack"] or ""),
            "the oldest request is not the one that blocks": not (
                self.status["oldest_requests"][0]["blocks_worker"]
            ),
            "the queue is not full": self.status["queue"]["depth"] < QUEUE,
            "the page does not name the request": "by GET /sleep" not in self.page,
            "the page does not have the stack": LINE not in self.page,
            "the log does not name the request": " s by GET /sleep (" not in self.log,
            "the log does not have the stack": LINE not in self.log,
        }
        return [words for words, so in wrong.items() if so]

    def slower_than(self, limit: float) -> list[str]:
        return [
            f"{path}: an answer took {1000 * max(times):.0f} ms"
            for path, times in self.times.items()
            if max(times) > limit
        ]

    @property
    def table(self) -> str:
        rows = [
            f"{path:14} {len(times):4} answers, median {1000 * sorted(times)[len(times) // 2]:5.1f}"
            f" ms, slowest {1000 * max(times):5.1f} ms"
            for path, times in self.times.items()
        ]
        return "\n".join(rows)


@contextmanager
def blocked(server: Server, admin: Admin, seconds: float) -> Iterator[None]:
    """While one request blocks the worker and others wait, more than there is room for."""
    with ExitStack() as clients:
        first = clients.enter_context(server.connect(timeout=seconds + 60))
        first.send(request(f"/sleep?seconds={seconds}"))
        server.wait_log("/sleep begins")
        for _ in range(2 * QUEUE):
            waiting = clients.enter_context(server.connect(timeout=seconds + 60))
            waiting.send(request("/threads"))
        admin.await_metrics(lambda seen: seen["spvn_queue_depth"] >= QUEUE, "a full queue")
        yield
        assert first.read_response().body == b"done"


def drill(command: Command, seconds: float, *options: str, limit: str = "1s") -> Found:
    """One server, blocked once; `limit` is that of the watchdog."""
    more = (
        *ANY_PORT,
        *("--queue-size", str(QUEUE), "--queue-timeout", f"{seconds + 30:g}s"),
        *("--worker-hang-timeout", limit, *options),
    )
    with Server(command, "hangs:app", *more) as server:
        admin = Admin.of(server)
        witnesses = [Witness(admin, path) for path in PATHS]
        for witness in witnesses:
            admin.ask(witness.path)  # the first answer of each loads what it needs
        over = threading.Event()
        threads = [threading.Thread(target=each.watch, args=(over,)) for each in witnesses]
        with blocked(server, admin, seconds):
            for thread in threads:
                thread.start()
            try:
                eventually(lambda: LINE in server.log, within=seconds, what="a report")
                status = json.loads(admin.ask("/status").body)
                page = admin.ask("/").body.decode()
                over.wait(max(0.0, seconds - 1 - status["oldest_requests"][0]["age_seconds"]))
            finally:
                over.set()
                for thread in threads:
                    thread.join()
        times = {each.path: each.times for each in witnesses}
        return Found(times, status, page, server.log)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--limit", type=float, default=0.05, help="seconds for an answer")
    parser.add_argument("--isolation", default="main")
    chosen = parser.parse_args()
    found = drill(Command(), chosen.seconds, "--isolation", chosen.isolation, limit="5s")
    print(found.table)
    complaints = found.complaints + found.slower_than(chosen.limit)
    print("\n".join(complaints or ["all is as it must be"]))
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
