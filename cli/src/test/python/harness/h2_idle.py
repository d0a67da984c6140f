"""HTTP/2 connections that have asked once and are idle: `python -m harness.h2_idle`.

Prints how many there are once all have been answered, and ends when its standard input does. Each
is no more than a socket here, so that ten thousand take next to nothing.
"""

from __future__ import annotations

import argparse
import resource
import socket
import sys

from hpack import Encoder

from harness import frames
from harness.frames import Parser
from harness.http2 import ALPN
from harness.tls import trusting
from harness.wire import dial

FIELDS = [(":method", "GET"), (":scheme", "http"), (":authority", "spvn.test"), (":path", "/")]


def hello() -> bytes:
    head = frames.headers(1, Encoder().encode(FIELDS), end=True)
    return frames.PREFACE + frames.settings({frames.ENABLE_PUSH: 0}) + head


def answered(connection: socket.socket) -> None:
    """Reads up to the end of the response."""
    parser = Parser()
    while True:
        while (found := parser.next()) is not None:
            if found.kind in (frames.GOAWAY, frames.RST_STREAM):
                raise ConnectionError(str(found))
            if found.kind == frames.SETTINGS and not found.flags:
                connection.sendall(frames.frame(frames.SETTINGS, frames.ACK))
            if found.stream == 1 and found.flags & frames.END_STREAM:
                return
        data = connection.recv(65_536)
        if not data:
            raise ConnectionError("the server has ended the connection")
        parser.feed(data)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("host")
    parser.add_argument("port", type=int)
    parser.add_argument("connections", type=int)
    parser.add_argument("--tls", action="store_true")
    options = parser.parse_args()
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    tls = trusting(alpn=(ALPN,)) if options.tls else None
    first, held = hello(), []
    for _ in range(options.connections):
        connection = dial((options.host, options.port), timeout=30, tls=tls)
        connection.sendall(first)
        answered(connection)
        held.append(connection)
    print(len(held), flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main()
