"""Quart: background tasks, sessions, streams and its own test of a body's size."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from quart import Quart, Response, jsonify, request, session

app = Quart(__name__)
app.secret_key = "not a secret"
app.config["MAX_CONTENT_LENGTH"] = 100_000
written = asyncio.Event()


@app.get("/visits")
async def visits() -> Response:
    session["visits"] = session.get("visits", 0) + 1
    return jsonify(visits=session["visits"])


@app.post("/size")
async def size() -> Response:
    return jsonify(size=len(await request.get_data()))


@app.get("/stream")
async def stream() -> Response:
    async def rows() -> AsyncIterator[bytes]:
        for number in range(20):
            yield b"%d\n" % number

    return Response(rows(), content_type="text/csv")


async def write() -> None:
    written.set()


@app.post("/background")
async def background() -> Response:
    app.add_background_task(write)
    return jsonify("later")


@app.get("/written")
async def wait_written() -> Response:
    await written.wait()
    return jsonify("written")


@app.get("/boom")
async def boom() -> Response:
    raise RuntimeError("this view always fails")
