"""Responses that are open, or not yet begun, when the server is told to stop."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from typing import Any

from asgi_tools import body, read_body, respond, start
from asgi_types import Receive, Scope, Send

EVENTS = [(b"content-type", b"text/event-stream; charset=utf-8")]
PIECES = 15
PIECE = b"a piece of a download\n"


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] != "http":
        raise NotImplementedError(scope["type"])
    await read_body(receive)
    await _ROUTES[scope["path"]](receive, send)


async def _unless_gone(receive: Receive, work: Coroutine[Any, Any, None]) -> None:
    """Works until the client leaves, which a task of its own listens for: as Django does."""
    working = asyncio.create_task(work)
    listening = asyncio.ensure_future(receive())
    await asyncio.wait([working, listening], return_when=asyncio.FIRST_COMPLETED)
    for task in (working, listening):
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _events(receive: Receive, send: Send) -> None:
    async def stream() -> None:
        await start(send, headers=EVENTS)
        await body(send, b"data: begun\n\n", more=True)
        await asyncio.Event().wait()

    await _unless_gone(receive, stream())


async def _farewell(receive: Receive, send: Send) -> None:
    """Ends its stream of events itself."""
    await start(send, headers=EVENTS)
    await body(send, b"data: begun\n\n", more=True)
    assert (await receive())["type"] == "http.disconnect"
    await body(send, b"data: farewell\n\n", more=True)
    await body(send)


async def _deaf(_receive: Receive, send: Send) -> None:
    """A stream of events that never looks at `receive()`."""
    await start(send, headers=EVENTS)
    await body(send, b"data: begun\n\n", more=True)
    await asyncio.Event().wait()


async def _unbegun(_receive: Receive, send: Send) -> None:
    """A stream of events that has none yet."""
    await start(send, headers=EVENTS)
    await asyncio.Event().wait()


async def _poll(receive: Receive, send: Send) -> None:
    """A long poll: waits for the client alone, and answers even when that has gone."""
    event = await receive()
    await respond(send, event["type"].encode())


async def _silent_poll(receive: Receive, _send: Send) -> None:
    """A long poll that says nothing to a client that has gone."""
    await receive()


async def _work(receive: Receive, send: Send) -> None:
    async def work() -> None:
        await asyncio.sleep(2.5)
        await respond(send, b"worked")

    await _unless_gone(receive, work())


async def _download(receive: Receive, send: Send) -> None:
    async def stream() -> None:
        await start(send)
        for _ in range(PIECES):
            await body(send, PIECE, more=True)
            await asyncio.sleep(0.2)
        await body(send)

    await _unless_gone(receive, stream())


async def _sized(receive: Receive, send: Send) -> None:
    async def stream() -> None:
        await start(send, headers=[(b"content-length", str(2 * len(PIECE)).encode())])
        await body(send, PIECE, more=True)
        await asyncio.sleep(3)
        await body(send, PIECE)

    await _unless_gone(receive, stream())


async def _quiet(receive: Receive, send: Send) -> None:
    """A stream of another kind, which has nothing to say for now."""
    await start(send)
    await body(send, PIECE, more=True)
    assert (await receive())["type"] == "http.disconnect"
    await body(send, b"the end")


_ROUTES: dict[str, Callable[[Receive, Send], Awaitable[None]]] = {
    "/events": _events,
    "/farewell": _farewell,
    "/deaf": _deaf,
    "/unbegun": _unbegun,
    "/poll": _poll,
    "/silent-poll": _silent_poll,
    "/work": _work,
    "/download": _download,
    "/sized": _sized,
    "/quiet": _quiet,
}
