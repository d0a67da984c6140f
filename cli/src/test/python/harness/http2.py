"""A small, strict HTTP/2 client: any frames out, checked frames in, one thread, nothing hidden.

It acknowledges SETTINGS and PING, and gives credit for DATA as it comes, unless it is told not to.
Frames are read only while it waits for something, and each wait has a deadline.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import TypeVar

from hpack import Decoder, Encoder

from harness import frames
from harness.frames import Frame, Parser
from harness.h2_messages import VERSION, Fields, Goaway, GoneAway, Reset, Stream, check, head_of
from harness.server import Server
from harness.tls import TlsSocket, trusting
from harness.waiting import Deadline
from harness.wire import TIMEOUT, Address, Head, Response, Truncated, WireError, dial

ALPN = "h2"
T = TypeVar("T")


class Http2:
    """One connection. Streams of its own are numbered as they are asked for.

    The connection's window is as large as can be and kept so, unless one is chosen.
    """

    def __init__(
        self,
        address: Address,
        *,
        tls: bool = False,
        settings: dict[int, int] | None = None,
        window: int | None = None,
        timeout: float = TIMEOUT,
        rcvbuf: int = 0,
        greet: bool = True,
    ) -> None:
        context = trusting(alpn=(ALPN,)) if tls else None
        self.socket = dial(address, timeout=timeout, rcvbuf=rcvbuf, tls=context)
        self.alpn = agreed(self.socket)
        self.scheme = "https" if tls else "http"
        self.peer: dict[int, int] = {}
        self.greeted = False  # by the server's SETTINGS
        self.acknowledged = 0
        self.pongs: list[bytes] = []
        self.goaway: Goaway | None = None
        self.ended = False
        self.window = frames.WINDOW
        self._credit = window is None
        self.received: list[tuple[int, int]] = []  # the stream and length of each DATA, in order
        self.encoder = Encoder()
        self.streams: dict[int, Stream] = {}
        self._decoder = Decoder()
        self._block: tuple[int, int, bytearray] | None = None
        self._parser = Parser()
        self._timeout = timeout
        self.next_stream = 1
        if greet:
            self.greet(settings or {}, window or frames.LARGEST_WINDOW)

    @classmethod
    def to(cls, server: Server, **how: object) -> Http2:
        """A connection to a server under test, in clear with prior knowledge or through TLS."""
        return cls(server.address, tls=server.tls, **how)  # type: ignore[arg-type]

    def __enter__(self) -> Http2:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # ------------------------------------------------------------ out

    def greet(self, settings: dict[int, int], window: int = frames.LARGEST_WINDOW) -> None:
        hello = frames.PREFACE + frames.settings({frames.ENABLE_PUSH: 0, **settings})
        if window > frames.WINDOW:
            hello += frames.window_update(0, window - frames.WINDOW)
        self.send(hello)

    def send(self, *pieces: bytes) -> None:
        self.socket.settimeout(self._timeout)
        self.socket.sendall(b"".join(pieces))

    def fields(
        self, path: str, *more: tuple[str, str | bytes], method: str = "GET"
    ) -> list[tuple[str, str | bytes]]:
        pseudo: list[tuple[str, str | bytes]] = [
            (":method", method),
            (":scheme", self.scheme),
            (":authority", "spvn.test"),
            (":path", path),
        ]
        return [*pseudo, *more]

    def request(
        self,
        path: str,
        *more: tuple[str, str | bytes],
        method: str = "GET",
        end: bool = True,
        credit: bool = True,
    ) -> int:
        """A stream that is open, and its head sent."""
        return self.open(self.fields(path, *more, method=method), end=end, credit=credit)

    def open(
        self, fields: Iterable[tuple[str, str | bytes]], *, end: bool = True, credit: bool = True
    ) -> int:
        stream = self.next_stream
        self.next_stream += 2
        self.streams[stream] = Stream(self._initial, credit=credit)
        self.send(frames.headers(stream, self.block(fields), end=end))
        return stream

    def block(self, fields: Iterable[tuple[str, str | bytes]]) -> bytes:
        return self.encoder.encode(list(fields))

    def data(self, stream: int, data: bytes = b"", *, end: bool = False) -> None:
        """A frame, or several, sent once the server has given credit for it."""
        view = memoryview(data)
        while view:
            if not self.credit(stream):
                self.until(lambda: self.credit(stream), f"credit for stream {stream}")
            piece = view[: min(self.credit(stream), self.largest_frame)]
            view = view[len(piece) :]
            self._spend(stream, len(piece))
            flags = frames.END_STREAM if end and not view else 0
            self.send(frames.frame(frames.DATA, flags, stream, bytes(piece)))
        if end and not data:
            self.send(frames.frame(frames.DATA, frames.END_STREAM, stream))

    def trail(self, stream: int, *fields: tuple[str, str]) -> None:
        """Trailers, which end the stream."""
        self.send(frames.headers(stream, self.block(fields), end=True))

    def credit(self, stream: int) -> int:
        """How much DATA the server takes now."""
        return max(0, min(self.window, self.streams[stream].window))

    @property
    def largest_frame(self) -> int:
        return self.peer.get(frames.MAX_FRAME_SIZE, frames.FRAME_SIZE)

    @property
    def _initial(self) -> int:
        return self.peer.get(frames.INITIAL_WINDOW_SIZE, frames.WINDOW)

    def _spend(self, stream: int, count: int) -> None:
        self.window -= count
        self.streams[stream].window -= count

    # ------------------------------------------------------------ in

    def ask(
        self,
        path: str,
        *more: tuple[str, str | bytes],
        method: str = "GET",
        body: bytes | None = None,
    ) -> Response:
        """One request and its response."""
        stream = self.request(path, *more, method=method, end=body is None)
        if body is not None:
            self.data(stream, body, end=True)
        return self.response(stream)

    def response(self, stream: int) -> Response:
        """The whole response; `chunks` are its DATA frames."""
        found = self.streams[stream]
        self.until(lambda: found.ended or self._refuse(stream), f"response of stream {stream}")
        head = self.head(stream)
        chunks, trailers = found.pieces, found.trailers
        return Response(VERSION, head.status, head.headers, bytes(found.body), chunks, trailers)

    def head(self, stream: int) -> Head:
        found = self.streams[stream]
        self.until(lambda: found.head or self._refuse(stream), f"head of stream {stream}")
        assert found.head
        return found.head

    def reset_of(self, stream: int) -> int:
        """The code with which the server resets a stream."""
        found = self.streams[stream]
        self.until(lambda: found.code is not None, f"reset of stream {stream}")
        assert found.code is not None
        return found.code

    def await_goaway(self) -> Goaway:
        self.until(lambda: self.goaway, "GOAWAY")
        assert self.goaway
        return self.goaway

    def await_settings(self) -> dict[int, int]:
        self.until(lambda: self.greeted, "SETTINGS of the server")
        return self.peer

    def await_end(self, within: float | None = None) -> None:
        """The end of the connection, orderly or not."""
        deadline = Deadline(within or self._timeout)
        while not self.ended:
            self._step(deadline, "end of the connection")

    def roundtrip(self, payload: bytes = b"roundtri") -> None:
        """A PING and its answer: the server has seen all that was sent before."""
        count = len(self.pongs)
        self.send(frames.ping(payload))
        self.until(lambda: len(self.pongs) > count, "answer to PING")

    def until(self, probe: Callable[[], T], what: str, within: float | None = None) -> T:
        """Takes frames until the probe is content."""
        deadline = Deadline(within or self._timeout)
        while not (found := probe()):
            if self.ended:
                raise Truncated(f"end of connection in place of {what}; {self.goaway}")
            self._step(deadline, what)
        return found

    def silent(self, seconds: float) -> bool:
        """Whether no DATA comes for so long."""
        deadline = Deadline(seconds)
        count = len(self.received)
        with suppress(WireError):
            while not self.ended and len(self.received) == count:
                self._step(deadline, "nothing")
        return len(self.received) == count

    def close(self) -> None:
        self.socket.close()

    def _refuse(self, stream: int) -> bool:
        """False while the server may still answer the stream."""
        code = self.streams[stream].code
        if code is not None:
            raise Reset(stream, code)
        if self.goaway and stream > self.goaway.last:
            raise GoneAway(f"stream {stream} after {self.goaway}")
        return False

    def _step(self, deadline: Deadline, what: str) -> None:
        """Takes what has come; waits for more where nothing has."""
        if (found := self._parser.next()) is not None:
            self._take(found)
            return
        self.socket.settimeout(max(deadline.left, 0.001))
        try:
            data = self.socket.recv(262_144)
        except TimeoutError:
            raise WireError(f"not within {deadline}: {what}; {self.goaway}") from None
        except ConnectionError:
            data = b""
        if data:
            self._parser.feed(data)
        else:
            self.ended = True

    def _take(self, found: Frame) -> None:
        if not self.greeted and found.kind != frames.SETTINGS:
            raise WireError(f"{found} before SETTINGS: {found.payload[:80]!r}")
        if self._block and (found.kind, found.stream) != (frames.CONTINUATION, self._block[0]):
            raise WireError(f"{found} within a head")
        match found.kind:
            case frames.DATA:
                self._take_data(found)
            case frames.HEADERS:
                self._block = found.stream, found.flags, bytearray(frames.unpadded(found))
                self._end_block(found)
            case frames.CONTINUATION:
                assert self._block, f"{found} without a head"
                self._block[2].extend(found.payload)
                self._end_block(found)
            case frames.RST_STREAM:
                self._known(found).code = found.number
            case frames.SETTINGS:
                self._take_settings(found)
            case frames.PING:
                if found.flags & frames.ACK:
                    self.pongs.append(found.payload)
                else:
                    self.send(frames.ping(found.payload, frames.ACK))
            case frames.GOAWAY:
                code = int.from_bytes(found.payload[4:8], "big")
                self.goaway = Goaway(found.number, code, found.payload[8:])
            case frames.WINDOW_UPDATE:
                if found.stream == 0:
                    self.window += found.number
                elif found.stream in self.streams:
                    self.streams[found.stream].window += found.number
            case frames.PUSH_PROMISE:
                raise WireError(f"{found}, which was not asked for")

    def _take_settings(self, found: Frame) -> None:
        if found.flags & frames.ACK:
            self.acknowledged += 1
            return
        before = self._initial
        self.peer.update(frames.read_settings(found.payload))
        self.greeted = True
        for stream in self.streams.values():
            stream.window += self._initial - before
        self.send(frames.frame(frames.SETTINGS, frames.ACK))

    def _take_data(self, found: Frame) -> None:
        stream = self._known(found)
        if stream.head is None:
            raise WireError(f"{found} before a head")
        data = frames.unpadded(found)
        stream.body += data
        stream.pieces.append(data)
        self.received.append((found.stream, len(data)))
        self._end(found, stream)
        length = len(found.payload)
        if length and self._credit:
            self.send(frames.window_update(0, length))
        if length and stream.credit and not stream.ended:
            self.send(frames.window_update(found.stream, length))

    def _end_block(self, found: Frame) -> None:
        if not found.flags & frames.END_HEADERS:
            return
        assert self._block
        number, flags, block = self._block
        self._block = None
        decoded = self._decoder.decode(bytes(block), raw=True)
        fields: Fields = [(bytes(name), bytes(value)) for name, value in decoded]
        stream = self.streams.get(number)
        if stream is None:
            raise WireError(f"a head of stream {number}, which nobody opened")
        if stream.ended:
            raise WireError(f"a head of stream {number} after its end")
        check(fields)
        if stream.head is not None:
            stream.trailers = fields
            if not flags & frames.END_STREAM:
                raise WireError(f"trailers of stream {number} do not end it")
        else:
            head = head_of(fields)
            if head.status < 200:
                stream.interim.append(head)
            else:
                stream.head = head
        stream.ended |= bool(flags & frames.END_STREAM)

    def _end(self, found: Frame, stream: Stream) -> None:
        if stream.ended:
            raise WireError(f"{found} after the end of the stream")
        stream.ended = bool(found.flags & frames.END_STREAM)

    def _known(self, found: Frame) -> Stream:
        if found.stream not in self.streams:
            raise WireError(f"{found}, which nobody opened")
        return self.streams[found.stream]


def agreed(connected: socket.socket) -> str | None:
    """The protocol that TLS has agreed on."""
    return connected.tls.selected_alpn_protocol() if isinstance(connected, TlsSocket) else None
