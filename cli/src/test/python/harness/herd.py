"""Many connections at once, in a process of its own: `python -m harness.herd` prints JSON.

All connections are opened first. Then, in each round, every one of them sends a request before any
answer is read, so that all requests are in flight together.
"""

from __future__ import annotations

import argparse
import json
import resource
import select
import socket
import sys
import time
from dataclasses import asdict, dataclass, field

REQUEST = b"GET %s HTTP/1.1\r\nHost: spvn.test\r\n\r\n"
HEAD_END = b"\r\n\r\n"
LENGTH = b"content-length:"


@dataclass
class Result:
    connected: int = 0
    answered: list[int] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)


class Herd:
    def __init__(self, host: str, port: int, count: int, within: float) -> None:
        self._address = (host, port)
        self._count = count
        self._within = within
        self._sockets: dict[int, socket.socket] = {}
        self._poll = select.epoll()
        self.result = Result()

    def open(self) -> None:
        for _ in range(self._count):
            each = socket.socket()
            each.settimeout(self._within)
            each.connect(self._address)
            each.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            each.setblocking(False)
            self._poll.register(each, select.EPOLLIN)
            self._sockets[each.fileno()] = each
        self.result.connected = len(self._sockets)

    def round(self, path: str) -> None:
        """One request on each connection, and an answer of status 200 from each."""
        started = time.monotonic()
        message = REQUEST % path.encode()
        waiting: dict[int, bytes] = {}
        for descriptor, each in self._sockets.items():
            each.send(message)
            waiting[descriptor] = b""
        answered = self._collect(waiting, started + self._within)
        self.result.answered.append(answered)
        self.result.seconds.append(round(time.monotonic() - started, 2))

    def _collect(self, waiting: dict[int, bytes], end: float) -> int:
        answered = 0
        while waiting and time.monotonic() < end:
            for descriptor, _ in self._poll.poll(end - time.monotonic(), 4096):
                if descriptor in waiting:
                    answered += self._read(descriptor, waiting)
        if waiting:
            self.result.errors.append(f"{len(waiting)} without an answer")
        return answered

    def _read(self, descriptor: int, waiting: dict[int, bytes]) -> int:
        """1 when the answer is complete and good."""
        try:
            data = self._sockets[descriptor].recv(65_536)
        except OSError as error:
            data = b""
            self.result.errors.append(str(error))
        waiting[descriptor] += data
        if not data:
            self.result.errors.append(f"ended after {waiting.pop(descriptor)[:100]!r}")
            self._poll.unregister(descriptor)
            return 0
        if not _complete(waiting[descriptor]):
            return 0
        answer = waiting.pop(descriptor)
        if not answer.startswith(b"HTTP/1.1 200 "):
            self.result.errors.append(f"answer {answer[:100]!r}")
            return 0
        return 1


def _complete(answer: bytes) -> bool:
    head, mark, body = answer.partition(HEAD_END)
    if not mark:
        return False
    for line in head.lower().split(b"\r\n"):
        if line.startswith(LENGTH):
            return len(body) >= int(line[len(LENGTH) :])
    return answer.endswith(b"0\r\n\r\n")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("host")
    parser.add_argument("port", type=int)
    parser.add_argument("count", type=int)
    parser.add_argument("paths", nargs="+", help="one round for each")
    parser.add_argument("--within", type=float, default=30.0, help="seconds for a round")
    options = parser.parse_args()
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    herd = Herd(options.host, options.port, options.count, options.within)
    try:
        herd.open()
        for path in options.paths:
            herd.round(path)
    except OSError as error:
        herd.result.errors.append(repr(error))
    herd.result.errors[20:] = []
    json.dump(asdict(herd.result), sys.stdout)


if __name__ == "__main__":
    main()
