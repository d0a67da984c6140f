"""The large bodies of a worker process, until the server has pulled them."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, TypeAlias

from spvn_bridge.remote.wire import PIECE_SIZE

if TYPE_CHECKING:
    from spvn_bridge.files import Region

Body: TypeAlias = "memoryview | Region"

_MOST = 0x7FFFFFFF


class Bodies:
    """They have numbers of their own. Descriptors of files are closed with the last piece."""

    __slots__ = ("_last", "_left")

    def __init__(self) -> None:
        self._last = 0
        self._left: dict[int, Body] = {}

    def __len__(self) -> int:
        return len(self._left)

    def keep(self, body: Body) -> int:
        """Keep one, and return its number."""
        self._last = (self._last + 1) & _MOST
        self._left[self._last] = body
        return self._last

    def take(self, number: int) -> bytes | memoryview | None:
        """Return the next piece; nothing of what is lost, None of what is unknown."""
        body = self._left.pop(number, None)
        if body is None:
            return None
        if isinstance(body, memoryview):
            if len(body) > PIECE_SIZE:
                self._left[number] = body[PIECE_SIZE:]
            return body[:PIECE_SIZE]
        descriptor, at, left = body
        size = min(left, PIECE_SIZE)
        piece = _read(descriptor, size, at)
        if len(piece) == size < left:
            self._left[number] = (descriptor, at + size, left - size)
        else:
            os.close(descriptor)
        return piece if len(piece) == size else b""

    def drop(self, number: int) -> None:
        """Forget one that nobody wants any more."""
        body = self._left.pop(number, None)
        if isinstance(body, tuple):
            os.close(body[0])


def _read(descriptor: int, size: int, at: int) -> bytes:
    """Read from a file, which may have become shorter."""
    try:
        return os.pread(descriptor, size, at)
    except OSError:
        return b""
