"""Says things: on its streams, by `logging` and `warnings`, and by failing."""

from __future__ import annotations

import json
import logging
import threading
import traceback
import warnings
from collections.abc import Callable
from typing import Any

from asgi_tools import respond
from asgi_types import Receive, Scope, Send

LOGGER = logging.getLogger("shop.cart")
LINES = 50


def prints() -> None:
    for number in range(LINES):
        print(f"printed {number}")


def begins() -> None:
    """What is begun here and on a thread that ends has no end of its line."""
    print("begun ", end="", flush=True)
    print("here", end="")
    thread = threading.Thread(target=print, args=("begun on a thread",), kwargs={"end": ""})
    thread.start()
    thread.join()


def logs() -> None:
    LOGGER.info("not shown by an app that configures nothing")
    LOGGER.warning("cart %d\nis full", 7)


def warns() -> None:
    warnings.warn("old way", UserWarning, stacklevel=1)


def logs_exception() -> None:
    try:
        raise ValueError("no cart")
    except ValueError:
        LOGGER.exception("failed")


def prints_exception() -> None:
    try:
        raise ValueError("no cart")
    except ValueError:
        traceback.print_exc()


def fails() -> None:
    raise ValueError("no cart")


ACTIONS: dict[str, Callable[[], None]] = {
    "/prints": prints,
    "/begins": begins,
    "/logs": logs,
    "/warns": warns,
    "/logs-exception": logs_exception,
    "/prints-exception": prints_exception,
    "/fails": fails,
}


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        await talk(scope, receive, send)
    elif scope["type"] == "http":
        path = scope["path"]
        if path in ACTIONS:
            ACTIONS[path]()
        if path == "/half":
            await half(receive, send)
        elif path == "/never":
            await receive()
            assert (await receive())["type"] == "http.disconnect"
        else:
            await respond(send, seen(scope))


def seen(scope: Scope) -> bytes:
    """The request's ids, as the app gets them."""
    ids = [value.decode() for name, value in scope["headers"] if name == b"x-request-id"]
    return json.dumps(ids).encode()


async def half(receive: Receive, send: Send) -> None:
    """A response that is never finished."""
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"12345", "more_body": True})
    while (await receive())["type"] != "http.disconnect":
        pass


async def talk(scope: Scope, receive: Receive, send: Send) -> None:
    assert (await receive())["type"] == "websocket.connect"
    if scope["path"] == "/denied":
        await send({"type": "websocket.close"})
        return
    await send({"type": "websocket.accept"})
    await send({"type": "websocket.send", "text": seen(scope).decode()})
    event: Any = await receive()
    while event["type"] == "websocket.receive":
        await send({"type": "websocket.send", "text": event["text"]})
        event = await receive()
