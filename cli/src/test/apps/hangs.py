"""Blocks its event loop in the ways that apps do."""

from __future__ import annotations

import asyncio
import os
import sys
import threading
import time
from pathlib import Path

from asgi_tools import query, respond
from asgi_types import Receive, Scope, Send


def sleep(seconds: float) -> None:
    time.sleep(seconds)  # here it sleeps


def spin(seconds: float) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        pass  # here it spins


def keep_the_lock(seconds: float) -> None:
    """Native code that never gives the interpreter's lock up, for about so long."""
    digits, took = 200_000, 0.0
    sys.set_int_max_str_digits(0)
    while took < seconds:
        began = time.monotonic()
        number = 7**digits
        str(number)  # here it computes
        took = time.monotonic() - began
        digits = int(digits * max(1.2, min(8.0, (seconds / max(took, 0.001)) ** 0.5)))


async def in_task(seconds: float) -> None:
    await asyncio.sleep(0)
    sleep(seconds)


BLOCKS = {"/sleep": sleep, "/spin": spin, "/native": keep_the_lock}


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "lifespan":
        await lifespan(receive, send)
        return
    path, asked = scope["path"], query(scope)
    if path in BLOCKS:
        print(f"{path} begins", file=sys.stderr, flush=True)
        BLOCKS[path](float(asked["seconds"]))
    elif path == "/wait":
        await asyncio.sleep(float(asked["seconds"]))
    elif path == "/task":
        # In a task of the app's own, as middleware makes them.
        await asyncio.create_task(in_task(float(asked["seconds"])))
    elif path == "/later":
        # In a callback, while no request is in hand.
        asyncio.get_running_loop().call_later(0.05, sleep, float(asked["seconds"]))
    elif path == "/threads":
        await respond(send, " ".join(each.name for each in threading.enumerate()).encode())
        return
    await respond(send, b"done")


async def lifespan(receive: Receive, send: Send) -> None:
    await receive()
    await send({"type": "lifespan.startup.complete"})
    await receive()
    if "WRITE_TO" in os.environ:
        Path(os.environ["WRITE_TO"]).write_text("shut down")
    await send({"type": "lifespan.shutdown.complete"})
