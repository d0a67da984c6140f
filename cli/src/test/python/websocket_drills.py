"""What a server does with many WebSockets when it stops, and with clients that are up to no good.

    python websocket_drills.py stop --clients 2000 --isolation process
    python websocket_drills.py floods
    python websocket_drills.py readers
    python websocket_drills.py vanished
    python websocket_drills.py idle --clients 10000
    python websocket_drills.py churn --minutes 10

stop       SIGTERM, or --how reload (SIGHUP) or killed (the worker, which is a process), while
           clients wait: each is told 1012, and so is the app.
floods     a million pings whose answers are not read, tiny fragments, empty fragments and messages,
           a bomb, a frame that announces more than it may have; others are served beside each.
readers    clients that read nothing while the app talks without an end: it waits, and they are cut.
vanished   clients that reset, and clients whose packets are dropped (needs root and `ip netns`).
idle       what an idle WebSocket costs, whose client answers pings and could inflate.
churn      clients that come, talk and leave in all ways, for minutes; the counts must agree.

Prints a line for each, and ends with 1 when something is not as it must be. After each nothing may
be left: no WebSocket, no bytes in the ledger, no socket, no call of the app.
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import signal
import struct
import sys
import threading
import time
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from harness import audience
from harness.admin import ANY_PORT, Admin
from harness.audience import Audience, Client, closing, frame, handshake
from harness.command import Command
from harness.lost_net import LostNet
from harness.memory import descendants
from harness.server import CRASH, Server
from harness.waiting import eventually

ACTIVE = "spvn_websockets_active"
HELD = "spvn_held_bytes"
GRACEFUL = 20
MILLION = 1_000_000


@dataclass
class Found:
    """What a drill has seen, and what of it is not as it must be."""

    text: str
    complaints: list[str] = field(default_factory=list)

    def unless(self, good: bool, complaint: str) -> None:
        if not good:
            self.complaints.append(complaint)


@contextmanager
def serving(command: Command, *options: str, bind: str = "127.0.0.1:0") -> Iterator[Server]:
    """The server of the drills' app; killed when something has failed."""
    more = ANY_PORT if command.own else ()
    server = Server(command, "sockets:app", *more, *options, bind=bind)
    try:
        server.start()
        yield server
    finally:
        server.kill()


def address_of(server: Server) -> tuple[str, int]:
    assert isinstance(server.address, tuple)
    return server.address


def told(server: Server) -> dict[str, object]:
    """What the app says of itself."""
    with server.connect() as connection:
        found = connection.ask("/told").json()
    assert isinstance(found, dict)
    return found


def left_behind(server: Server) -> list[str]:
    """What is still there once it should be gone."""

    def left() -> list[str]:
        found = [] if told(server)["open"] == 0 else ["calls of the app"]
        if server.command.own:
            seen = Admin.of(server).metrics()
            found += [name for name in (ACTIVE, HELD) if seen[name]]
        return found

    last: list[str] = []

    def nothing() -> bool:
        last[:] = left()
        return not last

    try:
        eventually(nothing, within=20, what="nothing left behind")
    except AssertionError:
        return [f"left behind: {', '.join(last)}"]
    return []


# ---- stop


def stop(command: Command, how: str, path: str, clients: int, polite: bool, *options: str) -> Found:
    """One server, told to end, to renew its workers, or whose worker is killed."""
    graceful = ("--graceful-timeout", f"{GRACEFUL}s") if command.own else ()
    with serving(command, *graceful, *options) as server, Audience(address_of(server)) as crowd:
        crowd.polite = polite
        if path == "/lobby":
            crowd.join(clients, path)
            eventually(lambda: told(server)["open"] == clients, within=30, what="all to wait")
        else:
            crowd.open(clients, path)
        began = time.monotonic()
        _strike(server, how)
        crowd.attend(crowd.all_ended, within=GRACEFUL + 10)
        ended = time.monotonic() - began
        found = Found("")
        if how == "stop":
            code = server.wait_exit(within=GRACEFUL + 20)
            found.unless(code == (0 if command.own else code), f"exit code {code}")
        else:
            found.complaints += left_behind(server)
        taken = time.monotonic() - began
        found.text = f"{path} {crowd.summary()}; clients {ended:.2f} s, all {taken:.2f} s"
        wanted = Counter({None if path == "/lobby" else 1012: clients})
        found.unless(crowd.codes() == wanted, "not all were told")
        found.unless(crowd.all_ended(), "not all ended")
        found.unless(not CRASH.search(server.log), "a crash in the log")
        if how != "killed":
            found.unless(" ERROR " not in server.log, "an error in the log")
        return found


def _strike(server: Server, how: str) -> None:
    if how == "stop":
        server.process.terminate()
    elif how == "reload":
        server.signal(signal.SIGHUP)
    else:
        os.kill(worker_process(server), signal.SIGKILL)


def worker_process(server: Server) -> int:
    """The process in which the app runs: of two that are forked it is the younger."""
    return max(descendants(server.process.pid))


# ---- beside


class Witness:
    """One who asks again and again beside a drill, and measures."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._ask)
        self.times: list[float] = []

    def __enter__(self) -> Witness:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _ask(self) -> None:
        with self._server.connect() as connection:
            while not self._over.wait(0.005):
                began = time.monotonic()
                connection.ask("/")
                self.times.append(time.monotonic() - began)

    def worst(self) -> str:
        times = sorted(self.times)
        if not times:
            return "nobody served"
        return (
            f"p50 {1000 * times[len(times) // 2]:.1f} ms,"
            f" p99 {1000 * times[int(len(times) * 0.99)]:.1f} ms of {len(times)}"
        )


def processor(server: Server) -> float:
    """Seconds of the processor that the server has taken."""
    ticks = 0
    for pid in [server.process.pid, *descendants(server.process.pid)]:
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


# ---- floods


@dataclass(frozen=True)
class Flood:
    """What a client sends without reading, in one piece or again and again."""

    first: bytes
    piece: bytes
    times: int
    codes: tuple[int | None, ...]  # that the server may end it with; None for not at all
    extensions: str | None = None


def bomb(length: int) -> bytes:
    """A compressed message of so many zeros."""
    deflater = zlib.compressobj(9, zlib.DEFLATED, -15)
    data = deflater.compress(bytes(length)) + deflater.flush(zlib.Z_SYNC_FLUSH)
    return frame(audience.BINARY, data[:-4], audience.FIN | audience.COMPRESSED)


def floods(count: int = MILLION) -> dict[str, Flood]:
    part = frame(audience.CONTINUATION, b"a", 0)
    nothing = frame(audience.CONTINUATION, b"", 0)
    begun = frame(audience.TEXT, b"a", 0)
    times = count // 1000
    huge = struct.pack(">BBQ", audience.FIN | audience.BINARY, 0x80 | 127, 1 << 62) + bytes(4)
    return {
        "pings": Flood(b"", frame(audience.PING, bytes(100)) * 1000, times, (None,)),
        "fragments": Flood(begun, part * 1000, times, (1008, 1009)),
        "empty fragments": Flood(begun, nothing * 1000, times, (1008, 1009)),
        "empty messages": Flood(b"", frame(audience.TEXT) * 1000, times, (None,)),
        "bomb": Flood(b"", bomb(1 << 28), 1, (1009,), audience.DEFLATE),
        "huge frame": Flood(huge, bytes(100_000), 1, (1009,)),
    }


def flood(server: Server, kind: Flood, path: str = "/listen") -> Found:
    """One flood, while others are served."""
    client = Client(address_of(server), handshake(path, kind.extensions), rcvbuf=4096)
    eventually(lambda: client.read() is not None and client.open, what="the WebSocket")
    before, began, rss = processor(server), time.monotonic(), server.rss_mib()
    sent = client.offer(kind.first, within=5)
    with Witness(server) as witness:
        for _ in range(kind.times):
            taken = client.offer(kind.piece, within=5)
            sent += taken
            if taken < len(kind.piece):
                break
        grown = server.rss_mib() - rss
    seconds = time.monotonic() - began
    wanted = kind.first + kind.piece
    whole = sent == len(kind.first) + kind.times * len(kind.piece)
    eventually(
        lambda: (client.read() or True) and (client.ended or kind.codes == (None,)),
        within=10,
        what=f"the end of {wanted[:10]!r}",
    )
    client.kill()
    found = Found(
        f"{sent:,} bytes{'' if whole else ' and no more'} in {seconds:.1f} s,"
        f" processor {processor(server) - before:.1f} s, memory +{grown:.0f} MiB,"
        f" closed with {client.code}, others {witness.worst()}"
    )
    found.unless(client.code in kind.codes or client.reset, f"closed with {client.code}")
    found.unless(grown < 200, "too much memory")
    found.complaints += left_behind(server)
    return found


# ---- readers


def readers(command: Command, clients: int, *options: str) -> Found:
    """The app talks without an end to clients that read nothing."""
    own = ("--timeout-write", "4s") if command.own else ()
    with serving(command, *own, *options) as server:
        first = handshake("/flood")
        crowd = [Client(address_of(server), first, rcvbuf=4096) for _ in range(clients)]
        eventually(lambda: told(server)["begun"] == clients, what="all to begin")
        rss = server.rss_mib()
        with Witness(server) as witness:
            time.sleep(2)  # in which more and more would be kept
            said, grown = told(server)["sent"], server.rss_mib() - rss
            time.sleep(0.5)
            still = told(server)["sent"] == said
            eventually(lambda: told(server)["open"] == 0, within=20, what="all to be cut")
        found = Found(
            f"{clients} that read nothing: {said} messages of 64 KiB, memory +{grown:.0f} MiB,"
            f" others {witness.worst()}"
        )
        found.unless(still, "send() did not wait")
        if command.own:
            key = 'spvn_refusals_total{reason="write_timeout"}'
            found.unless(Admin.of(server).metrics().get(key) == clients, "not counted")
        found.complaints += left_behind(server)
        for client in crowd:
            client.socket.close()
        return found


# ---- vanished


def vanished(command: Command, clients: int, *options: str) -> Found:
    """Some reset; the packets of others are lost, which only pings find out."""
    pings = ("--ws-ping-interval", "1s", "--ws-ping-timeout", "2s") if command.own else ()
    with (
        LostNet() as net,
        serving(command, *pings, *options, bind=f"{net.host}:0") as server,
        Audience(address_of(server)) as near,
    ):
        near.open(clients, "/listen")
        with net.inside():
            far = Audience(address_of(server))
            far.open(clients, "/listen")  # ended below, when it is lost
        for client in near.clients:
            client.kill()
        eventually(lambda: told(server)["open"] == clients, within=10, what="resets to be seen")
        far.attend(lambda: False, within=3)  # they answer pings
        alive = told(server)["open"] == clients
        began = time.monotonic()
        net.lose()
        eventually(lambda: told(server)["open"] == 0, within=20, what="the lost to be given up")
        seconds = time.monotonic() - began
        far.__exit__()
        codes = told(server)["codes"]
        found = Found(f"{clients} reset, {clients} lost: given up in {seconds:.1f} s, app {codes}")
        found.unless(alive, "who answers was given up")
        found.unless(codes == {"1006": 2 * clients}, "the app was told otherwise")
        found.complaints += left_behind(server)
        if command.own:
            eventually(
                lambda: Admin.of(server).metric("spvn_connections_active") <= 1,
                within=10,
                what="connections to be gone",
            )
        return found


# ---- idle


def idle(command: Command, clients: int, seconds: float, *options: str) -> Found:
    """What each of so many takes, once all have answered a ping."""
    pings = ("--ws-ping-interval", "3s") if command.own else ()
    with serving(command, *pings, *options) as server, Audience(address_of(server)) as crowd:
        crowd.open(200, "/listen", audience.DEFLATE)
        before = _memory(server)
        crowd.open(clients, "/listen", audience.DEFLATE)
        crowd.attend(lambda: False, within=seconds)
        after = _memory(server)
        each = {kind: (after[kind] - before[kind]) * 1024 / clients for kind in after}
        pings_heard = sum(client.heard[audience.PING] for client in crowd.clients)
        ended = sum(client.ended for client in crowd.clients)
        parts = ", ".join(f"{kind} {kib:.1f} KiB" for kind, kib in each.items())
        found = Found(f"{clients} idle: each {parts}; {pings_heard} pings answered, {ended} ended")
        found.unless(ended == 0, "idle clients were ended")
        if HEAP:
            _heap(server)
        return found


HEAP = os.environ.get("HEAP")


def _heap(server: Server) -> None:
    """The heap's histogram, where HEAP names the tool that prints one."""
    os.system(f"{HEAP} {server.process.pid} GC.class_histogram | head -60")


def _memory(server: Server) -> dict[str, float]:
    """MiB of the server's first process and of those of the app."""
    found = {"server": 0.0, "app": 0.0}
    for pid in [server.process.pid, *descendants(server.process.pid)]:
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                kind = "server" if pid == server.process.pid else "app"
                found[kind] += int(line.split()[1]) / 1024
    return found


# ---- churn


@dataclass
class Counts:
    """What the clients have done."""

    opened: int = 0
    messages: int = 0
    echoed: int = 0
    kinds: Counter[str] = field(default_factory=Counter)


def churn(command: Command, minutes: float, *options: str) -> Found:
    """Clients come, talk and leave, each in one of many ways."""
    with serving(command, *options) as server:
        counts, chance = Counts(), random.Random(7)
        address = address_of(server)
        ends = time.monotonic() + minutes * 60
        rss: list[float] = []
        looked = 0.0
        while time.monotonic() < ends:
            _visit(address, chance, counts)
            if time.monotonic() - looked > max(1.0, minutes):
                looked = time.monotonic()
                rss.append(server.rss_mib())
        found = Found("")
        found.complaints += left_behind(server)
        found.text = (
            f"{counts.opened} opened, {counts.messages} messages, {dict(counts.kinds)};"
            f" memory {' '.join(f'{each:.0f}' for each in rss[:: max(1, len(rss) // 12)])} MiB"
        )
        if command.own:
            found.complaints += _disagreements(server, counts)
        found.unless(not CRASH.search(server.log), "a crash in the log")
        found.unless(" ERROR " not in server.log, "an error in the log")
        return found


def _disagreements(server: Server, counts: Counts) -> Iterator[str]:
    seen = Admin.of(server).metrics()
    closes = sum(n for key, n in seen.items() if key.startswith("spvn_websocket_closes_total"))
    received = seen['spvn_websocket_messages_total{direction="received"}']
    if closes != counts.opened:
        yield f"{counts.opened} opened, {closes:g} counted as closed"
    if not counts.echoed <= received <= counts.messages:
        yield f"{counts.messages} sent, {received:g} counted as received"


def _visit(address: tuple[str, int], chance: random.Random, counts: Counts) -> None:
    deflate = audience.DEFLATE if chance.random() < 0.5 else None
    client = Client(address, handshake("/echo", deflate))
    _until(client, lambda: client.open)
    counts.opened += 1
    for _ in range(chance.randrange(6)):
        size = int(10 ** chance.uniform(0, 5.5))
        before = client.heard[audience.BINARY]
        client.send(frame(audience.BINARY, chance.randbytes(size)))
        counts.messages += 1
        _until(client, lambda before=before: client.heard[audience.BINARY] > before)  # type: ignore[misc]
        counts.echoed += 1
    kind = chance.choice(sorted(LEAVE))
    counts.kinds[kind] += 1
    LEAVE[kind](client)


def _until(client: Client, done: Callable[[], bool]) -> None:
    client.socket.settimeout(30)
    while not done():
        client.read()
        assert not client.ended, f"ended: {client.code}"


def _leave_by(data: bytes, code: int) -> Callable[[Client], None]:
    def leave(client: Client) -> None:
        client.send(data)
        _to_the_end(client)
        assert client.code == code, client.code
        client.socket.close()

    return leave


def _to_the_end(client: Client) -> None:
    client.socket.settimeout(30)
    while not client.ended:
        client.read()


def _kill_within_a_frame(client: Client) -> None:
    client.send(frame(audience.BINARY, bytes(1000))[:500])
    client.kill()


LEAVE: dict[str, Callable[[Client], None]] = {
    "close": _leave_by(closing(1000, "bye"), 1000),
    "own code": _leave_by(closing(4321), 4321),
    "no code": _leave_by(frame(audience.CLOSE), 1005),
    "broken rule": _leave_by(frame(3), 1002),
    "bad text": _leave_by(frame(audience.TEXT, b"\xff"), 1007),
    "end": lambda client: client.socket.close(),
    "reset": Client.kill,
    "reset within a frame": _kill_within_a_frame,
}


# ---- the program


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("drill", choices=DRILLS)
    parser.add_argument("--clients", type=int, default=2000)
    parser.add_argument("--how", choices=("stop", "reload", "killed"), default="stop")
    parser.add_argument("--isolation", default="main")
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--seconds", type=float, default=15.0, help="that idle ones are looked at")
    parser.add_argument("--server-command", help="another server, as for the tests")
    wanted = parser.parse_args()
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    bad = 0
    for name, found in DRILLS[wanted.drill](wanted):
        print(f"{name}: {found.text}", flush=True)
        for complaint in found.complaints:
            print(f"  {complaint}", file=sys.stderr)
        bad += len(found.complaints)
    return int(bool(bad))


def _how(wanted: argparse.Namespace) -> tuple[Command, tuple[str, ...]]:
    command = Command(wanted.server_command)
    return command, ("--isolation", wanted.isolation) if command.own else ()


def _stops(wanted: argparse.Namespace) -> Iterator[tuple[str, Found]]:
    command, options = _how(wanted)
    for path in ("/listen", "/deaf", "/lobby"):
        for polite in (True, False):
            if path == "/lobby" and (not polite or wanted.how != "stop"):
                continue
            count = min(wanted.clients, 200) if path == "/lobby" else wanted.clients
            name = f"{wanted.how} {'' if polite else 'rude clients '}{wanted.isolation}"
            yield name, stop(command, wanted.how, path, count, polite, *options)


def _floods(wanted: argparse.Namespace) -> Iterator[tuple[str, Found]]:
    command, options = _how(wanted)
    for name, kind in floods().items():
        with serving(command, *options) as server:
            told(server)
            yield name, flood(server, kind)


def _one(
    drill: Callable[..., Found], argument: str
) -> Callable[[argparse.Namespace], Iterator[tuple[str, Found]]]:
    def run(wanted: argparse.Namespace) -> Iterator[tuple[str, Found]]:
        command, options = _how(wanted)
        yield wanted.drill, drill(command, getattr(wanted, argument), *options)

    return run


def _idle(wanted: argparse.Namespace) -> Iterator[tuple[str, Found]]:
    command, options = _how(wanted)
    yield "idle", idle(command, wanted.clients, wanted.seconds, *options)


DRILLS: dict[str, Callable[[argparse.Namespace], Iterator[tuple[str, Found]]]] = {
    "stop": _stops,
    "floods": _floods,
    "readers": _one(readers, "clients"),
    "vanished": _one(vanished, "clients"),
    "idle": _idle,
    "churn": _one(churn, "minutes"),
}


if __name__ == "__main__":
    sys.exit(main())
