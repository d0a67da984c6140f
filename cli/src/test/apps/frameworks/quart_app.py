"""Quart: templates aside, what its users write every day."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

from quart import Quart, Response, jsonify, request

app = Quart(__name__)
app.secret_key = "not a secret"
happened: list[str] = []


@app.before_serving
async def begin() -> None:
    happened.append("before serving")


@app.get("/users/<int:number>")
async def user(number: int) -> Response:
    return jsonify(number=number, q=request.args.get("q"), happened=happened)


@app.post("/echo")
async def echo() -> Response:
    return Response(await request.get_data(), content_type="application/octet-stream")


@app.post("/json")
async def as_json() -> Any:
    return {"got": await request.get_json()}, 201


@app.post("/form")
async def form() -> Response:
    fields = await request.form
    files = await request.files
    return jsonify(fields=dict(fields), sizes={key: len(f.read()) for key, f in files.items()})


@app.get("/stream")
async def stream() -> Response:
    async def pieces() -> AsyncIterator[bytes]:
        for number in range(5):
            yield b"piece %d\n" % number
            await asyncio.sleep(0.01)

    return Response(pieces(), content_type="text/plain")


@app.get("/boom")
async def boom() -> str:
    raise RuntimeError("boom in a Quart app")
