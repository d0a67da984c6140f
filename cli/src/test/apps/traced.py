"""Says how it was told of its caller, holds its loop up until a file is there, and fails."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

from asgi_tools import answer, respond
from asgi_types import Receive, Scope, Send


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.accept"})
        await send({"type": "websocket.close"})
    elif scope["path"] == "/block":
        block(Path(os.environ["GATE"]))
        await respond(send, b"")
    elif scope["path"] == "/fails":
        await respond(send, b"", status=503)
    else:
        names = (b"traceparent", b"tracestate")
        await answer(send, [v.decode() for k, v in scope["headers"] if k in names])


def block(gate: Path) -> None:
    print("blocked", file=sys.stderr, flush=True)
    while not gate.exists():
        time.sleep(0.01)
