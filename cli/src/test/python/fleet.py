"""Fleets of clients are killed in the middle of everything; the server must return to its base.

    SPVN_JAVA_OPTS=-Xmx64m python fleet.py --rounds 200

In each round a few processes with tens of connections each are in the middle of uploads (with a
length and chunked), of downloads that they read or do not read, of waiting, of requests that stand
behind one that is not answered, and of heads. They are killed with SIGKILL at a random moment, and
a plain request is asked for at once.

Every `--every` rounds, and at the end, the server must come back to what it held after the rounds
of `--warm-up`: no task of the app goes on, as many sockets, descriptors and threads as then, and,
as spvn's own metrics say, no connection is open and no request in flight.

Judged bad: a server that does not come back in time, or that ends; a plain request without its
answer; a crash in the log; memory that grows by more than `--growth` from the first third of the
measurements to the last (see soak.py about memory and the limit of the heap).
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from typing import Any

from harness.admin import ANY_PORT, Admin
from harness.apart import Apart
from harness.command import Command
from harness.server import CRASH, Server
from harness.tls import begin_run
from harness.vitals import Vitals, answers, growth, settled, vitals
from harness.waiting import eventually

TARGET = "ordeal:app"
IN_HAND = ("spvn_connections_active", "spvn_requests_in_flight")
SETTLED_WITHIN = 30.0


@dataclass(frozen=True)
class Fleet:
    """How large each fleet is, and how many come before the base is taken."""

    processes: int
    connections: int
    warm_up: int


class Harbour:
    """A server that fleets come to, and what it held before they did."""

    def __init__(self, server: Server, admin: Admin | None) -> None:
        self.server = server
        self._admin = admin
        self._base = vitals(server)
        answers(server)

    def raid(self, fleet: Fleet, chance: random.Random) -> None:
        """A fleet comes, is killed, and a plain request is answered."""
        assert isinstance(self.server.address, tuple)
        with ExitStack() as stack:
            crews = [
                stack.enter_context(Apart("crew", *self.server.address, fleet.connections))
                for _ in range(fleet.processes)
            ]
            if chance.random() < 0.8:
                there = [crew.line() for crew in crews]
                assert all(there), f"a crew could not begin: {there}"
            time.sleep(chance.uniform(0, 0.2))  # the moment is what is random
        answers(self.server)

    def rebase(self) -> None:
        """What is held now is the base, but for sockets: all clients are to be gone."""
        eventually(self._all_gone, within=SETTLED_WITHIN, what="the first fleets to be gone")
        self._base = replace(vitals(self.server), sockets=self._base.sockets)

    def settle(self) -> Vitals:
        return settled(self.server, self._base, self._all_gone, SETTLED_WITHIN)

    def left(self) -> int:
        """How many clients the app has seen leave."""
        return int(self._tasks()["left"])

    def _all_gone(self) -> bool:
        # In this order: the connection that asks for the tasks is a connection, too.
        if self._admin and any(map(self._admin.metrics().__getitem__, IN_HAND)):
            return False
        tasks = self._tasks()
        return tasks["begun"] == tasks["ended"] and self._sockets_back()

    def _sockets_back(self) -> bool:
        return self.server.open_sockets() <= self._base.sockets

    def _tasks(self) -> Any:
        with self.server.connect() as connection:
            return connection.ask("/tasks").json()


@contextmanager
def harbour(command: Command) -> Iterator[Harbour]:
    server = Server(command, TARGET, *(ANY_PORT if command.own else ()))
    server.start()
    try:
        yield Harbour(server, Admin.of(server) if command.own else None)
    finally:
        server.kill()


@dataclass(frozen=True)
class Settled:
    """One line of the report."""

    rounds: int
    seconds: float
    left: int
    vitals: Vitals

    def __str__(self) -> str:
        return (
            f"{self.rounds:>5} rounds {self.left:>7,} clients left the app"
            f" | back in {self.seconds:5.2f} s: {self.vitals}"
        )


def raids(place: Harbour, rounds: int, every: int, fleet: Fleet, seed: int) -> Iterator[Settled]:
    """The rounds; a measurement after every few of them, once the server is back at its base."""
    chance = random.Random(seed)
    for _ in range(fleet.warm_up):
        place.raid(fleet, chance)
    place.rebase()
    for number in range(1, rounds + 1):
        place.raid(fleet, chance)
        if number % every == 0 or number == rounds:
            began = time.monotonic()
            now = place.settle()
            yield Settled(number, time.monotonic() - began, place.left(), now)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--warm-up", type=int, default=50, help="rounds before: pools fill")
    parser.add_argument("--every", type=int, default=20, help="rounds between measurements")
    parser.add_argument("--processes", type=int, default=2, help="of clients, in each round")
    parser.add_argument("--connections", type=int, default=36, help="of each process")
    parser.add_argument("--growth", type=float, default=0.1, help="allowed, of the memory")
    parser.add_argument("--seed", type=int, default=1, help="of the moments")
    parser.add_argument("--server-command", help="another server, as for the tests")
    parser.add_argument("--tls", action="store_true", help="everything goes through TLS")
    wanted = parser.parse_args()
    if wanted.tls:
        begin_run()
    fleet = Fleet(wanted.processes, wanted.connections, wanted.warm_up)
    lines: list[Settled] = []
    complaints: list[str] = []
    with harbour(Command(wanted.server_command)) as place:
        try:
            for line in raids(place, wanted.rounds, wanted.every, fleet, wanted.seed):
                lines.append(line)
                print(line, flush=True)
        except (AssertionError, OSError) as failure:
            complaints.append(f"{type(failure).__name__}: {failure}")
        if not place.server.alive or CRASH.search(place.server.log):
            complaints.append(f"it ended or crashed\n{place.server.tail(2000)}")
    return summary(lines, complaints, fleet, wanted.growth)


def summary(lines: list[Settled], complaints: list[str], fleet: Fleet, allowed: float) -> int:
    grown = growth([line.vitals.rss_mib for line in lines]) if lines else 0.0
    if grown > allowed:
        complaints.append(f"memory grew by {grown:.1%}")
    rounds = lines[-1].rounds if lines else 0
    killed = rounds * fleet.processes * fleet.connections
    print(f"{rounds} rounds, {killed:,} connections killed; memory grew by {grown:.1%}")
    for complaint in complaints:
        print(complaint, file=sys.stderr)
    return int(bool(complaints))


if __name__ == "__main__":
    sys.exit(main())
