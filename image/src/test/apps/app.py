"""What the tests of the image ask of an app, with nothing but the standard library."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import threading
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import parse_qs

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


async def hello(scope: Message, receive: Receive) -> bytes:
    return b"Hello, world!"


async def says(scope: Message, receive: Receive) -> bytes:
    """Prints, without a flush, what the query says."""
    print(scope["query_string"].decode())
    return b"said"


async def slow(scope: Message, receive: Receive) -> bytes:
    """After the seconds of the query."""
    await asyncio.sleep(float(parse_qs(scope["query_string"].decode())["seconds"][0]))
    return b"done"


async def upload(scope: Message, receive: Receive) -> bytes:
    size = 0
    while True:
        message = await receive()
        size += len(message.get("body", b""))
        if not message.get("more_body"):
            return str(size).encode()


async def large(scope: Message, receive: Receive) -> bytes:
    return b"x" * 200_000


async def who(scope: Message, receive: Receive) -> bytes:
    return f"{os.getuid()} {os.getgid()} {os.getcwd()}".encode()


async def write(scope: Message, receive: Receive) -> bytes:
    """Which of the places that a program may write are writable."""
    return " ".join(
        place
        for place in ("/app", "/tmp", "/venv", "/usr/local", "/opt/java", "/")
        if writable(place)
    ).encode()


def writable(place: str) -> bool:
    try:
        with open(f"{place}/written", "w"):
            return True
    except OSError:
        return False


async def orphan(scope: Message, receive: Receive) -> bytes:
    """Leaves two programs behind that soon end, their parent gone before."""
    subprocess.run(["/bin/sh", "-c", "sleep 0.2 & sleep 0.3 &"], check=True)
    return b"left"


async def worker(scope: Message, receive: Receive) -> bytes:
    """Which process and which interpreter serves this."""
    await asyncio.sleep(0.05)
    return f"{os.getpid()} {id(sys.modules)} {threading.get_ident()}".encode()


PATHS: dict[str, Callable[[Message, Receive], Awaitable[bytes]]] = {
    "/": hello,
    "/large": large,
    "/orphan": orphan,
    "/says": says,
    "/slow": slow,
    "/upload": upload,
    "/who": who,
    "/worker": worker,
    "/write": write,
}


async def echo(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        if message["type"] == "websocket.connect":
            await send({"type": "websocket.accept"})
        elif message["type"] == "websocket.receive":
            await send({"type": "websocket.send", "text": f"echo {message['text']}"})
        else:
            return


async def app(scope: Message, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        await echo(receive, send)
    elif scope["type"] == "http":
        body = await PATHS[scope["path"]](scope, receive)
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": body})
    else:
        raise RuntimeError(f"no {scope['type']} here")
