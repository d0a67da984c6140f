"""What comes of an HTTP/2 stream, held against the rules for heads (RFC 9113 section 8)."""

from __future__ import annotations

from dataclasses import dataclass, field

from harness import frames
from harness.wire import Head, WireError

VERSION = "2"
Fields = list[tuple[bytes, bytes]]

_CONNECTION_FIELDS = {b"connection", b"keep-alive", b"proxy-connection", b"transfer-encoding"}


class Reset(WireError):
    """The server reset the stream; `code` says why."""

    def __init__(self, stream: int, code: int) -> None:
        super().__init__(f"stream {stream} was reset: {frames.code_name(code)}")
        self.code = code


class GoneAway(WireError):
    """The server will not answer the stream: its GOAWAY says so, or the connection is over."""


@dataclass
class Stream:
    """What has come of a stream, and what may go out."""

    window: int
    interim: list[Head] = field(default_factory=list)
    head: Head | None = None
    body: bytearray = field(default_factory=bytearray)
    pieces: list[bytes] = field(default_factory=list)
    trailers: Fields = field(default_factory=list)
    ended: bool = False
    code: int | None = None
    credit: bool = True


@dataclass(frozen=True)
class Goaway:
    last: int
    code: int
    debug: bytes


def head_of(fields: Fields) -> Head:
    if not fields or fields[0][0] != b":status":
        raise WireError(f"a head without a status: {fields}")
    if any(name.startswith(b":") for name, _ in fields[1:]):
        raise WireError(f"pseudo-fields of a response: {fields}")
    return Head(VERSION, int(fields[0][1]), fields[1:])


def check(fields: Fields) -> None:
    """RFC 9113 8.2."""
    for name, value in fields:
        if name != name.lower() or not name:
            raise WireError(f"field name {name!r}")
        if name in _CONNECTION_FIELDS:
            raise WireError(f"field {name!r} has no meaning here")
        if any(each in value for each in (b"\r", b"\n", b"\0")) or value != value.strip(b" \t"):
            raise WireError(f"field {name!r} with value {value!r}")
