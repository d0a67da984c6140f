from __future__ import annotations

import asyncio
import functools
import sys
from typing import TYPE_CHECKING, Any

import pytest

from conftest import in_loop
from spvn_bridge.failure import StartFailure
from spvn_bridge.interface import asgi3, dialect_of

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

# ruff: noqa: ARG001 - signatures are what these tests are about


async def function3(scope: Any, receive: Any, send: Any) -> None: ...


def plain3(scope: Any, receive: Any, send: Any) -> Coroutine[Any, Any, None]:
    return function3(scope, receive, send)


def plain4(config: Any, scope: Any, receive: Any, send: Any) -> Coroutine[Any, Any, None]:
    return function3(scope, receive, send)


def anything(*args: Any, **kwargs: Any) -> Coroutine[Any, Any, None]:
    return function3(*args, **kwargs)


def function2(scope: Any) -> Callable[..., Any]:
    return function3


def wsgi(environ: Any, start_response: Any) -> list[bytes]:
    return []


def factory() -> Any:
    return function3


def factory_with_defaults(config: Any = None, title: Any = None) -> Any:
    return function3


async def async_factory() -> Any:
    return function3


class Instance3:
    async def __call__(self, scope: Any, receive: Any, send: Any) -> None: ...

    async def method(self, scope: Any, receive: Any, send: Any) -> None: ...


class Awaitable3:
    """A class whose instance is the awaitable, as Starlette's endpoints are."""

    def __init__(self, scope: Any, receive: Any, send: Any) -> None: ...

    def __await__(self) -> Any:
        return iter(())


class Class2:
    def __init__(self, scope: Any) -> None: ...

    async def __call__(self, receive: Any, send: Any) -> None: ...


class Instance2:
    def __call__(self, scope: Any) -> Any: ...


class WsgiInstance:
    def __call__(self, environ: Any, start_response: Any) -> Any: ...


class WsgiClass:
    def __init__(self, environ: Any, start_response: Any) -> None: ...


class AppClass:
    def __init__(self, *, debug: bool = False) -> None: ...

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None: ...


def name_of(value: object) -> str | None:
    """Name it alike in every process that collects the tests."""
    return None if isinstance(value, str) else getattr(value, "__name__", type(value).__name__)


@pytest.mark.parametrize(
    ("found", "dialect"),
    [
        (function3, "asgi3"),
        (plain3, "asgi3"),
        (anything, "asgi3"),
        (Instance3(), "asgi3"),
        (Instance3().method, "asgi3"),
        (Awaitable3, "asgi3"),
        (functools.partial(function3), "asgi3"),
        (functools.partial(plain4, "config"), "asgi3"),
        (print, "asgi3"),
        (function2, "asgi2"),
        (Class2, "asgi2"),
        (Instance2(), "asgi2"),
        (wsgi, "wsgi"),
        (WsgiInstance(), "wsgi"),
        (WsgiClass, "wsgi"),
        (factory, None),
        (factory_with_defaults, None),
        (async_factory, None),
        (AppClass, None),
    ],
    ids=name_of,
)
def test_dialect_is_told_by_what_the_app_takes(found: Any, dialect: str | None) -> None:
    assert dialect_of(found) == dialect


def test_marked_function_is_async() -> None:
    @functools.wraps(anything)
    def marked(*args: Any) -> Any: ...

    marked._is_coroutine = object()  # type: ignore[attr-defined] # as asgiref does it
    assert dialect_of(marked) == "asgi3"


def test_asgi3_is_taken_as_it_is() -> None:
    assert asgi3(function3, "auto") is function3
    assert asgi3(anything, "asgi3") is anything


def decorated(function: Any) -> Any:
    @functools.wraps(function)
    def inner(*args: Any, **kwargs: Any) -> Any:
        return function(*args, **kwargs)

    return inner


async def one(scope: Any) -> None: ...


async def two(scope: Any, receive: Any) -> None: ...


async def four(scope: Any, receive: Any, send: Any, more: Any) -> None: ...


async def named(scope: Any, receive: Any, send: Any, *, title: Any) -> None: ...


async def defaults(scope: Any, receive: Any = None, send: Any = None, more: Any = None) -> None: ...


async def titled(scope: Any, receive: Any, send: Any, *, title: Any = "") -> None: ...


class Instance4:
    async def __call__(self, scope: Any, receive: Any, send: Any, more: Any) -> None: ...

    async def method(self, scope: Any, receive: Any) -> None: ...


@pytest.mark.parametrize(
    ("found", "interface", "takes"),
    [
        (one, "auto", "(scope)"),
        (two, "auto", "(scope, receive)"),
        (four, "auto", "(scope, receive, send, more)"),
        (plain4, "auto", "(config, scope, receive, send)"),
        (named, "auto", "(scope, receive, send)"),
        (Instance4(), "auto", "(scope, receive, send, more)"),
        (Instance4().method, "auto", "(scope, receive)"),
        (function2, "asgi3", "(scope)"),
        (function3, "wsgi", "(scope, receive, send)"),
        (wsgi, "asgi2", "(environ, start_response)"),
    ],
)
def test_arity_that_no_call_can_have_is_told_at_start(
    found: Any, interface: Any, takes: str
) -> None:
    with pytest.raises(StartFailure) as raised:
        asgi3(found, interface)
    message = raised.value.result()["message"]
    assert message.startswith(f"the app takes {takes} in {__file__}, line ")
    assert " app is called with (" in message


@pytest.mark.parametrize(
    "found",
    [
        anything,
        defaults,
        titled,
        decorated(four),
        decorated(one),
        functools.partial(four, more=1),
        functools.partial(plain4, "config"),
        Awaitable3,
        Instance3(),
        Instance3().method,
        print,
    ],
)
def test_arity_that_a_call_may_have_is_no_failure(found: Any) -> None:
    assert asgi3(found, "asgi3") is found


def test_factory_is_no_app() -> None:
    assert asgi3(factory, "auto") is None


def test_asgi2_is_called_twice() -> None:
    calls: list[Any] = []

    class App:
        def __init__(self, scope: Any) -> None:
            calls.append(scope)

        async def __call__(self, receive: Any, send: Any) -> None:
            calls.extend([receive, send])
            await asyncio.sleep(0)

    async def body() -> None:
        app: Any = asgi3(App, "auto")
        await app("scope", "receive", "send")

    in_loop(body)
    assert calls == ["scope", "receive", "send"]


def test_asgi2_may_be_asked_for() -> None:
    app: Any = asgi3(anything, "asgi2")
    assert app is not anything


def test_wsgi_without_a2wsgi_is_a_clear_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "spvn_bridge.wsgi", raising=False)
    monkeypatch.setitem(sys.modules, "a2wsgi", None)
    with pytest.raises(StartFailure) as failure:
        asgi3(wsgi, "auto")
    assert failure.value.result() == {
        "outcome": "import",
        "message": "the app speaks WSGI, for which a2wsgi is missing: pip install a2wsgi",
        "traceback": "",
        "module": "",
    }
