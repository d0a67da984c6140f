"""WebSockets over HTTP/2 (RFC 8441): a stream that looks like a socket."""

from __future__ import annotations

from socket import socket
from typing import cast

from harness import frames
from harness.http2 import Http2
from harness.waiting import Deadline
from harness.websocket import Client
from harness.wire import TIMEOUT, Connection, Head, WireError

HANDSHAKE = (("sec-websocket-version", "13"),)
OFFER = ("sec-websocket-extensions", "permessage-deflate; client_max_window_bits")


class Tunnel:
    """What `Connection` needs of a socket. Its end is that of the stream alone."""

    def __init__(self, client: Http2, stream: int) -> None:
        self._client = client
        self._stream = stream
        self._timeout = TIMEOUT

    def settimeout(self, seconds: float) -> None:
        self._timeout = seconds

    def sendall(self, data: bytes) -> None:
        self._client.data(self._stream, data)

    def recv(self, count: int) -> bytes:
        """Something; nothing at the end of the stream."""
        found = self._client.streams[self._stream]
        if not Deadline(self._timeout).passed:
            self._client.until(
                lambda: found.body or found.ended or found.code is not None,
                "bytes of the tunnel",
                within=self._timeout,
            )
        if found.code is not None:
            raise ConnectionResetError(frames.code_name(found.code))
        data = bytes(found.body[:count])
        del found.body[:count]
        return data

    def shutdown(self, _how: int) -> None:
        self._client.data(self._stream, end=True)

    def close(self) -> None:
        """Gives the stream up, where it has not ended."""
        found = self._client.streams[self._stream]
        if not found.ended and found.code is None and not self._client.ended:
            self._client.send(frames.reset(self._stream))
            found.code = frames.CANCEL


def connect(client: Http2, path: str, *more: tuple[str, str], credit: bool = True) -> int:
    """The stream of an extended CONNECT; without credit, one that gives no more of it."""
    pseudo = [
        (":method", "CONNECT"),
        (":protocol", "websocket"),
        (":scheme", client.scheme),
        (":path", path),
        (":authority", "spvn.test"),
    ]
    return client.open([*pseudo, *HANDSHAKE, *more], end=False, credit=credit)


def opened(client: Http2, path: str, *more: tuple[str, str]) -> Client:
    """A WebSocket on a stream of its own."""
    stream = connect(client, path, *more)
    head = client.head(stream)
    if head.status != 200:
        raise WireError(f"no WebSocket: {head}")
    _check(head)
    return Client.within(Connection.over(cast(socket, Tunnel(client, stream))), head)


def _check(head: Head) -> None:
    """RFC 8441 5.1: what is of HTTP/1.1's handshake has no place here."""
    for name in ("sec-websocket-accept", "upgrade", "connection", "content-length"):
        if head.one(name) is not None:
            raise WireError(f"{name} in {head}")
