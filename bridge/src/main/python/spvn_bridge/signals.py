"""The app's signal handlers, in a process whose signals are Java's.

Python itself lets only its main thread set handlers, and the app's thread is not that. So
`signal.signal()` and `loop.add_signal_handler()` ask Java instead. Java passes on what it does not
need, and the handler then runs on the app's thread between two callbacks of its loop: a signal does
not interrupt what the app is at. What Java needs, such as SIGTERM, stays Java's. A handler that
cannot be had is a warning, never an error: under other servers the app would start.
"""

from __future__ import annotations

import inspect
import logging
import os
import signal
import sys
import threading
from typing import TYPE_CHECKING, Any, Literal

import _spvn_host
from spvn_bridge.journal import log

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable

    Action = Literal["default", "ignore", "tell"]


class Signals:
    """The handlers of one app. The worker's thread sets and runs them."""

    def __init__(self, loop: asyncio.AbstractEventLoop, isolation: str) -> None:
        self._loop = loop
        self._needed = isolation != "process"
        self._shared = isolation == "main"
        self._thread = threading.get_ident()
        self._process = os.getpid()
        self._signal = signal.signal
        self._getsignal = signal.getsignal
        self._handlers: dict[int, Any] = {}
        self._callbacks: dict[int, tuple[Callable[..., object], tuple[Any, ...]]] = {}
        self._told: set[int] = set()

    def install(self) -> None:
        """Stand in for the functions of Python where they do not work on this thread."""
        if not self._needed:
            return
        signal.signal = self.set  # type: ignore[assignment]
        signal.getsignal = self.get  # type: ignore[assignment]
        loop: Any = self._loop
        loop.add_signal_handler = self.add
        loop.remove_signal_handler = self.remove
        os.register_at_fork(after_in_child=self._leave)

    def set(self, number: int, handler: Any) -> Any:  # noqa: ANN401 - as `signal.signal`
        """Do what `signal.signal()` does, and return the handler before."""
        if not self._is_here() or not _is_catchable(number):
            return self._signal(number, handler)
        if not callable(handler) and handler not in (signal.SIG_DFL, signal.SIG_IGN):
            raise TypeError(_NO_HANDLER)
        before = self.get(number)
        if self._ask(number, "tell" if callable(handler) else _ACTIONS[handler]):
            self._handlers[number] = handler
            self._callbacks.pop(number, None)
        return before

    def get(self, number: int) -> Any:  # noqa: ANN401 - as `signal.getsignal`
        """Return the app's handler, else what Python itself knows."""
        here = number in self._handlers and os.getpid() == self._process
        return self._handlers[number] if here else self._getsignal(number)

    def add(self, number: int, callback: Any, *args: Any) -> None:  # noqa: ANN401 - as asyncio
        """Do what `loop.add_signal_handler()` does."""
        if inspect.iscoroutine(callback) or inspect.iscoroutinefunction(callback):
            raise TypeError("coroutines cannot be used with add_signal_handler()")
        if not _is_catchable(number):
            raise RuntimeError(f"sig {number} cannot be caught")
        if self._ask(number, "tell"):
            self._callbacks[number] = (callback, args)

    def remove(self, number: int) -> bool:
        """Do what `loop.remove_signal_handler()` does."""
        if self._callbacks.pop(number, None) is None:
            return False
        self._ask(number, "default")
        return True

    def came(self, number: int) -> None:
        """Run the handler of a signal that Java passes on."""
        if number in self._callbacks:
            callback, args = self._callbacks[number]
            self._loop.call_soon(callback, *args)
        elif callable(handler := self._handlers.get(number)):
            self._loop.call_soon(handler, number, sys._getframe())  # noqa: SLF001 - as Python does

    def _is_here(self) -> bool:
        """Tell whether this is the app's thread; a forked child has none, and is Python's own."""
        return threading.get_ident() == self._thread and os.getpid() == self._process

    def _leave(self) -> None:
        """Give a forked child, whose first thread this is, the functions of Python back."""
        signal.signal, signal.getsignal = self._signal, self._getsignal
        for number, handler in self._handlers.items():
            self._signal(number, handler)

    def _ask(self, number: int, action: Action) -> bool:
        name = signal.Signals(number).name
        if self._shared and _spvn_host.signal(name.removeprefix("SIG"), action):
            return True
        if number not in self._told:
            self._told.add(number)
            if self._shared:
                log(logging.WARNING, f"the app's handler of {name} is not used: {_OURS}")
            else:
                log(logging.WARNING, f"the app's handler of {name} is not used: {_ELSEWHERE}")
        return False


def _is_catchable(number: int) -> bool:
    """Tell whether it is a signal that a handler may be set for."""
    try:
        known = signal.Signals(number)
    except ValueError:
        return False
    return known not in (signal.SIGKILL, signal.SIGSTOP)


_ACTIONS: dict[object, Action] = {signal.SIG_DFL: "default", signal.SIG_IGN: "ignore"}
_NO_HANDLER = "signal handler must be signal.SIG_IGN, signal.SIG_DFL, or a callable object"
_OURS = "the server handles this signal; to act at a stop, use the app's lifespan"
_ELSEWHERE = "signals do not reach a sub-interpreter; use --isolation process"
