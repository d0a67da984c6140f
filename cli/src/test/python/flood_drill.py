"""Floods of HTTP/2 frames against a server: how each ends, and what it costs the server and others.

    python flood_drill.py [--seconds 10] [--only PING] [--tls]
    python flood_drill.py --server spvn --server 'NAME=COMMAND {target} {app_dir} {host} {port}'

Each flood has a server of its own, is bounded in time, and runs beside a client that asks over
another connection. Prints a table for each server: how the server ended the flood (GOAWAY with its
code, closed, or served on until the time was over), memory of the server in MiB before and at most,
and how long the other client waited. What is slow or idle is ended by the server's time-outs, where
it has any that are shorter than the flood.

Ends with 1 when a server has ended by itself, or the other client was not served.
"""

from __future__ import annotations

import argparse
import sys

from harness.command import Command
from harness.h2_flooding import Outcome, flooded
from harness.h2_floods import FLOODS, Flood
from harness.server import Server
from harness.tls import begin_run

TARGET = "multiplexed:app"
OWN = "spvn"
COLUMNS = ("flood", "how it ends", "memory, MiB", "the other client")


def server_of(text: str) -> tuple[str, Command]:
    name, _, template = text.partition("=")
    return name, Command(template or None)


def run(command: Command, flood: Flood, seconds: float, options: list[str]) -> Outcome | None:
    """Nothing when the server has ended by itself."""
    server = Server(command, TARGET, *(options if command.own else ()))
    try:
        server.start()
        found = flooded(server, flood, seconds)
        return found if server.alive else None
    finally:
        server.kill()


def row(*cells: str) -> None:
    print(f"| {' | '.join(cells)} |", flush=True)


def drill(name: str, command: Command, floods: list[Flood], asked: argparse.Namespace) -> bool:
    """Prints the table; whether all was well."""
    good = True
    print(f"\n{name}, floods of at most {asked.seconds:g} s{', TLS' if asked.tls else ''}\n")
    row(*COLUMNS)
    row(*("---" for _ in COLUMNS))
    for flood in floods:
        found = run(command, flood, asked.seconds, asked.option)
        if found is None:
            row(flood.name, "the server has ended", "", "")
        else:
            row(*found.row)
        good &= found is not None and not found.wrong
    return good


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--server", action="append", help="NAME=COMMAND; `spvn` is our own")
    parser.add_argument("--only", action="append", help="floods whose names have this in them")
    parser.add_argument("--seconds", type=float, default=10.0, help="for one flood")
    parser.add_argument("--option", action="append", default=[], help="of spvn, such as --http=2")
    parser.add_argument("--tls", action="store_true", help="everything goes through TLS")
    asked = parser.parse_args()
    if asked.tls:
        begin_run()
    wanted = asked.only or [""]
    floods = [each for each in FLOODS if any(part in each.name for part in wanted)]
    servers = [server_of(text) for text in asked.server or [OWN]]
    good = [drill(name, command, floods, asked) for name, command in servers]
    return int(not all(good))


if __name__ == "__main__":
    sys.exit(main())
