"""WebSockets that listen, talk, or do neither; and what the app has been told of their ends.

`/told` has how many are open and the codes of those that have ended; the same is printed when the
app is stopped.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections import Counter
from collections.abc import Awaitable, Callable

from asgi_tools import answer, query, respond
from asgi_types import Receive, Scope, Send

BLOCK = bytes(64 * 1024)

codes: Counter[str] = Counter()
counts = {"begun": 0, "ended": 0, "received": 0, "sent": 0}


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "lifespan":
        await _lifespan(receive, send)
    elif scope["type"] == "websocket":
        await _counted(scope, receive, send)
    elif scope["path"] == "/told":
        await answer(send, _told())
    else:
        await respond(send, b"hello", headers=[(b"content-length", b"5")])


def _told() -> dict[str, object]:
    return {**counts, "open": counts["begun"] - counts["ended"], "codes": dict(codes)}


async def _lifespan(receive: Receive, send: Send) -> None:
    await receive()
    await send({"type": "lifespan.startup.complete"})
    await receive()
    print("told:", json.dumps(_told()), file=sys.stderr, flush=True)
    await send({"type": "lifespan.shutdown.complete"})


async def _counted(scope: Scope, receive: Receive, send: Send) -> None:
    counts["begun"] += 1
    try:
        await _ROUTES[scope["path"]](scope, receive, send)
    except OSError:
        codes["gone"] += 1
    except asyncio.CancelledError:
        codes["cancelled"] += 1
        raise
    finally:
        counts["ended"] += 1


async def _accept(receive: Receive, send: Send) -> None:
    await receive()
    await send({"type": "websocket.accept"})


async def _say(send: Send, **what: object) -> None:
    await send({"type": "websocket.send", **what})
    counts["sent"] += 1


async def _echo(scope: Scope, receive: Receive, send: Send) -> None:
    """Says what it hears; with `seconds` it blocks for so long before the first time."""
    await _accept(receive, send)
    block = float(query(scope).get("seconds", "0"))
    while (event := await receive())["type"] == "websocket.receive":
        counts["received"] += 1
        if block:
            await _say(send, text="blocked")
            await asyncio.sleep(0.1)  # it goes out
            time.sleep(block)
            block = 0.0
        await _say(send, text=event.get("text"), bytes=event.get("bytes"))
    codes[str(event["code"])] += 1


async def _listen(scope: Scope, receive: Receive, send: Send) -> None:
    await _accept(receive, send)
    while (event := await receive())["type"] == "websocket.receive":
        counts["received"] += 1
    codes[str(event["code"])] += 1


async def _deaf(scope: Scope, receive: Receive, send: Send) -> None:
    """Never looks at what comes."""
    await _accept(receive, send)
    await asyncio.Event().wait()


async def _flood(scope: Scope, receive: Receive, send: Send) -> None:
    """Talks without an end, as fast as send() lets it."""
    await _accept(receive, send)
    while True:
        await _say(send, bytes=BLOCK)


async def _lobby(scope: Scope, receive: Receive, send: Send) -> None:
    """Does not say whether it takes its client."""
    await receive()
    event = await receive()
    codes[str(event["code"])] += 1


_ROUTES: dict[str, Callable[[Scope, Receive, Send], Awaitable[None]]] = {
    "/echo": _echo,
    "/listen": _listen,
    "/deaf": _deaf,
    "/flood": _flood,
    "/lobby": _lobby,
}
