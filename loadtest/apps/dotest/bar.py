"""A small Starlette app: JSON, a path parameter and a streamed response."""

from __future__ import annotations

from collections.abc import AsyncIterator

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, StreamingResponse
from starlette.routing import Route


async def home(request: Request) -> JSONResponse:
    """Greets whoever the query names."""
    return JSONResponse({"message": f"Hello, {request.query_params.get('name', 'world')}!"})


async def square(request: Request) -> JSONResponse:
    """Multiplies a number from the path by itself."""
    number: int = request.path_params["number"]
    return JSONResponse({"number": number, "square": number * number})


async def count(request: Request) -> StreamingResponse:
    """Counts up to a number from the path, a line each."""
    return StreamingResponse(lines(request.path_params["number"]), media_type="text/plain")


async def lines(number: int) -> AsyncIterator[str]:
    """The lines of `count`."""
    for line in range(1, number + 1):
        yield f"{line}\n"


app = Starlette(
    routes=[
        Route("/", home),
        Route("/square/{number:int}", square),
        Route("/count/{number:int}", count),
    ]
)
