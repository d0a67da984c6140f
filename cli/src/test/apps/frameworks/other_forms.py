"""Apps in other forms than a coroutine function: factories, classes, ASGI 2, dotted names."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from asgi_tools import answer
from asgi_types import App, Receive, Scope, Send


class Greeting:
    """An instance is an ASGI 3 app."""

    def __init__(self, text: str) -> None:
        self.text = text

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            raise NotImplementedError(scope["type"])
        await answer(send, {"text": self.text, "asgi": scope["asgi"]["version"]})


def create() -> App:
    return Greeting("made by a factory")


class Holder:
    """Found by a dotted name."""

    inner = Greeting("found by a dotted name")


app = Greeting("the default name")


class Asgi2:
    """ASGI 2: called with the scope, then awaited with receive and send."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope

    async def __call__(self, receive: Receive, send: Send) -> None:
        await Greeting("class of ASGI 2")(self.scope, receive, send)


def asgi2_function(scope: Scope) -> Callable[[Receive, Send], Awaitable[None]]:
    async def instance(receive: Receive, send: Send) -> None:
        await Greeting("function of ASGI 2")(scope, receive, send)

    return instance
