"""Good clients of HTTPS at a fixed pace, in a process of its own: `python -m harness.tls_pacer`.

Requests are due at a fixed pace, whatever becomes of those before them. One in `--every` goes over
a new connection, with a full handshake, the others over connections that are kept. Prints `begun`
when all kept ones are there. Ends when its standard input does, and prints JSON: for both sides the
milliseconds from when a request was due to its answer, what failed, and the certificates that were
seen, by their digests, in the order in which they were seen first.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import socket
import ssl
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from harness.pacer import parse
from harness.tls import trusting
from harness.wire import request

WITHIN = 10.0
KEPT, NEW = "kept", "new"
PLAIN = request("/")
LAST = request("/", "Connection: close")


class Caller:
    """One connection that is kept."""

    def __init__(self, address: tuple[str, int], context: ssl.SSLContext) -> None:
        plain = socket.create_connection(address, timeout=WITHIN)
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._tls = context.wrap_socket(plain, server_hostname="localhost")

    def ask(self, said: bytes) -> None:
        self._tls.sendall(said)
        data = bytearray()
        while (answer := parse(data)) is None:
            piece = self._tls.recv(65_536)
            assert piece, f"ended after {bytes(data)!r}"
            data += piece
        assert answer.status == 200, bytes(data)

    def certificate(self) -> str:
        return hashlib.sha256(self._tls.getpeercert(binary_form=True) or b"").hexdigest()[:16]

    def close(self) -> None:
        self._tls.close()


@dataclass(frozen=True)
class Pace:
    """Requests a second, of which one in `every` is by a new connection, and how many are kept."""

    rate: float
    every: int
    connections: int = 16

    def of(self, kind: str) -> float:
        anew = self.rate / self.every
        return anew if kind == NEW else self.rate - anew


class Callers:
    """A thread for each connection that is kept, and as many for new ones.

    So those that wait for a handshake hold up no request on a connection that is there.
    """

    def __init__(self, address: tuple[str, int], pace: Pace) -> None:
        self._address = address
        self._pace = pace
        self._context = trusting()
        self._kept = [Caller(address, self._context) for _ in range(pace.connections)]
        self._lock = threading.Lock()
        self._numbered = {KEPT: 0, NEW: 0}
        self._over = False
        self._times: dict[str, list[float]] = {KEPT: [], NEW: []}
        self._failures: Counter[str] = Counter()
        self._certificates: dict[str, None] = {}

    def run(self) -> dict[str, Any]:
        self._started = time.monotonic()
        threads = [threading.Thread(target=self._keep_asking, args=(each,)) for each in self._kept]
        threads += [threading.Thread(target=self._keep_coming) for _ in self._kept]
        for each in threads:
            each.start()
        print("begun", flush=True)
        sys.stdin.read()
        self._over = True
        for each in threads:
            each.join()
        found: dict[str, Any] = {kind: summary(times) for kind, times in self._times.items()}
        return found | {"failures": self._failures, "certificates": list(self._certificates)}

    def _keep_asking(self, caller: Caller) -> None:
        for due in self._dues(KEPT):
            if not self._answered(KEPT, due, partial(caller.ask, PLAIN)):
                caller = Caller(self._address, self._context)

    def _keep_coming(self) -> None:
        for due in self._dues(NEW):
            self._answered(NEW, due, self._come)

    def _dues(self, kind: str) -> Iterator[float]:
        """Waits for each moment at which a request of this kind is due, until all is over."""
        while not self._over:
            with self._lock:
                number = self._numbered[kind]
                self._numbered[kind] += 1
            due = self._started + number / self._pace.of(kind)
            time.sleep(max(0.0, due - time.monotonic()))
            yield due

    def _answered(self, kind: str, due: float, ask: Callable[[], None]) -> bool:
        try:
            ask()
        except (OSError, AssertionError) as failure:
            self._failures[f"{kind}: {failure!r}"] += 1
            return False
        self._times[kind].append((time.monotonic() - due) * 1000)
        return True

    def _come(self) -> None:
        caller = Caller(self._address, self._context)
        self._certificates.setdefault(caller.certificate())
        caller.ask(LAST)
        caller.close()


def summary(times: list[float]) -> dict[str, float]:
    ordered = sorted(times)
    if not ordered:
        return {"answers": 0}
    at = {"p50": 0.5, "p99": 0.99, "max": 1.0}
    last = len(ordered) - 1
    return {"answers": len(ordered)} | {
        name: round(ordered[int(last * share)], 2) for name, share in at.items()
    }


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("host")
    parser.add_argument("port", type=int)
    parser.add_argument("--rate", type=float, required=True, help="requests a second")
    parser.add_argument("--every", type=int, required=True, help="one in so many connects anew")
    parser.add_argument("--connections", type=int, default=16)
    options = parser.parse_args()
    pace = Pace(options.rate, options.every, options.connections)
    callers = Callers((options.host, options.port), pace)
    json.dump(callers.run(), sys.stdout)


if __name__ == "__main__":
    main()
