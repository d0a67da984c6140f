"""Holds every request back until as many as COUNT are there, or until WAIT seconds are over."""

from __future__ import annotations

import asyncio
import os

from asgi_tools import answer, query, respond
from asgi_types import Receive, Scope, Send

COUNT = int(os.environ["COUNT"])
WAIT = float(os.environ["WAIT"])

here = {"now": 0, "most": 0}
complete = asyncio.Event()


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] != "http":
        raise NotImplementedError(scope["type"])
    if scope["path"] == "/most":
        await answer(send, here)
    elif scope["path"] == "/crowd":
        await in_crowd()
        await respond(send, b"crowd")
    else:
        await respond(send, query(scope).get("say", "alone").encode())


async def in_crowd() -> None:
    here["now"] += 1
    here["most"] = max(here.values())
    if here["now"] >= COUNT:
        complete.set()
    try:
        await asyncio.wait_for(complete.wait(), WAIT)
    except asyncio.TimeoutError:
        complete.set()
    here["now"] -= 1
