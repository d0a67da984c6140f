"""Imports what its environment does not have, from elsewhere, and only when it is asked to."""

from __future__ import annotations

import importlib
import os
import sys

from asgi_tools import respond
from asgi_types import Receive, Scope, Send

print("importing late_import", flush=True)


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] != "http":
        raise NotImplementedError(scope["type"])
    name = scope["path"].strip("/")
    if name:
        sys.path.append(os.environ["ELSEWHERE"])
        importlib.import_module(name)
    await respond(send, str(os.getpid()).encode())
