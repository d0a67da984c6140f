"""Which dialect an app speaks, and adapters that make ASGI 3 of it."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any, cast

from spvn_bridge.failure import StartFailure

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from spvn_bridge.asgi import App, Receive, Scope, Send
    from spvn_bridge.settings import Interface


def asgi3(found: Callable[..., Any], interface: Interface) -> App | None:
    """Return the app as ASGI 3; None when it looks like a factory instead."""
    dialect = interface if interface != "auto" else dialect_of(found)
    if dialect == "asgi2":
        return _from_asgi2(found)
    if dialect == "wsgi":
        return _from_wsgi(found)
    return None if dialect is None else cast("App", found)


def dialect_of(found: Callable[..., Any]) -> Interface | None:
    """Tell the dialect by what the app takes; None when it takes nothing.

    ASGI 3 takes scope, receive and send; WSGI environ and start_response; ASGI 2 only the scope.
    What is async is ASGI 3 whatever its signature says, for decorators often hide that.
    """
    required, most = _positionals(found)
    if is_async(found) and most > 0:
        return "asgi3"
    if required == 0 and most < _UNLIMITED:
        return None
    dialects: dict[int, Interface] = {1: "asgi2", 2: "wsgi"}
    return dialects.get(most, "asgi3")


_UNLIMITED = 1_000


def is_async(found: Callable[..., Any]) -> bool:
    """Tell whether a call returns a coroutine, as far as that can be seen."""
    if inspect.isclass(found):
        return False
    return _is_coroutine_function(found) or _is_coroutine_function(found.__call__)  # type: ignore[operator]


def _is_coroutine_function(function: object) -> bool:
    # asgiref and asyncio mark functions that return a coroutine without being `async def`
    marked = getattr(function, "_is_coroutine", None) is not None
    return marked or inspect.iscoroutinefunction(function)


def _positionals(found: Callable[..., Any]) -> tuple[int, int]:
    """Return how many positional arguments must and may be given."""
    try:
        parameters = inspect.signature(found).parameters.values()
    except (TypeError, ValueError):
        return 0, _UNLIMITED
    if any(each.kind is each.VAR_POSITIONAL for each in parameters):
        return 0, _UNLIMITED
    plain = [each for each in parameters if each.kind <= each.POSITIONAL_OR_KEYWORD]
    return sum(each.default is each.empty for each in plain), len(plain)


def _from_asgi2(found: Callable[[Scope], Callable[[Receive, Send], Awaitable[None]]]) -> App:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await found(scope)(receive, send)

    return app


def _from_wsgi(found: Callable[..., Any]) -> App:
    try:
        from spvn_bridge.wsgi import WsgiAdapter  # noqa: PLC0415 - most apps need no a2wsgi
    except ImportError as error:
        raise StartFailure(
            "import", "the app speaks WSGI, for which a2wsgi is missing: pip install a2wsgi"
        ) from error
    return WsgiAdapter(found)
