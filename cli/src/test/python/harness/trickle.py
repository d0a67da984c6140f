"""Slow clients in a process of its own: `python -m harness.trickle` prints JSON.

Opens its connections evenly over some time, so that those of a kind are not cut all at once. Prints
`open` when all connections are there, and `cut` when one of each kind that a client can see
being cut has been. Goes on until its standard input ends; a connection that the server has cut is
opened again, so that there are always as many, but not with `--once`. It tells for each kind how
long connections had been open when they were cut, what was answered, and how old the oldest is that
was not cut.
"""

from __future__ import annotations

import argparse
import json
import resource
import select
import sys
import time
from collections import Counter, deque
from dataclasses import dataclass, field
from typing import Any

from harness.tls import client_hello, run_context
from harness.wire import dial, request

STDIN = 0
BETWEEN = 1.0
LONG = "Content-Length: 100000"
# A body that trickles is never silent for long; a client that does not read does not see the end.
SEEN_CUT = ("head", "stalled", "silent", "hello")


@dataclass(frozen=True)
class Kind:
    """What is sent first, and what then each second; whether what the server says ends it."""

    first: bytes
    step: bytes = b""
    ends_with_answer: bool = True


KINDS = {
    "head": Kind(b"GET / HTTP/1.1\r\nX-Slow: ", b"a"),
    "body": Kind(request("/upload", LONG, method="POST"), b"a"),
    "stalled": Kind(request("/upload", LONG, method="POST") + b"part"),
    "reader": Kind(request("/download")),
    # A head that is nearly as long as it may be, and does not end; and an upload that takes long.
    "hoard": Kind(b"GET / HTTP/1.1\r\nHost: a\r\n" + b"X-Slow: %s\r\n" % (b"a" * 1000) * 60),
    "upload": Kind(
        request("/upload", "Content-Length: 10000000", method="POST") + bytes(50_000), bytes(1000)
    ),
    # Of TLS: nothing at all, and a greeting whose answer is not answered.
    "silent": Kind(b""),
    "hello": Kind(client_hello(), ends_with_answer=False),
}


BEFORE_TLS = ("silent", "hello")


@dataclass
class Told:
    """What has become of the connections of one kind."""

    opened: int = 0
    refused: int = 0
    cut_after: list[float] = field(default_factory=list)
    answers: Counter[str] = field(default_factory=Counter)
    oldest: float = 0.0


class Trickler:
    """One slow connection. It never reads more than the beginning of an answer."""

    def __init__(self, kind: str, address: tuple[str, int]) -> None:
        self.kind = kind
        self.open = True
        self.began = time.monotonic()
        tls = None if kind in BEFORE_TLS else run_context()
        self.socket = dial(address, rcvbuf=4096 if kind == "reader" else 0, tls=tls)
        self.socket.setblocking(False)
        self.socket.send(KINDS[kind].first)


class Tricklers:
    def __init__(
        self, address: tuple[str, int], counts: dict[str, int], over: float, once: bool
    ) -> None:
        self._address = address
        self._once = once
        self._poll = select.epoll()
        self._known: dict[int, Trickler] = {}
        self._due: deque[tuple[float, Trickler]] = deque()
        self._said = False
        self.told = {kind: Told() for kind, count in counts.items() if count}
        now = time.monotonic()
        self._plan = deque(
            sorted(
                (now + over * number / count, kind)
                for kind, count in counts.items()
                for number in range(count)
            )
        )

    def run(self) -> None:
        self._poll.register(STDIN, select.EPOLLIN)
        while True:
            for descriptor, _ in self._poll.poll(self._pause()):
                if descriptor == STDIN:
                    self._finish()
                    return
                self._heard(self._known[descriptor])
            self._begin_due()
            self._send_due()

    def _begin_due(self) -> None:
        while self._plan and self._plan[0][0] <= time.monotonic():
            self._begin(self._plan.popleft()[1])
            if not self._plan:
                print("open", flush=True)

    def _begin(self, kind: str) -> None:
        try:
            new = Trickler(kind, self._address)
        except OSError:
            self.told[kind].refused += 1
            return
        self.told[kind].opened += 1
        self._known[new.socket.fileno()] = new
        # Of a reader, only the end of its connection is of interest.
        self._poll.register(new.socket, 0 if kind == "reader" else select.EPOLLIN)
        if KINDS[kind].step:
            self._due.append((new.began + BETWEEN, new))

    def _pause(self) -> float:
        firsts = [queue[0][0] for queue in (self._plan, self._due) if queue]
        return max(0.0, min(firsts) - time.monotonic()) if firsts else BETWEEN

    def _send_due(self) -> None:
        now = time.monotonic()
        while self._due and self._due[0][0] <= now:
            _, each = self._due.popleft()
            if not each.open:
                continue
            try:
                each.socket.send(KINDS[each.kind].step)
            except OSError:
                self._cut(each)
                continue
            self._due.append((now + BETWEEN, each))

    def _heard(self, each: Trickler) -> None:
        try:
            data = each.socket.recv(4096)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if data and not KINDS[each.kind].ends_with_answer:
            return
        if data:
            self.told[each.kind].answers[data.partition(b"\r\n")[0].decode("latin-1")] += 1
        self._cut(each)

    def _cut(self, each: Trickler) -> None:
        each.open = False
        self._poll.unregister(each.socket)
        del self._known[each.socket.fileno()]
        each.socket.close()
        self.told[each.kind].cut_after.append(round(time.monotonic() - each.began, 3))
        if not self._once:
            self._begin(each.kind)
        seen = [told.cut_after for kind, told in self.told.items() if kind in SEEN_CUT]
        if seen and all(seen) and not self._said and not self._plan:
            self._said = True
            print("cut", flush=True)

    def _finish(self) -> None:
        now = time.monotonic()
        for each in self._known.values():
            told = self.told[each.kind]
            told.oldest = max(told.oldest, round(now - each.began, 3))
            each.socket.close()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("host")
    parser.add_argument("port", type=int)
    for kind in KINDS:
        parser.add_argument(f"--{kind}", type=int, default=0)
    parser.add_argument("--over", type=float, default=0.0, help="seconds to open them all")
    parser.add_argument("--once", action="store_true", help="open none again")
    options: dict[str, Any] = vars(parser.parse_args())
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    counts = {kind: options[kind] for kind in KINDS}
    address = (options["host"], options["port"])
    tricklers = Tricklers(address, counts, options["over"], options["once"])
    tricklers.run()
    found = {kind: vars(told) for kind, told in tricklers.told.items()}
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main()
