"""The signals of processes that the app starts are those of Python, not those of the JVM.

A program inherits which signals are blocked. The JVM blocks SIGQUIT in each thread that it knows,
so the worker's thread lets it in again, and no thread of the app may get to know the JVM.

A forked child inherits the JVM's handlers as well, but not the threads that they hand their signals
to.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import threading
from typing import NoReturn

import _spvn_host


def prepare() -> None:
    """Have children of the calling thread, and of threads it starts, begin as Python's would."""
    sys.meta_path[:] = [each for each in sys.meta_path if type(each).__name__ != _CALLS_JAVA]
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _BLOCKED)


def _hold_signals() -> None:
    """Let a child whose end is asked for at once hear of it when it can end."""
    _held.mask = signal.pthread_sigmask(signal.SIG_BLOCK, _ENDING)


def _let_signals_in() -> None:
    signal.pthread_sigmask(signal.SIG_SETMASK, _held.mask)


def _leave_server() -> None:
    """Make a forked child a Python process like any other."""
    _restore_handlers({number for number in _OF_THE_JVM if _is_ignored(number)})
    _let_signals_in()
    for name in _HOST_FUNCTIONS:
        setattr(_spvn_host, name, _come_back)
    _spvn_host.log = _complain


def _is_ignored(number: int) -> bool:
    """Reset a signal, unless the process was started with it ignored, by nohup for instance."""
    ignored: bool = _c_signal(number, None) == _IGNORED  # a null pointer is SIG_DFL
    if ignored:
        _c_signal(number, _IGNORED)
    return ignored


def _restore_handlers(ignored: set[signal.Signals | int]) -> None:
    """Install the app's handlers again, and for SIGINT at least Python's own."""
    try:
        for number in _OF_THE_JVM:
            handler = signal.getsignal(number)
            if callable(handler):
                signal.signal(number, handler)
            elif number == signal.SIGINT and number not in ignored:
                signal.signal(number, signal.default_int_handler)
    except ValueError:
        return  # a sub-interpreter, which has no handlers


def _come_back(*_: object) -> NoReturn:
    """End a child that did not end itself: nobody is there whom it could serve for."""
    _complain(0, "a forked child came back to the server; end it with os._exit()")
    os._exit(1)


def _complain(_level: int, message: str) -> None:
    sys.stderr.write(f"spvn: {message}\n")
    sys.stderr.flush()


_held = threading.local()

_ENDING = (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGTERM)
# Jep's importer of Java packages asks Java about each import, on any thread.
_CALLS_JAVA = "JepJavaImporter"

_BLOCKED = (signal.SIGQUIT,)
_OF_THE_JVM = (
    signal.SIGHUP,
    signal.SIGINT,
    signal.SIGQUIT,
    signal.SIGILL,
    signal.SIGBUS,
    signal.SIGFPE,
    signal.SIGSEGV,
    signal.SIGUSR1,
    signal.SIGUSR2,
    signal.SIGTERM,
    *((signal.SIGRTMAX - 2,) if sys.platform == "linux" else ()),
)
_IGNORED = 1  # SIG_IGN
_HOST_FUNCTIONS = ("take", "receive", "writable", "ended", "flush", "rests", "goes_on")
_c_signal = ctypes.CDLL(None).signal
_c_signal.argtypes = (ctypes.c_int, ctypes.c_void_p)
_c_signal.restype = ctypes.c_void_p

os.register_at_fork(
    before=_hold_signals, after_in_parent=_let_signals_in, after_in_child=_leave_server
)
