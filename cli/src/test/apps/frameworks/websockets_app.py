"""The same three WebSockets made with each framework: /NAME/echo, /NAME/lets-out and /NAME/refuses.

`echo` sends back what comes, `lets-out` receives without looking at how it ends, and `refuses` says
403 or what else the framework makes of a refusal.
"""

from __future__ import annotations

from typing import Any

import fastapi
import litestar
import quart
import socketio
from asgi_types import App, Receive, Scope, Send
from channels.generic.websocket import AsyncWebsocketConsumer
from channels.routing import URLRouter
from django.conf import settings
from django.urls import path
from litestar.exceptions import NotAuthorizedException
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

settings.configure()


async def echo(socket: WebSocket) -> None:
    await socket.accept(next(iter(socket.scope["subprotocols"]), None))
    try:
        while True:
            event = await socket.receive()
            if event["type"] == "websocket.disconnect":
                return
            if event.get("text") is not None:
                await socket.send_text(event["text"])
            else:
                await socket.send_bytes(event["bytes"])
    except WebSocketDisconnect:
        pass


async def lets_out(socket: WebSocket) -> None:
    await socket.accept()
    while True:
        await socket.send_text(await socket.receive_text())


async def refuses(socket: WebSocket) -> None:
    await socket.send_denial_response(PlainTextResponse("not you", 401))


ROUTES = {"echo": echo, "lets-out": lets_out, "refuses": refuses}

starlette_app = Starlette(
    routes=[WebSocketRoute(f"/starlette/{name}", each) for name, each in ROUTES.items()]
)

fastapi_app = fastapi.FastAPI()


@fastapi_app.websocket("/fastapi/echo")
async def fastapi_echo(socket: fastapi.WebSocket) -> None:
    await echo(socket)


@fastapi_app.websocket("/fastapi/lets-out")
async def fastapi_lets_out(socket: fastapi.WebSocket, prefix: str = "") -> None:
    await socket.accept()
    while True:
        await socket.send_text(prefix + await socket.receive_text())


@fastapi_app.websocket("/fastapi/refuses")
async def fastapi_refuses(socket: fastapi.WebSocket) -> None:
    raise fastapi.HTTPException(401, "not you")


quart_app = quart.Quart(__name__)


@quart_app.websocket("/quart/echo")
async def quart_echo() -> None:
    offered = quart.websocket.requested_subprotocols
    await quart.websocket.accept(subprotocol=offered[0] if offered else None)
    while True:
        await quart.websocket.send(await quart.websocket.receive())


@quart_app.websocket("/quart/lets-out")
async def quart_lets_out() -> None:
    while True:
        await quart.websocket.send(await quart.websocket.receive())


@quart_app.websocket("/quart/refuses")
async def quart_refuses() -> Any:
    return "not you", 401


class Echo(AsyncWebsocketConsumer):  # type: ignore[misc] # it has no types
    async def connect(self) -> None:
        await self.accept(next(iter(self.scope["subprotocols"]), None))

    async def receive(self, text_data: Any = None, bytes_data: Any = None) -> None:
        await self.send(text_data=text_data, bytes_data=bytes_data)


class Refuses(AsyncWebsocketConsumer):  # type: ignore[misc] # it has no types
    async def connect(self) -> None:
        await self.close()


channels_app = URLRouter(
    [
        path("channels/echo", Echo.as_asgi()),
        path("channels/lets-out", Echo.as_asgi()),
        path("channels/refuses", Refuses.as_asgi()),
    ]
)


@litestar.websocket("/litestar/echo")
async def litestar_echo(socket: litestar.WebSocket[Any, Any, Any]) -> None:
    await socket.accept(next(iter(socket.scope["subprotocols"]), None))
    while (event := await socket.receive())["type"] == "websocket.receive":
        if event.get("text") is not None:
            await socket.send_text(event["text"])
        else:
            await socket.send_bytes(event["bytes"])


@litestar.websocket("/litestar/lets-out")
async def litestar_lets_out(socket: litestar.WebSocket[Any, Any, Any]) -> None:
    await socket.accept()
    while True:
        await socket.send_text(await socket.receive_text())


@litestar.websocket("/litestar/refuses")
async def litestar_refuses(socket: litestar.WebSocket[Any, Any, Any]) -> None:
    raise NotAuthorizedException("not you")


litestar_app = litestar.Litestar([litestar_echo, litestar_lets_out, litestar_refuses])

events = socketio.AsyncServer(async_mode="asgi", cors_allowed_origins="*")
socketio_app = socketio.ASGIApp(events)


@events.event
async def say(sid: str, text: str) -> str:
    await events.emit("said", text.upper(), to=sid)
    return "heard"


@events.event
async def send_bytes(sid: str, data: bytes) -> None:
    await events.emit("bytes_back", data[::-1], to=sid)


APPS: dict[str, Any] = {
    "starlette": starlette_app,
    "fastapi": fastapi_app,
    "quart": quart_app,
    "channels": channels_app,
    "litestar": litestar_app,
    "socket.io": socketio_app,
}


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "lifespan":
        raise RuntimeError("none of them needs it")
    chosen: App = APPS[scope["path"].split("/")[1]]
    await chosen(scope, receive, send)
