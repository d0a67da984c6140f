"""Knows what became of each request over HTTP/2: `python -m harness.h2_pacer`.

Some connections have many streams each, as load generators and browsers have them, and are good
clients: what a GOAWAY or REFUSED_STREAM says was not seen by the app is asked again, on a new
connection where need be. Ends when its standard input does, once all streams have ended, and prints
JSON. It measures no times.
"""

from __future__ import annotations

import argparse
import json
import select
import sys
import threading
import time
from collections import defaultdict
from contextlib import suppress

from harness import frames
from harness.http2 import Http2
from harness.wire import WireError

STDIN = 0
EXAMPLES = 5

# What may become of a request, by its number.
ANSWERED = "answered"  # 200, whole, with the body that was asked for
WRONG = "wrong"  # whole, but another status or body
RESET = "reset"  # by another code than REFUSED_STREAM
LOST = "lost"  # the connection ended, and no GOAWAY says that it was not seen
UNSENT = "unsent"  # not seen, as far as anybody said, and then no server could be reached
KINDS = (ANSWERED, WRONG, RESET, LOST, UNSENT)
STEP = 0.02
PATIENCE = 20.0


class Told:
    """What all connections share: numbers, what became of them, and the end."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._next = 0
        self.became: defaultdict[str, list[int]] = defaultdict(list)
        self.examples: list[str] = []
        self.again = 0
        self.connections = 0
        self.over = threading.Event()

    def number(self) -> int:
        with self._lock:
            self._next += 1
            return self._next

    def note(self, kind: str, number: int, example: str = "") -> None:
        with self._lock:
            self.became[kind].append(number)
            if example and len(self.examples) < EXAMPLES:
                self.examples.append(f"{number} {kind}: {example}")


class Line:
    """One connection after the other; each request waits here until it is answered, or given up."""

    def __init__(self, told: Told, address: tuple[str, int], tls: bool, width: int) -> None:
        self._told = told
        self._address = address
        self._tls = tls
        self._width = width
        self._waiting: list[int] = []
        self._open: dict[int, int] = {}  # numbers, by their stream

    def run(self, rate: float) -> None:
        """New requests at a pace, until it is over and all have ended."""
        while not (self._told.over.is_set() and not self._waiting):
            try:
                client = Http2(self._address, tls=self._tls, timeout=PATIENCE)
            except (OSError, AssertionError):
                if self._told.over.is_set():
                    break
                time.sleep(STEP)
                continue
            with client:
                self._told.connections += 1
                self._talk(client, rate)
        for number in self._waiting:
            self._told.note(UNSENT, number)

    def _talk(self, client: Http2, rate: float) -> None:
        """Until the connection is over, or there is nothing more to ask."""
        due = time.monotonic()
        failed = ""
        try:
            while not client.ended and (self._open or not self._done(client)):
                while not self._told.over.is_set() and time.monotonic() >= due:
                    due += 1 / rate
                    self._waiting.append(self._told.number())
                if client.greeted and not client.goaway:
                    self._ask(client)
                client.silent(min(STEP, max(0.001, due - time.monotonic())))
                self._take(client)
        except (OSError, WireError) as error:
            failed = f"{type(error).__name__}: {error}"
            self._drain(client)
        self._take(client)
        for stream, number in self._open.items():
            if not client.greeted or (client.goaway and stream > client.goaway.last):
                self._again(number)
            else:
                self._told.note(LOST, number, f"{failed}; {client.goaway}")
        self._open.clear()

    def _done(self, client: Http2) -> bool:
        return client.goaway is not None or (self._told.over.is_set() and not self._waiting)

    def _ask(self, client: Http2) -> None:
        most = min(self._width, client.peer.get(frames.MAX_CONCURRENT_STREAMS, self._width))
        while self._waiting and len(self._open) < most:
            number = self._waiting.pop(0)
            # Noted first: what cannot be sent as a whole may have been seen.
            self._open[client.next_stream] = number
            client.request(f"/?id={number}")

    def _drain(self, client: Http2) -> None:
        """What the server had said before it closed."""
        with suppress(OSError, WireError):
            client.await_end(within=2)

    def _take(self, client: Http2) -> None:
        for stream, number in list(self._open.items()):
            found = client.streams.get(stream)
            if found is None:
                continue
            if found.ended and found.head:
                good = (found.head.status, bytes(found.body)) == (200, b"%d" % number)
                self._told.note(ANSWERED if good else WRONG, number, "" if good else str(found))
            elif found.code == frames.REFUSED_STREAM:
                self._again(number)
            elif found.code is not None:
                self._told.note(RESET, number, frames.code_name(found.code))
            else:
                continue
            del self._open[stream], client.streams[stream]
        client.received.clear()

    def _again(self, number: int) -> None:
        self._told.again += 1
        self._waiting.append(number)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("host")
    parser.add_argument("port", type=int)
    parser.add_argument("--rate", type=float, required=True, help="requests a second, of all")
    parser.add_argument("--connections", type=int, required=True)
    parser.add_argument("--streams", type=int, default=50, help="of each connection, at most")
    parser.add_argument("--tls", action="store_true")
    options = parser.parse_args()
    told, address = Told(), (options.host, options.port)
    lines = [Line(told, address, options.tls, options.streams) for _ in range(options.connections)]
    rate = options.rate / options.connections
    threads = [threading.Thread(target=line.run, args=(rate,)) for line in lines]
    for thread in threads:
        thread.start()
    select.select([STDIN], [], [])
    told.over.set()
    for thread in threads:
        thread.join()
    became = {kind: told.became[kind] for kind in KINDS}
    counts = {"again": told.again, "connections": told.connections}
    json.dump({"became": became, "examples": told.examples, **counts}, sys.stdout)


if __name__ == "__main__":
    main()
