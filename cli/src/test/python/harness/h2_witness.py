"""Asks again and again over one HTTP/2 connection, and measures: `python -m harness.h2_witness`.

A process of its own, so that who floods beside it takes none of its time. Ends when its standard
input does and prints the times of the answers, in milliseconds, and what went wrong. A connection
that is ended is made anew.
"""

from __future__ import annotations

import argparse
import json
import select
import sys
import time

from harness.http2 import Http2

STDIN = 0
PAUSE = 0.005
PATIENCE = 5.0


class Witness:
    def __init__(self, address: tuple[str, int], tls: bool) -> None:
        self._address = address
        self._tls = tls
        self.times: list[float] = []
        self.wrong: list[str] = []

    def watch(self) -> None:
        """Over one connection, until it fails or this is told to end."""
        with Http2(self._address, tls=self._tls, timeout=PATIENCE) as client:
            while not told_to_end(PAUSE):
                began = time.perf_counter()
                answer = client.ask("/")
                self.times.append(1000 * (time.perf_counter() - began))
                client.streams.clear()
                client.received.clear()
                if answer.status != 200:
                    self.wrong.append(str(answer.status))

    def run(self) -> None:
        while not told_to_end(0):
            began = time.perf_counter()
            try:
                self.watch()
            except (OSError, AssertionError) as failed:
                self.times.append(1000 * (time.perf_counter() - began))
                self.wrong.append(f"{type(failed).__name__}: {failed}"[:200])
                told_to_end(0.1)


def told_to_end(within: float) -> bool:
    return bool(select.select([STDIN], [], [], within)[0])


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("host")
    parser.add_argument("port", type=int)
    parser.add_argument("--tls", action="store_true")
    options = parser.parse_args()
    print("begins", flush=True)
    witness = Witness((options.host, options.port), options.tls)
    witness.run()
    json.dump({"times": witness.times, "wrong": witness.wrong}, sys.stdout)


if __name__ == "__main__":
    main()
