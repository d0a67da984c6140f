"""sse-starlette: streams of events that end by themselves, by the client, or fail."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from sse_starlette import EventSourceResponse
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

ended: list[str] = []


async def short(request: Request) -> EventSourceResponse:
    async def events() -> AsyncIterator[dict[str, str]]:
        for number in range(10):
            yield {"event": "tick", "id": str(number), "data": f"number {number}"}
            await asyncio.sleep(0)

    return EventSourceResponse(events(), headers={"x-kind": "short"})


async def endless(request: Request) -> EventSourceResponse:
    async def events() -> AsyncIterator[dict[str, str]]:
        try:
            while True:
                yield {"data": "again"}
                await asyncio.sleep(0.02)
        finally:
            ended.append(request.url.path)

    return EventSourceResponse(events())


async def what_ended(request: Request) -> JSONResponse:
    return JSONResponse(ended)


app = Starlette(
    routes=[Route("/short", short), Route("/endless", endless), Route("/ended", what_ended)]
)
