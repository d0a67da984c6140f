"""Frames of HTTP/2 as bytes, legal or not: RFC 9113, and PRIORITY_UPDATE of RFC 9218."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"

DATA, HEADERS, PRIORITY, RST_STREAM, SETTINGS = 0, 1, 2, 3, 4
PUSH_PROMISE, PING, GOAWAY, WINDOW_UPDATE, CONTINUATION = 5, 6, 7, 8, 9
PRIORITY_UPDATE = 16
KINDS = {
    DATA: "DATA",
    HEADERS: "HEADERS",
    PRIORITY: "PRIORITY",
    RST_STREAM: "RST_STREAM",
    SETTINGS: "SETTINGS",
    PUSH_PROMISE: "PUSH_PROMISE",
    PING: "PING",
    GOAWAY: "GOAWAY",
    WINDOW_UPDATE: "WINDOW_UPDATE",
    CONTINUATION: "CONTINUATION",
    PRIORITY_UPDATE: "PRIORITY_UPDATE",
}

END_STREAM = ACK = 0x1
END_HEADERS = 0x4
PADDED = 0x8
WITH_PRIORITY = 0x20

HEADER_TABLE_SIZE, ENABLE_PUSH, MAX_CONCURRENT_STREAMS = 1, 2, 3
INITIAL_WINDOW_SIZE, MAX_FRAME_SIZE, MAX_HEADER_LIST_SIZE = 4, 5, 6
ENABLE_CONNECT_PROTOCOL = 8
NO_RFC7540_PRIORITIES = 9

NO_ERROR, PROTOCOL_ERROR, INTERNAL_ERROR, FLOW_CONTROL_ERROR = 0, 1, 2, 3
SETTINGS_TIMEOUT, STREAM_CLOSED, FRAME_SIZE_ERROR, REFUSED_STREAM = 4, 5, 6, 7
CANCEL, COMPRESSION_ERROR, CONNECT_ERROR, ENHANCE_YOUR_CALM = 8, 9, 10, 11
CODES = (
    "NO_ERROR",
    "PROTOCOL_ERROR",
    "INTERNAL_ERROR",
    "FLOW_CONTROL_ERROR",
    "SETTINGS_TIMEOUT",
    "STREAM_CLOSED",
    "FRAME_SIZE_ERROR",
    "REFUSED_STREAM",
    "CANCEL",
    "COMPRESSION_ERROR",
    "CONNECT_ERROR",
    "ENHANCE_YOUR_CALM",
    "INADEQUATE_SECURITY",
    "HTTP_1_1_REQUIRED",
)

WINDOW = 65_535  # of a connection, and of a stream where nobody says otherwise
LARGEST_WINDOW = 2**31 - 1
FRAME_SIZE = 16_384
HEAD_SIZE = 9


@dataclass(frozen=True)
class Frame:
    kind: int
    flags: int
    stream: int
    payload: bytes

    @property
    def number(self) -> int:
        """What GOAWAY, RST_STREAM and WINDOW_UPDATE begin with: a stream, a code, bytes."""
        return int.from_bytes(self.payload[:4], "big")

    def __str__(self) -> str:
        name = KINDS.get(self.kind, f"frame {self.kind:#x}")
        return f"{name} of stream {self.stream}, flags {self.flags:#x}, {len(self.payload)} bytes"


class Parser:
    """Makes frames of bytes as they come."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._at = 0

    def feed(self, data: bytes) -> None:
        if self._at > FRAME_SIZE:
            del self._buffer[: self._at]
            self._at = 0
        self._buffer += data

    def next(self) -> Frame | None:
        """The next frame that has come as a whole."""
        buffer, at = self._buffer, self._at
        if len(buffer) - at < HEAD_SIZE:
            return None
        end = at + HEAD_SIZE + int.from_bytes(buffer[at : at + 3], "big")
        if len(buffer) < end:
            return None
        self._at = end
        stream = int.from_bytes(buffer[at + 5 : at + HEAD_SIZE], "big") & 0x7FFF_FFFF
        return Frame(buffer[at + 3], buffer[at + 4], stream, bytes(buffer[at + HEAD_SIZE : end]))

    @property
    def rest(self) -> bytes:
        """What no frame has been made of."""
        return bytes(self._buffer[self._at :])


def frame(kind: int, flags: int = 0, stream: int = 0, payload: bytes = b"") -> bytes:
    head = len(payload).to_bytes(3, "big") + bytes([kind, flags])
    return head + stream.to_bytes(4, "big") + payload


def settings(values: dict[int, int] | Iterable[tuple[int, int]] = ()) -> bytes:
    """Several of one identifier may be given as pairs."""
    pairs = values.items() if isinstance(values, dict) else values
    payload = b"".join(key.to_bytes(2, "big") + value.to_bytes(4, "big") for key, value in pairs)
    return frame(SETTINGS, payload=payload)


def read_settings(payload: bytes) -> dict[int, int]:
    return {
        int.from_bytes(payload[at : at + 2], "big"): int.from_bytes(payload[at + 2 : at + 6], "big")
        for at in range(0, len(payload), 6)
    }


def reset(stream: int, code: int = CANCEL) -> bytes:
    return frame(RST_STREAM, stream=stream, payload=code.to_bytes(4, "big"))


def window_update(stream: int, count: int) -> bytes:
    return frame(WINDOW_UPDATE, stream=stream, payload=count.to_bytes(4, "big"))


def ping(payload: bytes = b"spvntest", flags: int = 0) -> bytes:
    return frame(PING, flags, payload=payload)


def priority(stream: int, on: int = 0, weight: int = 15) -> bytes:
    return frame(PRIORITY, stream=stream, payload=on.to_bytes(4, "big") + bytes([weight]))


def priority_update(stream: int, field: str) -> bytes:
    return frame(PRIORITY_UPDATE, payload=stream.to_bytes(4, "big") + field.encode())


def padded(stream: int, data: bytes, padding: int, flags: int = 0) -> bytes:
    payload = bytes([padding]) + data + bytes(padding)
    return frame(DATA, flags | PADDED, stream, payload)


def headers(stream: int, block: bytes, *, end: bool, size: int = FRAME_SIZE) -> bytes:
    """A head, in as many frames as it needs."""
    pieces = [block[at : at + size] for at in range(0, len(block), size)] or [b""]
    return b"".join(_pieces_of_head(stream, pieces, end))


def _pieces_of_head(stream: int, pieces: list[bytes], end: bool) -> Iterator[bytes]:
    for number, piece in enumerate(pieces):
        flags = END_HEADERS if number == len(pieces) - 1 else 0
        if number == 0 and end:
            flags |= END_STREAM
        yield frame(CONTINUATION if number else HEADERS, flags, stream, piece)


def unpadded(found: Frame) -> bytes:
    """The payload of DATA or HEADERS without its padding and priority."""
    payload = found.payload
    if found.flags & PADDED:
        payload = payload[1 : len(payload) - payload[0]]
    if found.kind == HEADERS and found.flags & WITH_PRIORITY:
        payload = payload[5:]
    return payload


def code_name(code: int) -> str:
    return CODES[code] if code < len(CODES) else f"code {code:#x}"
