"""The app that the hygiene probes are sent to: tells what has arrived, whatever it was."""

from __future__ import annotations

import asyncio
import json

from asgi_tools import body, read_body, start
from asgi_types import Receive, Scope, Send


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "lifespan":
        await lifespan(receive, send)
    elif scope["type"] == "http":
        await http(scope, receive, send)
    else:
        raise NotImplementedError(scope["type"])


async def lifespan(receive: Receive, send: Send) -> None:
    while True:
        event = (await receive())["type"]
        await send({"type": f"{event}.complete"})
        if event == "lifespan.shutdown":
            return


async def http(scope: Scope, receive: Receive, send: Send) -> None:
    path = scope["path"]
    if path == "/unread":
        await tell(scope, None, send)
        return
    try:
        whole = await read_body(receive)
    except ConnectionError:
        return  # nobody is there to be answered
    if path == "/slow":
        await asyncio.sleep(0.2)
    if path in ("/204", "/304"):
        await start(send, int(path[1:]))
        await body(send)
    elif path == "/stream":
        await start(send)
        await body(send, b"one", more=True)
        await body(send, b"two")
    else:
        await tell(scope, whole, send)


async def tell(scope: Scope, whole: bytes | None, send: Send) -> None:
    """What was seen, in JSON. A CONNECT is declined: there is no tunnel here."""
    seen = {
        "method": scope["method"],
        "path": scope["path"],
        "raw_path": scope.get("raw_path", b"").decode("latin-1"),
        "query": scope["query_string"].decode("latin-1"),
        "length": None if whole is None else len(whole),
        "body": None if whole is None else whole[:100].decode("latin-1"),
        "headers": [
            [name.decode("latin-1"), text.decode("latin-1")] for name, text in headers(scope)
        ],
    }
    data = json.dumps(seen).encode()
    length = (b"content-length", str(len(data)).encode())
    await start(send, 405 if scope["method"] == "CONNECT" else 200, [length])
    await body(send, data)


def headers(scope: Scope) -> list[tuple[bytes, bytes]]:
    """The first of them: some probes send thousands."""
    return list(scope["headers"])[:50]
