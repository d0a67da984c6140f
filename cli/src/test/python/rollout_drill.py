"""A rolling replacement behind nginx, under load: two servers in turn make room for a successor.

    python rollout_drill.py --rounds 5 --rate 500

A server gets its SIGTERM, ends, and another one starts on the same port, while the other serves.
nginx, which has the site of docker/nginx/spvn.conf, is told nothing of it. Requests come all the
time: GET at a fixed rate from `spvn loadtest`, POST from clients that pause for a moment between
two, all over connections that are kept. Besides, in each replacement, there are requests that take
seconds, event streams and WebSockets.

Judged bad: a request without its whole answer, or with a status other than 200; a stream that does
not end as the app has ended it; a WebSocket of the server that goes with another code than 1012; an
exit code other than 0. Told besides: what nginx sent to the other server, and how long it all took;
and each POST that was in the kernel's queue, not accepted yet, when the server closed its port,
which nginx does not send again: one in each replacement is borne.

With `--orderly` nginx is told before and after, by a reload. No request meets a server that goes
then, but each reload ends the connections on which clients ask for nothing (before nginx 1.27.4 all
of them at once): a client that asks in that moment gets no answer, and has to ask again. Such ones
are counted, and not judged.
"""

from __future__ import annotations

import argparse
import http.client
import os
import select
import shutil
import signal
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from harness.admin import Admin
from harness.attacks import Attack
from harness.command import ROOT, Command, free_port
from harness.proxied import nginx
from harness.server import Server
from harness.waiting import eventually
from harness.websocket import Client
from harness.wire import Connection

SITE = ROOT / "docker" / "nginx" / "spvn.conf"
NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
TRIED = "log_format tried '$request_method $status $upstream_addr';"
LONG_SECONDS = 3
PLENTY = "1h"


@dataclass(frozen=True)
class Load:
    """What comes while servers are replaced."""

    rate: int = 500
    posters: int = 4
    long: int = 4
    streams: int = 8
    sockets: int = 16


class Front:
    """nginx, which knows some of the servers."""

    def __init__(self, stack: ExitStack, ports: list[int], orderly: bool) -> None:
        self._folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        self.port = free_port()
        self._ports = ports
        self.orderly = orderly
        self._know(ports)
        http = f"{TRIED} include {self._folder}/upstream.conf; {self._site()}"
        self._process = stack.enter_context(nginx(self._folder, self.port, http, reloads=orderly))

    def _site(self) -> str:
        """As it is shipped, but for its port and a log."""
        site = SITE.read_text()
        assert "listen 8080;" in site
        log = f"access_log {self._folder}/tried tried;"
        return site.replace("listen 8080;", f"listen 127.0.0.1:{self.port}; {log}")

    def _know(self, ports: list[int]) -> None:
        known = " ".join(f"server 127.0.0.1:{each} max_fails=0;" for each in ports)
        kept = "keepalive 64; keepalive_timeout 60s;"
        (self._folder / "upstream.conf").write_text(
            f"upstream app {{ zone app 256k; {known} {kept} }}"
            f"upstream app_once {{ zone app_once 256k; {known} }}"
        )

    def without(self, number: int) -> None:
        """Told that a server is about to go, where that is orderly."""
        if self.orderly:
            self._reload([port for i, port in enumerate(self._ports) if i != number])

    def with_all(self) -> None:
        if self.orderly:
            self._reload(self._ports)

    def _reload(self, ports: list[int]) -> None:
        """Until the workers with the old configuration take nothing more."""
        self._know(ports)
        children = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children")
        old = children.read_text().split()
        self._process.send_signal(signal.SIGHUP)
        eventually(lambda: all(map(_leaves, old)), within=20, what="nginx to have reloaded")

    def tried(self) -> list[str]:
        """Method, status and servers of each request."""
        return (self._folder / "tried").read_text().splitlines()

    def causes(self, most: int = 20) -> str:
        """What nginx complains of, but for servers that refuse, which is what they do."""
        lines = (self._folder / "error.log").read_text().splitlines()
        return "\n".join([each for each in lines if "Connection refused" not in each][:most])


def _leaves(process: str) -> bool:
    try:
        return b"shutting down" in Path(f"/proc/{process}/cmdline").read_bytes()
    except OSError:
        return True


class Posters:
    """Threads that post over kept connections until they are told to end."""

    def __init__(self, port: int, count: int) -> None:
        self._port = port
        self._over = threading.Event()
        self._threads = [threading.Thread(target=self._run) for _ in range(count)]
        self._lock = threading.Lock()
        self.became: Counter[int | str] = Counter()
        for each in self._threads:
            each.start()

    def end(self) -> Counter[int | str]:
        self._over.set()
        for each in self._threads:
            each.join()
        return self.became

    def _run(self) -> None:
        seen: Counter[int | str] = Counter()
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=30)
        while not self._over.wait(0.01):
            seen[self._post(connection, os.urandom(256).hex().encode())] += 1
        connection.close()
        with self._lock:
            self.became += seen

    @staticmethod
    def _post(connection: http.client.HTTPConnection, data: bytes) -> int | str:
        """As others do it, a client looks whether its connection has been closed meanwhile."""
        try:
            if connection.sock and select.select([connection.sock], [], [], 0)[0]:
                connection.close()
            connection.request("POST", "/", body=data)
            response = connection.getresponse()
            same = response.read() == data
        except (OSError, http.client.HTTPException) as broken:
            connection.close()
            return type(broken).__name__
        return response.status if same or response.status != 200 else "another body"


@dataclass
class Replacement:
    """What a replacement took, and what it did to what was open."""

    stop_seconds: float = 0.0
    start_seconds: float = 0.0
    long: Counter[str] = field(default_factory=Counter)
    streams: Counter[str] = field(default_factory=Counter)
    sockets: Counter[str] = field(default_factory=Counter)
    complaints: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        told = ", ".join(
            f"{name} {dict(sorted(counts.items()))}"
            for name, counts in (
                ("long requests", self.long),
                ("event streams", self.streams),
                ("WebSockets", self.sockets),
            )
        )
        wrong = "".join(f"; {each}" for each in self.complaints)
        return f"stop {self.stop_seconds:.2f} s, start {self.start_seconds:.2f} s, {told}{wrong}"


class Opened:
    """What is open through nginx, to either server, while one of them is replaced."""

    def __init__(self, port: int, load: Load, pool: ThreadPoolExecutor) -> None:
        address = ("127.0.0.1", port)
        self._sockets = [
            Client(Connection(address, timeout=60), "/echo") for _ in range(load.sockets)
        ]
        self._streams = [Connection(address, timeout=60) for _ in range(load.streams)]
        for each in self._streams:
            each.send(b"GET /events HTTP/1.1\r\nHost: a\r\n\r\n")
            assert each.read_head().status == 200
            assert b"begun" in each.read_chunk()
        self._long = [pool.submit(self._ask_long, address) for _ in range(load.long)]
        self._ends = [pool.submit(self._end_of, each) for each in self._sockets]

    @staticmethod
    def _ask_long(address: tuple[str, int]) -> str:
        with Connection(address, timeout=60) as connection:
            return str(connection.ask(f"/?seconds={LONG_SECONDS}").status)

    @staticmethod
    def _end_of(socket: Client) -> str:
        return str(socket.read_close()[0])

    def tell(self, gone: Replacement) -> None:
        """After the server has ended: which are over, and how; the others have to work."""
        for end, socket in zip(self._ends, self._sockets, strict=True):
            gone.sockets[self._how(end, socket)] += 1
            socket.connection.close()
        for stream in self._streams:
            gone.streams[_ending(stream)] += 1
            stream.close()
        for each in self._long:
            gone.long[each.result(60)] += 1

    @staticmethod
    def _how(end: Future[str], socket: Client) -> str:
        """A socket to the other server says so by an end that the client asks for."""
        if not end.done():
            socket.close(1000)
        try:
            code = end.result(10)
        except AssertionError as broken:
            return type(broken).__name__
        return "goes on" if code == "1000" else code


def _ending(stream: Connection) -> str:
    if stream.silent(0.2):
        return "goes on"
    try:
        ended = b"ended" in stream.read_chunk() and stream.read_chunk() == b""
    except AssertionError as broken:
        return type(broken).__name__
    return "ended by the app" if ended else "wrong"


class Pair:
    """Two servers on ports of their own, and the numbers of their processes."""

    def __init__(self, command: Command, stack: ExitStack) -> None:
        self._command = command
        self.ports = [free_port(), free_port()]
        self._admins = [free_port(), free_port()]
        self._servers = [self._started(each) for each in (0, 1)]
        stack.callback(self._kill)

    def _kill(self) -> None:
        for each in self._servers:
            each.kill()

    def _started(self, number: int) -> Server:
        bind = f"127.0.0.1:{self.ports[number]}"
        admin = f"127.0.0.1:{self._admins[number]}"
        server = Server(self._command, "replica:app", "--admin-bind", admin, bind=bind, plain=True)
        server.start()
        assert Admin.of(server).ready()[0] == 200
        return server

    def stop(self, number: int, gone: Replacement) -> None:
        server = self._servers[number]
        began = time.monotonic()
        server.signal(signal.SIGTERM)
        if code := server.wait_exit(within=40):
            gone.complaints.append(f"exit code {code}\n{server.tail(2000)}")
        gone.stop_seconds = time.monotonic() - began
        server.check_clean()

    def restart(self, number: int, gone: Replacement) -> None:
        began = time.monotonic()
        self._servers[number] = self._started(number)
        gone.start_seconds = time.monotonic() - began


def replacement(pair: Pair, number: int, front: Front, load: Load) -> Replacement:
    gone = Replacement()
    with ThreadPoolExecutor(load.long + load.sockets) as pool:
        opened = Opened(front.port, load, pool)
        front.without(number)
        pair.stop(number, gone)
        opened.tell(gone)
    pair.restart(number, gone)
    front.with_all()
    gone.complaints += _wrong("long requests", gone.long, {"200"})
    gone.complaints += _wrong("event streams", gone.streams, {"goes on", "ended by the app"})
    gone.complaints += _wrong("WebSockets", gone.sockets, {"goes on", "1012"})
    return gone


def _wrong(what: str, counts: Counter[str], right: set[str]) -> list[str]:
    return [f"{count} {what}: {how}" for how, count in counts.items() if how not in right]


@contextmanager
def attacked(port: int, load: Load) -> Iterator[Attack]:
    options = ("--rate", str(load.rate), "-c", "32", "--duration", PLENTY, "--json")
    with Attack(f"http://127.0.0.1:{port}/", *options, "--no-warmup", "--no-progress") as attack:
        yield attack


def drill(command: Command, rounds: int, load: Load, orderly: bool) -> list[str]:
    """What is not as it must be; prints what is seen."""
    complaints: list[str] = []
    with ExitStack() as stack:
        pair = Pair(command, stack)
        front = Front(stack, pair.ports, orderly)
        posters = Posters(front.port, load.posters)
        stack.callback(posters.end)
        with attacked(front.port, load) as attack:
            for turn in range(2 * rounds):
                gone = replacement(pair, turn % 2, front, load)
                print(gone, flush=True)
                complaints += gone.complaints
            attack.process.send_signal(signal.SIGINT)
            report = attack.end(within=60).report
        complaints += _told(report, posters.end(), front, 2 * rounds)
    return complaints


def _told(
    report: dict[str, Any], posted: Counter[int | str], front: Front, replaced: int
) -> list[str]:
    """Of all requests."""
    again = Counter(line.split()[0] for line in front.tried() if "," in line)
    times = {each: report["latency_ms"][each] for each in ("p50", "p99", "max")}
    print(f"GET: {report['statuses']}, {report['errors']}; {times}")
    print(f"POST: {dict(posted)}")
    print(f"sent to the other server by nginx: {dict(again)}")
    failures = 0 if front.orderly else report["failures"]
    complaints = [f"{failures} GET without an answer"] if failures else []
    got = report["statuses"].items()
    complaints += [f"{count} GET: {status}" for status, count in got if status != "200"]
    if not front.orderly and posted[502] <= replaced:
        posted.pop(502, None)
    complaints += [f"{count} POST: {status}" for status, count in posted.items() if status != 200]
    if complaints:
        print(front.causes())
    return complaints if report["responses"] else [*complaints, "no GET was answered"]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("--rounds", type=int, default=5, help="replacements of both")
    parser.add_argument("--rate", type=int, default=Load.rate, help="GET a second")
    parser.add_argument("--posters", type=int, default=Load.posters, help="clients that post")
    parser.add_argument("--sockets", type=int, default=Load.sockets, help="WebSockets open")
    parser.add_argument("--orderly", action="store_true", help="nginx is told before and after")
    chosen = parser.parse_args()
    if NGINX is None:
        print("nginx is not installed")
        return 4
    load = Load(rate=chosen.rate, posters=chosen.posters, sockets=chosen.sockets)
    complaints = drill(Command(), chosen.rounds, load, chosen.orderly)
    print("\n".join(complaints or ["all is as it must be"]))
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
