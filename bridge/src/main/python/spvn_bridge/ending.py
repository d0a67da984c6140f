"""What remains to be done when the app has been served: the end that `python` itself would make.

Each step is bounded, for what hangs here would hang the server's exit. Java may close the
interpreter only when no Python thread lives in it.
"""

from __future__ import annotations

import asyncio
import atexit
import logging
import sys
import threading
from typing import TYPE_CHECKING, Any

from spvn_bridge.deadline import LAST_WORDS
from spvn_bridge.failure import traceback_text
from spvn_bridge.journal import log, waits_for
from spvn_bridge.loop import close_loop

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterable

    from spvn_bridge.deadline import Deadline

# Seconds for pools whose threads are daemons, as those of a daemon thread's pools are.
FOR_DAEMONS = 1.0


def end_loop(loop: asyncio.AbstractEventLoop, deadline: Deadline) -> None:
    """Cancel the app's own tasks, end its generators and its executor, close the loop."""
    waits_for("tasks of the app", served=True)
    _finish(loop, _cancel_tasks(deadline.sooner(4 * LAST_WORDS).left()))
    waits_for("asynchronous generators of the app", served=True)
    generators = deadline.sooner(3 * LAST_WORDS).left()
    _finish(loop, asyncio.wait_for(loop.shutdown_asyncgens(), generators))
    waits_for("threads of the app's executor", served=True)
    _finish(loop, _end_executor(loop, deadline.sooner(2 * LAST_WORDS).left()))
    close_loop(loop)


def end_interpreter(deadline: Deadline, *, shared: bool) -> None:
    """End the threads of pools, wait for the app's own threads, run the exit handlers.

    Who ends pools waits for all of their threads, without a time-out; but a daemon may stay at its
    work for ever, so nobody waits for it longer than for daemons.
    `shared` is an interpreter inside Java's process.
    """
    pools = threading.Thread(target=_end_pools, name="spvn-exit", daemon=True)
    _attempt(pools.start)
    _join(_app_threads(), deadline.sooner(LAST_WORDS))
    if pools.is_alive():
        pools.join(min(FOR_DAEMONS, deadline.sooner(LAST_WORDS).left()))
    waits_for("exit handlers of the app (atexit)", served=True)
    _attempt(atexit._run_exitfuncs)  # noqa: SLF001 - Py_EndInterpreter comes too late for them
    if shared:
        _attempt(_forget_foreign_thread)
    for stream in (sys.stdout, sys.stderr):
        if stream is not None and not stream.closed:
            _attempt(stream.flush)


async def _cancel_tasks(seconds: float) -> None:
    tasks = asyncio.all_tasks() - {asyncio.current_task()}
    for task in tasks:
        task.cancel()
    if tasks:
        await asyncio.wait(tasks, timeout=seconds)


if sys.version_info >= (3, 12):

    async def _end_executor(loop: asyncio.AbstractEventLoop, seconds: float) -> None:
        end: Any = loop.shutdown_default_executor
        await end(seconds)

else:

    async def _end_executor(loop: asyncio.AbstractEventLoop, _seconds: float) -> None:
        # shutdown_default_executor() has no time-out here: end_interpreter() waits for the threads
        executor = getattr(loop, "_default_executor", None)
        if executor is not None:
            executor.shutdown(wait=False, cancel_futures=True)


def _end_pools() -> None:
    """Do what concurrent.futures has registered: its threads end once they are idle.

    Once: the end of a process does what is still there, and would wait for daemons without an end.
    """
    ends = getattr(threading, "_threading_atexits", [])
    while ends:
        _attempt(ends.pop())


def _forget_foreign_thread() -> None:
    """Drop the stand-in that `threading` keeps for this thread, which Java has made.

    Its finalizer fails, and prints, when it runs as late as Py_EndInterpreter.
    """
    vars(getattr(threading, "_thread_local_info", threading.local())).clear()


def _app_threads() -> list[threading.Thread]:
    ours = {threading.current_thread(), threading.main_thread()}
    return [each for each in threading.enumerate() if not each.daemon and each not in ours]


def _join(threads: list[threading.Thread], deadline: Deadline) -> None:
    for thread in threads:
        waits_for(_names(_app_threads()), served=True)
        thread.join(deadline.left())
    alive = _app_threads()
    if alive:
        log(logging.WARNING, f"still alive at the end: {_names(alive)}")


def _names(threads: Iterable[threading.Thread]) -> str:
    return f"threads of the app: {', '.join(each.name for each in threads)}"


def _finish(loop: asyncio.AbstractEventLoop, step: Coroutine[object, object, None]) -> None:
    _attempt(lambda: loop.run_until_complete(step))


def _attempt(step: Callable[[], object]) -> None:
    """Run a step of the app's end; what it raises is logged and stops nothing."""
    try:
        step()
    except BaseException as error:
        log(logging.ERROR, f"exception while the worker ended\n{traceback_text(error)}")
