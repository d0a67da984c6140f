"""Apps that send: legal and illegal messages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from asgi_tools import body, query, respond, start
from asgi_types import Message, Receive, Scope, Send

from conformance.memory import gate, note

START: Message = {"type": "http.response.start", "status": 200, "headers": []}
LAST: Message = {"type": "http.response.body", "body": b"after", "more_body": False}
MORE: Message = {"type": "http.response.body", "body": b"before", "more_body": True}


def _start(**changes: Any) -> Message:
    return {**START, **changes}


def _header(name: Any, value: Any) -> Message:
    return _start(headers=[(name, value)])


# case -> messages that are legal before it, and the message that must be refused
ILLEGAL: dict[str, tuple[list[Message], Message]] = {
    "body-before-start": ([], LAST),
    "second-start": ([START], START),
    "second-start-after-body": ([START, MORE], START),
    "unknown-type": ([], {"type": "http.response.strat", "status": 200}),
    "unknown-type-after-start": ([START], {"type": "http.response.bdoy"}),
    "no-type": ([], {"status": 200}),
    "missing-status": ([], {"type": "http.response.start", "headers": []}),
    "str-header-value": ([], _header(b"x-name", "text")),
    "str-header-name": ([], _header("x-name", b"text")),
    "str-body": ([START], {"type": "http.response.body", "body": "text"}),
    "int-body": ([START], {"type": "http.response.body", "body": 5}),
    "header-cr": ([], _header(b"x-name", b"a\rSet-Cookie: evil=1")),
    "header-lf": ([], _header(b"x-name", b"a\nSet-Cookie: evil=1")),
    "header-crlf": ([], _header(b"x-name", b"a\r\nSet-Cookie: evil=1")),
    "header-nul": ([], _header(b"x-name", b"a\0b")),
    "header-name-space": ([], _header(b"x name", b"a")),
    "header-name-crlf": ([], _header(b"x-name: a\r\nSet-Cookie", b"evil=1")),
    "header-name-empty": ([], _header(b"", b"a")),
    "status-99": ([], _start(status=99)),
    "status-600": ([], _start(status=600)),
    "status-1000": ([], _start(status=1000)),
    "status-negative": ([], _start(status=-1)),
    "status-str": ([], _start(status="200")),
    "status-true": ([], _start(status=True)),
    "status-none": ([], _start(status=None)),
    "status-huge": ([], _start(status=2**70)),
    "longer-than-length": (
        [_start(headers=[(b"content-length", b"5")])],
        {"type": "http.response.body", "body": b"123456789", "more_body": False},
    ),
}


async def illegal(scope: Scope, receive: Receive, send: Send) -> None:
    """Notes what the illegal send() raised, then goes on as an app that caught it would."""
    before, message = ILLEGAL[query(scope)["case"]]
    for each in before:
        await send(dict(each))
    try:
        await send(dict(message))
    except Exception as refused:
        note(scope, [type(refused).__name__, str(refused)])
    else:
        note(scope, None)
    if not before:
        await send(dict(START))
    await send(dict(LAST))


async def unknown_keys(scope: Scope, receive: Receive, send: Send) -> None:
    """Keys that no version of the specification has."""
    await send({**START, "colour": "blue", "trailers": False, "x": None})
    await send({**LAST, "colour": "blue", "x": object()})


def _generated() -> Iterator[tuple[bytes, bytes]]:
    yield b"x-a", b"1"
    yield b"x-b", b"2"


HEADERS: dict[str, Any] = {
    "generator": _generated,
    "tuple-of-lists": lambda: ([b"x-a", b"1"], [b"x-b", b"2"]),
    "list-of-tuples": lambda: [(b"x-a", b"1"), (b"x-b", b"2")],
    "list-of-lists": lambda: [[b"x-a", b"1"], [b"x-b", b"2"]],
    "iterator": lambda: iter([(b"x-a", b"1"), (b"x-b", b"2")]),
    "items": lambda: {b"x-a": b"1", b"x-b": b"2"}.items(),
}


async def header_kinds(scope: Scope, receive: Receive, send: Send) -> None:
    headers = HEADERS[query(scope)["kind"]]()
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await body(send, b"ok")


async def no_headers(scope: Scope, receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200})
    await body(send, b"ok")


async def own_headers(scope: Scope, receive: Receive, send: Send) -> None:
    """Answers with the request's `x-send-...` headers, without the prefix, in their order."""
    prefix = b"x-send-"
    wanted = [
        (name.removeprefix(prefix), value)
        for name, value in scope["headers"]
        if name.startswith(prefix)
    ]
    await start(send, int(query(scope).get("status", "200")), wanted)
    if query(scope).get("pieces"):
        await body(send, b"he", more=True)
        await body(send, b"llo")
    else:
        await body(send, b"hello")


async def pieces(scope: Scope, receive: Receive, send: Send) -> None:
    """A body in three events, no length given, an empty one at the end."""
    await start(send)
    for each in (b"one,", b"two,", b"three"):
        await body(send, each, more=True)
    await body(send)


async def piece_at_gate(scope: Scope, receive: Receive, send: Send) -> None:
    """One piece, then nothing more until the gate is opened."""
    await start(send, headers=[(b"content-type", b"text/event-stream")])
    await body(send, b"data: first\n\n", more=True)
    await gate(scope)
    await body(send, b"data: second\n\n")


async def after_the_end(scope: Scope, receive: Receive, send: Send) -> None:
    """Sends more after the response is complete."""
    await respond(send, b"whole", headers=[(b"content-length", b"5")])
    for message in (LAST, START, MORE):
        try:
            await send(dict(message))
        except Exception as refused:
            note(scope, type(refused).__name__)
        else:
            note(scope, None)


async def by_name(scope: Scope, receive: Receive, send: Send) -> None:
    """Gives messages to send() by the name of its argument, as some middleware does."""
    wrong: list[Any] = [{"event": START}, {"message": START, "more": True}, {}]
    for arguments in wrong:
        try:
            await send(**arguments)  # type: ignore[call-arg]
        except TypeError as refused:
            note(scope, str(refused))
    await send(message=START)  # type: ignore[call-arg]
    await send(message={**MORE, "body": b"by "})  # type: ignore[call-arg]
    await send(message={**LAST, "body": b"name"})  # type: ignore[call-arg]


async def missing_body(scope: Scope, receive: Receive, send: Send) -> None:
    await start(send)
    await send({"type": "http.response.body"})


async def buffers(scope: Scope, receive: Receive, send: Send) -> None:
    """Bodies that are no `bytes`, changed as soon as send() has returned."""
    array = bytearray(b"bytearray,")
    viewed = bytearray(b"memoryview,-")
    await start(send)
    await send({"type": "http.response.body", "body": array, "more_body": True})
    array[:] = b"x" * len(array)
    view = memoryview(viewed)[:-1]
    await send({"type": "http.response.body", "body": view, "more_body": True})
    viewed[:] = b"x" * len(viewed)
    await body(send)


async def strided(scope: Scope, receive: Receive, send: Send) -> None:
    await start(send)
    await send({"type": "http.response.body", "body": memoryview(b"s-t-e-p")[::2]})


async def framed_by_app(scope: Scope, receive: Receive, send: Send) -> None:
    """Claims a transfer-encoding of its own, with or without a length."""
    headers = [(b"transfer-encoding", b"chunked")]
    if query(scope).get("length"):
        headers.append((b"content-length", b"5"))
    await start(send, headers=headers)
    await body(send, b"hello")


async def short_of_length(scope: Scope, receive: Receive, send: Send) -> None:
    await start(send, headers=[(b"content-length", b"100")])
    await body(send, b"only this")


async def interim_status(scope: Scope, receive: Receive, send: Send) -> None:
    """An interim status is no response; whatever comes of it, it must not be framed as one."""
    await start(send, 103, [(b"link", b"</style.css>")])
    await body(send, b"no body here")


async def zeros(scope: Scope, receive: Receive, send: Send) -> None:
    """Many bytes in one event; they take next to no memory as long as nobody writes to them."""
    asked = query(scope)
    more = asked["more"] == "1"
    await start(send)
    await body(send, bytes(int(asked["count"])), more=more)
    if more:
        await body(send)


ROUTES = {
    "/illegal": illegal,
    "/unknown-keys": unknown_keys,
    "/header-kinds": header_kinds,
    "/no-headers": no_headers,
    "/own-headers": own_headers,
    "/pieces": pieces,
    "/piece-at-gate": piece_at_gate,
    "/after-the-end": after_the_end,
    "/by-name": by_name,
    "/missing-body": missing_body,
    "/buffers": buffers,
    "/strided": strided,
    "/framed-by-app": framed_by_app,
    "/short-of-length": short_of_length,
    "/interim-status": interim_status,
    "/zeros": zeros,
}
