"""The worker's event loop and the way Java's work gets into it.

Java queues work at any time and from any thread, but writes the bell's descriptor only when this
side has said, by a `take()` that returned None, that it goes to sleep. Under load there are no
wake-up system calls at all.
"""

from __future__ import annotations

import asyncio
import ctypes
import os
import selectors
import sys
from typing import TYPE_CHECKING, Any, Protocol

import _spvn_host
from spvn_bridge.failure import StartFailure, summary, traceback_text
from spvn_bridge.orders import CANCEL, DRAIN, STOP

if TYPE_CHECKING:
    from collections.abc import Callable

    from spvn_bridge.asgi import Receive, RequestScope, Send
    from spvn_bridge.settings import Isolation, LoopKind

BATCH = 64
PAUSE = 0.1


class Bell(Protocol):
    """A pair of non-blocking descriptors, or one that is both: Java rings, the loop listens."""

    listens: int
    rings: int

    def hush(self) -> None:
        """Take note of the ringing, so that the loop can sleep again."""

    def close(self) -> None:
        """Give the descriptors back."""


class PipeBell:
    """The bell where there is no eventfd."""

    def __init__(self) -> None:
        self.listens, self.rings = os.pipe()
        os.set_blocking(self.listens, False)
        os.set_blocking(self.rings, False)

    def hush(self) -> None:
        """Empty the pipe."""
        try:
            os.read(self.listens, 4096)
        except BlockingIOError:
            return  # heard before

    def close(self) -> None:
        """Close both ends."""
        os.close(self.listens)
        os.close(self.rings)


if sys.platform == "linux":

    class EventBell:
        """The bell on Linux: one eventfd."""

        def __init__(self) -> None:
            self.listens = self.rings = os.eventfd(0, os.EFD_NONBLOCK | os.EFD_CLOEXEC)

        def hush(self) -> None:
            """Set the count to zero."""
            try:
                os.eventfd_read(self.listens)
            except BlockingIOError:
                return  # heard before

        def close(self) -> None:
            """Close the descriptor."""
            os.close(self.listens)

    def new_bell() -> Bell:
        """Make the bell that suits this system."""
        return EventBell()

else:

    def new_bell() -> Bell:
        """Make the bell that suits this system."""
        return PipeBell()


class Takers(Protocol):
    """Who takes requests; see `http.Requests`."""

    def start(self, exchange_id: int, scope: RequestScope, receive: Receive, send: Send) -> None:
        """Begin one."""

    def drain(self) -> None:
        """Look which of them are to come to their end."""

    def dismiss(self, exchange_id: int) -> None:
        """Cancel one."""


class Feed:
    """Takes Java's work, a bounded batch at a time, and starts it.

    After a full batch the loop has a turn for everything else, and the next batch follows without
    the bell. Each batch that began requests ends with one `flush()`.
    """

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        bell: Bell,
        requests: Takers,
        wake: Callable[[int], None],
        signal: Callable[[int], None],
    ) -> None:
        self.stopped: asyncio.Future[None] = loop.create_future()
        self.more = False
        self._loop = loop
        self._bell = bell
        self._requests = requests
        self._wake = wake
        self._signal = signal

    @property
    def wake_fd(self) -> int:
        """The descriptor that Java writes eight bytes to, a native 1, to ring."""
        return self._bell.rings

    def open(self) -> None:
        """Begin to listen, and take what is there already."""
        self._loop.add_reader(self._bell.listens, self._rung)
        self._come_back()

    def close(self) -> None:
        """Hand over what was sent last, and take nothing any more."""
        _spvn_host.flush()
        self._loop.remove_reader(self._bell.listens)
        _spvn_host.deaf()
        self._bell.close()

    def _rung(self) -> None:
        self._bell.hush()
        if not self.more:
            self._drain()

    def _drain(self) -> None:
        try:
            self.more = self._take_batch()
        except BaseException:
            self._loop.call_later(PAUSE, self._drain)  # or Java would wait for us for good
            raise
        if self.more:
            self._come_back()
        _spvn_host.flush()

    def _take_batch(self) -> bool:
        """Start a batch of what Java has, and tell whether there may be more."""
        take = _spvn_host.take
        start = self._requests.start
        for _ in range(BATCH):
            work = take()
            if work is None:
                return False
            if isinstance(work, tuple):
                try:
                    start(*work)
                except Exception as error:
                    _spvn_host.ended(work[0], traceback_text(error))
            elif work >= 0:
                self._wake(work)
            else:
                self._obey(work)
        return True

    def _obey(self, order: int) -> None:
        if order == STOP:
            self._stop()
        elif order == DRAIN:
            self._requests.drain()
        elif order <= CANCEL:
            self._requests.dismiss(CANCEL - order)
        else:
            self._signal(STOP - order)

    def _come_back(self) -> None:
        self.more = True
        self._loop.call_soon(self._drain)

    def _stop(self) -> None:
        if not self.stopped.done():
            self.stopped.set_result(None)


_select = selectors.DefaultSelector.select


class Selector(selectors.DefaultSelector):
    """The loop's selector, which tells Java when the loop rests."""

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """Wait for descriptors; it is no rest when there is something else to run at once."""
        if timeout is not None and timeout <= 0:
            return _select(self, timeout)
        _spvn_host.rests()
        try:
            return _select(self, timeout)
        finally:
            _spvn_host.goes_on()


def new_loop(kind: LoopKind, isolation: Isolation) -> asyncio.AbstractEventLoop:
    """Make the worker's loop and the thread's current one."""
    loop = _uvloop(kind) if isolation != "subinterpreter" and kind != "asyncio" else None
    if loop is None:
        loop = asyncio.SelectorEventLoop(Selector())
    asyncio.set_event_loop(loop)
    return loop


def close_loop(loop: asyncio.AbstractEventLoop) -> None:
    """Close the worker's loop, which is nobody's current one any more."""
    _spvn_host.idle_time(0, 0)
    asyncio.set_event_loop(None)
    loop.close()


def _uvloop(kind: LoopKind) -> asyncio.AbstractEventLoop | None:
    try:
        return _new_uvloop()
    except (ImportError, AttributeError, OSError) as error:
        if kind == "auto":
            return None
        raise StartFailure(
            "missing",
            f"--loop uvloop: {summary(error)}; install uvloop for {sys.executable}, "
            "or use --loop asyncio",
        ) from error


def _new_uvloop() -> asyncio.AbstractEventLoop:
    """Make a loop of uvloop, whose libuv tells Java how long it rests."""
    import uvloop  # noqa: PLC0415 - it is the app's, if there is one

    uv: Any = uvloop.loop
    libuv = ctypes.CDLL(uv.__file__)
    idle_time = ctypes.cast(libuv.uv_metrics_idle_time, ctypes.c_void_p).value
    made: asyncio.AbstractEventLoop = uvloop.new_event_loop()
    address = _pointer(uv.libuv_get_loop_t_ptr(made), None)
    libuv.uv_loop_configure(ctypes.c_void_p(address), _UV_METRICS_IDLE_TIME)
    _spvn_host.idle_time(idle_time or 0, address)
    return made


_UV_METRICS_IDLE_TIME = 1
_pointer = ctypes.PYFUNCTYPE(ctypes.c_void_p, ctypes.py_object, ctypes.c_char_p)(
    ("PyCapsule_GetPointer", ctypes.pythonapi)
)
