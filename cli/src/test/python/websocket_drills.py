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
import resource
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from harness import audience
from harness.admin import Admin
from harness.audience import Audience, Client, handshake
from harness.churn import churn
from harness.command import Command
from harness.drill import Found, Witness, address_of, left_behind, serving, told
from harness.floods import flood, floods
from harness.lost_net import LostNet
from harness.memory import descendants
from harness.server import CRASH, Server
from harness.tls import begin_run
from harness.waiting import eventually

GRACEFUL = 20
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
        return found


def _memory(server: Server) -> dict[str, float]:
    """MiB of the server's first process and of those of the app."""
    found = {"server": 0.0, "app": 0.0}
    for pid in [server.process.pid, *descendants(server.process.pid)]:
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                kind = "server" if pid == server.process.pid else "app"
                found[kind] += int(line.split()[1]) / 1024
    return found


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
    parser.add_argument("--tls", action="store_true", help="everything goes through TLS")
    wanted = parser.parse_args()
    if wanted.tls:
        begin_run()
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
