"""APScheduler: one that runs in a thread from the import on, and one in the event loop."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.schedulers.background import BackgroundScheduler
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

ticks = {"thread": 0, "loop": 0}
WANTED = 3


def tick_in_thread() -> None:
    ticks["thread"] += 1


async def tick_in_loop() -> None:
    ticks["loop"] += 1


background = BackgroundScheduler()
background.add_job(tick_in_thread, "interval", seconds=0.1)
background.start()


@asynccontextmanager
async def lifespan(app: Starlette) -> AsyncIterator[None]:
    scheduler = AsyncIOScheduler()
    scheduler.add_job(tick_in_loop, "interval", seconds=0.1)
    scheduler.start()
    yield
    scheduler.pause()
    await asyncio.sleep(0.05)  # its executor cancels a job that is under way, and says so
    scheduler.shutdown()
    background.shutdown()


async def ticked(request: Request) -> JSONResponse:
    """Answers when both have run a few times."""
    async with asyncio.timeout(20) if hasattr(asyncio, "timeout") else _no_limit():
        while min(ticks.values()) < WANTED:
            await asyncio.sleep(0.02)
    return JSONResponse({name: count >= WANTED for name, count in ticks.items()})


@asynccontextmanager
async def _no_limit() -> AsyncIterator[None]:
    yield


async def threads(request: Request) -> JSONResponse:
    names = sorted(each.name for each in threading.enumerate() if each.name == "APScheduler")
    return JSONResponse({"threads": names})


app = Starlette(routes=[Route("/ticked", ticked), Route("/threads", threads)], lifespan=lifespan)
