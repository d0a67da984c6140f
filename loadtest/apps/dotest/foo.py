"""Sends the body of a request back, piece by piece while it is still arriving."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    """Echoes one request, with its content type and its length where it has one."""
    if scope["type"] == "lifespan":
        await lifespan(receive, send)
    elif scope["type"] == "http":
        await send({"type": "http.response.start", "status": 200, "headers": kept_headers(scope)})
        while (message := await receive())["type"] == "http.request":
            await send(piece(message))
            if not message.get("more_body", False):
                return


def kept_headers(scope: Scope) -> list[tuple[bytes, bytes]]:
    """The headers that describe the body."""
    kept = (b"content-type", b"content-length")
    return [(name, value) for name, value in scope["headers"] if name in kept]


def piece(message: Message) -> Message:
    """The same bytes on their way back."""
    return {
        "type": "http.response.body",
        "body": message.get("body", b""),
        "more_body": message.get("more_body", False),
    }


async def lifespan(receive: Receive, send: Send) -> None:
    """Agrees to start and to stop."""
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
