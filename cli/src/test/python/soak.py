"""Soak test: requests without end over two own-GIL workers, with churn and random disconnects.

    python soak.py --requests 10_000_000 [--report curve.json]
    python soak.py --minutes 30 --rate 2000 [--report curve.json]

The first is as fast as the machine allows, the second spares it. With both bounds the one that is
reached first counts. Starts the server itself (`--workers 2 --isolation subinterpreter`), and two
processes of clients:

- the load asks in small pipelines over keep-alive connections, each of which lives for a random
  number of pipelines only, and checks every answer;
- the churn opens connections that misbehave: they leave in the middle of a head, of a body or of an
  answer, by a reset or in an orderly way, or stay for a while without a word.

Prints a curve: requests answered, requests a second, and what the server holds: resident memory,
sockets, descriptors and threads, and what its metrics tell of connections and requests. Ends with 1
when an answer is wrong, the server ends, its log shows a crash, its memory grows after the first
tenth (of a million requests at most) by more than `--growth`, a tenth by default, or sockets,
descriptors, threads, connections and requests are not back where they were `--settle` seconds after
the last client has left.

Resident memory includes garbage: the JVM lets its heap grow up to its limit before it collects the
old generation. With a small limit the curve levels off early, and shows leaks and nothing else:

    SPVN_JAVA_OPTS=-Xmx64m python soak.py --minutes 30 --rate 2000
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import random
import resource
import select
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from multiprocessing.sharedctypes import Synchronized
from pathlib import Path
from typing import TYPE_CHECKING

from harness.admin import ANY_PORT
from harness.command import Command
from harness.curve import Watch, grown, has_admin
from harness.server import CRASH, Server
from harness.tls import begin_run, run_context
from harness.vitals import Vitals, settled, vitals
from harness.waiting import eventually
from harness.wire import Connection, WireError, chunk, dial, request

if TYPE_CHECKING:
    Counter = Synchronized[int]

ASK = b"GET / HTTP/1.1\r\nHost: spvn.test\r\n\r\n"
GOOD = b"HTTP/1.1 200 OK\r\n"
ANSWER = b"hello"
OWN: tuple[str, ...] = ("--workers", "2", "--isolation", "subinterpreter")
ALL_REQUESTS = 10_000_000


@dataclass(frozen=True)
class Bounds:
    """When the load ends, and how fast it may be; None is no bound."""

    requests: int | None
    seconds: float | None
    rate: float | None

    def reached(self, answered: int, seconds: float) -> bool:
        done = self.requests is not None and answered >= self.requests
        return done or (self.seconds is not None and seconds >= self.seconds)

    def ahead(self, answered: int, seconds: float) -> float:
        """How many seconds too early so many answers are."""
        return 0.0 if self.rate is None else answered / self.rate - seconds


class Pipeline:
    """A keep-alive connection that asks a few times at once and then goes."""

    def __init__(self, address: tuple[str, int], chance: random.Random) -> None:
        self._chance = chance
        self._left = chance.randrange(20, 400)
        self._waiting = 0
        self._got = bytearray()
        self.socket = dial(address, timeout=10, tls=run_context())

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


def load(
    address: tuple[str, int], width: int, answered: Counter, bounds: Bounds, bad: Counter
) -> None:
    """Keeps so many pipelines busy until a bound is reached."""
    started = time.monotonic()
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
    while not bounds.reached(answered.value, time.monotonic() - started):
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
        time.sleep(max(0.0, bounds.ahead(answered.value, time.monotonic() - started)))


def churn(address: tuple[str, int], churned: Counter, stop: Counter, bad: Counter) -> None:
    """Clients that misbehave, until they are told to stop."""
    chance = random.Random(2)
    silent: list[Connection] = []
    while not stop.value:
        try:
            _misbehave(Connection(address, tls=run_context()), chance, silent)
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


def base_of(server: Server, address: tuple[str, int], width: int) -> Vitals:
    """What the server holds once it has served as many connections as it will have, and none is."""
    before = vitals(server)
    pipelines = [Pipeline(address, random.Random(0)) for _ in range(width)]
    for pipeline in pipelines:
        pipeline.ask()
    for pipeline in pipelines:
        while not pipeline.read():
            pass
        pipeline.socket.close()
    what = "the first connections gone"
    eventually(lambda: server.open_sockets() <= before.sockets, within=20, what=what)
    return vitals(server)


def soak(
    watch: Watch, server: Server, address: tuple[str, int], bounds: Bounds, width: int, every: float
) -> int:
    """Draws the curve; returns the number of things that went wrong."""
    answered: Counter = multiprocessing.Value("q", 0)
    churned: Counter = multiprocessing.Value("q", 0)
    stop: Counter = multiprocessing.Value("i", 0)
    bad: Counter = multiprocessing.Value("i", 0)
    clients = [
        multiprocessing.Process(target=load, args=(address, width, answered, bounds, bad)),
        multiprocessing.Process(target=churn, args=(address, churned, stop, bad)),
    ]
    for client in clients:
        client.start()
    while clients[0].is_alive() and server.alive and not bad.value:
        clients[0].join(every)
        if server.alive:
            print(watch.point(answered.value, churned.value), flush=True)
    stop.value = 1
    clients[1].join(15)
    for client in clients:
        client.terminate()
        client.join()
    return bad.value + (clients[0].exitcode != 0)


def complaints(server: Server, wanted: argparse.Namespace, bounds: Bounds) -> Iterator[str]:
    """Soaks a started server, and says all that is wrong with it."""
    address = server.address
    assert isinstance(address, tuple)
    watch = Watch(server)
    base = base_of(server, address, wanted.connections)
    print(f"base: {base}", flush=True)
    if bad := soak(watch, server, address, bounds, wanted.connections, wanted.every):
        yield f"{bad} clients had a wrong answer or none"
    if wanted.report:
        wanted.report.write_text(json.dumps([asdict(point) for point in watch.curve], indent=1))
    if not server.alive:
        yield f"the server has ended: {server.wait_exit()}"
        return
    try:
        print(f"left: {settled(server, base, watch.idle, wanted.settle)}")
    except AssertionError as more:
        yield str(more)
    memory = grown(watch.curve)
    print(f"memory grew by {memory:.1%}")
    if memory > wanted.growth:
        yield f"memory grew by {memory:.1%}, more than {wanted.growth:.0%}"
    if crash := CRASH.search(server.log):
        yield f"the log shows a crash: {crash.group()!r}"


def bounds_of(wanted: argparse.Namespace) -> Bounds:
    seconds = None if wanted.minutes is None else wanted.minutes * 60
    requests = wanted.requests
    if requests is None and seconds is None:
        requests = ALL_REQUESTS
    return Bounds(requests, seconds, wanted.rate)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--requests", type=int, help=f"{ALL_REQUESTS:,} unless --minutes is given")
    parser.add_argument("--minutes", type=float)
    parser.add_argument("--rate", type=float, help="requests a second at most")
    parser.add_argument("--connections", type=int, default=64)
    parser.add_argument("--every", type=float, default=10.0, help="seconds between measurements")
    parser.add_argument("--growth", type=float, default=0.1, help="of memory, after its youth")
    parser.add_argument("--settle", type=float, default=30.0, help="seconds to come to rest")
    parser.add_argument("--report", type=Path, help="where the curve is written as JSON")
    parser.add_argument("--target", default="workers:app", help="the app, which answers `hello`")
    parser.add_argument("--server-command", help="another server, as for the tests")
    parser.add_argument("--tls", action="store_true", help="everything goes through TLS")
    wanted = parser.parse_args()
    if wanted.tls:
        begin_run()
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    command = Command(wanted.server_command)
    options = OWN if command.own else ()
    options += ANY_PORT if has_admin(command) else ()
    server = Server(command, wanted.target, *options)
    try:
        server.start()
        found = list(complaints(server, wanted, bounds_of(wanted)))
        if not found and (code := server.stop()):
            found = [f"exit code {code}"]
    finally:
        server.kill()
    for complaint in found:
        print(complaint, file=sys.stderr)
    if found:
        print(server.tail(2000), file=sys.stderr)
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
