"""One of several that do the same: quick and slow answers, an event stream, WebSockets."""

from __future__ import annotations

import asyncio
import os

from asgi_tools import body, query, read_body, respond, start
from asgi_types import Receive, Scope, Send

PID = str(os.getpid()).encode()
TYPE = [(b"content-type", b"text/event-stream")]


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "lifespan":
        await _lifespan(receive, send)
    elif scope["type"] == "websocket":
        await _echo(receive, send)
    elif scope["path"] == "/events":
        await _events(receive, send)
    else:
        data = await read_body(receive)
        await asyncio.sleep(float(query(scope).get("seconds", "0")))
        length = str(len(data or PID)).encode()
        await respond(send, data or PID, headers=[(b"content-length", length)])


async def _lifespan(receive: Receive, send: Send) -> None:
    await receive()
    await send({"type": "lifespan.startup.complete"})
    await receive()
    await send({"type": "lifespan.shutdown.complete"})


async def _events(receive: Receive, send: Send) -> None:
    """Until the client goes, or is said to have gone."""
    await start(send, headers=TYPE)
    await body(send, b"data: begun\n\n", more=True)
    await read_body(receive)
    while (await receive())["type"] != "http.disconnect":
        pass
    await body(send, b"data: ended\n\n")


async def _echo(receive: Receive, send: Send) -> None:
    await receive()
    await send({"type": "websocket.accept"})
    while (event := await receive())["type"] == "websocket.receive":
        await send({"type": "websocket.send", "text": event["text"]})
