"""Has the allocation fail that the query counts to, from the app's call on; it hits anybody."""

from __future__ import annotations

import importlib
from typing import Any

from asgi_tools import respond
from asgi_types import Receive, Scope, Send


def testcapi() -> Any:
    return importlib.import_module("_testcapi")


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] != "http":
        raise NotImplementedError(scope["type"])
    if scope["path"] == "/enough":
        testcapi().remove_mem_hooks()
    elif count := scope["query_string"]:
        testcapi().set_nomemory(int(count), int(count) + 1)
    await respond(send, b"hello")
