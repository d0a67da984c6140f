"""Answers at once, then works for a second and leaves a file."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

from asgi_tools import respond
from asgi_types import Receive, Scope, Send


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] != "http":
        raise NotImplementedError(scope["type"])
    await respond(send, b"answered")
    await asyncio.sleep(1)
    Path(os.environ["WRITE_TO"]).write_text("background work is done")


async def slow(scope: Scope, receive: Receive, send: Send) -> None:
    """Says on stderr that it has begun, and answers a second later."""
    if scope["type"] != "http":
        raise NotImplementedError(scope["type"])
    print("the slow request is here", file=sys.stderr, flush=True)
    await asyncio.sleep(1)
    await respond(send, b"slow but sure")
