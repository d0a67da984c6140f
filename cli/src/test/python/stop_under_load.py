"""Stop under load: SIGTERM while requests come at a fixed pace; none that was accepted may fail.

    python stop_under_load.py --rounds 20 --rate 2000 --connections 64

Starts the server anew in each round, and a process of clients that ask at a fixed pace over
keep-alive connections and go on until the server has ended. The app writes down the number of each
request that it is called with. Some time after the first of them, another one in each round, the
server gets its SIGTERM.

Judged bad: a request that the app saw and that has no whole, right answer at the client; an answer
that is cut short, is wrong or never comes; an exit code other than 0; a lifespan that did not end;
a stop that takes as long as the graceful timeout.

Told besides, since no server can avoid all of it: requests that were refused a connection, those
that were sent on a new connection and got no byte (unaccepted: it ended in the kernel's queue), and
those that were sent on a connection that had been used before and got no byte (unanswered: the
client asked while the server closed, the race that HTTP/1.1 has).
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from harness import pacer
from harness.apart import Apart
from harness.command import Command
from harness.server import CRASH, Server
from harness.tls import begin_run
from harness.waiting import eventually

GRACEFUL_SECONDS = 10
# uvicorn ends by the signal itself, once it has done its work.
GOOD_CODES = {True: (0,), False: (0, -15)}
TOLD = (pacer.REFUSED, pacer.UNACCEPTED, pacer.UNANSWERED)


@dataclass(frozen=True)
class Round:
    """What became of the requests of one round, and how the server ended."""

    saw: int
    became: dict[str, int]
    failed: list[int]
    examples: list[str]
    seconds: float
    complaints: list[str]

    def __str__(self) -> str:
        told = " ".join(f"{self.became[kind]} {kind}" for kind in TOLD)
        wrong = "; ".join(self.complaints)
        return (
            f"app saw {self.saw:>6,} answered {self.became[pacer.ANSWERED]:>6,}"
            f" failed {len(self.failed)} | {told} | stop {self.seconds:.2f} s {wrong}"
        )


def stop_round(command: Command, rate: float, width: int, after: float) -> Round:
    """One server, stopped once the app has seen so many seconds' worth of requests."""
    own = ("--graceful-timeout", f"{GRACEFUL_SECONDS}s")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        options = own if command.own else ()
        server = Server(command, "ordeal:app", *options, env={"FOLDER": name})
        server.start()
        try:
            return _stop(server, folder, rate, width, after)
        finally:
            server.kill()


def _stop(server: Server, folder: Path, rate: float, width: int, after: float) -> Round:
    assert isinstance(server.address, tuple)
    path = "/?id={id}"
    options = ("--rate", rate, "--connections", width)
    with Apart("pacer", *server.address, path, *options) as clients:
        enough = rate * after
        eventually(lambda: len(seen(folder)) >= enough, within=30 + 2 * after, what="load")
        began = time.monotonic()
        code = server.stop(within=GRACEFUL_SECONDS + 20)
        seconds = time.monotonic() - began
        found = clients.end()
    complaints = list(_about_end(server, folder, code, seconds))
    return judged(seen(folder), found, seconds, complaints)


def seen(folder: Path) -> list[int]:
    """The requests that the app was called with."""
    file = folder / "seen"
    # The last line is whole: the app writes each by one system call.
    return [int(line) for line in file.read_text().split()] if file.exists() else []


def _about_end(server: Server, folder: Path, code: int, seconds: float) -> list[str]:
    complaints = []
    if code not in GOOD_CODES[server.command.own]:
        complaints.append(f"exit code {code}")
    if seconds >= GRACEFUL_SECONDS:
        complaints.append("as long as the graceful timeout")
    if "shutdown" not in (folder / "lifespan").read_text().split():
        complaints.append("the lifespan did not end")
    if server.command.own and CRASH.search(server.log):
        complaints.append("a crash in the log")
    return complaints


def judged(saw: list[int], found: Any, seconds: float, complaints: list[str]) -> Round:
    became = {kind: len(numbers) for kind, numbers in found["became"].items()}
    failed = sorted(set(saw) - set(found["became"][pacer.ANSWERED]))
    if failed:
        complaints.append(f"{len(failed)} seen by the app and not answered: {failed[:5]}")
    if len(saw) != len(set(saw)):
        complaints.append("the app was called twice for one request")
    for kind in (pacer.WRONG, pacer.TRUNCATED, pacer.SILENT):
        if became[kind]:
            complaints.append(f"{became[kind]} {kind}: {found['examples']}")
    return Round(len(saw), became, failed, found["examples"], seconds, complaints)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--rate", type=float, default=2000.0, help="requests a second")
    parser.add_argument("--connections", type=int, default=64)
    parser.add_argument("--seed", type=int, default=1, help="of the moments of SIGTERM")
    parser.add_argument("--server-command", help="another server, as for the tests")
    parser.add_argument("--tls", action="store_true", help="everything goes through TLS")
    wanted = parser.parse_args()
    if wanted.tls:
        begin_run()
    chance = random.Random(wanted.seed)
    command = Command(wanted.server_command)
    rounds = []
    for number in range(1, wanted.rounds + 1):
        after = chance.uniform(0.7, 1.7)
        rounds.append(stop_round(command, wanted.rate, wanted.connections, after))
        print(f"round {number:>3}: {rounds[-1]}", flush=True)
    return summary(rounds)


def summary(rounds: list[Round]) -> int:
    bad = sum(bool(each.complaints) for each in rounds)
    told = ", ".join(f"{sum(each.became[kind] for each in rounds):,} {kind}" for kind in TOLD)
    print(
        f"{len(rounds)} rounds, {bad} bad; {sum(each.saw for each in rounds):,} requests accepted,"
        f" {sum(len(each.failed) for each in rounds)} of them failed; besides: {told};"
        f" longest stop {max(each.seconds for each in rounds):.2f} s"
    )
    return int(bad > 0)


if __name__ == "__main__":
    sys.exit(main())
