"""Breaks the loop of the first worker while the second one is still being imported."""

from __future__ import annotations

import asyncio
import os
import time
from pathlib import Path
from typing import Any

from asgi_types import Receive, Scope, Send

mark = Path(os.environ["MARK"])
first = not mark.exists()
if first:
    mark.touch()
else:
    time.sleep(3)


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    await receive()
    if first:
        loop: Any = asyncio.get_running_loop()
        loop.call_later(0.1, loop._selector.close)
    await send({"type": "lifespan.startup.complete"})
    await receive()
    await send({"type": "lifespan.shutdown.complete"})
