"""An app that needs a package of its own."""

from app import Message, Receive, Send
from greeting import greet  # type: ignore[import-not-found]


async def app(scope: Message, receive: Receive, send: Send) -> None:
    if scope["type"] != "http":
        raise RuntimeError(f"no {scope['type']} here")
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": greet().encode()})
