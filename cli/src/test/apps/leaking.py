"""The app of the soak test, which loses a little with every request: LEAK says what."""

from __future__ import annotations

import os
import threading

import workers
from asgi_types import Receive, Scope, Send

BLOCK = 40_000
EACH = 100

kept: list[object] = []
for_ever = threading.Event()


def memory() -> None:
    kept.append(b"\1" * BLOCK)


def descriptors() -> None:
    if workers.counted["requests"] % EACH == 0:
        kept.append(open(os.devnull))  # noqa: SIM115 - that is the leak


def threads() -> None:
    if workers.counted["requests"] % EACH == 0 and len(kept) < EACH:
        thread = threading.Thread(target=for_ever.wait)
        kept.append(thread)
        thread.start()


LEAKS = {"memory": memory, "descriptors": descriptors, "threads": threads}
leak = LEAKS[os.environ["LEAK"]]


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    leak()
    await workers.app(scope, receive, send)
