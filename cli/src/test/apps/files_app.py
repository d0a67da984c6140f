"""The app beside static files: says which requests reach it, and blocks its loop on demand."""

from __future__ import annotations

import time

from asgi_tools import respond
from asgi_types import Receive, Scope, Send

BLOCKED = 3.0


async def app(scope: Scope, _receive: Receive, send: Send) -> None:
    if scope["type"] != "http":
        raise NotImplementedError(scope["type"])
    if scope["path"] == "/block":
        time.sleep(BLOCKED)
    await respond(send, f"app {scope['method']} {scope['path']}".encode(), 299)
