"""Apps that receive: what they saw they note or answer."""

from __future__ import annotations

import asyncio
from typing import Any

from asgi_tools import answer, body, event_of, query, read_body, respond, start
from asgi_types import Receive, Scope, Send

from conformance.memory import gate, note


async def events(scope: Scope, receive: Receive, send: Send) -> None:
    """All events of the request up to the end of its body."""
    seen: list[dict[str, Any]] = []
    while not seen or seen[-1].get("more_body"):
        seen.append(event_of(await receive()))
    await answer(send, seen)


async def whole_body(scope: Scope, receive: Receive, send: Send) -> None:
    await respond(send, await read_body(receive))


async def echo(scope: Scope, receive: Receive, send: Send) -> None:
    """Sends back each piece of the body as soon as it is there."""
    await start(send, headers=[(b"content-type", b"application/octet-stream")])
    more = True
    while more:
        event = await receive()
        if event["type"] == "http.disconnect":
            return
        more = event["more_body"]
        await body(send, event["body"], more=more)


async def note_events(scope: Scope, receive: Receive, send: Send) -> None:
    """Notes all events up to a disconnect, and two more receives after it."""
    event: dict[str, Any] = {}
    while event.get("type") != "http.disconnect":
        event = event_of(await receive())
        note(scope, event)
    for _ in range(2):
        note(scope, event_of(await asyncio.wait_for(receive(), 5)))


async def receive_after_response(scope: Scope, receive: Receive, send: Send) -> None:
    """Answers, then receives: twice, each within a second."""
    await read_body(receive)
    await respond(send, b"answered")
    for _ in range(2):
        try:
            note(scope, event_of(await asyncio.wait_for(receive(), 1)))
        except asyncio.TimeoutError:
            note(scope, "timeout")


async def receive_across_response(scope: Scope, receive: Receive, send: Send) -> None:
    """A receive() that waits already when the response is completed, as Quart has it."""
    await read_body(receive)
    pending = asyncio.ensure_future(receive())
    await asyncio.sleep(0)
    await respond(send, b"answered")
    done, _ = await asyncio.wait([pending], timeout=2)
    note(scope, event_of(pending.result()) if done else "timeout")
    pending.cancel()


async def wait_for_disconnect(scope: Scope, receive: Receive, send: Send) -> None:
    """Reads the body, then notes what receive() says while the response has not ended."""
    await read_body(receive)
    if query(scope).get("started"):
        await start(send)
        await body(send, b"first", more=True)
    note(scope, "waiting")
    loop = asyncio.get_running_loop()
    note(scope, [event_of(await receive()), loop.time()])


async def cancelled_receive(scope: Scope, receive: Receive, send: Send) -> None:
    """Cancels a pending receive(); the body that comes later must still be there.

    What comes before may be returned; then that is a part of the body.
    """
    pending = asyncio.ensure_future(receive())
    await start(send)
    await body(send, b"pending;", more=True)
    await asyncio.sleep(0)
    pending.cancel()
    try:
        event = await pending
    except asyncio.CancelledError:
        await body(send, b"cancelled;", more=True)
        await body(send, await read_body(receive))
    else:
        await body(send, b"returned;", more=True)
        rest = await read_body(receive) if event["more_body"] else b""
        await body(send, event["body"] + rest)


async def two_receives(scope: Scope, receive: Receive, send: Send) -> None:
    """Two concurrent receives after the body: both must wake on disconnect."""
    await read_body(receive)
    both = [asyncio.ensure_future(receive()) for _ in range(2)]
    await asyncio.sleep(0)
    note(scope, "waiting")
    done, pending = await asyncio.wait(both, timeout=5)
    for each in pending:
        each.cancel()
    note(scope, sorted(str(each.result()["type"]) for each in done))


async def answer_at_gate(scope: Scope, receive: Receive, send: Send) -> None:
    """Never receives; answers when the gate is opened."""
    note(scope, "waiting")
    await gate(scope)
    await respond(send, b"answered")


async def receive_at_gate(scope: Scope, receive: Receive, send: Send) -> None:
    """Receives no sooner than the gate is opened."""
    note(scope, "waiting")
    await gate(scope)
    await respond(send, await read_body(receive))


async def answer_then_receive(scope: Scope, receive: Receive, send: Send) -> None:
    """The final response comes before the first receive()."""
    await respond(send, b"early", headers=[(b"content-length", b"5")])
    event = await receive()
    note(scope, event_of(event))


ROUTES = {
    "/events": events,
    "/whole-body": whole_body,
    "/echo": echo,
    "/note-events": note_events,
    "/receive-after-response": receive_after_response,
    "/receive-across-response": receive_across_response,
    "/wait-for-disconnect": wait_for_disconnect,
    "/cancelled-receive": cancelled_receive,
    "/two-receives": two_receives,
    "/answer-at-gate": answer_at_gate,
    "/receive-at-gate": receive_at_gate,
    "/answer-then-receive": answer_then_receive,
}
