"""Apps that are called with a WebSocket: most of what they do is written in the request."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from asgi_tools import plain, query
from asgi_types import Message, Receive, Scope, Send

from conformance.memory import gate, note

ACCEPT: Message = {"type": "websocket.accept"}
BLOCK = bytes(64 * 1024)


async def play(scope: Scope, receive: Receive, send: Send) -> None:
    """Does the steps that its query tells, and notes what became of each.

    An object is sent, and what that raises is noted and caught, up to `let-out`. `receive` and
    `gate` wait, `echo` goes on to the end, and `raise` raises the words that follow.
    """
    caught = True
    told = iter(json.loads(query(scope)["steps"], object_hook=_bytes))
    for step in told:
        if step == "receive":
            note(scope, plain(await receive()))
        elif step == "echo":
            note(scope, plain(await _echo(receive, send)))
        elif step == "gate":
            note(scope, "waiting")
            await gate(scope)
        elif step == "raise":
            raise RuntimeError(next(told))
        elif step == "let-out":
            caught = False
        elif caught:
            note(scope, await _refusal(send, step))
        else:
            await send(step)


def _bytes(value: dict[str, Any]) -> Any:
    """JSON has no bytes: `plain` makes an object of them."""
    return value["bytes"].encode("latin-1") if list(value) == ["bytes"] else value


async def _refusal(send: Send, event: Message) -> Any:
    try:
        await send(event)
    except Exception as refused:
        names = [each.__name__ for each in type(refused).__mro__]
        return {"raised": names, "text": str(refused)}
    return None


async def _echo(receive: Receive, send: Send) -> Message:
    """Sends back what comes; returns the event that ends it."""
    while True:
        event = await receive()
        if event["type"] != "websocket.receive":
            return event
        kind = "text" if event.get("text") is not None else "bytes"
        await send({"type": "websocket.send", kind: event[kind]})


async def echo(scope: Scope, receive: Receive, send: Send) -> None:
    await receive()
    await send(ACCEPT)
    await _echo(receive, send)


async def show_scope(scope: Scope, receive: Receive, send: Send) -> None:
    """Sends its scope with its very types."""
    await receive()
    await send(ACCEPT)
    shown = dict(scope)
    shown["type_of"] = {key: type(value).__name__ for key, value in scope.items()}
    await send({"type": "websocket.send", "text": json.dumps(plain(shown))})
    await receive()


async def events(scope: Scope, receive: Receive, send: Send) -> None:
    """Notes each event: keys, and type and length of what came."""
    event: Message = {"type": ""}
    while event["type"] != "websocket.disconnect":
        event = await receive()
        note(scope, {key: _short(value) for key, value in event.items()})
        if event["type"] == "websocket.connect":
            await send(ACCEPT)


def _short(value: Any) -> Any:
    if isinstance(value, bytes):
        return ["bytes", len(value)]
    return value if not isinstance(value, str) or len(value) < 100 else ["str", len(value)]


async def send_blocks(scope: Scope, receive: Receive, send: Send) -> None:
    """Sends blocks, and notes how many it could before send() waited for a second."""
    await receive()
    await send(ACCEPT)
    count = 0
    pending = asyncio.ensure_future(_block(send))
    while (await asyncio.wait([pending], timeout=1))[0] and count < 10_000:
        count += 1
        pending.result()
        pending = asyncio.ensure_future(_block(send))
    note(scope, count)
    await pending
    note(scope, "went on")


async def _block(send: Send) -> None:
    await send({"type": "websocket.send", "bytes": BLOCK})


async def receive_late(scope: Scope, receive: Receive, send: Send) -> None:
    """Receives nothing before the gate is opened, then counts what there is up to the end."""
    await receive()
    await send(ACCEPT)
    await gate(scope)
    count = size = 0
    while (event := await receive())["type"] == "websocket.receive":
        count += 1
        size += len(event.get("bytes") or event.get("text") or b"")
    note(scope, [count, size, event])


async def accept_late(scope: Scope, receive: Receive, send: Send) -> None:
    """Accepts once the gate is open, receives once the other is; notes what came, and the end."""
    await receive()
    note(scope, "waiting")
    await gate(scope)
    note(scope, await _refusal(send, ACCEPT))
    await gate(scope, "then-key")
    sizes = []
    while (event := await receive())["type"] == "websocket.receive":
        sizes.append(len(event.get("bytes") or event.get("text") or b""))
    note(scope, [sizes, event])


async def surrogates(scope: Scope, receive: Receive, send: Send) -> None:
    """Texts that are no Unicode, short and long; a good one behind them."""
    await receive()
    await send(ACCEPT)
    for text in ("\ud800", "a" * 100_000 + "\udfff"):
        note(scope, await _refusal(send, {"type": "websocket.send", "text": text}))
    close = {"type": "websocket.close", "code": 1000, "reason": "\ud800"}
    note(scope, await _refusal(send, close))
    await send({"type": "websocket.send", "text": "good"})
    await receive()


async def buffers(scope: Scope, receive: Receive, send: Send) -> None:
    """Messages that are no `bytes`, changed as soon as send() has returned."""
    await receive()
    await send(ACCEPT)
    array = bytearray(b"bytearray")
    await send({"type": "websocket.send", "bytes": array})
    array[:] = b"x" * len(array)
    await send({"type": "websocket.send", "bytes": memoryview(b"v-i-e-w")[::2]})
    large = bytearray(b"l") * 100_000
    await send({"type": "websocket.send", "bytes": large})
    large[:] = b"x" * len(large)
    await receive()


async def by_name(scope: Scope, receive: Receive, send: Send) -> None:
    """Gives messages to send() by the name of its argument."""
    await receive()
    await send(message=ACCEPT)  # type: ignore[call-arg]
    try:
        await send(event={"type": "websocket.send", "text": "wrong"})  # type: ignore[call-arg]
    except TypeError as refused:
        await send(message={"type": "websocket.send", "text": str(refused)})  # type: ignore[call-arg]
    await receive()


async def sends_while_receiving(scope: Scope, receive: Receive, send: Send) -> None:
    """A task that receives beside one that sends, as most apps have it."""
    await receive()
    await send(ACCEPT)
    receiving = asyncio.ensure_future(receive())
    count = 0
    while not receiving.done():
        await send({"type": "websocket.send", "text": str(count)})
        count += 1
        await asyncio.sleep(0.001)
    note(scope, plain(receiving.result()))


ROUTES = {
    "/ws/play": play,
    "/ws/echo": echo,
    "/ws/scope": show_scope,
    "/ws/events": events,
    "/ws/send-blocks": send_blocks,
    "/ws/receive-late": receive_late,
    "/ws/accept-late": accept_late,
    "/ws/surrogates": surrogates,
    "/ws/buffers": buffers,
    "/ws/by-name": by_name,
    "/ws/sends-while-receiving": sends_while_receiving,
}
