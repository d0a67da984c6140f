"""A small, strict WebSocket client on a raw connection: any frames out, checked frames in."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import zlib
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from harness.server import Server
from harness.wire import Connection, Head, Response, WireError, request

CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0, 1, 2, 8, 9, 10
KEY = "dGhlIHNhbXBsZSBub25jZQ=="
DEFLATE = "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits"
FIN, RSV1, RSV2, RSV3 = 0x80, 0x40, 0x20, 0x10

_GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
_MOST_OF_CONTROL = 125
_TAIL = b"\0\0\xff\xff"


@dataclass(frozen=True)
class Frame:
    """One frame of the server's; `rsv` is what of the reserved bits was set."""

    opcode: int
    payload: bytes
    fin: bool = True
    rsv: int = 0


def handshake(target: str, *headers: str, key: str = KEY) -> bytes:
    """The request of a client that wants a WebSocket."""
    return request(
        target,
        "Upgrade: websocket",
        "Connection: Upgrade",
        f"Sec-WebSocket-Key: {key}",
        "Sec-WebSocket-Version: 13",
        *headers,
    )


def frame(
    opcode: int, payload: bytes = b"", *, first: int = FIN, mask: bytes | None = None
) -> bytes:
    """A client's frame; `first` has what of FIN and RSV is set, an empty mask is none."""
    mask = os.urandom(4) if mask is None else mask
    masked = 0x80 if mask else 0
    if len(payload) <= _MOST_OF_CONTROL:
        length = bytes([masked | len(payload)])
    elif len(payload) < 1 << 16:
        length = bytes([masked | 126]) + len(payload).to_bytes(2, "big")
    else:
        length = bytes([masked | 127]) + len(payload).to_bytes(8, "big")
    return bytes([first | opcode]) + length + mask + _masked(payload, mask)


def _masked(payload: bytes, mask: bytes) -> bytes:
    if not mask:
        return payload
    count = len(payload)
    key = (mask * (count // 4 + 1))[:count]
    return (int.from_bytes(payload, "big") ^ int.from_bytes(key, "big")).to_bytes(count, "big")


def close_frame(code: int | None = None, reason: str = "") -> bytes:
    return frame(CLOSE, b"" if code is None else code.to_bytes(2, "big") + reason.encode())


def steps(*told: Any) -> str:
    """What the app at `/ws/play` is to do, for its query; bytes are let be."""
    text = json.dumps(told, default=lambda data: {"bytes": data.decode("latin-1")})
    return f"steps={quote(text)}"


class Client:
    """A WebSocket that is open."""

    def __init__(self, connection: Connection, target: str, *headers: str) -> None:
        connection.send(handshake(target, *headers))
        self._take(connection, connection.read_head())

    @classmethod
    def accepted(cls, connection: Connection) -> Client:
        """One whose handshake was sent before; its answer has to be there, or to come."""
        made = cls.__new__(cls)
        made._take(connection, connection.read_head())
        return made

    @classmethod
    def within(cls, connection: Connection, head: Head) -> Client:
        """One that is open already, by another handshake than that of HTTP/1.1."""
        made = cls.__new__(cls)
        made._begin(connection, head)
        return made

    def _take(self, connection: Connection, head: Head) -> None:
        if head.status != 101:
            raise WireError(f"no WebSocket: {connection.read_body(head)}")
        _check(head)
        self._begin(connection, head)

    def _begin(self, connection: Connection, head: Head) -> None:
        self.connection = connection
        self.head = head
        self.pings: list[bytes] = []
        extensions = head.one("sec-websocket-extensions")
        self._inflater = None if extensions is None else zlib.decompressobj(-15)
        self._inflates_anew = b"server_no_context_takeover" in (extensions or b"")

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self.connection.close()

    def send(self, *frames: bytes) -> None:
        self.connection.send(*frames)

    def text(self, text: str) -> None:
        self.send(frame(TEXT, text.encode()))

    def binary(self, data: bytes) -> None:
        self.send(frame(BINARY, data))

    def close(self, code: int | None = None, reason: str = "") -> None:
        self.send(close_frame(code, reason))

    def read_frame(self) -> Frame:
        """One frame, legal by itself; who reads several looks at their order."""
        first, second = self.connection.read_exactly(2)
        if second & 0x80:
            raise WireError("a frame of the server's is masked")
        length = self._read_length(second)
        found = Frame(first & 0x0F, self.connection.read_exactly(length), bool(first & FIN))
        rsv = first & (RSV1 | RSV2 | RSV3)
        if rsv and (rsv != RSV1 or self._inflater is None or found.opcode not in (TEXT, BINARY)):
            raise WireError(f"reserved bits {rsv:#x} in {found}")
        if found.opcode not in (CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG):
            raise WireError(f"opcode of {found}")
        if found.opcode >= CLOSE and (length > _MOST_OF_CONTROL or not found.fin):
            raise WireError(f"no control frame: {found}")
        return Frame(found.opcode, found.payload, found.fin, rsv)

    def _read_length(self, second: int) -> int:
        if second < 126:
            return second
        size, least = (2, 126) if second == 126 else (8, 1 << 16)
        length = int.from_bytes(self.connection.read_exactly(size), "big")
        if length < least:
            raise WireError(f"length {length} in {size} bytes")
        return length

    def read(self) -> str | bytes:
        """One message. Pings in between are noted, and not answered."""
        found = self._read_data()
        data, parts = found.payload, found
        while not parts.fin:
            parts = self._read_data()
            if parts.opcode != CONTINUATION or parts.rsv:
                raise WireError(f"{parts} within a message")
            data += parts.payload
        if found.opcode == CONTINUATION:
            raise WireError(f"nothing to continue: {found}")
        if found.rsv:
            data = self._inflated(data)
        return data.decode() if found.opcode == TEXT else data

    def _read_data(self) -> Frame:
        while (found := self.read_frame()).opcode == PING:
            self.pings.append(found.payload)
        if found.opcode in (CLOSE, PONG):
            raise WireError(f"{found} in place of a message")
        return found

    def _inflated(self, data: bytes) -> bytes:
        assert self._inflater is not None
        inflated = self._inflater.decompress(data + _TAIL)
        if self._inflates_anew:
            self._inflater = zlib.decompressobj(-15)
        return inflated

    def read_close(self) -> tuple[int | None, str]:
        """The server's close, which has to be next but for pings: its code and reason."""
        while (found := self.read_frame()).opcode == PING:
            self.pings.append(found.payload)
        if found.opcode != CLOSE or len(found.payload) == 1:
            raise WireError(f"{found} in place of a close")
        if not found.payload:
            return None, ""
        return int.from_bytes(found.payload[:2], "big"), found.payload[2:].decode()

    def read_end(self) -> tuple[int | None, str]:
        """The server's close; it is answered, and the connection has to end."""
        code, reason = self.read_close()
        self.close(code)
        assert self.connection.ended(), "a connection that is open after both have closed"
        return code, reason


def accept(key: str) -> bytes:
    """What shows that a server has read the key (RFC 6455 4.2.2)."""
    return base64.b64encode(hashlib.sha1((key + _GUID).encode()).digest())


def _check(head: Head) -> None:
    assert head.one("sec-websocket-accept") == accept(KEY), head
    assert (head.one("upgrade") or b"").lower() == b"websocket", head
    assert (head.one("connection") or b"").lower() == b"upgrade", head
    assert head.one("content-length") is None, head
    assert head.one("transfer-encoding") is None, head


def opened(server: Server, target: str, *headers: str, rcvbuf: int = 0) -> Client:
    """A WebSocket over a connection of its own, closed with it."""
    connection = server.connect(rcvbuf=rcvbuf)
    try:
        return Client(connection, target, *headers)
    except BaseException:
        connection.close()
        raise


def refused(server: Server, target: str, *headers: str) -> Response:
    """What a client gets in place of a WebSocket; the connection ends behind it."""
    with server.connect() as connection:
        connection.send(handshake(target, *headers))
        response = connection.read_response()
        assert connection.ended(), "a connection that is open without a WebSocket"
        return response
