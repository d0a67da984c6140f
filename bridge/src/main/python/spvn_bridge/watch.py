"""Shows what holds up the worker's thread: its Python stack, when Java asks for it.

Only a thread of the same interpreter, and under its GIL, may look at the worker's frames, so one
waits for that outside of the GIL. It takes the frame of the worker's thread alone:
`sys._current_frames()` goes through the threads of all interpreters, whose GILs it does not hold.
"""

from __future__ import annotations

import asyncio
import ctypes
import importlib
import logging
import os
import select
import sys
import traceback
from itertools import dropwhile
from threading import Thread
from typing import TYPE_CHECKING

import _spvn_host
from spvn_bridge.failure import traceback_text
from spvn_bridge.journal import log, printable
from spvn_bridge.loop import new_bell

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import CodeType, FrameType, TracebackType

JOIN_WITHIN = 0.5
UNKNOWN = -1
_ONE = (1).to_bytes(8, sys.byteorder)

# Prototypes of our own: those that are attributes of `pythonapi` belong to everyone.
_this_thread = ctypes.PYFUNCTYPE(ctypes.c_void_p)(("PyThreadState_Get", ctypes.pythonapi))
_frame_of = ctypes.PYFUNCTYPE(ctypes.py_object, ctypes.c_void_p)(
    ("PyThreadState_GetFrame", ctypes.pythonapi)
)


class Watch:
    """A thread that looks at the thread which enters this, for as long as that is inside."""

    def __init__(self, at_work: Callable[[], int]) -> None:
        """`at_work` tells the number of the request whose code runs, to any thread."""
        self._at_work = at_work
        self._watched: int | None = _this_thread()
        self._over = False
        self._bell = new_bell()
        self._thread = Thread(target=self._watch, name="spvn-watch")

    def __enter__(self) -> None:
        try:
            self._thread.start()
        except RuntimeError as error:
            log(logging.WARNING, f"no stacks of blocked code: {error}")
            return
        try:
            _spvn_host.watching(self._bell.rings)
        except BaseException:
            self.__exit__(None, None, None)
            raise

    def __exit__(
        self,
        _type: type[BaseException] | None,
        _error: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        self._over = True
        os.write(self._bell.rings, _ONE)
        if self._thread.ident is not None:
            self._thread.join(JOIN_WITHIN)
        if not self._thread.is_alive():
            self._bell.close()

    def _watch(self) -> None:
        rung = select.poll()
        rung.register(self._bell.listens, select.POLLIN)
        while True:
            rung.poll()
            self._bell.hush()
            if self._over:
                return
            self._tell()

    def _tell(self) -> None:
        try:
            text = stack_text(_frame_of(self._watched))
        except BaseException as error:
            text = f"(its stack cannot be formatted)\n{traceback_text(error)}"
        _spvn_host.stack(text, self._number())

    def _number(self) -> int:
        try:
            return self._at_work()
        except BaseException as error:
            log(logging.DEBUG, f"which request is at work is not known\n{traceback_text(error)}")
            return UNKNOWN


def stack_text(frame: FrameType) -> str:
    """Format a frame and its callers like a traceback, from the step of the loop inwards."""
    # The thread may go on while its source is read, so its lines are taken first.
    stack = traceback.StackSummary.extract([*traceback.walk_stack(frame)], lookup_lines=False)
    stack.reverse()
    stack[:] = _of_the_app(stack) or stack
    return printable("Traceback (most recent call last):\n" + "".join(stack.format()))


def _of_the_app(stack: list[traceback.FrameSummary]) -> list[traceback.FrameSummary]:
    """Leave out our frames, and those of the loop which carried the call to the app."""
    carried = stack[_step_of_the_loop(stack) :]
    step = dropwhile(lambda each: each.filename.startswith(_ASYNCIO), carried)
    return [each for each in step if not each.filename.startswith(_CARRIERS)]


def _step_of_the_loop(stack: list[traceback.FrameSummary]) -> int:
    """Return where a step of the loop begins. uvloop has no frames: it is behind our own then."""
    for name, folder in (("_run_once", _ASYNCIO), ("_run", _CARRIERS[0])):
        for index, frame in enumerate(stack):
            if frame.name == name and frame.filename.startswith(folder):
                return index + 1
    return len(stack)


def _folder(code: CodeType) -> str:
    """Return the folder as code objects know it, also inside a jar."""
    return code.co_filename.rpartition(os.sep)[0] + os.sep


_CARRIERS = (
    _folder(stack_text.__code__),
    "<frozen importlib",
    _folder(importlib.import_module.__code__),
)
_ASYNCIO = _folder(asyncio.run.__code__)
