"""What shares a connection: responses with and without end, and with more than one head.

`/seen` tells how many streams of `/endless` and `/sink` are open, and what those have had; and from
how many ports images were asked for.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from typing import Any

from asgi_tools import answer, body, query, respond, start
from asgi_types import Receive, Scope, Send

PIECE = bytes(16 * 1024)
IMAGES = 200
IMAGE = b"GIF89a\1\0\1\0\x80\0\0\0\0\0\xff\xff\xff,\0\0\0\0\1\0\1\0\0\2\2D\1\0;"
UNREAD = 8.0
SOON = 0.05
HINT = b"</style.css>; rel=preload; as=style"

_open = {"endless": 0, "sink": 0}
_had = {"endless": 0, "sink": 0}
_paths: list[str] = []
_ports: set[int] = set()


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] != "http":
        raise NotImplementedError(scope["type"])
    _paths.append(scope["path"])
    await _ROUTES.get(scope["path"], _hello)(scope, receive, send)


async def _hello(_scope: Scope, _receive: Receive, send: Send) -> None:
    await respond(send, b"hello", headers=[(b"content-length", b"5")])


async def _soon(scope: Scope, receive: Receive, send: Send) -> None:
    """The same, but not at once."""
    await asyncio.sleep(SOON)
    await _hello(scope, receive, send)


async def _seen(_scope: Scope, _receive: Receive, send: Send) -> None:
    told = {"open": _open, "had": _had, "paths": _paths[-100:], "ports": len(_ports)}
    await answer(send, told)


async def _endless(_scope: Scope, _receive: Receive, send: Send) -> None:
    """Sends for as long as somebody takes it."""
    _open["endless"] += 1
    try:
        await start(send)
        while True:
            await body(send, PIECE, more=True)
            _had["endless"] += len(PIECE)
    except OSError:
        pass
    finally:
        _open["endless"] -= 1


async def _sink(scope: Scope, receive: Receive, send: Send) -> None:
    """Reads all, and answers with how much that was and its digest."""
    _open["sink"] += 1
    digest, count = hashlib.sha256(), 0
    try:
        while (event := await receive())["type"] == "http.request":
            digest.update(event["body"])
            count += len(event["body"])
            _had["sink"] += len(event["body"])
            if not event["more_body"]:
                await answer(send, [count, digest.hexdigest()])
                return
    finally:
        _open["sink"] -= 1


async def _unread(_scope: Scope, _receive: Receive, send: Send) -> None:
    """Reads nothing of its body for some seconds."""
    await start(send)
    await body(send, b"begun", more=True)
    await asyncio.sleep(UNREAD)
    await body(send)


async def _sized(scope: Scope, _receive: Receive, send: Send) -> None:
    """So many bytes of a letter, in one event or in pieces."""
    asked = query(scope)
    count, letter = int(asked["count"]), asked.get("letter", "x").encode()
    if "pieces" not in asked:
        await respond(send, letter * count)
        return
    await start(send)
    for at in range(0, count, len(PIECE)):
        await body(send, letter * min(len(PIECE), count - at), more=True)
    await body(send)


async def _hint(scope: Scope, _receive: Receive, send: Send) -> None:
    if "http.response.early_hint" not in scope["extensions"]:
        await respond(send, b"not offered", 501)
        return
    await send({"type": "http.response.early_hint", "links": [HINT]})
    await respond(send, b"hinted")


async def _trailers(scope: Scope, _receive: Receive, send: Send) -> None:
    if "http.response.trailers" not in scope["extensions"]:
        await respond(send, b"not offered", 501)
        return
    message: dict[str, Any] = {"type": "http.response.start", "status": 200, "headers": []}
    await send({**message, "trailers": True})
    await body(send, b"with trailers")
    trailers = {"type": "http.response.trailers", "headers": [(b"x-checksum", b"one")]}
    await send({**trailers, "more_trailers": True})
    await send({**trailers, "headers": [(b"x-checksum", b"two")], "more_trailers": False})


async def _page(_scope: Scope, _receive: Receive, send: Send) -> None:
    images = "".join(f'<img src="/image?{number}">' for number in range(IMAGES))
    html = f"<!doctype html><title>images</title>{images}".encode()
    await respond(send, html, headers=[(b"content-type", b"text/html")])


async def _image(scope: Scope, _receive: Receive, send: Send) -> None:
    _ports.add(scope["client"][1])
    await respond(send, IMAGE, headers=[(b"content-type", b"image/gif")])


_ROUTES: dict[str, Callable[[Scope, Receive, Send], Awaitable[None]]] = {
    "/seen": _seen,
    "/soon": _soon,
    "/endless": _endless,
    "/sink": _sink,
    "/unread": _unread,
    "/sized": _sized,
    "/page": _page,
    "/image": _image,
    "/hint": _hint,
    "/trailers": _trailers,
}
