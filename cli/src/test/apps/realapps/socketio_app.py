"""python-socketio: events, rooms, acknowledgements and background tasks over long polling."""

from __future__ import annotations

from typing import Any

import socketio

server = socketio.AsyncServer(async_mode="asgi", cors_allowed_origins="*")
app = socketio.ASGIApp(server)


@server.event
async def connect(sid: str, environ: dict[str, Any]) -> None:
    await server.emit("welcome", {"path": environ["PATH_INFO"]}, to=sid)


@server.event
async def say(sid: str, text: str) -> str:
    await server.enter_room(sid, "hall")
    await server.emit("said", text.upper(), room="hall")
    return "heard"


@server.event
async def later(sid: str) -> None:
    async def tell() -> None:
        await server.sleep(0.2)
        await server.emit("told", to=sid)

    server.start_background_task(tell)


@server.event
async def send_bytes(sid: str, data: bytes) -> None:
    await server.emit("bytes_back", data[::-1], to=sid)
