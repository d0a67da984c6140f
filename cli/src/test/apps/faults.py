"""Fails on demand: which fault, and where in a request or in the lifespan it strikes."""

from __future__ import annotations

import asyncio
import builtins
import json
import os
from collections.abc import Awaitable, Callable
from typing import Any, NoReturn

from asgi_tools import body, query, read_body, respond, start
from asgi_types import Receive, Scope, Send

SAID = "struck on purpose"
IN_LIFESPAN = os.environ.get("WHERE", "")


class Unspeakable(Exception):
    """Cannot be shown."""

    def __str__(self) -> str:
        raise ValueError("no words")

    __repr__ = __str__


class Strange(BaseException):
    """No `Exception`."""


def endless(depth: int = 0) -> int:
    return endless(depth + 1) + 1


def nested() -> list[Any]:
    """Lists in lists, deeper than C code follows."""
    outer: list[Any] = []
    for _ in range(200_000):
        outer = [outer]
    return outer


def out_of_memory() -> bytes:
    return bytes(10**15)


def raising(error: type[BaseException]) -> Callable[[], NoReturn]:
    def strike() -> NoReturn:
        raise error(SAID)

    return strike


def group(*errors: BaseException) -> BaseException:
    """Groups came with Python 3.11."""
    made: BaseException = vars(builtins)["BaseExceptionGroup"](SAID, errors)
    return made


def several() -> NoReturn:
    raise group(KeyboardInterrupt(), ValueError("one of two"))


def deep_group() -> NoReturn:
    """Groups in groups, as task groups in task groups leave them, deeper than Python recurses."""
    error: BaseException = Strange(SAID)
    for _ in range(5_000):
        error = group(error)
    raise error


def long_chain() -> NoReturn:
    """An error about an error about an error, as a loop that tries again leaves it."""
    error = ValueError("the first")
    for number in range(2_000):
        later = ValueError(f"number {number}")
        later.__context__ = error
        error = later
    raise Strange(SAID) from error


FAULTS: dict[str, Callable[[], Any]] = {
    "exit": raising(SystemExit),
    "interrupt": raising(KeyboardInterrupt),
    "cancelled": raising(asyncio.CancelledError),
    "generator-exit": raising(GeneratorExit),
    "strange": raising(Strange),
    "unspeakable": raising(Unspeakable),
    "recursion": endless,
    "recursion-json": lambda: json.dumps(nested()),
    "recursion-repr": lambda: repr(nested()),
    "memory": out_of_memory,
    "group": several,
    "deep-group": deep_group,
    "chain": long_chain,
}


async def before(strike: Callable[[], Any], receive: Receive, send: Send) -> None:
    strike()


async def started(strike: Callable[[], Any], receive: Receive, send: Send) -> None:
    await start(send)
    strike()


async def piece(strike: Callable[[], Any], receive: Receive, send: Send) -> None:
    await start(send)
    await body(send, b"part", more=True)
    strike()


async def waited(strike: Callable[[], Any], receive: Receive, send: Send) -> None:
    """Strikes when the task is not eager any more, after a body with a length was begun."""
    await start(send, headers=[(b"content-length", b"8")])
    await body(send, b"part", more=True)
    await asyncio.sleep(0.01)
    strike()


async def complete(strike: Callable[[], Any], receive: Receive, send: Send) -> None:
    await respond(send, b"whole")
    strike()


async def background(strike: Callable[[], Any], receive: Receive, send: Send) -> None:
    await respond(send, b"whole")
    await asyncio.sleep(0.01)
    strike()


async def receiving(strike: Callable[[], Any], receive: Receive, send: Send) -> None:
    """Strikes while another task of the request waits for the client."""
    await read_body(receive)
    listener = asyncio.ensure_future(receive())
    await asyncio.sleep(0.01)
    assert not listener.done()
    strike()


async def in_thread(strike: Callable[[], Any], receive: Receive, send: Send) -> None:
    await asyncio.get_running_loop().run_in_executor(None, strike)


async def in_task(strike: Callable[[], Any], receive: Receive, send: Send) -> None:
    """Nobody waits for the task, so the loop has to complain."""

    async def lonely() -> None:
        strike()

    task = asyncio.create_task(lonely())
    await asyncio.sleep(0)
    del task
    await respond(send, b"whole")


async def in_callback(strike: Callable[[], Any], receive: Receive, send: Send) -> None:
    asyncio.get_running_loop().call_soon(strike)
    await asyncio.sleep(0)
    await respond(send, b"whole")


async def later(strike: Callable[[], Any], receive: Receive, send: Send) -> None:
    """When the loop has nothing else to do."""
    asyncio.get_running_loop().call_later(0.05, strike)
    await respond(send, b"whole")


PLACES: dict[str, Callable[[Callable[[], Any], Receive, Send], Awaitable[None]]] = {
    "before": before,
    "started": started,
    "piece": piece,
    "waited": waited,
    "complete": complete,
    "background": background,
    "receiving": receiving,
    "thread": in_thread,
    "task": in_task,
    "callback": in_callback,
    "later": later,
}


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "lifespan":
        await lifespan(receive, send)
    elif scope["path"].startswith("/echo-in-error/"):
        raise ValueError(scope["path"])
    elif scope["path"] == "/next":
        await respond(send, b"next")
    elif scope["path"] == "/read":
        await read(receive, send)
    elif scope["path"] == "/wait":
        while (await receive())["type"] != "http.disconnect":
            pass
    else:
        wanted = query(scope)
        await PLACES[wanted["where"]](FAULTS[wanted["fault"]], receive, send)


async def read(receive: Receive, send: Send) -> None:
    """Returns without a response when the client breaks off."""
    try:
        await respond(send, await read_body(receive))
    except ConnectionError:
        return


async def lifespan(receive: Receive, send: Send) -> None:
    """Strikes at startup, while requests are served, or at shutdown."""
    await receive()
    if IN_LIFESPAN == "startup":
        FAULTS[os.environ["FAULT"]]()
    await send({"type": "lifespan.startup.complete"})
    if IN_LIFESPAN == "serving":
        FAULTS[os.environ["FAULT"]]()
    await receive()
    if IN_LIFESPAN == "shutdown":
        FAULTS[os.environ["FAULT"]]()
    await send({"type": "lifespan.shutdown.complete"})
