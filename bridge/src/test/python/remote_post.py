"""A stand-in for what exchanges of a worker process send by."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from spvn_bridge.http import SENT, ClientDisconnected
from spvn_bridge.remote.response import FieldCache

if TYPE_CHECKING:
    from collections.abc import Awaitable


class Post:
    """Keeps what was sent."""

    def __init__(self) -> None:
        self.cache = FieldCache()
        self.sent: Awaitable[None] = SENT
        self.messages: list[list[Any]] = []
        self.offered: list[tuple[int, bytes, bool]] = []
        waits = asyncio.sleep(0)
        waits.close()
        self.waits: Awaitable[None] = waits

    def add(self, message: list[Any]) -> None:
        self.messages.append(message)

    def large(self, number: int, body: bytes, *, more: bool) -> None:
        self.offered.append((number, body, more))

    def drained(self, number: int) -> Awaitable[None]:
        del number
        return self.waits

    def client_gone(self) -> Exception:
        return ClientDisconnected("the client has disconnected")
