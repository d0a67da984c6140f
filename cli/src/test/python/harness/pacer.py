"""Knows what became of each request, in a process of its own: `python -m harness.pacer`.

Requests have numbers and are due at a fixed pace, whatever becomes of those before them, and go out
over keep-alive connections, one at a time on each. The client is a good one: it obeys `Connection:
close`, and it replaces connections that the server has closed. Ends when its standard input does,
once all that is in flight has been answered, and prints JSON. It measures no times, as `spvn
loadtest` does.
"""

from __future__ import annotations

import argparse
import errno
import json
import os
import resource
import select
import socket
import sys
import time
from collections import deque
from dataclasses import dataclass, field

from harness.tls import TlsSocket, run_context

REQUEST = b"GET %s HTTP/1.1\r\nHost: spvn.test\r\n\r\n"
HEAD_END = b"\r\n\r\n"
STDIN = 0
EXAMPLES = 5

# What may become of a request, by its number.
ANSWERED = "answered"  # 200, whole, with the body that was asked for
WRONG = "wrong"  # whole, but another status or body
TRUNCATED = "truncated"  # the connection ended within the answer
UNANSWERED = "unanswered"  # no byte came on a connection that had been used before
UNACCEPTED = "unaccepted"  # no byte came on a new connection
REFUSED = "refused"  # no connection
SILENT = "silent"  # neither an answer nor an end came
KINDS = (ANSWERED, WRONG, TRUNCATED, UNANSWERED, UNACCEPTED, REFUSED, SILENT)


@dataclass
class Line:
    """A connection, and the request that is in flight on it."""

    socket: socket.socket
    number: int
    connected: bool = False
    agreed: bool = False  # once a handshake is over, where there is one
    idle: bool = False
    used: bool = False
    got: bytearray = field(default_factory=bytearray)


@dataclass(frozen=True)
class Answer:
    status: int
    body: bytes
    last: bool


def parse(data: bytearray) -> Answer | None:
    """The answer, once it is whole. Its length must be given."""
    head, mark, body = bytes(data).partition(HEAD_END)
    if not mark:
        return None
    status, *lines = head.split(b"\r\n")
    fields = dict(line.lower().split(b": ", 1) for line in lines)
    if len(body) < int(fields[b"content-length"]):
        return None
    return Answer(int(status.split()[1]), body, fields.get(b"connection") == b"close")


class Pacer:
    def __init__(self, address: tuple[str, int], path: str, rate: float, width: int) -> None:
        self._address = address
        self._path = path
        self._rate = rate
        self._width = width
        self._poll = select.epoll()
        self._lines: dict[int, Line] = {}
        self._idle: deque[Line] = deque()
        self._backlog: deque[int] = deque()
        self._numbered = 0
        self.became: dict[str, list[int]] = {kind: [] for kind in KINDS}
        self.examples: list[str] = []

    def run(self, within: float) -> None:
        """Asks until the input ends, then waits so long at most for the rest."""
        self._poll.register(STDIN, select.EPOLLIN)
        started = time.monotonic()
        asking = True
        while asking:
            due = started + self._numbered / self._rate
            asking = self._events(max(0.0, due - time.monotonic()))
            while asking and due <= time.monotonic():
                self._backlog.append(self._numbered)
                self._numbered += 1
                due = started + self._numbered / self._rate
            self._send_due()
        self._poll.unregister(STDIN)
        end = time.monotonic() + within
        while self._busy() and time.monotonic() < end:
            self._events(end - time.monotonic())
            self._send_due()
        self.became[SILENT] += [line.number for line in self._lines.values() if not line.idle]

    def _busy(self) -> bool:
        return bool(self._backlog) or len(self._idle) < len(self._lines)

    def _events(self, pause: float) -> bool:
        """Handles what has come; False when the input has ended."""
        asking = True
        for descriptor, _ in self._poll.poll(pause):
            if descriptor == STDIN:
                asking = bool(os.read(STDIN, 1))
            else:
                self._happened(self._lines[descriptor])
        return asking

    def _send_due(self) -> None:
        while self._backlog and (self._idle or len(self._lines) < self._width):
            number = self._backlog.popleft()
            if self._idle:
                line = self._idle.popleft()
                line.number, line.idle = number, False
                self._send(line)
            else:
                self._open(number)

    def _open(self, number: int) -> None:
        line = Line(socket.socket(), number)
        line.socket.setblocking(False)
        self._lines[line.socket.fileno()] = line
        self._poll.register(line.socket, select.EPOLLOUT)
        if line.socket.connect_ex(self._address) not in (0, errno.EINPROGRESS):
            self._close(line, REFUSED)

    def _send(self, line: Line) -> None:
        path = self._path.replace("{id}", str(line.number))
        try:
            line.socket.send(REQUEST % path.encode())
        except OSError:
            self._ended(line)

    def _happened(self, line: Line) -> None:
        if not line.connected:
            line.connected = True
            self._connected(line)
            return
        if not line.agreed:
            self._agree(line)
            return
        try:
            data = line.socket.recv(65_536)
        except BlockingIOError:  # what has come was TLS's own
            return
        except OSError:
            data = b""
        if not data or line.idle:
            self._ended(line)
            return
        line.got += data
        answer = parse(line.got)
        if answer is not None:
            self._answered(line, answer)

    def _connected(self, line: Line) -> None:
        if line.socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
            self._close(line, REFUSED)
            return
        line.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._poll.modify(line.socket, select.EPOLLIN)
        if context := run_context():
            line.socket = TlsSocket(line.socket, context, self._address[0])
        self._agree(line)

    def _agree(self, line: Line) -> None:
        """The handshake, as far as it goes; the request behind it."""
        try:
            if isinstance(line.socket, TlsSocket):
                line.socket.handshake()
        except BlockingIOError:
            return
        except OSError:
            self._ended(line)
            return
        line.agreed = True
        self._send(line)

    def _answered(self, line: Line, answer: Answer) -> None:
        good = answer.status == 200 and answer.body == str(line.number).encode()
        if not good:
            self._example(line)
        if answer.last or not good:
            self._close(line, ANSWERED if good else WRONG)
            return
        self.became[ANSWERED].append(line.number)
        line.used = line.idle = True
        line.got.clear()
        self._idle.append(line)

    def _ended(self, line: Line) -> None:
        if line.idle:
            self._idle.remove(line)
            self._close(line, None)
        elif line.got:
            self._example(line)
            self._close(line, TRUNCATED)
        else:
            self._close(line, UNANSWERED if line.used else UNACCEPTED)

    def _example(self, line: Line) -> None:
        if len(self.examples) < EXAMPLES:
            self.examples.append(f"{line.number}: {bytes(line.got[:200])!r}")

    def _close(self, line: Line, kind: str | None) -> None:
        self._poll.unregister(line.socket)
        del self._lines[line.socket.fileno()]
        line.socket.close()
        if kind is not None:
            self.became[kind].append(line.number)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("host")
    parser.add_argument("port", type=int)
    parser.add_argument("path", help="{id} becomes the number of the request, which is the body")
    parser.add_argument("--rate", type=float, required=True, help="requests a second")
    parser.add_argument("--connections", type=int, required=True)
    parser.add_argument("--within", type=float, default=10.0, help="seconds for the last answers")
    options = parser.parse_args()
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    address = (options.host, options.port)
    pacer = Pacer(address, options.path, options.rate, options.connections)
    pacer.run(options.within)
    json.dump({"became": pacer.became, "examples": pacer.examples}, sys.stdout)


if __name__ == "__main__":
    main()
