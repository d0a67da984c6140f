"""FastAPI: validation, dependencies with yield, background tasks, streams, uploads, middleware."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from typing import Annotated, Any

from fastapi import BackgroundTasks, Depends, FastAPI, Form, HTTPException, UploadFile
from fastapi.middleware.cors import CORSMiddleware
from fastapi.middleware.gzip import GZipMiddleware
from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

happened: list[str] = []
written = asyncio.Event()


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[dict[str, Any]]:
    yield {"database": "connected"}


app = FastAPI(title="A shop", lifespan=lifespan)
app.add_middleware(CORSMiddleware, allow_origins=["https://shop.test"], allow_methods=["*"])
app.add_middleware(GZipMiddleware, minimum_size=1000)


@app.middleware("http")
async def stamped(
    request: Request, call_next: Callable[[Request], Awaitable[Response]]
) -> Response:
    response = await call_next(request)
    response.headers["x-stamp"] = request.url.path
    return response


class Item(BaseModel):
    name: str
    price: float = Field(gt=0)
    tags: list[str] = []


async def session() -> AsyncIterator[str]:
    happened.append("opened")
    try:
        yield "a session"
    except HTTPException:
        happened.append("rolled back")
        raise
    finally:
        happened.append("closed")


def blocking_session() -> Iterator[str]:
    happened.append("opened in a thread")
    yield "a blocking session"
    happened.append("closed in a thread")


Session = Annotated[str, Depends(session)]


@app.get("/items/{item_id}")
async def read_item(request: Request, item_id: int, q: str | None = None) -> dict[str, Any]:
    return {"item_id": item_id, "q": q, "state": request.state.database}


@app.post("/items", status_code=201)
async def create_item(item: Item) -> Item:
    return item


@app.get("/session")
async def use_session(
    used: Session, blocking: Annotated[str, Depends(blocking_session)]
) -> list[str]:
    return [used, blocking]


@app.get("/refused")
async def refused(used: Session) -> None:
    raise HTTPException(409, f"{used} is refused", headers={"x-reason": "refused"})


@app.get("/happened")
async def what_happened() -> list[str]:
    return happened


@app.get("/blocking")
def blocking() -> str:
    return "from a thread of the pool"


async def write(text: str) -> None:
    happened.append(text)
    written.set()


@app.post("/background", status_code=202)
async def background(text: Annotated[str, Form()], tasks: BackgroundTasks) -> str:
    tasks.add_task(write, text)
    return "later"


@app.get("/written")
async def wait_written() -> str:
    await written.wait()
    return happened[-1]


@app.get("/stream")
async def stream() -> StreamingResponse:
    async def rows() -> AsyncIterator[bytes]:
        for number in range(20):
            yield b"%d\n" % number
            await asyncio.sleep(0)

    return StreamingResponse(rows(), media_type="text/csv")


@app.post("/upload")
async def upload(files: list[UploadFile], note: Annotated[str, Form()]) -> dict[str, Any]:
    return {"note": note, "files": {file.filename: len(await file.read()) for file in files}}


@app.get("/large")
async def large() -> dict[str, list[int]]:
    return {"numbers": list(range(10_000))}


@app.get("/boom")
async def boom() -> None:
    raise RuntimeError("this endpoint always fails")
