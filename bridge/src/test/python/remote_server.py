"""The server's ends of the two connections of a worker process."""

from __future__ import annotations

import marshal
import socket
import struct
from collections import deque
from typing import Any

from spvn_bridge.remote import wire

LIMIT = 10.0
PIECE = 0x80000000
size = struct.Struct("<I")


def batch(*messages: Any) -> bytes:
    """One batch of the server's, with its length before it."""
    data = marshal.dumps(list(messages), wire.VERSION)
    return size.pack(len(data)) + data


class RemoteServer:
    """Tells a worker things, and hears what it says."""

    def __init__(self) -> None:
        self.down, self.childs_down = socket.socketpair()
        self.up, self.childs_up = socket.socketpair()
        self.down.settimeout(LIMIT)
        self.up.settimeout(LIMIT)
        self.begun = 0
        self.pieces: list[tuple[int, bytes]] = []
        self.batches: list[list[Any]] = []
        self._heard: deque[list[Any]] = deque()

    def tell(self, *messages: Any) -> None:
        self.down.sendall(batch(*messages))

    def hear(self) -> list[Any]:
        """The next message; waits for it."""
        while not self._heard:
            self.read()
        return self._heard.popleft()

    def hear_piece(self) -> tuple[int, bytes]:
        while not self.pieces:
            self.read()
        return self.pieces.pop(0)

    def all(self) -> list[list[Any]]:
        """What was said, once the worker's connection has ended."""
        try:
            while True:
                self.read()
        except EOFError:
            return list(self._heard)

    def read(self) -> None:
        """Read one batch or piece."""
        (head,) = size.unpack(self._exactly(4))
        if head & PIECE:
            (number,) = size.unpack(self._exactly(4))
            self.pieces.append((number, self._exactly(head & ~PIECE)))
            return
        begun, messages = marshal.loads(self._exactly(head))  # noqa: S302 - the worker's
        self.begun += begun
        self.batches.append(messages)
        self._heard += messages

    def says_nothing(self) -> bool:
        self.up.settimeout(0)
        try:
            return not self._heard and not self.up.recv(1)
        except BlockingIOError:
            return True
        finally:
            self.up.settimeout(LIMIT)

    def leave(self) -> None:
        self.down.close()
        self.up.close()

    def close(self) -> None:
        for end in (self.down, self.childs_down, self.up, self.childs_up):
            end.close()

    def _exactly(self, count: int) -> bytes:
        parts: list[bytes] = []
        while count:
            part = self.up.recv(min(count, 1 << 20))
            if not part:
                raise EOFError("the worker has gone")
            parts.append(part)
            count -= len(part)
        return b"".join(parts)
