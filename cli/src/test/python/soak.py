"""Soak test: millions of requests over two own-GIL workers, with churn and random disconnects.

    python soak.py --requests 10_000_000 [--report curve.json]

Starts the server itself (`--workers 2 --isolation subinterpreter`), and two processes of clients:

- the load asks in small pipelines over keep-alive connections, each of which lives for a random
  number of pipelines only, and checks every answer;
- the churn opens connections that misbehave: they leave in the middle of a head, of a body or of an
  answer, by a reset or in an orderly way, or stay for a while without a word.

Prints a curve: requests answered, requests a second, and the server's resident memory, open sockets
and threads. Ends with 1 when an answer is wrong, the server ends, its log shows a crash, or its
memory grows after the first million by more than `--growth` (a tenth by default).

Resident memory includes garbage: the JVM lets its heap grow up to its limit before it collects the
old generation. With a small limit the curve levels off early, and shows leaks and nothing else:

    SPVN_JAVA_OPTS=-Xmx64m python soak.py
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import random
import resource
import select
import socket
import sys
import time
from contextlib import suppress
from dataclasses import asdict, dataclass
from multiprocessing.sharedctypes import Synchronized
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from harness.command import Command
from harness.server import CRASH, Server
from harness.wire import Connection, WireError, chunk, request

if TYPE_CHECKING:
    Counter = Synchronized[int]

ASK = b"GET / HTTP/1.1\r\nHost: spvn.test\r\n\r\n"
GOOD = b"HTTP/1.1 200 OK\r\n"
ANSWER = b"hello"
MIB = 1024 * 1024


@dataclass(frozen=True)
class Point:
    """One line of the curve."""

    seconds: float
    requests: int
    churned: int
    per_second: int
    rss_mib: int
    sockets: int
    threads: int

    def __str__(self) -> str:
        return (
            f"{self.seconds:7.0f} s {self.requests:>11,} requests {self.per_second:>8,}/s"
            f" {self.churned:>9,} churned {self.rss_mib:>5} MiB"
            f" {self.sockets:>5} sockets {self.threads:>4} threads"
        )


class Pipeline:
    """A keep-alive connection that asks a few times at once and then goes."""

    def __init__(self, address: tuple[str, int], chance: random.Random) -> None:
        self._chance = chance
        self._left = chance.randrange(20, 400)
        self._waiting = 0
        self._got = bytearray()
        self.socket = socket.create_connection(address, 10)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def ask(self) -> bool:
        """Sends the next few requests; False when the connection has done its share."""
        if self._left == 0:
            return False
        self._left -= 1
        self._waiting = self._chance.choice((1, 2, 8, 16, 16, 16))
        self.socket.sendall(ASK * self._waiting)
        return True

    def read(self) -> int:
        """The number of answers, once all are there; 0 before that."""
        data = self.socket.recv(262_144)
        if not data:
            raise WireError(f"ended, {self._waiting} answers short: {bytes(self._got[-200:])!r}")
        self._got += data
        if self._got.count(ANSWER) < self._waiting:
            return 0
        if self._got.count(GOOD) != self._waiting or not self._got.endswith(ANSWER):
            raise WireError(f"wrong answers: {bytes(self._got[:400])!r}")
        self._got.clear()
        return self._waiting


def load(address: tuple[str, int], width: int, answered: Counter, until: int, bad: Counter) -> None:
    """Keeps so many pipelines busy until so many answers have come."""
    chance = random.Random(1)
    poll = select.epoll()
    pipelines: dict[int, Pipeline] = {}

    def replace(old: Pipeline | None) -> None:
        if old is not None:
            poll.unregister(old.socket)
            del pipelines[old.socket.fileno()]
            old.socket.close()
        new = Pipeline(address, chance)
        pipelines[new.socket.fileno()] = new
        poll.register(new.socket, select.EPOLLIN)
        new.ask()

    for _ in range(width):
        replace(None)
    while answered.value < until:
        ready = poll.poll(30)
        if not ready:
            _report(bad, "load", WireError("no answer for 30 s"))
            return
        count = 0
        for descriptor, _ in ready:
            pipeline = pipelines[descriptor]
            try:
                done = pipeline.read()
                if done and not pipeline.ask():
                    replace(pipeline)
            except (WireError, OSError) as failure:
                _report(bad, "load", failure)
                return
            count += done
        with answered.get_lock():
            answered.value += count


def churn(address: tuple[str, int], churned: Counter, stop: Counter, bad: Counter) -> None:
    """Clients that misbehave, until they are told to stop."""
    chance = random.Random(2)
    silent: list[Connection] = []
    while not stop.value:
        try:
            _misbehave(Connection(address), chance, silent)
        except (WireError, OSError) as failure:
            if not stop.value:
                _report(bad, "churn", failure)
            return
        churned.value += 1
        time.sleep(0.002)  # the load is to have most of the processor


def _misbehave(client: Connection, chance: random.Random, silent: list[Connection]) -> None:
    body = chance.randbytes(chance.randrange(1, 100_000))
    whole = request("/echo", "Transfer-Encoding: chunked", method="POST") + chunk(body)
    kind = chance.randrange(5)
    if kind == 0:
        client.send(whole[: chance.randrange(1, len(whole))])
    elif kind == 1:
        client.send(request("/stream"))
    elif kind == 2:
        client.send(request("/stream"))
        client.read_head()
    elif kind == 3:
        answer = client.ask("/echo", method="POST", body=body)
        if answer.body != body:
            raise WireError("the echo is wrong")
    if kind == 4:
        client.send(whole[: chance.randrange(1, 60)])
        silent.append(client)
        client = silent.pop(0) if len(silent) > 50 else client
        if client is silent[-1]:
            return
    chance.choice([client.reset, client.close])()


def _report(bad: Counter, who: str, failure: Exception) -> None:
    print(f"{who}: {type(failure).__name__}: {failure}", file=sys.stderr, flush=True)
    bad.value += 1


def measure(
    server: Server, started: float, last: Point | None, answered: int, churned: int
) -> Point:
    seconds = time.monotonic() - started
    before, since = (last.requests, last.seconds) if last else (0, 0.0)
    return Point(
        seconds=round(seconds, 1),
        requests=answered,
        churned=churned,
        per_second=round((answered - before) / max(seconds - since, 0.001)),
        rss_mib=round(server.rss_mib()),
        sockets=server.open_sockets(),
        threads=len(list(Path(f"/proc/{server.process.pid}/task").iterdir())),
    )


def soak(server: Server, requests: int, every: float, width: int) -> tuple[list[Point], int]:
    """The curve, and the number of things that went wrong."""
    address = server.address
    assert isinstance(address, tuple)
    answered: Counter = multiprocessing.Value("q", 0)
    churned: Counter = multiprocessing.Value("q", 0)
    stop: Counter = multiprocessing.Value("i", 0)
    bad: Counter = multiprocessing.Value("i", 0)
    clients = [
        multiprocessing.Process(target=load, args=(address, width, answered, requests, bad)),
        multiprocessing.Process(target=churn, args=(address, churned, stop, bad)),
    ]
    for client in clients:
        client.start()
    started = time.monotonic()
    curve: list[Point] = []
    while clients[0].is_alive() and server.alive and not bad.value:
        clients[0].join(every)
        last = curve[-1] if curve else None
        curve.append(measure(server, started, last, answered.value, churned.value))
        print(curve[-1], flush=True)
    stop.value = 1
    clients[1].join(15)
    for client in clients:
        client.terminate()
    if answered.value < requests:
        bad.value += 1
    return curve, bad.value


def grown(curve: list[Point], first: int) -> float:
    """How much the memory in the last third exceeds that in the first, after so many requests.

    Medians: a collection of garbage moves single points up and down, a leak moves all of them.
    """
    later = [point.rss_mib for point in curve if point.requests >= first]
    third = max(1, len(later) // 3)
    return median(later[-third:]) / median(later[:third]) - 1 if later else 0.0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--requests", type=int, default=10_000_000)
    parser.add_argument("--connections", type=int, default=64)
    parser.add_argument("--every", type=float, default=10.0, help="seconds between measurements")
    parser.add_argument("--growth", type=float, default=0.1, help="allowed after a million")
    parser.add_argument("--report", type=Path, help="where the curve is written as JSON")
    parser.add_argument("--server-command", help="another server, as for the tests")
    wanted = parser.parse_args()
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    own = ("--workers", "2", "--isolation", "subinterpreter")
    command = Command(wanted.server_command)
    with Server(command, "workers:app", *(own if command.own else ())) as server:
        curve, bad = soak(server, wanted.requests, wanted.every, wanted.connections)
        ended = not server.alive
        crash = CRASH.search(server.log)
        tail = server.tail(2000)
        with suppress(AssertionError):
            server.stop()
    growth = grown(curve, min(1_000_000, wanted.requests // 10))
    if wanted.report:
        wanted.report.write_text(json.dumps([asdict(point) for point in curve], indent=1))
    print(f"memory grew by {growth:.1%}; {bad} wrong; crash: {bool(ended or crash)}")
    if bad or ended or crash:
        print(tail, file=sys.stderr)
    return int(bool(bad or ended or crash or growth > wanted.growth))


if __name__ == "__main__":
    sys.exit(main())
