"""Tells which process answers, which has imported it, and what that finds of its surroundings."""

from __future__ import annotations

import asyncio
import os
import sys

from asgi_tools import answer
from asgi_types import Receive, Scope, Send

IMPORTED_BY = os.getpid()


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] != "http":
        raise NotImplementedError(scope["type"])
    if scope["path"] == "/slow":
        print("the slow request is here", file=sys.stderr, flush=True)
        await asyncio.sleep(1)
    found = {
        "pid": os.getpid(),
        "parent": os.getppid(),
        "imported_by": IMPORTED_BY,
        "first_path": sys.path[:1],
        "environment": dict(os.environ),
    }
    await answer(send, found)
