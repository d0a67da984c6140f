"""Ends in every way that a process can, blocks, grows; starts slowly or not at all when told."""

from __future__ import annotations

import asyncio
import ctypes
import os
import socket
import time
from contextlib import suppress
from pathlib import Path

from asgi_tools import answer, respond
from asgi_types import Receive, Scope, Send


def told(variable: str) -> bool:
    """Whether there is the file that an environment variable names."""
    return Path(os.environ.get(variable, "/nowhere")).exists()


START_SECONDS = 30.0 if told("SLOW_IF") else float(os.environ.get("START_SECONDS", "0"))

if told("BROKEN_IF"):
    raise RuntimeError("the app is broken")

held: list[bytes] = []


def write_to_sockets(garbage: bytes) -> None:
    """Writes to all Unix sockets of the process: its connections to the server are among them."""
    for name in os.listdir("/proc/self/fd"):
        with suppress(OSError), socket.socket(fileno=os.dup(int(name))) as there:
            if there.family == socket.AF_UNIX:
                there.send(garbage)


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "lifespan":
        await live(receive, send)
        return
    path = scope["path"]
    if path == "/segfault":
        ctypes.string_at(0)
    elif path == "/exit":
        os._exit(3)
    elif path == "/garbage":
        write_to_sockets(b"\xff\xff\xff\x7f what no worker says")
        await respond(send, b"hello")
    elif path == "/block":
        time.sleep(60)
    elif path == "/grow":
        held.append(b"x" * 64_000_000)
        await answer(send, os.getpid())
    elif path == "/pid":
        await answer(send, os.getpid())
    else:
        await respond(send, b"hello")


async def live(receive: Receive, send: Send) -> None:
    await receive()
    await asyncio.sleep(START_SECONDS)
    await send({"type": "lifespan.startup.complete"})
    await receive()
    await send({"type": "lifespan.shutdown.complete"})
