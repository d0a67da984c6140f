"""What most test apps need: an answer in JSON, the query, the body, values in JSON."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qsl

from asgi_types import Receive, Scope, Send


def query(scope: Scope) -> dict[str, str]:
    return dict(parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True))


async def read_body(receive: Receive) -> bytes:
    """The whole request body; a disconnect in the middle is an error."""
    pieces: list[bytes] = []
    while True:
        event = await receive()
        if event["type"] != "http.request":
            raise ConnectionError(f"{event['type']} in the middle of the body")
        pieces.append(event.get("body", b""))
        if not event.get("more_body", False):
            return b"".join(pieces)


async def start(
    send: Send, status: int = 200, headers: list[tuple[bytes, bytes]] | None = None
) -> None:
    await send({"type": "http.response.start", "status": status, "headers": headers or []})


async def body(send: Send, data: bytes = b"", more: bool = False) -> None:
    await send({"type": "http.response.body", "body": data, "more_body": more})


async def respond(
    send: Send,
    data: bytes,
    status: int = 200,
    headers: list[tuple[bytes, bytes]] | None = None,
) -> None:
    await start(send, status, headers)
    await body(send, data)


async def answer(send: Send, value: Any) -> None:
    """The value as a JSON response."""
    data = json.dumps(plain(value)).encode()
    length = str(len(data)).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", length)]
    await respond(send, data, headers=headers)


def plain(value: Any) -> Any:
    """The value in JSON's types; bytes become {"bytes": text}, and what is unknown its type."""
    if isinstance(value, bytes):
        return {"bytes": value.decode("latin-1")}
    if isinstance(value, dict):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(each) for each in value]
    if value is None or isinstance(value, (str, int, float)):
        return value
    return f"<{type(value).__name__}>"


def event_of(message: dict[str, Any]) -> dict[str, Any]:
    """A received event, small enough to be kept: the body as its type and length."""
    if message["type"] != "http.request":
        return dict(message)
    data = message.get("body", b"")
    kind = type(data).__name__
    return {
        "type": "http.request",
        "body_type": kind,
        "text": bytes(data[:100]).decode("latin-1"),
        "length": len(data),
        "more_body": message.get("more_body", False),
    }
