"""Does not come to the end of its start; STAGE is where."""

from __future__ import annotations

import asyncio
import os
import time
from pathlib import Path

from asgi_types import Receive, Scope, Send

REACHED = Path(os.environ["REACHED"])

if os.environ["STAGE"] == "import":
    REACHED.touch()
    time.sleep(60)


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    assert scope["type"] == "lifespan"
    await receive()
    REACHED.touch()
    await asyncio.sleep(60)
    await send({"type": "lifespan.startup.complete"})
