"""Holds every request back until as many as COUNT are there, and then the next as many.

One that has waited for WAIT seconds is told 503.
"""

from __future__ import annotations

import asyncio
import os

from asgi_tools import answer, query, respond
from asgi_types import Receive, Scope, Send

COUNT = int(os.environ["COUNT"])
WAIT = float(os.environ["WAIT"])

here = {"now": 0, "most": 0}
crowd: list[asyncio.Future[None]] = []


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] != "http":
        raise NotImplementedError(scope["type"])
    if scope["path"] == "/most":
        await answer(send, here)
    elif scope["path"] == "/crowd":
        await respond(send, b"crowd", status=await in_crowd())
    else:
        await respond(send, query(scope).get("say", "alone").encode())


async def in_crowd() -> int:
    here["now"] += 1
    here["most"] = max(here.values())
    come = asyncio.get_running_loop().create_future()
    crowd.append(come)
    if len(crowd) == COUNT:
        for each in crowd:
            each.set_result(None)
        crowd.clear()
    done, _ = await asyncio.wait([come], timeout=WAIT)
    here["now"] -= 1
    return 200 if done else 503
