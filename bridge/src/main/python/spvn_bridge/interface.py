"""Which dialect an app speaks, and adapters that make ASGI 3 of it."""

from __future__ import annotations

import inspect
from types import FunctionType, MethodType
from typing import TYPE_CHECKING, Any, cast

from spvn_bridge.failure import StartFailure

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from spvn_bridge.asgi import App, Receive, Scope, Send
    from spvn_bridge.settings import Interface


def asgi3(found: Callable[..., Any], interface: Interface) -> App | None:
    """Return the app as ASGI 3; None when it looks like a factory instead."""
    dialect = interface if interface != "auto" else dialect_of(found)
    if dialect is not None:
        _require_arity(found, dialect)
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


_ARGUMENTS = {
    "asgi3": ("scope", "receive", "send"),
    "wsgi": ("environ", "start_response"),
    "asgi2": ("scope",),
}


def _require_arity(found: Callable[..., Any], dialect: Interface) -> None:
    """Refuse what every call would fail with.

    Only where the call runs a Python function can that be known: whatever its decorators say, its
    code tells what it takes.
    """
    function, bound = _code_behind(found)
    wanted = _ARGUMENTS[dialect]
    if function is None or _takes(function, len(wanted) + bound):
        return
    code = function.__code__
    names = code.co_varnames[bound : code.co_argcount]
    kind = "an ASGI" if dialect.startswith("asgi") else "a WSGI"
    raise StartFailure(
        "import",
        f"the app takes ({', '.join(names)}) in {code.co_filename}, line {code.co_firstlineno}: "
        f"{kind} app is called with ({', '.join(wanted)})",
    )


def _code_behind(found: Callable[..., Any]) -> tuple[FunctionType | None, int]:
    """Return the function that a call runs, and how many of its arguments are bound already."""
    if isinstance(found, FunctionType):
        return found, 0
    if isinstance(found, MethodType):
        return (found.__func__, 1) if isinstance(found.__func__, FunctionType) else (None, 0)
    call = vars(type(found)).get("__call__")
    return (call, 1) if isinstance(call, FunctionType) else (None, 0)


def _takes(function: FunctionType, count: int) -> bool:
    code = function.__code__
    keywords = code.co_varnames[code.co_argcount : code.co_argcount + code.co_kwonlyargcount]
    if set(keywords) - set(function.__kwdefaults__ or {}):
        return False
    least = code.co_argcount - len(function.__defaults__ or ())
    unlimited = code.co_flags & inspect.CO_VARARGS
    return least <= count and (bool(unlimited) or count <= code.co_argcount)


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
