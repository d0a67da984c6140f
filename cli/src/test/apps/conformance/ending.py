"""Apps that end badly, late or not at all."""

from __future__ import annotations

import asyncio
from typing import Any

from asgi_tools import answer, body, query, read_body, respond, start
from asgi_types import Receive, Scope, Send

from conformance.memory import gate, note

# One object for all responses: what the server adds for each client is the server's own.
TEN_MB = bytes(10 * 1024 * 1024)
BLOCK = bytes(64 * 1024)

ERRORS: dict[str, Any] = {
    "RuntimeError": RuntimeError,
    "SystemExit": SystemExit,
    "KeyboardInterrupt": KeyboardInterrupt,
    "CancelledError": asyncio.CancelledError,
    "GeneratorExit": GeneratorExit,
    "RecursionError": RecursionError,
}

open_responses = {"count": 0, "blocks": 0, "oserrors": 0}


async def raises(scope: Scope, receive: Receive, send: Send) -> None:
    """Raises before, or in the middle of, its response; the text comes from the request."""
    wanted = query(scope)
    if wanted["when"] != "first":
        await start(send)
    if wanted["when"] == "middle":
        await body(send, b"part", more=True)
    raise ERRORS[wanted.get("error", "RuntimeError")](wanted["text"])


async def returns(scope: Scope, receive: Receive, send: Send) -> None:
    """Returns before its response is complete."""
    when = query(scope)["when"]
    if when != "first":
        await start(send)
    if when == "middle":
        await body(send, b"part", more=True)


async def endless_recursion(scope: Scope, receive: Receive, send: Send) -> None:
    def deeper(depth: int) -> int:
        return deeper(depth + 1) + 1

    deeper(0)


async def send_until_refused(scope: Scope, receive: Receive, send: Send) -> None:
    """Streams until send() raises, and notes the error's class and bases; then tries again."""
    await start(send)
    try:
        while True:
            await body(send, BLOCK, more=True)
            await asyncio.sleep(0)
    except Exception as refused:
        note(scope, [each.__name__ for each in type(refused).__mro__])
    try:
        await body(send, BLOCK, more=True)
        note(scope, None)
    except Exception as again:
        note(scope, [each.__name__ for each in type(again).__mro__])


async def send_escapes(scope: Scope, receive: Receive, send: Send) -> None:
    """Streams until send() raises, and does not catch it."""
    await start(send)
    try:
        while True:
            await body(send, BLOCK, more=True)
            await asyncio.sleep(0)
    finally:
        note(scope, "ended")


async def works_on(scope: Scope, receive: Receive, send: Send) -> None:
    """Goes on after its client has left: notes whether it was let."""
    await read_body(receive)
    note(scope, "waiting")
    try:
        event = await receive()
        note(scope, event["type"])
        await asyncio.sleep(1.5)
        note(scope, "went on")
    except asyncio.CancelledError:
        note(scope, "cancelled")
        raise
    finally:
        note(scope, "finally")


async def works_after_response(scope: Scope, receive: Receive, send: Send) -> None:
    """Background work after the last body."""
    await respond(send, b"answered")
    note(scope, "background")
    await gate(scope)
    note(scope, "done")


async def ten_mb(scope: Scope, receive: Receive, send: Send) -> None:
    """Ten megabytes, as one event or in blocks; counts what is open."""
    open_responses["count"] += 1
    try:
        await start(send)
        if query(scope).get("blocks"):
            for _ in range(len(TEN_MB) // len(BLOCK)):
                await body(send, BLOCK, more=True)
                open_responses["blocks"] += 1
            await body(send)
        else:
            await body(send, TEN_MB)
    except OSError:
        open_responses["oserrors"] += 1
    finally:
        open_responses["count"] -= 1


async def open_now(scope: Scope, receive: Receive, send: Send) -> None:
    await answer(send, open_responses)


ROUTES = {
    "/raises": raises,
    "/returns": returns,
    "/endless-recursion": endless_recursion,
    "/send-until-refused": send_until_refused,
    "/send-escapes": send_escapes,
    "/works-on": works_on,
    "/works-after-response": works_after_response,
    "/ten-mb": ten_mb,
    "/open-now": open_now,
}
