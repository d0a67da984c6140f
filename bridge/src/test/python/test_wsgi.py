from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING, Any

import pytest

from conftest import in_loop, until
from spvn_bridge import http
from spvn_bridge.http import Requests
from spvn_bridge.loop import Feed, new_bell
from spvn_bridge.wsgi import WsgiAdapter

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from fake_host import FakeExchange, FakeHost

MORE = {"type": "http.request", "body": b"half of it", "more_body": True}


def scope() -> dict[str, Any]:
    return {
        "type": "http",
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": "/sub/page",
        "root_path": "/sub",
        "query_string": b"a=1",
        "headers": [(b"host", b"example.org")],
        "client": ("192.0.2.1", 4711),
        "server": ("192.0.2.2", 8000),
    }


def serve(
    host: FakeHost,
    found: Callable[..., Any],
    *events: dict[str, Any],
    leaves_after: int = 0,
    headers: list[tuple[bytes, bytes]] | None = None,
) -> FakeExchange:
    """Run a WSGI app for one request, whose client may leave after some messages."""

    async def body() -> FakeExchange:
        over = asyncio.Event()
        host.on_ended = lambda _number: over.set()
        adapter = WsgiAdapter(found)
        requests = Requests(adapter, asyncio.get_running_loop())
        feed = Feed(
            asyncio.get_running_loop(), new_bell(), requests, http.wake, host.signalled.append
        )
        host.wake_fd = feed.wake_fd
        exchange = host.request(*events)
        exchange.scope.update(scope())
        if headers is not None:
            exchange.scope["headers"] = headers
        exchange.patience = leaves_after
        feed.open()
        await over.wait()
        feed.close()
        adapter._asgi.executor.shutdown(wait=True)
        return exchange

    return in_loop(body)


def test_wsgi_app_is_served(host: FakeHost) -> None:
    seen: dict[str, Any] = {}

    def app(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        seen.update(environ, body=environ["wsgi.input"].read())
        start_response("201 Created", [("X-Kind", "wsgi")])
        return [b"one", b"two"]

    exchange = serve(host, app, MORE, {**MORE, "more_body": False})
    assert host.over == [(0, None)]
    assert (seen["SCRIPT_NAME"], seen["PATH_INFO"]) == ("/sub", "/page")
    assert seen["body"] == b"half of it" * 2
    assert exchange.sent[0]["status"] == 201
    assert exchange.sent[0]["headers"] == [(b"x-kind", b"wsgi")]
    assert b"".join(event.get("body", b"") for event in exchange.sent) == b"onetwo"


def test_names_with_an_underscore_cannot_pass_for_those_with_a_hyphen(host: FakeHost) -> None:
    """A client could otherwise write the headers that a proxy in front sets or removes."""
    seen: dict[str, Any] = {}

    def app(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        seen.update(environ)
        start_response("200 OK", [])
        return []

    headers = [
        (b"host", b"example.org"),
        (b"x_forwarded_for", b"198.51.100.1"),
        (b"x-forwarded-for", b"192.0.2.9"),
        (b"x-forwarded_proto", b"https"),
        (b"content_length", b"7"),
    ]
    given = list(headers)
    serve(host, app, headers=given)
    assert {name: value for name, value in seen.items() if name.startswith("HTTP_")} == {
        "HTTP_HOST": "example.org",
        "HTTP_X_FORWARDED_FOR": "192.0.2.9",
    }
    assert given == headers


def test_error_of_the_app_is_told(host: FakeHost) -> None:
    def app(_environ: Any, _start_response: Any) -> list[bytes]:
        raise ValueError("no such order")

    serve(host, app)
    assert "ValueError: no such order" in str(host.over[0][1])


def test_broken_upload_is_not_taken_for_a_complete_one_26(host: FakeHost) -> None:
    errors: list[BaseException] = []

    def app(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        try:
            environ["wsgi.input"].read()
        except OSError as error:
            errors.append(error)
            raise
        start_response("200 OK", [])
        return []

    serve(host, app, MORE, {"type": "http.disconnect"})
    assert [type(error) for error in errors] == [http.ClientDisconnected]
    assert host.over == [(0, None)]


def test_endless_answer_ends_when_the_client_leaves_56(host: FakeHost) -> None:
    closed = threading.Event()

    class Endless:
        def __iter__(self) -> Iterator[bytes]:
            while True:
                yield b"x"

        def close(self) -> None:
            closed.set()

    def app(_environ: Any, start_response: Any) -> Endless:
        start_response("200 OK", [])
        return Endless()

    serve(host, app, leaves_after=20)
    assert closed.is_set()
    assert host.over == [(0, None)]


def test_lifespan_is_answered_for_the_app(host: FakeHost) -> None:
    del host
    sent: list[dict[str, Any]] = []

    async def body() -> None:
        events: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        adapter: Any = WsgiAdapter(lambda _environ, _start: [])

        async def send(event: dict[str, Any]) -> None:
            await asyncio.sleep(0)
            sent.append(event)

        task = asyncio.ensure_future(adapter({"type": "lifespan"}, events.get, send))
        events.put_nowait({"type": "lifespan.startup"})
        await until(lambda: sent)
        events.put_nowait({"type": "lifespan.shutdown"})
        await task

    in_loop(body)
    assert [event["type"] for event in sent] == [
        "lifespan.startup.complete",
        "lifespan.shutdown.complete",
    ]


@pytest.mark.parametrize("chunks", [[], [b""]])
def test_empty_answer_is_complete(host: FakeHost, chunks: list[bytes]) -> None:
    def app(_environ: Any, start_response: Any) -> list[bytes]:
        start_response("204 No Content", [])
        return chunks

    exchange = serve(host, app)
    assert exchange.sent[0]["status"] == 204
    assert not exchange.sent[-1].get("more_body", False)
