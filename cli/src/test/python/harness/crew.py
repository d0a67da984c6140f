"""Clients in the middle of everything, to be killed: `python -m harness.crew` says when they are.

Each connection begins one of the conversations below and goes on with it step by step, without an
end. The process runs until it is killed, its standard input ends, or a minute is over.
"""

from __future__ import annotations

import argparse
import itertools
import select
import socket
import sys
from dataclasses import dataclass, field

from harness.tls import run_context
from harness.waiting import Deadline
from harness.wire import chunk, dial, request

STDIN = 0
AT_MOST = 60.0
# Between two steps: the crew is to leave the server some of the processor.
PAUSE = 0.005

PIECE = bytes(16 * 1024)
WAIT = request("/wait")
BLOCK = request("/block?seconds=0.01")


@dataclass(frozen=True)
class Kind:
    """A conversation: what is sent first, what with each step, and whether answers are read."""

    first: bytes
    step: bytes = b""
    reads: bool = False


KINDS = (
    Kind(request("/upload", f"Content-Length: {2**40}", method="POST"), PIECE),
    Kind(request("/upload", "Content-Length: 1000", method="POST"), b"."),
    Kind(request("/upload", "Transfer-Encoding: chunked", method="POST"), chunk(PIECE)),
    Kind(request("/upload", "Transfer-Encoding: chunked", method="POST") + b"ff"),
    Kind(request("/download"), reads=True),
    Kind(request("/download")),
    Kind(WAIT),
    Kind(request("/wait?started=1"), reads=True),
    Kind(WAIT + b"GET / HT"),
    Kind(WAIT + request("/")),
    Kind(WAIT + request("/upload", "Content-Length: 1000", method="POST"), b"."),
    Kind(BLOCK, BLOCK, reads=True),
    Kind(BLOCK * 3, BLOCK, reads=True),
    Kind(BLOCK + request("/upload", "Content-Length: 1000", method="POST"), b"."),
    Kind(b"GET /hal", b"f"),
)


@dataclass
class Member:
    kind: Kind
    socket: socket.socket
    pending: bytearray = field(default_factory=bytearray)

    def step(self) -> None:
        """Sends what the socket takes and reads what is there; the server may have closed it."""
        if not self.pending:
            self.pending += self.kind.step
        if self.pending:
            del self.pending[: self.socket.send(self.pending)]
        if self.kind.reads:
            self.socket.recv(65_536)


def enlist(address: tuple[str, int], kind: Kind) -> Member:
    own = dial(address, timeout=10, rcvbuf=0 if kind.reads else 4096, tls=run_context())
    own.setblocking(False)
    return Member(kind, own, bytearray(kind.first))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("host")
    parser.add_argument("port", type=int)
    parser.add_argument("connections", type=int)
    options = parser.parse_args()
    kinds = itertools.islice(itertools.cycle(KINDS), options.connections)
    members = [enlist((options.host, options.port), kind) for kind in kinds]
    end = Deadline(AT_MOST)
    told = False
    while not end.passed:
        for member in list(members):
            try:
                member.step()
            except BlockingIOError:
                continue
            except OSError:
                members.remove(member)
                member.socket.close()
        if not told:
            print(len(members), flush=True)
            told = True
        if select.select([STDIN], [], [], PAUSE)[0]:
            sys.exit()


if __name__ == "__main__":
    main()
