"""The functions of `_spvn_host` by which a worker process shows how it does.

How long its loop has rested goes with the answer to the next pulse; the stack of its thread goes to
the server by a connection of its own, since the loop may be what does not come back.
"""

from __future__ import annotations

import ctypes
import os
import struct
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable
    from types import ModuleType


class Vitals:
    """The signs of life of one worker; `side` is where stacks are asked for, if anywhere."""

    def __init__(self, side: socket.socket | None) -> None:
        self._rest = _Rest()
        self._side = side

    def install(self, module: ModuleType) -> None:
        """Make these functions of a module."""
        for name in _FUNCTIONS:
            setattr(module, name, getattr(self, name))

    def rested(self) -> float:
        """Return the seconds that the loop has rested so far."""
        return self._rest.seconds()

    def rests(self) -> None:
        """Say that the loop goes to sleep."""
        self._rest.begin()

    def goes_on(self) -> None:
        """Say that the loop was woken."""
        self._rest.end()

    def idle_time(self, function: int, loop: int) -> None:
        """Measure by libuv."""
        self._rest.follow(function, loop)

    def watched(self) -> bool:
        """Tell whether the server reports a loop that does not come back."""
        return self._side is not None

    def watching(self, wake_fd: int) -> None:
        """Say that a `stack()` follows each time this descriptor is written."""
        threading.Thread(target=self._ask, args=(wake_fd,), name="spvn-side", daemon=True).start()

    def _ask(self, wake_fd: int) -> None:
        """Ring whenever the server asks."""
        side = self._side
        with suppress(OSError):
            while side is not None and side.recv(1):
                os.write(wake_fd, _ONE)

    def stack(self, text: str, exchange_id: int) -> None:
        """Give the stack of the worker's thread, and the request that it is at work on."""
        data = text.encode()
        with suppress(OSError):
            if self._side is not None:
                self._side.sendall(_head.pack(len(data), exchange_id) + data)


class _Rest:
    """For how long in all the loop has rested."""

    def __init__(self) -> None:
        self._total = 0
        self._since = 0
        self._libuv: Callable[[], int] | None = None

    def begin(self) -> None:
        self._since = time.monotonic_ns()

    def end(self) -> None:
        self._total += time.monotonic_ns() - self._since

    def follow(self, function: int, loop: int) -> None:
        """Ask libuv, which measures by itself; with zeros: that has gone."""
        if function == 0:
            self._total, self._libuv = round(self.seconds() * 1e9), None
            return
        idle_time = ctypes.CFUNCTYPE(ctypes.c_uint64, ctypes.c_void_p)(function)
        self._libuv = lambda: int(idle_time(loop))

    def seconds(self) -> float:
        return (self._total if self._libuv is None else self._libuv()) / 1e9


_FUNCTIONS = ("rests", "goes_on", "idle_time", "watched", "watching", "stack")
_ONE = struct.pack("=Q", 1)
_head = struct.Struct("<Iq")
