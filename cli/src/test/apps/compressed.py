"""Responses that may be compressed, and some that may not."""

from __future__ import annotations

import asyncio
import random

from asgi_tools import body, query, respond, start
from asgi_types import Receive, Scope, Send

TEXT = b"the quick brown fox jumps over the lazy dog\n" * 100
SHORT = b"the quick brown fox\n" * 10
LARGE = b"".join(b"line %d of a long text\n" % number for number in range(60_000))
NOISE = random.Random(1).randbytes(4000)
PIECES = 5

gate = asyncio.Event()


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] != "http":
        raise NotImplementedError(scope["type"])
    match scope["path"]:
        case "/text":
            await _given(scope, send, TEXT)
        case "/short":
            await _given(scope, send, SHORT)
        case "/large":
            await _given(scope, send, LARGE)
        case "/noise":
            await _given(scope, send, NOISE)
        case "/stream":
            await _stream(receive, send)
        case "/go":
            gate.set()
            await respond(send, b"")
        case "/promised":
            await start(
                send, headers=[(b"content-type", b"text/plain"), (b"content-length", b"9999")]
            )
            await body(send, TEXT, more=True)
            await body(send)
        case "/held":
            await _held(send)
        case "/over":
            await _over(scope, send)
        case "/head":
            length = str(len(TEXT)).encode()
            await respond(
                send, b"", headers=[(b"content-type", b"text/plain"), (b"content-length", length)]
            )


async def _given(scope: Scope, send: Send, data: bytes) -> None:
    """With fields and a status from the query."""
    fields = query(scope)
    status = int(fields.pop("status", "200"))
    headers = [(b"content-type", fields.pop("type", "text/plain").encode())]
    if fields.pop("length", ""):
        headers.append((b"content-length", str(len(data)).encode()))
    headers += [(name.encode(), value.encode()) for name, value in fields.items()]
    await respond(send, data, status, headers)


async def _held(send: Send) -> None:
    """All that was promised, and the word that it is all when that is asked for."""
    length = str(len(TEXT)).encode()
    await start(send, headers=[(b"content-type", b"text/plain"), (b"content-length", length)])
    await body(send, TEXT, more=True)
    await gate.wait()
    gate.clear()
    await body(send)


async def _over(scope: Scope, send: Send) -> None:
    """More than was promised, in one event or in two."""
    promised = len(TEXT) - 1
    await start(
        send,
        headers=[(b"content-type", b"text/plain"), (b"content-length", b"%d" % promised)],
    )
    if not query(scope):
        await body(send, TEXT[:promised], more=True)
        await body(send, TEXT[promised:])
    await body(send, TEXT)


async def _stream(_receive: Receive, send: Send) -> None:
    """A piece at a time; each of the later ones waits to be asked for."""
    await start(send, headers=[(b"content-type", b"text/plain")])
    for number in range(PIECES):
        if number:
            await gate.wait()
            gate.clear()
        await body(send, b"piece %d\n" % number, more=True)
    await body(send)
