"""Litestar: validation errors are 400, msgspec and DTO-like structs, streams, dependencies."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Annotated, Any

from litestar import Litestar, MediaType, Request, get, post
from litestar.datastructures import UploadFile
from litestar.di import Provide
from litestar.enums import RequestEncodingType
from litestar.params import Body
from litestar.response import Stream
from msgspec import Struct


class Item(Struct):
    name: str
    price: float


@dataclass
class User:
    number: int
    active: bool = True


async def current_user(request: Request[Any, Any, Any]) -> User:
    return User(int(request.headers.get("x-user", "0")))


@get("/users/{number:int}")
async def user(number: int, active: bool = True) -> User:
    return User(number, active)


@get("/me")
async def me(current: User) -> User:
    return current


@post("/items")
async def create_item(data: Item) -> Item:
    return data


@get("/blocking", sync_to_thread=True)
def blocking() -> str:
    return "from a thread"


@get("/stream")
async def stream() -> Stream:
    async def rows() -> AsyncIterator[str]:
        for number in range(20):
            yield f"{number}\n"

    return Stream(rows(), media_type=MediaType.TEXT)


@post("/upload")
async def upload(
    data: Annotated[UploadFile, Body(media_type=RequestEncodingType.MULTI_PART)],
) -> dict[str, Any]:
    return {"name": data.filename, "size": len(await data.read())}


@get("/boom")
async def boom() -> None:
    raise RuntimeError("this handler always fails")


app = Litestar(
    [user, me, create_item, blocking, stream, upload, boom],
    dependencies={"current": Provide(current_user)},
)
