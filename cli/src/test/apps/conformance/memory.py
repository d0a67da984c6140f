"""What apps remember for later requests: notes under a key, and gates that hold an app back.

Tests choose a new key for each use, so that nothing leaks from one test to another.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from typing import Any

from asgi_tools import answer, query
from asgi_types import Receive, Scope, Send

notes: defaultdict[str, list[Any]] = defaultdict(list)
gates: defaultdict[str, asyncio.Event] = defaultdict(asyncio.Event)


def note(scope: Scope, value: Any) -> None:
    notes[query(scope)["key"]].append(value)


async def gate(scope: Scope, key: str = "key") -> None:
    await gates[query(scope)[key]].wait()


async def show_notes(scope: Scope, receive: Receive, send: Send) -> None:
    await answer(send, notes[query(scope)["key"]])


async def open_gate(scope: Scope, receive: Receive, send: Send) -> None:
    gates[query(scope)["key"]].set()
    await answer(send, "open")


ROUTES = {"/notes": show_notes, "/open": open_gate}
