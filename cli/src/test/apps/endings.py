"""An app that does not want to end, in the way that MODE says."""

from __future__ import annotations

import asyncio
import atexit
import os
import threading
import time
from contextlib import suppress

from asgi_tools import respond
from asgi_types import Receive, Scope, Send

MODE = os.environ["MODE"]
LONG = 60.0


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "lifespan":
        await lifespan(receive, send)
    elif scope["path"] == "/hold":
        await hold(send)
    else:
        await respond(send, b"here")


async def lifespan(receive: Receive, send: Send) -> None:
    await receive()
    if MODE == "thread":
        threading.Thread(target=time.sleep, args=(LONG,), name="everlasting").start()
    if MODE == "executor":
        asyncio.get_running_loop().run_in_executor(None, time.sleep, LONG)
    if MODE == "atexit":
        atexit.register(time.sleep, LONG)
    await send({"type": "lifespan.startup.complete"})
    await receive()
    if MODE == "shutdown-blocks":
        time.sleep(LONG)
    if MODE == "shutdown-waits":
        await asyncio.sleep(LONG)
    if MODE == "shutdown-ignores":
        await stubborn()
    await send({"type": "lifespan.shutdown.complete"})


async def hold(send: Send) -> None:
    if MODE == "request-ignores":
        await stubborn()
    if MODE == "loop-blocks":
        time.sleep(LONG)
    await asyncio.sleep(LONG)
    await respond(send, b"late")


async def stubborn() -> None:
    """Waits on, whatever it is told."""
    end = time.monotonic() + LONG
    while time.monotonic() < end:
        with suppress(asyncio.CancelledError):
            await asyncio.sleep(1)
