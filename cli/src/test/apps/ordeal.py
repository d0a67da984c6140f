"""The app of the programs that try to kill the server: reads, streams, waits, blocks and hoards.

Counts what it has begun and ended, and how many of its clients left. Where FOLDER is set, the ids
of requests and the steps of the lifespan are written there, each before it is answered and past any
buffer, so that they outlive the process.
"""

from __future__ import annotations

import asyncio
import errno
import os
import sys
import time
from collections import deque
from pathlib import Path

from asgi_tools import answer, body, query, respond, start
from asgi_types import Receive, Scope, Send

FOLDER = os.environ.get("FOLDER")
BLOCK = bytes(64 * 1024)
HELD_AT_MOST = 20.0

tasks = {"begun": 0, "ended": 0, "left": 0}
# How long the last downloads went on, in seconds.
downloads: deque[float] = deque(maxlen=10_000)
hoard: list[int] = []


class Left(OSError):
    """The client has left."""


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "lifespan":
        await lifespan(receive, send)
    elif scope["path"] in COUNTED:
        await counted(scope, receive, send)
    else:
        await PLAIN.get(scope["path"], hello)(scope, receive, send)


async def lifespan(receive: Receive, send: Send) -> None:
    await receive()
    write("lifespan", "startup")
    await send({"type": "lifespan.startup.complete"})
    await receive()
    write("lifespan", "shutdown")
    await send({"type": "lifespan.shutdown.complete"})


def write(name: str, line: str) -> None:
    """One system call, so that lines of several workers do not mix."""
    if FOLDER is None:
        return
    file = os.open(Path(FOLDER, name), os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    os.write(file, f"{line}\n".encode())
    os.close(file)


async def counted(scope: Scope, receive: Receive, send: Send) -> None:
    tasks["begun"] += 1
    try:
        await COUNTED[scope["path"]](scope, receive, send)
    except OSError:
        tasks["left"] += 1
    finally:
        tasks["ended"] += 1


async def hello(scope: Scope, receive: Receive, send: Send) -> None:
    """The id of the request, once it has been written down."""
    said = query(scope).get("id")
    if said is not None:
        write("seen", said)
    data = (said or "hello").encode()
    await respond(send, data, headers=[(b"content-length", b"%d" % len(data))])


async def show_tasks(scope: Scope, receive: Receive, send: Send) -> None:
    await answer(send, {**tasks, "downloads": list(downloads)})


async def upload(scope: Scope, receive: Receive, send: Send) -> None:
    """Reads piece by piece and keeps nothing."""
    length, more = 0, True
    while more:
        event = await receive()
        if event["type"] == "http.disconnect":
            raise Left
        length += len(event["body"])
        more = event["more_body"]
    await answer(send, length)


async def download(scope: Scope, receive: Receive, send: Send) -> None:
    """Streams without an end, as fast as send() lets it."""
    began = time.monotonic()
    gone = asyncio.ensure_future(left(receive))
    try:
        await start(send)
        while not gone.done():
            await body(send, BLOCK, more=True)
            await asyncio.sleep(0)
        raise Left
    finally:
        gone.cancel()
        downloads.append(time.monotonic() - began)


async def left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def wait(scope: Scope, receive: Receive, send: Send) -> None:
    """Answers nothing, or the beginning of an answer, and waits for the client to leave."""
    if query(scope).get("started"):
        await start(send)
        await body(send, b"first", more=True)
    await left(receive)
    raise Left


async def block(scope: Scope, receive: Receive, send: Send) -> None:
    """Blocks the worker for some time, or until there is a file of that name."""
    until = query(scope).get("until")
    if until is None:
        time.sleep(float(query(scope)["seconds"]))
    else:
        print(f"blocked until {until}", file=sys.stderr, flush=True)
        end = time.monotonic() + HELD_AT_MOST
        while not Path(until).exists() and time.monotonic() < end:
            time.sleep(0.01)
    await respond(send, b"blocked", headers=[(b"content-length", b"7")])


async def take_descriptors(scope: Scope, receive: Receive, send: Send) -> None:
    """Opens files until the system gives no more."""
    try:
        while True:
            hoard.append(os.open(os.devnull, os.O_RDONLY))
    except OSError as refused:
        await answer(send, {"held": len(hoard), "error": errno.errorcode[refused.errno or 0]})


async def give_back(scope: Scope, receive: Receive, send: Send) -> None:
    while hoard:
        os.close(hoard.pop())
    await answer(send, "given back")


COUNTED = {"/upload": upload, "/download": download, "/wait": wait, "/block": block}

PLAIN = {"/tasks": show_tasks, "/take-descriptors": take_descriptors, "/give-back": give_back}
