"""A small, strict HTTP/1 client on a raw socket: exact bytes out, checked framing in."""

from __future__ import annotations

import json
import re
import select
import socket
import ssl
import struct
from dataclasses import dataclass, field
from typing import Any

from harness.tls import TlsSocket, wrapped
from harness.waiting import Deadline

Address = tuple[str, int] | str
TIMEOUT = 10.0

_STATUS_LINE = re.compile(rb"HTTP/(1\.[01]) ([0-9]{3}) ([\t\x20-\x7e\x80-\xff]*)")
_HEADER_LINE = re.compile(rb"([!#$%&'*+\-.^_`|~0-9A-Za-z]+):[ \t]*(.*?)[ \t]*", re.DOTALL)
_CHUNK_LINE = re.compile(rb"([0-9a-fA-F]+)")


class WireError(AssertionError):
    """What the server sent is not HTTP, or not there in time."""


class Truncated(WireError):
    """The connection ended inside a response; `body` is what had come."""

    def __init__(self, message: str, body: bytes = b"") -> None:
        super().__init__(f"{message}; body so far: {body[:200]!r}")
        self.body = body


@dataclass(frozen=True)
class Head:
    version: str
    status: int
    headers: list[tuple[bytes, bytes]]

    def all(self, name: str) -> list[bytes]:
        wanted = name.lower().encode()
        return [value for key, value in self.headers if key.lower() == wanted]

    def one(self, name: str) -> bytes | None:
        values = self.all(name)
        if len(values) > 1:
            raise WireError(f"header {name} came {len(values)} times: {values}")
        return values[0] if values else None


@dataclass(frozen=True)
class Response(Head):
    body: bytes
    chunks: list[bytes] = field(default_factory=list)
    trailers: list[tuple[bytes, bytes]] = field(default_factory=list)

    def json(self) -> Any:
        return json.loads(self.body)


def request(
    target: str | bytes,
    *headers: str | bytes,
    method: str = "GET",
    body: bytes | None = None,
    version: str = "1.1",
) -> bytes:
    """The bytes of a request; a body gets its Content-Length."""
    lines = [_bytes(method) + b" " + _bytes(target) + b" HTTP/" + _bytes(version)]
    lines += [b"Host: spvn.test", *map(_bytes, headers)]
    if body is not None:
        lines.append(b"Content-Length: %d" % len(body))
    return b"\r\n".join(lines) + b"\r\n\r\n" + (body or b"")


def chunk(data: bytes, extension: bytes = b"") -> bytes:
    return b"%x%s\r\n%s\r\n" % (len(data), extension, data)


LAST_CHUNK = b"0\r\n\r\n"


def _bytes(text: str | bytes) -> bytes:
    return text.encode("latin-1") if isinstance(text, str) else text


class Connection:
    """One client connection. Every read has a deadline."""

    def __init__(
        self,
        address: Address,
        *,
        timeout: float = TIMEOUT,
        rcvbuf: int = 0,
        tls: ssl.SSLContext | None = None,
        agreed: bool = True,
    ) -> None:
        self._timeout = timeout
        self._buffer = bytearray()
        self.socket = dial(address, timeout=timeout, rcvbuf=rcvbuf, tls=tls, agreed=agreed)

    @classmethod
    def over(cls, connected: socket.socket, timeout: float = TIMEOUT) -> Connection:
        """On a socket that is connected already."""
        made = cls.__new__(cls)
        made._timeout = timeout
        made._buffer = bytearray()
        made.socket = connected
        return made

    def __enter__(self) -> Connection:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def send(self, *pieces: bytes) -> None:
        self.socket.settimeout(self._timeout)
        self.socket.sendall(b"".join(pieces))

    def ask(self, target: str | bytes, *headers: str, **how: Any) -> Response:
        """One request and its response."""
        self.send(request(target, *headers, **how))
        return self.read_response(how.get("method", "GET"))

    def shutdown_write(self) -> None:
        self.socket.shutdown(socket.SHUT_WR)

    def close(self) -> None:
        self.socket.close()

    def reset(self) -> None:
        """Closes with a TCP reset instead of an orderly end."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()

    def read_response(self, method: str = "GET") -> Response:
        """One final response, complete by its own framing."""
        head = self.read_head()
        if head.status < 200:
            raise WireError(f"unexpected interim response {head}")
        return self.read_body(head, method)

    def read_outcome(self) -> Response | Truncated:
        """The response, or how far it came before the connection ended."""
        try:
            return self.read_response()
        except Truncated as end:
            return end

    def read_head(self) -> Head:
        raw = self._take_through(b"\r\n\r\n", "response head")
        lines = bytes(raw[:-4]).split(b"\r\n")
        status_line = _STATUS_LINE.fullmatch(lines[0])
        if status_line is None:
            raise WireError(f"bad status line {lines[0]!r}")
        headers = [_header(line) for line in lines[1:]]
        return Head(status_line[1].decode(), int(status_line[2]), headers)

    def read_body(self, head: Head, method: str = "GET") -> Response:
        length = head.one("content-length")
        encoding = head.one("transfer-encoding")
        if length is not None and encoding is not None:
            raise WireError(f"both content-length and transfer-encoding: {head}")
        body, chunks, trailers = b"", list[bytes](), list[tuple[bytes, bytes]]()
        if method == "HEAD" or head.status in (204, 304):
            pass
        elif encoding is not None:
            if encoding.lower() != b"chunked":
                raise WireError(f"transfer-encoding {encoding!r}")
            chunks, trailers = self._read_chunks()
            body = b"".join(chunks)
        elif length is not None:
            body = self.read_exactly(int(length))
        else:
            body = self.read_to_end()
        return Response(head.version, head.status, head.headers, body, chunks, trailers)

    def read_chunk(self) -> bytes:
        """One chunk of a chunked body; empty for the last one, whose trailers stay unread."""
        line = bytes(self._take_through(b"\r\n", "chunk size")[:-2])
        size = _CHUNK_LINE.fullmatch(line)
        if size is None:
            raise WireError(f"bad chunk size line {line!r}")
        count = int(size[1], 16)
        if count == 0:
            return b""
        data = self.read_exactly(count + 2)
        if data[-2:] != b"\r\n":
            raise WireError(f"chunk does not end with CRLF: {data[-8:]!r}")
        return data[:-2]

    def read_exactly(self, count: int) -> bytes:
        deadline = Deadline(self._timeout)
        while len(self._buffer) < count:
            self._fill(deadline, f"{count} bytes")
        return bytes(self._take(count))

    def discard(self, count: int) -> None:
        """Reads so many bytes and keeps none of them."""
        deadline = Deadline(self._timeout)
        while left := count - len(self._take(count)):
            count = left
            self._fill(deadline, f"{left} bytes")

    def read_to_end(self) -> bytes:
        """All bytes up to an orderly end of the connection."""
        deadline = Deadline(self._timeout)
        while self._receive(deadline):
            pass
        return bytes(self._take(len(self._buffer)))

    def ended(self, within: float = 5.0) -> bool:
        """Whether the server ends the connection, orderly or by reset, without another byte."""
        deadline = Deadline(within)
        try:
            more = bool(self._buffer) or self._receive(deadline)
        except Truncated:
            return True
        except WireError:
            return False
        if more:
            raise WireError(f"bytes instead of an end: {bytes(self._buffer[:200])!r}")
        return True

    def silent(self, seconds: float) -> bool:
        """Whether neither a byte nor an end comes for so long."""
        if self._buffer:
            return False
        if isinstance(self.socket, TlsSocket):
            return self.socket.silent(seconds)
        return not select.select([self.socket], [], [], seconds)[0]

    def _read_chunks(self) -> tuple[list[bytes], list[tuple[bytes, bytes]]]:
        chunks: list[bytes] = []
        try:
            while data := self.read_chunk():
                chunks.append(data)
            trailers: list[tuple[bytes, bytes]] = []
            while line := bytes(self._take_through(b"\r\n", "trailer")[:-2]):
                trailers.append(_header(line))
        except Truncated as end:
            raise Truncated(str(end), b"".join([*chunks, end.body])) from None
        return chunks, trailers

    def _take_through(self, mark: bytes, what: str) -> bytearray:
        deadline = Deadline(self._timeout)
        while (at := self._buffer.find(mark)) < 0:
            self._fill(deadline, what)
        return self._take(at + len(mark))

    def _take(self, count: int) -> bytearray:
        taken, self._buffer = self._buffer[:count], self._buffer[count:]
        return taken

    def _fill(self, deadline: Deadline, what: str) -> None:
        if not self._receive(deadline):
            raise Truncated(f"end of connection in place of {what}", bytes(self._buffer))

    def _receive(self, deadline: Deadline) -> int:
        """Receives some bytes; 0 at an orderly end."""
        self.socket.settimeout(max(deadline.left, 0.001))
        try:
            data = self.socket.recv(262_144)
        except TimeoutError:
            raise WireError(f"nothing within {deadline}, have {self._buffer[:200]!r}") from None
        except ConnectionError as reset:
            raise Truncated(f"{type(reset).__name__}", bytes(self._buffer)) from None
        self._buffer += data
        return len(data)


def _header(line: bytes) -> tuple[bytes, bytes]:
    match = _HEADER_LINE.fullmatch(line)
    if match is None or re.search(rb"[\r\n\0]", line):
        raise WireError(f"bad header line {line!r}")
    return match[1], match[2]


def dial(
    address: Address,
    *,
    timeout: float = TIMEOUT,
    rcvbuf: int = 0,
    tls: ssl.SSLContext | None = None,
    agreed: bool = True,
) -> socket.socket:
    """A connected socket with its timeout; not `agreed`, it shakes hands as late as it reads."""
    if isinstance(address, str):
        family = socket.AF_UNIX
    else:
        family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
    connection = socket.socket(family, socket.SOCK_STREAM)
    connection.settimeout(timeout)
    if rcvbuf:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, rcvbuf)
    try:
        connection.connect(address)
        if family != socket.AF_UNIX:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    except OSError:
        connection.close()
        raise
    return connection if tls is None else wrapped(connection, tls, agreed=agreed)
