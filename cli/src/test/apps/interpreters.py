"""What an app may ask of its interpreter: at import, and later, one thing for each path."""

from __future__ import annotations

import asyncio
import faulthandler
import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import tracemalloc
import warnings
from collections.abc import Awaitable, Callable
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from typing import Any

from asgi_tools import answer
from asgi_types import Receive, Scope, Send

print("importing interpreters", flush=True)

signals: list[str] = []


def note(number: int, frame: object) -> None:
    signals.append(f"{signal.Signals(number).name} on {threading.current_thread().name}")


async def in_a_loop_of_its_own() -> str:
    await asyncio.sleep(0)
    return type(asyncio.get_running_loop()).__module__


LOOP_AT_IMPORT = asyncio.run(in_a_loop_of_its_own())
signal.signal(signal.SIGUSR1, note)
signal.signal(signal.SIGTERM, signal.SIG_IGN)
faulthandler.enable()


async def lazy_import() -> str:
    import pydantic_core

    return pydantic_core.__name__


async def daemon_thread() -> str:
    threading.Thread(target=threading.Event().wait, daemon=True).start()
    return "started"


async def daemon_pool() -> str:
    """A pool of a daemon thread, whose own threads are daemons too."""
    busy = threading.Event()

    def work() -> None:
        busy.set()
        threading.Event().wait()

    def keep() -> None:
        with ThreadPoolExecutor(1) as executor:
            executor.submit(work)

    threading.Thread(target=keep, daemon=True).start()
    await asyncio.to_thread(busy.wait)
    return "started"


async def thread() -> str:
    """One that does not end by itself."""
    threading.Thread(target=threading.Event().wait).start()
    return "started"


async def pool() -> int:
    with ProcessPoolExecutor(1) as executor:
        return await asyncio.get_running_loop().run_in_executor(executor, pow, 2, 10)


async def process() -> int:
    child = multiprocessing.get_context("spawn").Process(target=print, args=("from a child",))
    child.start()
    await asyncio.to_thread(child.join)
    return child.exitcode or 0


async def preexec() -> int:
    return subprocess.run(["true"], preexec_fn=os.getpid).returncode


async def child() -> str:
    """One that does not end by itself."""
    await asyncio.create_subprocess_exec("sleep", "600")
    return "started"


async def loop_signal() -> list[str]:
    """What comes by a handler of the loop, for a signal sent to itself."""
    came = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGWINCH, came.set)
    os.kill(os.getpid(), signal.SIGWINCH)
    await asyncio.wait_for(came.wait(), 10)
    return [str(loop.remove_signal_handler(signal.SIGWINCH)), *signals]


async def switches() -> dict[str, Any]:
    return {
        "loop": type(asyncio.get_running_loop()).__module__.partition(".")[0],
        "loop at import": LOOP_AT_IMPORT.partition(".")[0],
        "debug": asyncio.get_running_loop().get_debug(),
        "dev mode": sys.flags.dev_mode,
        "warnings": sys.warnoptions,
        "PYTHONWARNINGS": os.environ.get("PYTHONWARNINGS"),
        "first filter": warnings.filters[0][0],
        "faulthandler": faulthandler.is_enabled(),
        "tracing": tracemalloc.is_tracing(),
        "signals": signals,
    }


WAYS: dict[str, Callable[[], Awaitable[Any]]] = {
    "/lazy-import": lazy_import,
    "/daemon-thread": daemon_thread,
    "/daemon-pool": daemon_pool,
    "/thread": thread,
    "/pool": pool,
    "/process": process,
    "/preexec": preexec,
    "/child": child,
    "/loop-signal": loop_signal,
    "/switches": switches,
}


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] != "http":
        raise NotImplementedError(scope["type"])
    await answer(send, await WAYS[scope["path"]]())
