"""Waits where tests of the admin address look at the server: at its import, in a request, in hand.

Each waits for a file that the test makes; its name comes in the environment.
"""

from __future__ import annotations

import asyncio
import os
import sys
import time
from pathlib import Path

from asgi_tools import respond
from asgi_types import Receive, Scope, Send


def _gate(name: str) -> Path:
    return Path(os.environ[name])


def _wait(gate: Path) -> None:
    while not gate.exists():
        time.sleep(0.01)


if "IMPORT_GATE" in os.environ:
    _wait(_gate("IMPORT_GATE"))


def _end_worker() -> None:
    """No app may do that, and none can be kept from it."""
    for task in asyncio.all_tasks():
        if task.get_name() == "spvn-worker":
            task.cancel()


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] != "http":
        raise NotImplementedError(scope["type"])
    path = scope["path"]
    if path == "/block":
        print("the loop is blocked", file=sys.stderr, flush=True)
        _wait(_gate("GATE"))
    elif path == "/hold":
        print("a request is in hand", file=sys.stderr, flush=True)
        while not _gate("GATE").exists():
            await asyncio.sleep(0.01)
    elif path == "/raise":
        raise ValueError("meant to be raised")
    elif path == "/end":
        _end_worker()
    await respond(send, b"watched", int(scope["query_string"] or b"200"))
