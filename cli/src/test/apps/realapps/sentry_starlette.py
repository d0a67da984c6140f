"""Starlette with Sentry, whose worker is a daemon thread; it sends to a port of this machine."""

from __future__ import annotations

import os

import sentry_sdk
from starlette.applications import Starlette
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

# Not compressed, so that the tests can read what it sends.
sentry_sdk.init(
    dsn=os.environ["SENTRY_DSN"],
    traces_sample_rate=1.0,
    _experiments={"transport_compression_level": 0},
)


async def ok(request: Request) -> PlainTextResponse:
    return PlainTextResponse("ok")


def blocking(request: Request) -> PlainTextResponse:
    return PlainTextResponse("from a thread")


def note(text: str) -> None:
    sentry_sdk.capture_message(text)


async def message(request: Request) -> PlainTextResponse:
    return PlainTextResponse("later", background=BackgroundTask(note, "said in the background"))


async def boom(request: Request) -> PlainTextResponse:
    raise ZeroDivisionError("this endpoint always fails")


app = Starlette(
    routes=[
        Route("/", ok),
        Route("/blocking", blocking),
        Route("/message", message),
        Route("/boom", boom),
    ]
)
