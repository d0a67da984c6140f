"""An app for sub-interpreters, which imports only what they have until it is asked for more."""

from __future__ import annotations

import signal
import threading

from asgi_tools import respond
from asgi_types import Receive, Scope, Send

signal.signal(signal.SIGUSR1, lambda *_: None)


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] != "http":
        raise NotImplementedError(scope["type"])
    if scope["path"] == "/daemon-thread":
        threading.Thread(target=threading.Event().wait, daemon=True).start()
    elif scope["path"] == "/lazy-import":
        import pydantic_core  # noqa: F401
    await respond(send, b"ok")
