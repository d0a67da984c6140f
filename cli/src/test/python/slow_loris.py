"""Slow clients: thousands of connections trickle, while others must be served as if they were not.

    python slow_loris.py --connections 5000 --seconds 20

Measures the latency of others (a modest open-loop load) in turn without and with slow clients:

- heads that come at a byte a second, which the server cuts after `--timeout-header`;
- bodies that come at a byte a second, and bodies that stop coming (`--timeout-body`);
- readers that ask for an endless download and never read (`--timeout-write`).

Connections that are cut are opened again at once. Prints p50 and p99 of the others, and when slow
connections were cut.

Judged bad: a p99 of the others with slow clients, as the median of the passes, of more than
`--ratio` times that without; any failure of the others; a slow connection that is cut before its
time, or long after it (a body that trickles may stay). Servers without these options are judged by
the others alone.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median
from typing import Any

from harness.apart import Apart
from harness.beside import Latency, Load, others
from harness.command import Command
from harness.server import Server
from harness.vitals import answers
from harness.waiting import eventually

# The server's clock ticks every 50 ms; the client's is as late as its process.
EARLY = 0.15
LATE = 5.0
# Sockets of a server that has no clients.
FEW = 50
CUT = ("head", "stalled", "reader")
Counts = dict[str, int]


@dataclass(frozen=True)
class Slow:
    """What became of the slow clients of one pass."""

    told: dict[str, Any]
    downloads: list[float]

    def cuts(self, kind: str) -> list[float]:
        """After how many seconds connections were cut."""
        # A client that does not read does not see the end either, but the app does.
        cuts = self.downloads if kind == "reader" else self.told[kind]["cut_after"]
        assert isinstance(cuts, list)
        return cuts

    def __str__(self) -> str:
        return "; ".join(f"{kind}: {self._of(kind)}" for kind in self.told)

    def _of(self, kind: str) -> str:
        cuts, told = self.cuts(kind), self.told[kind]
        when = f" after {min(cuts):.2f} to {max(cuts):.2f} s" if cuts else ""
        answered = f", answered {told['answers']}" if told["answers"] else ""
        refused = f", {told['refused']} refused" if told["refused"] else ""
        return f"{told['opened']:,} opened, {len(cuts):,} cut{when}{answered}{refused}"

    def complaints(self, timeout: float) -> Iterator[str]:
        for kind in self.told:
            cuts = self.cuts(kind)
            if cuts and min(cuts) < timeout - EARLY:
                yield f"{kind}: cut after {min(cuts):.2f} s"
            if kind in CUT:
                latest = max([*cuts, self.told[kind]["oldest"] if kind != "reader" else 0.0])
                if latest > timeout + LATE:
                    yield f"{kind}: not cut after {latest:.2f} s"
                if not cuts:
                    yield f"{kind}: none was cut"


def serving(command: Command, timeout: float) -> Server:
    cut = [f"--timeout-{what}={timeout:g}s" for what in ("header", "body", "write")]
    return Server(command, "ordeal:app", *(cut if command.own else ()))


@contextmanager
def slow_clients(server: Server, counts: Counts, timeout: float) -> Iterator[Callable[[], Slow]]:
    """They are all there on entering; what is yielded ends them and tells what became of them."""
    assert isinstance(server.address, tuple)
    before = len(_downloads(server))
    arguments = [part for kind, count in counts.items() for part in (f"--{kind}", count)]
    # Over as long as they are let, so that they are cut evenly, too.
    with Apart("trickle", *server.address, "--over", timeout, *arguments) as clients:
        assert clients.line() == "open"

        def end() -> Slow:
            if server.command.own:
                assert clients.line(within=timeout + LATE) == "cut"
                eventually(
                    lambda: len(_downloads(server)) >= before + counts["reader"],
                    within=timeout + LATE,
                    what="clients that never read to be cut",
                )
            cut = _downloads(server)[before:]
            return Slow(clients.end(), cut)

        yield end


def _downloads(server: Server) -> list[float]:
    with server.connect() as connection:
        found = connection.ask("/tasks").json()["downloads"]
    assert isinstance(found, list)
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--connections", type=int, default=5000, help="with trickling heads")
    parser.add_argument("--bodies", type=int, default=200, help="trickling, and as many stalled")
    parser.add_argument("--readers", type=int, default=100)
    parser.add_argument("--seconds", type=float, default=20.0, help="of each pass")
    parser.add_argument("--passes", type=int, default=3, help="without and with slow clients")
    parser.add_argument("--timeout", type=float, default=10.0, help="for heads, bodies and writes")
    parser.add_argument("--rate", type=float, default=500.0, help="of the others, a second")
    parser.add_argument("--width", type=int, default=32, help="connections of the others")
    parser.add_argument("--ratio", type=float, default=2.0, help="allowed for the p99")
    parser.add_argument("--server-command", help="another server, as for the tests")
    wanted = parser.parse_args()
    bodies = wanted.bodies
    counts = {"head": wanted.connections, "body": bodies, "stalled": bodies}
    counts["reader"] = wanted.readers
    load = Load(wanted.rate, wanted.width)
    command = Command(wanted.server_command)
    with serving(command, wanted.timeout) as server:
        others(server, load, 5)  # the server's compilers warm up
        passes = [
            both(server, load, wanted.seconds, counts, wanted.timeout) for _ in range(wanted.passes)
        ]
        answers(server)
    return summary(passes, wanted.timeout, wanted.ratio, command.own)


def both(
    server: Server, load: Load, seconds: float, counts: Counts, timeout: float
) -> tuple[Latency, Latency, Slow]:
    """A pass without slow clients, and one with them."""
    without = others(server, load, seconds)
    print(f"without: {without}", flush=True)
    with slow_clients(server, counts, timeout) as end:
        beside = others(server, load, seconds)
        print(f"with:    {beside}", flush=True)
        slow = end()
    print(f"  {slow}", flush=True)
    eventually(lambda: server.open_sockets() < FEW, within=30, what="slow clients to be gone")
    return without, beside, slow


def summary(
    passes: list[tuple[Latency, Latency, Slow]], timeout: float, allowed: float, own: bool
) -> int:
    sides = [each[0] for each in passes], [each[1] for each in passes]
    p50 = [median(each.p50 for each in side) for side in sides]
    p99 = [median(each.p99 for each in side) for side in sides]
    ratio = p99[1] / p99[0]
    print(
        f"medians of {len(passes)}: p50 {p50[0]:.2f} ms without, {p50[1]:.2f} ms with;"
        f" p99 {p99[0]:.2f} ms without, {p99[1]:.2f} ms with; ratio {ratio:.2f}"
    )
    failures = [each.failures for side in sides for each in side if each.failures]
    complaints = [f"the others failed: {each}" for each in failures]
    if ratio > allowed:
        complaints.append(f"the p99 is {ratio:.2f} times as long")
    if own:
        complaints += [said for each in passes for said in each[2].complaints(timeout)]
    for complaint in complaints:
        print(complaint, file=sys.stderr)
    return int(bool(complaints))


if __name__ == "__main__":
    sys.exit(main())
