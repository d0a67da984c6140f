"""What clients of HTTPS notice of others that stop in the handshake, and of exchanged certificates.

    python tls_drills.py stalled --clients 2000
    python tls_drills.py exchange --seconds 60

stalled    clients connect and stop, half of them before they say anything, half after their
           ClientHello; each is cut at `--timeout-handshake` and comes again. Others have both new
           connections and kept ones, and are measured without them and beside them.
exchange   the files of the certificate are exchanged, and SIGHUP comes in between, while others ask
           a thousand times a second; none may fail, and new connections must see each certificate.

Prints a line for each, and ends with 1 when something is not as it must be. How long others wait is
printed, and not judged.
"""

from __future__ import annotations

import argparse
import math
import resource
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from harness.admin import ANY_PORT, Admin
from harness.apart import Apart
from harness.command import Command
from harness.drill import Found
from harness.encrypted import connect, name_of, tcp, total
from harness.server import Server
from harness.tls import Authority, Pair, put, trusting
from harness.tls_pacer import Pace
from harness.vitals import settled, vitals
from harness.waiting import eventually

TARGET = "conformance.main:app"
HELD = "spvn_held_bytes"
LATE = 'spvn_refusals_total{reason="handshake_timeout"}'
TIMED_OUT = 'spvn_tls_handshakes_total{outcome="failed",reason="timeout"'
# The server's clock ticks every 50 ms; the client's is as late as its process.
EARLY = 0.15
BEHIND = 5.0


@contextmanager
def good_clients(server: Server, pace: Pace) -> Iterator[Apart]:
    how = ("--rate", pace.rate, "--every", pace.every, "--connections", pace.connections)
    with Apart("tls_pacer", *tcp(server), *how) as clients:
        assert clients.line() == "begun"
        yield clients


def measured(server: Server, pace: Pace, seconds: float) -> dict[str, Any]:
    with good_clients(server, pace) as clients:
        time.sleep(seconds)
        found = clients.end()
    assert isinstance(found, dict)
    return found


def waited(told: dict[str, Any]) -> str:
    return ", ".join(
        f"{kind} {told[kind]['answers']:,} p50 {told[kind].get('p50', math.nan):.1f}"
        f" p99 {told[kind].get('p99', math.nan):.1f} max {told[kind].get('max', math.nan):.1f} ms"
        for kind in ("kept", "new")
    )


# ---- who stops in the handshake


@dataclass(frozen=True)
class Stalling:
    """How many clients stop, for how long there are as many, and when they are to be cut.

    They come over so long at first.
    """

    clients: int
    seconds: float
    timeout: float
    over: float


def stalled(command: Command, pair: Pair, how: Stalling, pace: Pace) -> Found:
    options = (*pair.options, *ANY_PORT, "--timeout-handshake", f"{how.timeout:g}s")
    with Server(command, TARGET, *options) as server:
        measured(server, pace, min(5.0, how.seconds))  # the server's compilers warm up
        without = measured(server, pace, how.seconds)
        base, held = vitals(server), Admin.of(server).metric(HELD)
        half = how.clients // 2
        asked = ("--silent", half, "--hello", half, "--over", how.over)
        with Apart("trickle", *tcp(server), *asked) as clients:
            assert clients.line() == "open"
            everybody = base.sockets + 2 * half
            eventually(lambda: server.open_sockets() >= everybody, what="all to be accepted")
            during, most = vitals(server), Admin.of(server).metric(HELD)
            beside = measured(server, pace, how.seconds)
            assert clients.line(within=how.timeout + BEHIND) == "cut"
            told = clients.end()
        after = settled(server, base, lambda: Admin.of(server).metric(HELD) <= held, within=30)
        found = Found(
            f"others without: {waited(without)}\n  others beside {2 * half:,}: {waited(beside)}\n"
            f"  server before: {base}, {held:,.0f} held; with them: {during}, {most:,.0f} held;"
            f" after: {after}"
        )
        judge_cuts(found, told, how)
        judge_counts(found, server, told, half)
        for each in (without, beside):
            found.unless(not each["failures"], f"others failed: {each['failures']}")
    return found


def judge_cuts(found: Found, told: dict[str, Any], how: Stalling) -> None:
    for kind, each in told.items():
        cuts = each["cut_after"]
        found.text += f"\n  {kind}: {each['opened']:,} opened, {len(cuts):,} cut after"
        found.text += f" {min(cuts):.2f} to {max(cuts):.2f} s" if cuts else " nothing"
        oldest = max([each["oldest"], *cuts])
        found.unless(not each["refused"], f"{kind}: {each['refused']} refused")
        found.unless(bool(cuts), f"{kind}: none was cut")
        found.unless(min(cuts, default=math.inf) >= how.timeout - EARLY, f"{kind}: cut too early")
        found.unless(oldest <= how.timeout + BEHIND, f"{kind}: not cut after {oldest:.2f} s")


def judge_counts(found: Found, server: Server, told: dict[str, Any], half: int) -> None:
    """Those that were open when the clients ended may have been cut at the same moment."""
    cut = {kind: len(each["cut_after"]) for kind, each in told.items()}
    admin = Admin.of(server)
    refused, late = admin.metric(LATE), total(admin, TIMED_OUT)
    found.text += f"\n  counted: {refused:,.0f} handshake_timeout, {late:,.0f} of them had begun"
    found.unless(sum(cut.values()) <= refused <= sum(cut.values()) + 2 * half, f"of {cut}")
    found.unless(cut["hello"] <= late <= cut["hello"] + half, f"of {cut}")


# ---- certificates that are exchanged


@dataclass(frozen=True)
class Exchange:
    times: int
    hangups: int
    seconds: float


def exchange(command: Command, folder: Path, how: Exchange, pace: Pace) -> Found:
    authority = Authority(folder / "authority")
    pairs = [authority.pair(f"n{n}", f"n{n}.test") for n in range(how.times + 1)]
    here = Pair(folder / "tls.crt", folder / "tls.key")
    put(pairs[0], here)
    with Server(command, TARGET, *here.options, *ANY_PORT) as server:
        measured(server, pace, min(5.0, how.seconds))
        waits = []
        with good_clients(server, pace) as clients:
            for number in range(1, how.times + 1):
                begun = time.monotonic()
                put(pairs[number], here)
                waits.append(seen(server, f"n{number}.test") - begun)
                if number * how.hangups % how.times < how.hangups:
                    server.signal(signal.SIGHUP)
                time.sleep(max(0.0, begun + how.seconds / how.times - time.monotonic()))
            told = clients.end()
        found = Found(
            f"{how.times} exchanges, seen after {min(waits):.2f} to {max(waits):.2f} s;"
            f" {len(told['certificates'])} certificates seen by others: {waited(told)}"
        )
        found.unless(not told["failures"], f"others failed: {told['failures']}")
        found.unless(len(told["certificates"]) == len(pairs), "not all certificates were seen")
        hangups = server.log.count("asked for by SIGHUP, read anew")
        found.unless(hangups == how.hangups, f"{hangups} times read anew at SIGHUP")
        for line in (each for each in server.log.splitlines() if "cannot be used" in each):
            found.text += f"\n  {line}"
    return found


def seen(server: Server, name: str) -> float:
    """When a new connection has been shown the certificate of this name."""

    def shown() -> bool:
        with connect(server, trusting()) as connection:
            return name_of(connection) == name

    eventually(shown, within=10, what=f"the certificate of {name}")
    return time.monotonic()


# ---- the program


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("drill", choices=("stalled", "exchange"))
    parser.add_argument("--clients", type=int, default=2000)
    parser.add_argument("--seconds", type=float, default=30.0, help="of each pass")
    parser.add_argument("--timeout", type=float, default=10.0, help="for handshakes")
    parser.add_argument("--over", type=float, default=10.0, help="seconds in which they come")
    parser.add_argument("--rate", type=float, help="of the others; 200, or 1000 with exchanges")
    parser.add_argument("--kind", choices=("ec", "rsa"), default="ec", help="of the key")
    wanted = parser.parse_args()
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    with tempfile.TemporaryDirectory() as folder:
        if wanted.drill == "stalled":
            pair = Authority(Path(folder)).pair("server", kind=wanted.kind)
            how = Stalling(wanted.clients, wanted.seconds, wanted.timeout, wanted.over)
            found = stalled(Command(), pair, how, Pace(wanted.rate or 200, every=2))
        else:
            times = Exchange(times=20, hangups=5, seconds=wanted.seconds)
            found = exchange(Command(), Path(folder), times, Pace(wanted.rate or 1000, every=10))
    print(f"{wanted.drill}: {found.text}")
    for complaint in found.complaints:
        print(f"  {complaint}", file=sys.stderr)
    return int(bool(found.complaints))


if __name__ == "__main__":
    sys.exit(main())
