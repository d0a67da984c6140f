"""Sends the HTTP/1.1 hygiene probes to servers and prints their scores.

    python probe.py --target 127.0.0.1:8000         # a server that serves probe_app:app already
    python probe.py --server spvn --server 'NAME=COMMAND with {target} {app_dir} {host} {port}'

The second form starts each server in turn and ends with one table in Markdown.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from harness import probe_report
from harness.command import Command
from harness.probe_cases import Case, load
from harness.probe_run import Verdict, run
from harness.server import Server
from harness.waiting import eventually
from harness.wire import WireError

APP = "probe_app:app"


def main() -> int:
    options = arguments()
    cases = load(only=options.only)
    if not cases:
        print(f"no case matches {options.only!r}", file=sys.stderr)
        return 2
    if options.target:
        host, _, port = options.target.rpartition(":")
        verdicts = run(cases, (host.strip("[]"), int(port)))
        print(probe_report.text(verdicts, verbose=options.verbose))
        results = {str(options.target): verdicts}
    else:
        results = dict(probed(each, cases) for each in options.server)
        print(probe_report.markdown(results))
    if options.json:
        options.json.write_text(json.dumps(probe_report.plain(results), indent=1) + "\n")
    return 0 if all(each.passed for verdicts in results.values() for each in verdicts) else 1


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    servers = parser.add_mutually_exclusive_group(required=True)
    servers.add_argument("--target", metavar="HOST:PORT", help=f"a server that serves {APP}")
    servers.add_argument(
        "--server",
        action="append",
        metavar="NAME=COMMAND",
        help="a server to start, or only spvn for this checkout; repeatable",
    )
    parser.add_argument("--only", default="*", metavar="PATTERN", help="the cases with such ids")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all results there")
    parser.add_argument("-v", "--verbose", action="store_true", help="show what has passed, too")
    return parser.parse_args()


def probed(server: str, cases: list[Case]) -> tuple[str, list[Verdict]]:
    """Starts a server, probes it, and ends it."""
    name, _, template = server.partition("=")
    with Server(Command(template or None), APP) as started:
        eventually(lambda: answers(started), within=30, what=f"an answer of {name}")
        address = started.address
        assert not isinstance(address, str)
        return name, run(cases, address)


def answers(server: Server) -> bool:
    """A port can be open before the app is there."""
    try:
        with server.connect(timeout=2) as connection:
            return connection.ask("/ready").status == 200
    except (OSError, WireError):
        return False


if __name__ == "__main__":
    sys.exit(main())
