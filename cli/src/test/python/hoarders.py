"""Clients that make the server hold as much as they can, while others must be served.

    python hoarders.py --heads 20000 --uploads 2000
    SPVN_JAVA_OPTS=-Xmx64m python hoarders.py --heads 2000 --uploads 200

Thousands of connections send a head of 60 KB that does not end, others begin an upload and go on
with it slowly: much more than the heap has room for. They are opened evenly over `--over` seconds
and stay until the end, or until the server ends them. Beside them runs a modest open-loop load from
beginning to end. Prints the latency of these others, and what became of the hoarders.

Judged bad: a server that ends; a p99 of the others above `--p99` milliseconds, or any failure of
theirs; anything still held once the hoarders are gone (`spvn_held_bytes`).
"""

from __future__ import annotations

import argparse
import sys
import time
from dataclasses import dataclass

from harness.admin import ANY_PORT, Admin
from harness.apart import Apart
from harness.beside import Latency, Load, Others, others
from harness.command import Command
from harness.server import Server
from harness.vitals import answers
from harness.waiting import eventually
from slow_loris import FEW


@dataclass(frozen=True)
class Hoard:
    """How many come, in how many seconds, and how long they stay after that."""

    heads: int
    uploads: int
    over: float
    stay: float


@dataclass(frozen=True)
class Siege:
    """What was seen: of the others, of the most that was held, and of the hoarders."""

    beside: Latency
    most_held: float
    hoarders: str


def serving(command: Command) -> Server:
    return Server(command, "ordeal:app", *(ANY_PORT if command.own else ()))


def siege(server: Server, hoard: Hoard, load: Load) -> Siege:
    assert isinstance(server.address, tuple)
    asked = ("--hoard", hoard.heads, "--upload", hoard.uploads, "--over", hoard.over, "--once")
    most = 0.0
    with (
        Others(server, load) as clients,
        Apart("trickle", *server.address, *asked) as hoarders,
    ):
        assert hoarders.line(within=hoard.over + 60) == "open"
        ends = time.monotonic() + hoard.stay
        while time.monotonic() < ends:
            most = max(most, held(server))
            time.sleep(0.5)  # between two looks
        beside = clients.end()
        told = hoarders.end()
    return Siege(beside, most, "; ".join(f"{kind}: {_told(each)}" for kind, each in told.items()))


def _told(told: dict[str, object]) -> str:
    cut = told["cut_after"]
    assert isinstance(cut, list)
    return f"{told['opened']} opened, {len(cut)} ended by the server, {told['answers']}"


def held(server: Server) -> float:
    return Admin.of(server).metric("spvn_held_bytes") if server.command.own else 0.0


def given_back(server: Server) -> None:
    eventually(lambda: server.open_sockets() < FEW, within=60, what="hoarders to be gone")
    eventually(lambda: held(server) == 0, within=30, what="all that was held to be given back")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--heads", type=int, default=20_000)
    parser.add_argument("--uploads", type=int, default=2_000)
    parser.add_argument("--over", type=float, default=20.0, help="seconds in which they come")
    parser.add_argument("--stay", type=float, default=15.0, help="seconds that they stay then")
    parser.add_argument("--rate", type=float, default=500.0, help="of the others, a second")
    parser.add_argument("--width", type=int, default=32, help="connections of the others")
    parser.add_argument("--p99", type=float, default=250.0, help="milliseconds allowed")
    parser.add_argument("--server-command", help="another server, as for the tests")
    wanted = parser.parse_args()
    command = Command(wanted.server_command)
    load = Load(wanted.rate, wanted.width)
    hoard = Hoard(wanted.heads, wanted.uploads, wanted.over, wanted.stay)
    with serving(command) as server:
        others(server, load, 5)  # the server's compilers warm up
        found = siege(server, hoard, load)
        print(f"others: {found.beside}, held at the most {found.most_held / 1e6:.0f} MB")
        print(f"  {found.hoarders}", flush=True)
        given_back(server)
        answers(server)
    return judged(found, wanted.p99)


def judged(found: Siege, allowed: float) -> int:
    complaints = []
    if found.beside.failures:
        complaints.append(f"the others failed: {found.beside.failures}")
    if found.beside.p99 > allowed:
        complaints.append(f"the others' p99 is above {allowed:g} ms")
    for complaint in complaints:
        print(complaint, file=sys.stderr)
    return int(bool(complaints))


if __name__ == "__main__":
    sys.exit(main())
