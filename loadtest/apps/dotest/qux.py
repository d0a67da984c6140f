"""What servers differ in: large and streamed responses, large requests, waiting and blocking."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Handler = Callable[[Receive, Send], Awaitable[None]]

LARGE = b"x" * (100 * 1024)
CHUNK = b"x" * 63 + b"\n"
CHUNKS = 1000


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    """Finds the handler of a path."""
    if scope["type"] == "lifespan":
        await lifespan(receive, send)
    elif scope["type"] == "http":
        await HANDLERS.get(scope["path"], missing)(receive, send)


async def ready(_: Receive, send: Send) -> None:
    """Answers at once."""
    await answer(send, b"ready")


async def large(_: Receive, send: Send) -> None:
    """Answers with 100 KiB in one piece."""
    await answer(send, LARGE)


async def stream(_: Receive, send: Send) -> None:
    """Answers with 1,000 pieces; their number is not announced."""
    await send({"type": "http.response.start", "status": 200, "headers": headers()})
    for left in range(CHUNKS - 1, -1, -1):
        await send({"type": "http.response.body", "body": CHUNK, "more_body": left > 0})


async def parse(receive: Receive, send: Send) -> None:
    """Reads a whole JSON document, parses it, and tells what it got."""
    body = bytearray()
    more = True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    document = json.loads(body)
    await answer(send, f"{len(body)} bytes, {type(document).__name__}".encode())


async def wait(_: Receive, send: Send) -> None:
    """Answers after 10 ms in which the loop is free: I/O, such as a query."""
    await asyncio.sleep(0.01)
    await answer(send, b"waited")


async def block(_: Receive, send: Send) -> None:
    """Holds the event loop up for a second: a mistake that is easy to make."""
    time.sleep(1)
    await answer(send, b"blocked")


async def missing(_: Receive, send: Send) -> None:
    """There is nothing at this path."""
    await answer(send, b"nothing here", 404)


async def answer(send: Send, body: bytes, status: int = 200) -> None:
    """A response of known length."""
    length = (b"content-length", str(len(body)).encode())
    await send({"type": "http.response.start", "status": status, "headers": [*headers(), length]})
    await send({"type": "http.response.body", "body": body})


def headers() -> list[tuple[bytes, bytes]]:
    """What all responses have."""
    return [(b"content-type", b"text/plain; charset=utf-8")]


async def lifespan(receive: Receive, send: Send) -> None:
    """Agrees to start and to stop."""
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return


HANDLERS: dict[str, Handler] = {
    "/": ready,
    "/large": large,
    "/stream": stream,
    "/parse": parse,
    "/wait": wait,
    "/block": block,
}
