"""Clients that know WebSockets over HTTP/1.1 alone reach a server through RFC 8441.

Each connection of theirs becomes an extended CONNECT on a connection of its own. Bytes go through
as they are, and each side's end is the other's.
"""

from __future__ import annotations

import re
import select
import socket
import threading
from contextlib import suppress

from harness.h2_tunnel import connect
from harness.http2 import Http2
from harness.server import Server
from harness.websocket import accept
from harness.wire import WireError

PASSED = ("sec-websocket-extensions", "sec-websocket-protocol")
PATIENCE = 0.5


class Gateway:
    """Listens from entering on; a thread for each connection."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._listening = socket.create_server(("127.0.0.1", 0))

    @property
    def address(self) -> tuple[str, int]:
        host, port = self._listening.getsockname()
        return host, port

    def __enter__(self) -> Gateway:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                taken, _ = self._listening.accept()
                threading.Thread(target=self._carry, args=(taken,), daemon=True).start()

    def _carry(self, taken: socket.socket) -> None:
        with taken, suppress(OSError, WireError), Http2.to(self._server) as client:
            taken.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            target, fields = handshake(taken)
            more = [(name, fields[name]) for name in PASSED if name in fields]
            client.until(lambda: client.greeted, "SETTINGS")
            stream = connect(client, target, *more)
            head = client.head(stream)
            if head.status != 200:
                taken.sendall(b"HTTP/1.1 %d Refused\r\nContent-Length: 0\r\n\r\n" % head.status)
                return
            answer = [b"HTTP/1.1 101 Switching Protocols", b"Upgrade: websocket"]
            answer += [
                b"Connection: Upgrade",
                b"Sec-WebSocket-Accept: " + accept(fields["sec-websocket-key"]),
            ]
            for name in PASSED:
                value = head.one(name)
                answer += [] if value is None else [name.encode() + b": " + value]
            taken.sendall(b"\r\n".join(answer) + b"\r\n\r\n")
            _through(taken, client, stream)


def handshake(taken: socket.socket) -> tuple[str, dict[str, str]]:
    """The target and the fields of a request, behind which nothing has come yet."""
    text = b""
    while not text.endswith(b"\r\n\r\n"):
        data = taken.recv(1)
        if not data:
            raise ConnectionError("no handshake")
        text += data
    first, *lines = text.decode().strip().split("\r\n")
    fields = {
        name.lower(): value for name, value in (re.split(": *", each, maxsplit=1) for each in lines)
    }
    return first.split(" ")[1], fields


def _through(taken: socket.socket, client: Http2, stream: int) -> None:
    """Both ways, until the stream has ended; what the client sends then is for nobody."""
    found = client.streams[stream]
    reading = True
    while not (client.ended or found.ended or found.code is not None) or found.body:
        if found.body:
            taken.sendall(found.body)
            found.body.clear()
            found.pieces.clear()
            continue
        sources = [client.socket, taken] if reading else [client.socket]
        ready, _, _ = select.select(sources, [], [], PATIENCE)
        if taken in ready:
            data = taken.recv(65_536)
            client.data(stream, data, end=not data)
            reading = bool(data)
        client.silent(0)
        client.received.clear()
