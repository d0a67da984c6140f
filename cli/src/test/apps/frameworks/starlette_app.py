"""Starlette: routes, mounts, streams, sessions, static files, background tasks, middleware."""

from __future__ import annotations

import asyncio
import itertools
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.background import BackgroundTask
from starlette.middleware import Middleware
from starlette.middleware.base import BaseHTTPMiddleware, RequestResponseEndpoint
from starlette.middleware.gzip import GZipMiddleware
from starlette.middleware.sessions import SessionMiddleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

happened: list[str] = []


async def home(request: Request) -> Response:
    return JSONResponse({"url": str(request.url), "home": str(request.url_for("home"))})


async def user(request: Request) -> Response:
    shown = {
        "user": request.path_params["user"],
        "root_path": request.scope["root_path"],
        "url": str(request.url_for("sub:user", user="other")),
    }
    return JSONResponse(shown)


async def echo(request: Request) -> Response:
    return Response(await request.body(), media_type="application/octet-stream")


async def stream_echo(request: Request) -> Response:
    return StreamingResponse(request.stream())


async def form(request: Request) -> Response:
    async with request.form() as fields:
        return JSONResponse({key: str(value) for key, value in fields.items()})


async def stream(request: Request) -> Response:
    async def pieces() -> AsyncIterator[bytes]:
        for number in range(5):
            yield f"piece {number}\n".encode()
            await asyncio.sleep(0.01)

    return StreamingResponse(pieces(), media_type="text/plain")


async def endless(request: Request) -> Response:
    async def pieces() -> AsyncIterator[bytes]:
        happened.append("endless begins")
        try:
            for number in itertools.count():
                yield b"data: %d\n\n" % number
                await asyncio.sleep(0.01)
        finally:
            happened.append("endless ends")

    return StreamingResponse(pieces(), media_type="text/event-stream")


async def background(request: Request) -> Response:
    async def later(word: str) -> None:
        await asyncio.sleep(0.05)
        happened.append(word)

    return PlainTextResponse("begun", background=BackgroundTask(later, "background done"))


async def threaded(request: Request) -> Response:
    """A blocking task, which Starlette runs in a thread of its pool."""
    return PlainTextResponse("begun", background=BackgroundTask(happened.append, "from a thread"))


async def what_happened(request: Request) -> Response:
    return JSONResponse(happened)


async def session(request: Request) -> Response:
    request.session["count"] = request.session.get("count", 0) + 1
    return JSONResponse(request.session)


async def cookies(request: Request) -> Response:
    response = JSONResponse(request.cookies)
    response.set_cookie("first", "1")
    response.set_cookie("second", "2", httponly=True)
    return response


async def state(request: Request) -> Response:
    return JSONResponse({"greeting": request.state.greeting})


async def until_gone(request: Request) -> Response:
    try:
        async for _ in request.stream():
            happened.append("reading")
    except ClientDisconnect:
        happened.append("client gone")
    return Response()


class Stamped(BaseHTTPMiddleware):
    """The middleware that wraps receive() and send() in task groups of its own."""

    async def dispatch(self, request: Request, call_next: RequestResponseEndpoint) -> Response:
        response = await call_next(request)
        response.headers["x-stamped"] = "yes"
        return response


@asynccontextmanager
async def lifespan(app: Starlette) -> AsyncIterator[dict[str, Any]]:
    yield {"greeting": "hello from lifespan"}


static = Path(os.environ.get("STATIC", str(Path(__file__).parent)))

app = Starlette(
    lifespan=lifespan,
    middleware=[
        Middleware(SessionMiddleware, secret_key="not a secret"),
        Middleware(GZipMiddleware, minimum_size=10_000),
        Middleware(Stamped),
    ],
    routes=[
        Route("/", home, name="home"),
        Route("/echo", echo, methods=["POST", "PUT"]),
        Route("/stream-echo", stream_echo, methods=["POST"]),
        Route("/form", form, methods=["POST"]),
        Route("/stream", stream),
        Route("/endless", endless),
        Route("/background", background),
        Route("/threaded", threaded),
        Route("/happened", what_happened),
        Route("/session", session),
        Route("/cookies", cookies),
        Route("/state", state),
        Route("/until-gone", until_gone, methods=["POST"]),
        Mount("/sub", routes=[Route("/users/{user}", user, name="user")], name="sub"),
        Mount("/static", StaticFiles(directory=static)),
    ],
)

# Without middleware: the stream's own way of noticing a client that left.
bare = Starlette(routes=[Route("/endless", endless), Route("/happened", what_happened)])
