"""What apps say by ASGI's extensions: files, early hints, trailers; and what is wrong with it."""

from __future__ import annotations

import asyncio
import os
from collections.abc import MutableMapping
from typing import Any

from asgi_tools import answer, body, query, respond, start
from asgi_types import Message, Receive, Scope, Send
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse
from starlette.routing import Route

LINKS = ("</style.css>; rel=preload; as=style", "</script.js>; rel=preload; as=script")

sent: list[str] = []
gate = asyncio.Event()


async def file(request: Request) -> FileResponse:
    return FileResponse(request.query_params["path"])


async def hints(request: Request) -> JSONResponse:
    await request.send_early_hints(*LINKS)
    return JSONResponse({"answer": "yes"})


starlette = Starlette(routes=[Route("/file", file), Route("/hints", hints)])


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] != "http":
        raise NotImplementedError(scope["type"])
    asked = query(scope)
    match scope["path"]:
        case "/file" | "/hints":
            await _seen(scope, receive, send)
        case "/sent":
            await answer(send, sent)
        case "/offered":
            await answer(send, scope["extensions"])
        case "/path":
            await _path(send, asked)
        case "/zero":
            await _zero(send, asked)
        case "/wrong-file":
            await _wrong_file(send, asked["what"])
        case "/hints-between":
            await _hints_between(send)
        case "/trailers":
            await _trailers(send, asked)
        case "/go":
            gate.set()
            await respond(send, b"")
        case _:
            await _order(send, scope["path"])


async def _seen(scope: Scope, receive: Receive, send: Send) -> None:
    """Run the framework, and keep what it sends."""
    sent.clear()

    async def probe(message: MutableMapping[str, Any]) -> None:
        sent.append(message["type"])
        await send(dict(message))

    await starlette(scope, receive, probe)


async def _path(send: Send, asked: dict[str, str]) -> None:
    """Send a file by its name; an error is the app's, which can still answer."""
    headers = [(b"content-length", asked["length"].encode())] if "length" in asked else []
    if asked["path"] == "none":
        message: Message = {"type": "http.response.pathsend"}
    else:
        message = {"type": "http.response.pathsend", "path": asked["path"]}
    await start(send, headers=headers)
    try:
        await send(message)
    except (OSError, ValueError, TypeError, RuntimeError) as error:
        await _tell(send, error, asked.get("length"))


async def _tell(send: Send, error: Exception, length: str | None = None) -> None:
    """Say in a body what was raised, as far as there is room for it."""
    words = [type(error).__name__, str(getattr(error, "errno", None)), str(error)]
    text = " | ".join(words).encode()
    await body(send, text if length is None else text[: int(length)].ljust(int(length)))


async def _zero(send: Send, asked: dict[str, str]) -> None:
    """Parts of a file between pieces of a body, from a descriptor that is closed at once."""
    await start(send)
    await body(send, b"<", more=True)
    with open(asked["path"], "rb") as given:
        for part in asked["parts"].split(","):
            message: Message = {"type": "http.response.zerocopysend", "more_body": True}
            message["file"] = given if asked.get("as") == "object" else given.fileno()
            for key, number in zip(("offset", "count"), part.split("+"), strict=False):
                if number:
                    message[key] = int(number)
            await send(message)
    await body(send, b">")


async def _wrong_file(send: Send, what: str) -> None:
    given: Any = {"text": "1", "negative": 0, "nothing": None}.get(what)
    opened: list[int] = []
    if what == "pipe":
        opened = list(os.pipe())
        given = opened[0]
    elif what == "folder":
        opened = [os.open("/", os.O_RDONLY)]
        given = opened[0]
    elif what == "closed":
        given = os.open("/", os.O_RDONLY)
        os.close(given)
    await start(send)
    message: Message = {"type": "http.response.zerocopysend", "file": given}
    if what == "negative":
        message["offset"] = -1
    try:
        await send(message)
    except (OSError, ValueError, TypeError) as error:
        await _tell(send, error)
    for each in opened:
        os.close(each)


async def _hints_between(send: Send) -> None:
    """Before the start, behind it, and when it is too late."""
    for link in (b"</1>", b"</2>", b"</3>"):
        await send({"type": "http.response.early_hint", "links": [link]})
        if link == b"</1>":
            await start(send)
        if link == b"</2>":
            await body(send, b"one", more=True)
    await body(send, b"two")


async def _trailers(send: Send, asked: dict[str, str]) -> None:
    text = asked.get("text", "body")
    headers = [(b"content-type", b"text/plain"), (b"trailer", b"x-sum, x-more")]
    if "length" in asked:
        headers.append((b"content-length", str(len(text)).encode()))
    await send({"type": "http.response.start", "status": 200, "headers": headers, "trailers": True})
    if "path" in asked:
        await send({"type": "http.response.pathsend", "path": asked["path"]})
    else:
        for letter in text:
            await body(send, letter.encode(), more=True)
        await body(send)
    if "wait" in asked:
        await gate.wait()
        gate.clear()
    if "leave" in asked:
        return
    fields = [(asked.get("name", "X-Sum").encode(), b"1")]
    try:
        await send({"type": "http.response.trailers", "headers": fields, "more_trailers": True})
    except ValueError as error:
        fields = [(b"x-error", str(error).encode())]
        await send({"type": "http.response.trailers", "headers": fields})
        return
    await send({"type": "http.response.trailers", "headers": [(b"x-more", b"2")]})


async def _order(send: Send, path: str) -> None:
    """Events out of their order; what is raised for it is in the log."""
    trailers: Message = {"type": "http.response.trailers", "headers": []}
    whole: Message = {"type": "http.response.pathsend", "path": "/etc/hostname"}
    if path == "/trailers-unannounced":
        await start(send)
        await body(send, b"x", more=True)
        await send(trailers)
    elif path == "/path-behind-body":
        await start(send)
        await body(send, b"x", more=True)
        await send(whole)
    elif path == "/path-first":
        await send(whole)
    elif path == "/debug":
        await start(send)
        await send({"type": "http.response.debug", "info": {}})
    else:
        raise NotImplementedError(path)
