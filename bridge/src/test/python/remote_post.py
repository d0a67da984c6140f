"""A stand-in for what exchanges of a worker process send by, and exchanges of both kinds."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from compiled import compiled
from spvn_bridge.http import SENT, ClientDisconnected
from spvn_bridge.remote.fields import FieldCache
from spvn_bridge.remote.response import Exchange

if TYPE_CHECKING:
    from collections.abc import Awaitable

    from spvn_bridge.files import Region

START = {"type": "http.response.start", "status": 200}
MORE = {"type": "http.response.body", "more_body": True}
LAST = {"type": "http.response.body"}


class Post:
    """Keeps what was sent."""

    def __init__(self) -> None:
        self.cache = FieldCache()
        self.sent: Awaitable[None] = SENT
        self.messages: list[list[Any]] = []
        self.offered: list[tuple[int, bytes, bool]] = []
        self.files: list[tuple[int, Region, bool]] = []
        waits = asyncio.sleep(0)
        waits.close()
        self.waits: Awaitable[None] = waits

    def add(self, message: list[Any]) -> None:
        self.messages.append(message)

    def large(self, number: int, body: bytes, *, more: bool) -> None:
        self.offered.append((number, body, more))

    def file(self, number: int, region: Region, *, more: bool) -> None:
        self.files.append((number, region, more))

    def drained(self, number: int) -> Awaitable[None]:
        del number
        return self.waits

    def client_gone(self) -> Exception:
        return ClientDisconnected("the client has disconnected")


@pytest.fixture
def post() -> Post:
    return Post()


@pytest.fixture(params=["python", "compiled"])
def kind(request: pytest.FixtureRequest) -> type[Exchange]:
    found: type[Exchange] = Exchange if request.param == "python" else compiled().Exchange
    return found


@pytest.fixture
def exchange(kind: type[Exchange], post: Post) -> Exchange:
    return kind(7, post, silent=False)


def start(status: Any = 200, **headers: Any) -> dict[str, Any]:
    return {"type": "http.response.start", "status": status, **headers}


def body(data: Any, *, more: bool = False) -> dict[str, Any]:
    return {"type": "http.response.body", "body": data, "more_body": more}
