"""FastAPI: parameters, bodies, dependencies, streams, uploads, background tasks, lifespan."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Annotated, Any

from fastapi import BackgroundTasks, Depends, FastAPI, Form, HTTPException, Request, UploadFile
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, Field

happened: list[str] = []


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[dict[str, Any]]:
    yield {"database": "connected"}


app = FastAPI(lifespan=lifespan)


class Item(BaseModel):
    name: str
    price: float = Field(gt=0)
    tags: list[str] = []


async def connection() -> AsyncIterator[str]:
    happened.append("opened")
    yield "a connection"
    happened.append("closed")


def blocking_dependency() -> Iterator[int]:
    yield 42


@app.get("/items/{item_id}")
async def read_item(item_id: int, q: str | None = None, limit: int = 10) -> dict[str, Any]:
    return {"item_id": item_id, "q": q, "limit": limit}


@app.post("/items", status_code=201)
async def create_item(item: Item) -> Item:
    return item


@app.get("/dependency")
async def dependency(
    used: Annotated[str, Depends(connection)], number: Annotated[int, Depends(blocking_dependency)]
) -> dict[str, Any]:
    return {"used": used, "number": number, "happened": list(happened)}


@app.get("/blocking")
def blocking() -> str:
    """Runs in a thread of the pool."""
    return "from a thread"


@app.get("/stream")
async def stream() -> StreamingResponse:
    async def pieces() -> AsyncIterator[str]:
        for number in range(5):
            yield f"piece {number}\n"
            await asyncio.sleep(0.01)

    return StreamingResponse(pieces(), media_type="text/plain")


@app.post("/upload")
async def upload(file: UploadFile, note: Annotated[str, Form()]) -> dict[str, Any]:
    data = await file.read()
    digest = hashlib.sha256(data).hexdigest()
    return {"name": file.filename, "size": len(data), "sha256": digest, "note": note}


@app.get("/background")
async def background(tasks: BackgroundTasks) -> str:
    tasks.add_task(happened.append, "background done")
    return "begun"


@app.get("/happened")
async def what_happened() -> list[str]:
    return happened


@app.get("/state")
async def state(request: Request) -> str:
    return str(request.state.database)


@app.get("/teapot")
async def teapot() -> None:
    raise HTTPException(418, detail="short and stout", headers={"x-kind": "pot"})


@app.get("/boom")
async def boom() -> None:
    raise RuntimeError("boom in a FastAPI app")
