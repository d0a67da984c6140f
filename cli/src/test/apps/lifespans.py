"""An app whose start and end go as MODE says; what happens it writes down in FOLDER."""

from __future__ import annotations

import asyncio
import json
import os
import threading
from pathlib import Path
from typing import Any

from asgi_tools import answer, plain
from asgi_types import Message, Receive, Scope, Send

FOLDER = Path(os.environ["FOLDER"])
MODE = os.environ["MODE"]

home: dict[str, Any] = {}
served = 0


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "lifespan":
        await lifespan(scope, receive, send)
    else:
        await serve(scope, receive, send)


async def lifespan(scope: Scope, receive: Receive, send: Send) -> None:
    if MODE == "raises":
        raise NotImplementedError("no lifespan here")
    if MODE == "returns":
        return
    (FOLDER / "scope").write_text(json.dumps(plain(scope)))
    assert await receive() == {"type": "lifespan.startup"}
    if MODE == "raises-after-receive":
        raise NotImplementedError("no lifespan here")
    home.update(_here())
    write("startup")
    (FOLDER / "startup").touch()
    await send(await started())
    assert await receive() == {"type": "lifespan.shutdown"}
    write("shutdown")
    await send(await stopped())
    write("shutdown-ends")


async def started() -> Message:
    if MODE == "failed":
        return {"type": "lifespan.startup.failed", "message": "the database is not there"}
    if MODE == "gated":
        while not (FOLDER / "open").exists():
            await asyncio.sleep(0.01)
    return {"type": "lifespan.startup.complete"}


async def stopped() -> Message:
    if MODE == "failed-shutdown":
        return {"type": "lifespan.shutdown.failed", "message": "could not flush"}
    if MODE == "stuck-shutdown":
        await asyncio.Event().wait()
    return {"type": "lifespan.shutdown.complete"}


async def serve(scope: Scope, receive: Receive, send: Send) -> None:
    global served
    served += 1
    if scope["path"] == "/slow":
        write("slow-begins")
        (FOLDER / "slow").touch()
        await asyncio.sleep(1)
        write("slow-ends")
    here = _here()
    if scope["path"] == "/hang":
        await _hang()
    await answer(
        send, {"served": served, "same": {key: home.get(key) is here[key] for key in here}}
    )


async def _hang() -> None:
    write("hangs")
    (FOLDER / "slow").touch()
    try:
        await asyncio.Event().wait()
    except asyncio.CancelledError:
        write("cancelled")
        raise


def _here() -> dict[str, Any]:
    return {
        "loop": asyncio.get_running_loop(),
        "thread": threading.current_thread(),
        "task": asyncio.current_task(),
    }


def write(word: str) -> None:
    with (FOLDER / "order").open("a") as order:
        order.write(f"{word}\n")
