"""Apps that show or spoil their scope."""

from __future__ import annotations

import asyncio
import contextvars
import sys

from asgi_tools import answer, query
from asgi_types import Receive, Scope, Send

mark: contextvars.ContextVar[str] = contextvars.ContextVar("mark", default="none")


async def show_scope(scope: Scope, receive: Receive, send: Send) -> None:
    """The scope with its very types."""
    shown = dict(scope)
    shown["type_of"] = {
        "scope": type(scope).__name__,
        **{key: type(value).__name__ for key, value in scope.items()},
    }
    await answer(send, shown)


async def spoil_scope(scope: Scope, receive: Receive, send: Send) -> None:
    """Writes into all that can be written to."""
    for value in [scope, *scope.values()]:
        if isinstance(value, dict):
            value["spoiled"] = "yes"
    if isinstance(scope["headers"], list):
        scope["headers"].append((b"x-spoiled", b"yes"))
    await answer(send, "spoiled")


async def state_set(scope: Scope, receive: Receive, send: Send) -> None:
    """Sets a key of the state, and adds to a list that the state holds."""
    scope["state"]["of_request"] = query(scope)["key"]
    scope["state"]["shared"].append(query(scope)["key"])
    await answer(send, scope["state"])


async def state_show(scope: Scope, receive: Receive, send: Send) -> None:
    await answer(send, scope["state"])


async def context(scope: Scope, receive: Receive, send: Send) -> None:
    """The context variable as it was found; then it is set."""
    found = mark.get()
    mark.set("set by an earlier request")
    await answer(send, found)


async def task(scope: Scope, receive: Receive, send: Send) -> None:
    """Whether the app runs in a task of its own, in which the tools of asyncio work."""
    worked: dict[str, object] = {}
    current = asyncio.current_task()
    worked["task"] = None if current is None else current.get_name()
    try:
        await asyncio.wait_for(asyncio.Event().wait(), 0.01)
    except asyncio.TimeoutError:
        worked["wait_for"] = True
    if sys.version_info >= (3, 11):
        try:
            async with asyncio.timeout(0.01):
                await asyncio.Event().wait()
        except TimeoutError:
            worked["timeout"] = True
        async with asyncio.TaskGroup() as group:
            group.create_task(asyncio.sleep(0))
        worked["group"] = True
    await answer(send, worked)


ROUTES = {
    "/spoil-scope": spoil_scope,
    "/state/set": state_set,
    "/state/show": state_show,
    "/context": context,
    "/task": task,
}
