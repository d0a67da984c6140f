"""The two connections between a worker process and the server, and what is said on them.

Each carries batches, one after the other:

    u32      how many bytes follow, little-endian; with the top bit set it is a piece
    bytes    `marshal` data of version 2

The server's batch is a list of messages. The worker's is a pair: how many requests it has begun
since the last, and a list of messages. A message is a tuple or a list; its first item says what it
is, the second is the number of the request that it is about, if there is one.

    server to worker                           worker to server
    SETTINGS    dict                           SERVING
    REQUEST     number, scope, body, more      RESPONSE    number, status, fields, body
    BODY        number, bytes, more            ANSWERED    the same, and its app has returned
    DISCONNECT  number                         START       number, status, fields
    GONE        number                         PART        number, bytes, more
    ROOM        number                         LARGE       number, body, length, more
    PULL        body                           ENDED       number, traceback or None
    DROP        body                           WANT        number
    CANCEL      number                         FULL        number
    LOOK                                       LISTENS     number, who
    PULSE                                      RESTED      seconds that the loop has rested
    STOP        seconds                        DEAF
    MESSAGE     number, text or bytes          WAITS       what, whether served
    CLOSED      number, code, reason           LOG         level, text
                                               RESULT      outcome, message, traceback, module
                                               LEAVING     signal
                                               ACCEPT      number, subprotocol or None, fields
                                               SEND        number, text or bytes
                                               CLOSE       number, code, reason
                                               TRAILED     number, status, fields
                                               TRAILERS    number, fields, more
                                               HINT        number, fields
                                               FILE        number, path, length
                                               LOST        body

BODY is what `receive()` yields, PART what `send()` says. LARGE is said in the place of PART when
that is large: it has a number of its own, and goes by pieces, each of which the server pulls, until
it is complete or dropped: `u32` body, and the bytes. `fields` are names and values, each followed
by a NUL. The first BODY may come unasked; each after it answers a WANT. After FULL the worker sends
nothing more of that response until ROOM. GONE says that nobody reads it any more. LOOK is answered
by a LISTENS for each request in hand. LEAVING asks for a STOP: somebody has sent a signal.

TRAILED is a START behind whose body trailers come. FILE says the whole of a body: the server opens
that file, which the worker has looked at. A LARGE may be a part of a file, of which the worker
sends a piece when it is pulled; LOST says that there is no more of it.

A REQUEST may be for a WebSocket, as its scope says; it has no body. The first event, that the
client asks for it, is not said. A WANT is answered by a MESSAGE for each that has come, or by
CLOSED. What the app sends is said by ACCEPT, SEND and CLOSE; by START, RESPONSE, PART and LARGE
where it is a response in place of a WebSocket. A large message is said by LARGE, whose last item
tells whether it is a text, in UTF-8.
"""

from __future__ import annotations

import marshal
import os
import struct
import threading
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    import asyncio
    import socket
    from collections import deque
    from collections.abc import Callable

# server to worker
(
    SETTINGS,
    REQUEST,
    BODY,
    DISCONNECT,
    GONE,
    ROOM,
    PULL,
    DROP,
    CANCEL,
    LOOK,
    PULSE,
    STOP,
    MESSAGE,
    CLOSED,
) = range(14)

# worker to server
(
    SERVING,
    RESPONSE,
    ANSWERED,
    START,
    PART,
    LARGE,
    ENDED,
    WANT,
    FULL,
    LISTENS,
    RESTED,
    DEAF,
    WAITS,
    LOG,
    RESULT,
    LEAVING,
    ACCEPT,
    SEND,
    CLOSE,
    TRAILED,
    TRAILERS,
    HINT,
    FILE,
    LOST,
) = range(24)

VERSION = 2  # of marshal: without references, which the server would have to resolve
PIECE = 0x80000000
PIECE_SIZE = 64 * 1024
LARGEST = 1 << 30  # bytes of a batch
EXIT_LOST = 70
_ROOM = 256 * 1024
_MOST_CHUNKS = 512  # of one system call; Linux and macOS take 1024
_SHORTEST = 0.001
_NONE_TO_READ = "there is no memory for requests"
_NONE_TO_SEND = "there is no memory for answers"

_size = struct.Struct("<I")
_piece_head = struct.Struct("<II")
_loads = marshal.loads
_dumps = marshal.dumps


def give_up(reason: str) -> NoReturn:
    """End the process: what it is told or has to say would be lost, and somebody waits for that."""
    try:
        os.write(2, f"spvn: a worker process ends: {reason}\n".encode())
    finally:
        os._exit(EXIT_LOST)


class Inlet:
    """The connection from the server; also the bell of the worker's loop.

    It waits for what comes until it is told not to.
    """

    __slots__ = (
        "_buffer",
        "_connection",
        "_have",
        "_left",
        "_read",
        "_todo",
        "_view",
        "_waits",
        "ended",
        "listens",
        "rings",
    )

    def __init__(self, connection: socket.socket, todo: deque[Any]) -> None:
        self.listens = self.rings = connection.fileno()
        self.ended = False
        self._connection = connection
        self._todo = todo
        self._read = connection.recv_into
        self._buffer = bytearray(_ROOM)
        self._view = memoryview(self._buffer)
        self._have = 0
        self._waits = True
        self._left: Callable[[], float] | None = None

    def hush(self) -> None:
        """Read what has come, and queue the messages in it."""
        if self._left is not None:
            self._connection.settimeout(max(self._left(), _SHORTEST))
        try:
            count = self._read(self._view[self._have :] if self._have else self._view)
        except (BlockingIOError, InterruptedError):
            return
        except OSError:  # a time-out as well
            count = 0
        except MemoryError:  # perhaps for the number of what has been read
            give_up(_NONE_TO_READ)
        self._came(count)

    def _came(self, count: int) -> None:
        """Queue the messages in what was read."""
        if not count:
            self.ended = True
            return
        try:
            self._take(self._have + count)
        except MemoryError:
            give_up(_NONE_TO_READ)
        except (ValueError, EOFError, TypeError) as error:
            give_up(f"it does not understand the server: {error}")

    def unblock(self) -> None:
        """Wait no more in `hush`: a loop does."""
        self._connection.settimeout(0)
        self._waits = False

    def block(self, seconds: Callable[[], float]) -> None:
        """Wait in `hush` from now on, for so long in all."""
        self._left = seconds
        self._waits = True

    def close(self) -> None:
        """Close nothing yet: the server may pull what was not pulled."""

    def _take(self, have: int) -> None:
        view, at = self._view, 0
        while have - at >= _size.size:
            (size,) = _size.unpack_from(view, at)
            if size > LARGEST:
                raise ValueError(f"a batch of {size} bytes")
            start = at + _size.size
            if have - start < size:
                self._make_room(size + _size.size)
                break
            self._todo.extend(_loads(view[start : start + size]))
            at = start + size
        self._have = have - at
        if at and self._have:
            self._buffer[: self._have] = self._buffer[at:have]

    def _make_room(self, size: int) -> None:
        """Have a buffer that a batch of this size fits into."""
        if size > len(self._buffer):
            larger = bytearray(size)
            larger[: len(self._buffer)] = self._buffer
            self._buffer, self._view = larger, memoryview(larger)


class Outlet:
    """The connection to the server. What it does not take at once waits here.

    The loop's thread writes; other threads may, before and after there is a loop. `begun` counts
    the requests that the app has begun.
    """

    __slots__ = (
        "_chunks",
        "_connection",
        "_descriptor",
        "_lock",
        "_loop",
        "_lost",
        "_told",
        "_waits",
        "begun",
        "messages",
    )

    def __init__(self, connection: socket.socket) -> None:
        self.begun = 0
        self.messages: list[Any] = []
        self._connection = connection
        self._descriptor = connection.fileno()
        self._chunks: list[bytes | memoryview] = []
        self._lock = threading.RLock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._told = 0
        self._waits = False
        self._lost = False

    def attach(self, loop: asyncio.AbstractEventLoop) -> None:
        """Let a loop wait for room from now on."""
        connection = self._connection
        connection.settimeout(0)
        self._loop = loop

    def detach(self) -> None:
        """Write without a loop from now on; it may block."""
        if self._waits and self._loop is not None:
            self._loop.remove_writer(self._descriptor)
        self._waits = False
        self._loop = None
        if not self._lost:
            self._connection.settimeout(None)

    def flush(self) -> None:
        """Write all messages, as one batch."""
        if not self.messages and self._told == self.begun:
            return
        try:
            with self._lock:
                self._pack()
                if not self._waits:
                    self._write()
        except MemoryError:
            give_up(_NONE_TO_SEND)

    def piece(self, number: int, data: bytes | memoryview) -> None:
        """Write a part of a body behind all messages, without a copy."""
        try:
            with self._lock:
                self._pack()
                self._chunks += (_piece_head.pack(PIECE | len(data), number), data)
                if not self._waits:
                    self._write()
        except MemoryError:
            give_up(_NONE_TO_SEND)

    def _pack(self) -> None:
        messages = self.messages
        if messages or self._told != self.begun:
            self.messages = []
            try:
                data = _dumps((self.begun - self._told, messages), VERSION)
            except MemoryError:
                give_up("there is no memory for answers")
            self._told = self.begun
            self._chunks.append(_size.pack(len(data)) + data)

    def _write(self) -> None:
        chunks = self._chunks
        try:
            while chunks:
                _drop(chunks, self._connection.sendmsg(chunks[:_MOST_CHUNKS]))
        except (BlockingIOError, InterruptedError):
            self._await_room()
        except OSError:
            self._lost = True  # nobody listens; that the server has gone is heard on the other one
            chunks.clear()

    def _await_room(self) -> None:
        if self._loop is not None and not self._waits:
            self._waits = True
            self._loop.add_writer(self._descriptor, self._has_room)

    def _has_room(self) -> None:
        try:
            with self._lock:
                if self._loop is not None:
                    self._loop.remove_writer(self._descriptor)
                self._waits = False
                self._write()
        except MemoryError:
            give_up(_NONE_TO_SEND)


def _drop(chunks: list[bytes | memoryview], count: int) -> None:
    """Take bytes off the front of chunks."""
    while chunks and count >= len(chunks[0]):
        count -= len(chunks.pop(0))
    if count:
        chunks[0] = memoryview(chunks[0])[count:]
