"""Tells which interpreter answers; streams, echoes and computes a little for churning clients."""

from __future__ import annotations

import asyncio
import os
import sys
import threading
import time

from asgi_tools import answer, body, read_body, respond, start
from asgi_types import Receive, Scope, Send

# A module is imported once in each interpreter: the address of its object tells them apart.
ONLY_HERE = object()
counted = {"requests": 0}


def who() -> dict[str, object]:
    return {
        "interpreter": id(ONLY_HERE),
        "thread": threading.get_ident(),
        "pid": os.getpid(),
        "requests": counted["requests"],
        "gil": getattr(sys, "_is_gil_enabled", lambda: True)(),
    }


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] != "http":
        raise NotImplementedError(scope["type"])
    counted["requests"] += 1
    path = scope["path"]
    if path == "/who":
        await answer(send, who())
    elif path == "/busy":
        # Long enough that two workers must share the load of two clients.
        sum(number * number for number in range(200_000))
        await answer(send, who())
    elif path == "/block":
        print("blocked for two seconds", file=sys.stderr, flush=True)
        time.sleep(2)
        await answer(send, who())
    elif path == "/echo":
        await echo(receive, send)
    elif path == "/stream":
        await stream(send)
    else:
        await respond(send, b"hello")


async def echo(receive: Receive, send: Send) -> None:
    try:
        whole = await read_body(receive)
    except ConnectionError:
        return  # nobody is there to be answered
    await respond(send, whole)


async def stream(send: Send) -> None:
    await start(send)
    for _ in range(20):
        await body(send, bytes(8192), more=True)
        await asyncio.sleep(0.001)
    await body(send)
