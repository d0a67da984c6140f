"""A collector of OpenTelemetry: takes spans by OTLP over HTTP, and shows what came."""

from __future__ import annotations

import struct
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from harness.waiting import eventually

Value = int | bytes

# Of opentelemetry/proto/trace/v1/trace.proto.
SERVER, INTERNAL = 2, 1
ERROR = 2


@dataclass(frozen=True)
class Span:
    """One span; ids in hexadecimal digits, times in nanoseconds since 1970."""

    trace: str
    id: str
    parent: str
    name: str
    kind: int
    start: int
    end: int
    status: int
    attributes: dict[str, str | int] = field(hash=False)
    resource: dict[str, str | int] = field(hash=False)


class Collector:
    """Listens while it is entered."""

    def __init__(self, status: int = 200) -> None:
        self._spans: list[Span] = []
        self.headers: list[dict[str, str]] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self, status))
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    def __enter__(self) -> Collector:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def take(self, path: str, headers: dict[str, str], body: bytes) -> None:
        assert path == "/v1/traces", path
        self.headers.append(headers)
        self._spans.extend(spans(body))

    def spans(self, count: int) -> list[Span]:
        """All that came, which are so many in the end."""
        eventually(lambda: len(self._spans) >= count, within=20, what=f"{count} spans")
        assert len(self._spans) == count, self._spans
        return list(self._spans)


def _handler(collector: Collector, status: int) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            collector.take(self.path, {k.lower(): v for k, v in self.headers.items()}, body)
            self.send_response(status)
            self.send_header("content-type", "application/x-protobuf")
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            pass

    return Handler


def spans(message: bytes) -> Iterator[Span]:
    """Of an ExportTraceServiceRequest."""
    for of_resource in _messages(message, 1):
        resource = [part for each in _messages(of_resource, 1) for part in _messages(each, 1)]
        for of_scope in _messages(of_resource, 2):
            for each in _messages(of_scope, 2):
                yield _span(each, _attributes(resource))


def _span(message: bytes, resource: dict[str, str | int]) -> Span:
    known = dict(_fields(message))
    status = next(_messages(message, 15), b"")
    return Span(
        trace=_octets(known[1]).hex(),
        id=_octets(known[2]).hex(),
        parent=_octets(known.get(4, b"")).hex(),
        name=_octets(known[5]).decode(),
        kind=_number(known[6]),
        start=_number(known[7]),
        end=_number(known[8]),
        status=_number(dict(_fields(status)).get(3, 0)),
        attributes=_attributes(list(_messages(message, 9))),
        resource=resource,
    )


def _attributes(pairs: list[bytes]) -> dict[str, str | int]:
    found: dict[str, str | int] = {}
    for pair in pairs:
        known = dict(_fields(pair))
        ((kind, value),) = _fields(_octets(known[2]))
        name = _octets(known[1]).decode()
        found[name] = _octets(value).decode() if kind == 1 else _number(value)
    return found


def _messages(message: bytes, wanted: int) -> Iterator[bytes]:
    return (_octets(value) for number, value in _fields(message) if number == wanted)


def _fields(message: bytes) -> Iterator[tuple[int, Value]]:
    """The fields of a message of protocol buffers: numbers and values."""
    at = 0
    while at < len(message):
        tag, at = _varint(message, at)
        number, wire = tag >> 3, tag & 7
        value: Value
        if wire == 0:
            value, at = _varint(message, at)
        elif wire == 1:
            (value,), at = struct.unpack_from("<Q", message, at), at + 8
        elif wire == 5:
            (value,), at = struct.unpack_from("<I", message, at), at + 4
        else:
            assert wire == 2, wire
            length, at = _varint(message, at)
            value, at = message[at : at + length], at + length
        yield number, value


def _varint(message: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        octet = message[at]
        at += 1
        value |= (octet & 0x7F) << shift
        shift += 7
        if octet < 0x80:
            return value, at


def _octets(value: Value) -> bytes:
    assert isinstance(value, bytes), value
    return value


def _number(value: Value) -> int:
    assert isinstance(value, int), value
    return value
