from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any

from conftest import stop_after, until
from spvn_bridge import worker

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest

    from fake_host import FakeHost
    from spvn_bridge.asgi import Receive, Scope, Send
    from spvn_bridge.settings import Result

    Run = Callable[..., Result]

# ruff: noqa: ARG001 - apps take what apps take

STOPPED = {"outcome": "stopped", "message": "", "traceback": "", "module": ""}


class TestStopping:
    def test_waits_for_requests_in_progress_58_109(
        self, serve: Callable[..., Result], host: FakeHost
    ) -> None:
        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] == "lifespan":
                await receive()
                await send({"type": "lifespan.startup.complete"})
                await receive()
                host.calls.append("shutdown")
                await send({"type": "lifespan.shutdown.complete"})
                return
            host.stop()
            for _ in range(20):  # many turns of the loop after the order to stop
                await asyncio.sleep(0)
            await send({"type": "http.response.body"})

        assert serve(app) == STOPPED
        assert host.over == [(0, None)]
        assert host.calls.index("ended") < host.calls.index("shutdown")

    def test_wakes_are_still_taken_for_requests_in_progress(
        self, serve: Callable[..., Result], host: FakeHost
    ) -> None:
        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            exchange = host.exchanges[0]
            await receive()
            host.stop()
            asyncio.get_running_loop().call_later(0.001, exchange.put, {"type": "http.disconnect"})
            await receive()

        assert serve(app, lifespan="off") == STOPPED
        assert host.over == [(0, None)]

    def test_request_that_comes_after_the_order_is_served(
        self, serve: Callable[..., Result], host: FakeHost
    ) -> None:
        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["path"] == "/0":
                host.stop()
                await asyncio.sleep(0)
                host.request()
                await until(lambda: host.over)

        assert serve(app, lifespan="off") == STOPPED
        assert host.over == [(1, None), (0, None)]

    def test_request_that_takes_too_long_is_cancelled(
        self, serve: Callable[..., Result], host: FakeHost
    ) -> None:
        shut_down = []

        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] == "lifespan":
                await receive()
                await send({"type": "lifespan.startup.complete"})
                await receive()
                shut_down.append(True)
                return
            host.stop()
            await asyncio.Event().wait()

        host.seconds_to_stop = 0.01
        assert serve(app) == STOPPED
        assert host.over == [(0, "CancelledError: the server stopped before the app was done\n")]
        assert host.said(logging.WARNING) == [
            "requests cancelled at the end of --graceful-timeout: 1"
        ]
        assert shut_down == [True]

    def test_request_that_ignores_its_cancellation_holds_nobody(
        self, serve: Callable[..., Result], host: FakeHost, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        go = asyncio.Event()

        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            host.stop()
            try:
                await go.wait()
            except asyncio.CancelledError:
                await go.wait()

        monkeypatch.setattr(worker, "LAST_WORDS", 0.01)
        host.seconds_to_stop = 0.01
        assert serve(app, lifespan="off") == STOPPED
        assert host.said(logging.ERROR)[0] == "requests that ignored their cancellation: 1"

    def test_tasks_of_the_app_are_cancelled(
        self, serve: Callable[..., Result], host: FakeHost
    ) -> None:
        tasks = []

        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            tasks.append(asyncio.create_task(asyncio.Event().wait()))

        stop_after(host, 1)
        assert serve(app, lifespan="off") == STOPPED
        assert tasks[0].cancelled()

    def test_generators_and_executor_of_the_app_are_ended(
        self, serve: Callable[..., Result], host: FakeHost
    ) -> None:
        ended = []

        async def numbers() -> Any:
            try:
                yield 1
            finally:
                ended.append("generator")

        generator = numbers()

        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            await generator.__anext__()
            ended.append(await asyncio.get_running_loop().run_in_executor(None, lambda: "thread"))

        stop_after(host, 1)
        assert serve(app, lifespan="off") == STOPPED
        assert ended == ["thread", "generator"]
        assert host.logs == []
