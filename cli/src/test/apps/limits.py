"""What tests of limits need: an app that blocks, streams without end, reads, and knows its callers.

`/seen` lists the queries that the app was called with, so that a test can tell which requests
reached it.
"""

from __future__ import annotations

import asyncio
import time

from asgi_tools import answer, body, event_of, read_body, respond, start
from asgi_types import Receive, Scope, Send

PIECE = bytes(64 * 1024)

_seen: list[str] = []
_released = asyncio.Event()


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] != "http":
        raise NotImplementedError(scope["type"])
    text = scope["query_string"].decode()
    _seen.append(text)
    if scope["path"] == "/block":
        time.sleep(float(text))
        await respond(send, b"blocked")
    elif scope["path"] == "/stream":
        await _stream(send)
    elif scope["path"] == "/body":
        await respond(send, str(len(await read_body(receive))).encode())
    elif scope["path"] == "/early":
        await _early(receive, send)
    elif scope["path"] == "/deny":
        await respond(send, b"log in first", status=401)
    elif scope["path"] == "/tiny":
        await _tiny(send)
    elif scope["path"] == "/later":
        await asyncio.sleep(float(text))
        await respond(send, str(len(await read_body(receive))).encode())
    elif scope["path"] == "/hold":
        await _released.wait()
    elif scope["path"] == "/release":
        _released.set()
        await respond(send, b"released")
    elif scope["path"] == "/large":
        await respond(send, bytes(8_000_000))
        _seen.append(scope["path"])
    elif scope["path"] == "/last":
        await respond(send, bytes(8_000_000), headers=[(b"connection", b"close")])
    elif scope["path"] == "/seen":
        await answer(send, _seen)
    else:
        await respond(send, b"here")


async def _stream(send: Send) -> None:
    """Sends for as long as somebody takes it."""
    await start(send)
    try:
        while True:
            await body(send, PIECE, more=True)
    except OSError as gone:
        _seen.append(type(gone).__name__)


async def _tiny(send: Send) -> None:
    """Sends a byte at a time for as long as somebody takes it, and tells how many that were."""
    await start(send)
    count = 0
    try:
        while True:
            await body(send, b"x", more=True)
            count += 1
            _seen[-1] = f"tiny {count}"
    except OSError:
        _seen.append("tiny is over")


async def _early(receive: Receive, send: Send) -> None:
    """Begins its answer before it reads the body."""
    await start(send)
    await body(send, b"begun", more=True)
    while True:
        event = event_of(await receive())
        if event["type"] == "http.disconnect":
            _seen.append("http.disconnect")
            return
        if not event["more_body"]:
            await body(send, b"", more=False)
            return
