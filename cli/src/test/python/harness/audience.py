"""Many clients of WebSockets in one thread: they answer pings and closes, and count what comes."""

from __future__ import annotations

import selectors
import socket
import struct
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from harness.tls import run_context
from harness.wire import dial

CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0, 1, 2, 8, 9, 10
FIN, COMPRESSED = 0x80, 0x40
DEFLATE = "permessage-deflate; client_max_window_bits"
AT_ONCE = 200

_MASKED = 0x80
_NO_MASK = bytes(4)  # a mask like any other
_LENGTH_16, _LENGTH_64 = 126, 127


def frame(opcode: int, data: bytes = b"", first: int = FIN) -> bytes:
    """A frame as clients send it, whose mask changes nothing."""
    length = len(data)
    if length < _LENGTH_16:
        head = bytes((first | opcode, _MASKED | length))
    elif length < 1 << 16:
        head = struct.pack(">BBH", first | opcode, _MASKED | _LENGTH_16, length)
    else:
        head = struct.pack(">BBQ", first | opcode, _MASKED | _LENGTH_64, length)
    return head + _NO_MASK + data


def closing(code: int, reason: str = "") -> bytes:
    return frame(CLOSE, struct.pack(">H", code) + reason.encode())


def handshake(path: str, extensions: str | None = None) -> bytes:
    lines = [
        f"GET {path} HTTP/1.1",
        "Host: spvn.test",
        "Upgrade: websocket",
        "Connection: Upgrade",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        "Sec-WebSocket-Version: 13",
    ]
    if extensions:
        lines.append(f"Sec-WebSocket-Extensions: {extensions}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


@dataclass
class Frames:
    """Cuts what a server sends into frames; a frame that breaks the rules is an error."""

    _data: bytearray = field(default_factory=bytearray)

    def take(self, data: bytes) -> Iterator[tuple[int, bytes]]:
        """Opcode and payload of each frame that is whole."""
        self._data += data
        while (whole := self._next()) is not None:
            yield whole

    def _next(self) -> tuple[int, bytes] | None:
        data = self._data
        if len(data) < 2:
            return None
        assert not data[1] & _MASKED, "a server does not mask"
        at, length = 2, data[1]
        if length == _LENGTH_16:
            at, length = 4, int.from_bytes(data[2:4], "big")
        elif length == _LENGTH_64:
            at, length = 10, int.from_bytes(data[2:10], "big")
        if len(data) < at + length:
            return None
        payload = bytes(data[at : at + length])
        opcode = data[0] & 0x0F
        del data[: at + length]
        return opcode, payload


class Client:
    """One of them."""

    def __init__(self, address: tuple[str, int], first: bytes, rcvbuf: int = 0) -> None:
        self.socket = dial(address, timeout=30, rcvbuf=rcvbuf, tls=run_context())
        self.socket.sendall(first)
        self.socket.setblocking(False)
        self.status = 0
        self.code: int | None = None  # of the server's close; 1005 for none in it
        self.ended = False
        self.reset = False
        self.heard: Counter[int] = Counter()
        self.messages: list[bytes] = []
        self.rest = bytearray()
        self._head = b""
        self._frames = Frames()

    @property
    def open(self) -> bool:
        return self.status == 101

    def send(self, data: bytes, within: float = 30.0) -> None:
        """Sends all of it; a server that does not take it in time is an error."""
        self.socket.settimeout(within)
        try:
            self.socket.sendall(data)
        finally:
            self.socket.setblocking(False)

    def offer(self, data: bytes, within: float) -> int:
        """How many bytes the server takes before it takes none for so long, or ends."""
        self.socket.settimeout(within)
        sent = 0
        view = memoryview(data)
        try:
            while sent < len(data):
                sent += self.socket.send(view[sent : sent + 65_536])
        except (TimeoutError, ConnectionError):
            pass
        finally:
            self.socket.setblocking(False)
        return sent

    def kill(self) -> None:
        """Leaves with a reset."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()

    def read(self) -> list[tuple[int, bytes]]:
        """The frames that have come; the end and a reset are noted."""
        try:
            data = self.socket.recv(262_144)
        except BlockingIOError:
            return []
        except OSError:
            self.reset = True
            data = b""
        if not data:
            self.ended = True
            return []
        if not self.status:
            self._head += data
            head, mark, data = self._head.partition(b"\r\n\r\n")
            if not mark:
                return []
            self.status = int(head.split()[1])
        if not self.open:
            self.rest += data
            return []
        return [self._note(*each) for each in self._frames.take(data)]

    def _note(self, opcode: int, payload: bytes) -> tuple[int, bytes]:
        self.heard[opcode] += 1
        if opcode == CLOSE:
            self.code = int.from_bytes(payload[:2], "big") if payload else 1005
        return opcode, payload


class Audience:
    """All of them. `polite` is whether they answer closes and pings."""

    def __init__(self, address: tuple[str, int], polite: bool = True) -> None:
        self._address = address
        self._selector = selectors.DefaultSelector()
        self.polite = polite
        self.clients: list[Client] = []

    def __enter__(self) -> Audience:
        return self

    def __exit__(self, *_: object) -> None:
        for client in self.clients:
            client.socket.close()
        self._selector.close()

    def join(self, count: int, path: str, extensions: str | None = None) -> None:
        """So many more clients begin their handshakes, not all of them at once."""
        first = handshake(path, extensions)
        for number in range(1, count + 1):
            client = Client(self._address, first)
            self._selector.register(client.socket, selectors.EVENT_READ, client)
            self.clients.append(client)
            if number % AT_ONCE == 0:
                self.attend(lambda: False, within=0.0)

    def open(self, count: int, path: str, extensions: str | None = None) -> None:
        """So many more clients have their WebSockets."""
        self.join(count, path, extensions)
        assert self.attend(self._all_answered, within=120), self.summary()
        assert self.all_open(), self.summary()

    def all_open(self) -> bool:
        return all(client.open for client in self.clients)

    def _all_answered(self) -> bool:
        return all(client.status or client.ended for client in self.clients)

    def all_ended(self) -> bool:
        return all(client.ended for client in self.clients)

    def attend(self, done: Callable[[], bool], within: float) -> bool:
        """Reads what comes until it is done; whether it is."""
        end = time.monotonic() + within
        looked = time.monotonic()
        while True:
            for key, _ in self._selector.select(min(0.05, max(0.0, end - time.monotonic()))):
                self._hear(key.data)
            now = time.monotonic()
            if now - looked > 0.05 or now >= end:
                looked = now
                if done():
                    return True
            if now >= end:
                return False

    def _hear(self, client: Client) -> None:
        for opcode, payload in client.read():
            if not self.polite:
                continue
            try:
                if opcode == PING:
                    client.socket.send(frame(PONG, payload))
                elif opcode == CLOSE:
                    client.socket.send(frame(CLOSE, payload))
            except OSError:
                client.reset = True
        if client.ended:
            self._selector.unregister(client.socket)
            client.socket.close()

    def codes(self) -> Counter[int | None]:
        """How many were told each code; None for those that were told nothing."""
        return Counter(client.code for client in self.clients)

    def summary(self) -> str:
        statuses = dict(Counter(client.status for client in self.clients))
        ended = sum(client.ended for client in self.clients)
        resets = sum(client.reset for client in self.clients)
        return f"answers {statuses}, closes {dict(self.codes())}, {ended} ended, {resets} resets"
