"""The notes and the gate of one use of the conformance app, read over a connection of their own."""

from __future__ import annotations

import itertools
from typing import Any

from harness.server import Server
from harness.waiting import eventually

_numbers = itertools.count(1)


class Notes:
    """A new key for each use; `key` goes into the query of the request that is watched."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._key = f"use-{next(_numbers)}"

    @property
    def key(self) -> str:
        return f"key={self._key}"

    def all(self) -> list[Any]:
        with self._server.connect() as connection:
            found = connection.ask(f"/notes?{self.key}").json()
        assert isinstance(found, list)
        return found

    def wait(self, count: int, within: float = 5.0) -> list[Any]:
        """All notes, once there are so many."""
        return eventually(
            lambda: found if len(found := self.all()) >= count else [],
            within=within,
            what=f"{count} notes under {self._key}",
        )

    def open_gate(self) -> None:
        with self._server.connect() as connection:
            assert connection.ask(f"/open?{self.key}").status == 200
