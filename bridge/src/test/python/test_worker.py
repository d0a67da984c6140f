from __future__ import annotations

import asyncio
import gc
import logging
import sys
from typing import TYPE_CHECKING

import pytest

from conftest import APPS, stop_after, until
from spvn_bridge import worker
from spvn_bridge.http import ClientDisconnected

if TYPE_CHECKING:
    from collections.abc import Callable

    from fake_host import FakeHost
    from spvn_bridge.asgi import Receive, Scope, Send
    from spvn_bridge.settings import Result

    Run = Callable[..., Result]

# ruff: noqa: ARG001 - apps take what apps take

STOPPED = {"outcome": "stopped", "message": "", "traceback": "", "module": ""}


class TestServing:
    def test_requests_are_answered_until_java_says_stop(
        self, run_worker: Run, host: FakeHost
    ) -> None:
        def arrive() -> None:
            for _ in range(3):
                host.request()

        host.on_serving = arrive
        stop_after(host, 3)
        assert run_worker() == STOPPED
        assert host.over == [(0, None), (1, None), (2, None)]
        assert [e["body"] for x in host.exchanges.values() for e in x.sent[1:]] == [
            b"/0",
            b"/1",
            b"/2",
        ]

    def test_java_gets_the_scope_keys_that_never_change_1_9_16(
        self, run_worker: Run, host: FakeHost
    ) -> None:
        host.on_serving = host.stop
        run_worker(root_path="/sub")
        assert host.served == (
            {"type": "http", "root_path": "/sub"},
            {"version": "3.0", "spec_version": "2.5"},
            {},
        )

    def test_state_of_the_lifespan_is_what_java_gets_16(
        self, serve: Callable[..., Result], host: FakeHost
    ) -> None:
        states = []

        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] == "lifespan":
                scope["state"]["db"] = "open"
                states.append(scope["state"])
                await receive()
                await send({"type": "lifespan.startup.complete"})
                await receive()
                await send({"type": "lifespan.shutdown.complete"})

        stop_after(host, 1)
        assert serve(app) == STOPPED
        assert host.served is not None
        assert host.served[2] == {"db": "open"}
        assert host.served[2] is states[0]

    def test_nothing_is_served_before_startup_is_complete_66(
        self, serve: Callable[..., Result], host: FakeHost
    ) -> None:
        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            host.calls.append(scope["type"])
            if scope["type"] == "lifespan":
                await receive()
                for _ in range(5):
                    await asyncio.sleep(0)
                await send({"type": "lifespan.startup.complete"})
                host.calls.append("started")
                await receive()
                host.calls.append("stopping")
                await send({"type": "lifespan.shutdown.complete"})

        stop_after(host, 1)
        assert serve(app) == STOPPED
        calls = [call for call in host.calls if call not in ("take", "flush")]
        assert calls == ["lifespan", "started", "serving", "http", "ended", "stopping"]

    def test_app_is_imported_before_its_loop_runs_as_under_uvicorn(
        self, run_worker: Run, host: FakeHost
    ) -> None:
        host.request()
        host.on_serving = host.stop
        assert run_worker(target="observant:app", argv=["spvn", "serve", "x"]) == STOPPED
        assert host.over == [(0, None)]
        observant = sys.modules["observant"]
        assert observant.argv == ["spvn", "serve", "x"]
        assert observant.path[0] == str(APPS)
        assert observant.ran_a_loop

    def test_leaves_no_loop_behind(self, run_worker: Run, host: FakeHost) -> None:
        host.on_serving = host.stop
        run_worker()
        with pytest.raises(RuntimeError):
            asyncio.get_running_loop()
        with pytest.raises(OSError, match="Bad file descriptor"):
            host.ring()


class TestNotServing:
    def test_wrong_directory(self, run_worker: Run, host: FakeHost) -> None:
        result = run_worker(app_dir="/nowhere")
        assert result["outcome"] == "import"
        assert host.calls == []

    def test_failing_import(self, run_worker: Run, host: FakeHost) -> None:
        result = run_worker(target="raises:app")
        assert result["outcome"] == "import"
        assert result["message"].startswith("cannot import 'raises': ZeroDivisionError")
        assert "raises.py" in result["traceback"]
        assert "spvn_bridge" not in result["traceback"]
        assert "serving" not in host.calls

    def test_failing_startup_68(self, serve: Callable[..., Result], host: FakeHost) -> None:
        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            await receive()
            await send({"type": "lifespan.startup.failed", "message": "no database"})

        result = serve(app)
        assert result["outcome"] == "startup"
        assert result["message"] == "lifespan.startup failed: no database"
        assert "serving" not in host.calls

    def test_slow_startup_73(self, serve: Callable[..., Result], host: FakeHost) -> None:
        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            await asyncio.Event().wait()

        result = serve(app, startup_timeout=0.01)
        assert result["outcome"] == "startup"
        assert "serving" not in host.calls


class TestLoop:
    def test_exit_of_a_background_task_does_not_end_the_worker_54(
        self, serve: Callable[..., Result], host: FakeHost
    ) -> None:
        async def leave() -> None:
            raise SystemExit(3)

        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            task = asyncio.ensure_future(leave())
            await until(task.done)
            task.exception()

        stop_after(host, 1)
        assert serve(app, lifespan="off") == STOPPED
        assert host.over == [(0, None)]
        [message] = host.said(logging.ERROR)
        assert message.startswith("ignored what the app raised\nTraceback")
        assert "SystemExit: 3" in message

    def test_exit_of_a_callback_does_not_end_the_worker_54(
        self, serve: Callable[..., Result], host: FakeHost
    ) -> None:
        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            asyncio.get_running_loop().call_soon(sys.exit, 4)
            await asyncio.sleep(0)
            await asyncio.sleep(0)

        stop_after(host, 1)
        assert serve(app, lifespan="off") == STOPPED
        assert "SystemExit: 4" in host.said(logging.ERROR)[0]

    def test_stop_of_the_loop_by_the_app_does_not_end_the_worker_54(
        self, serve: Callable[..., Result], host: FakeHost
    ) -> None:
        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            asyncio.get_running_loop().stop()
            await asyncio.sleep(0)
            await asyncio.sleep(0)

        stop_after(host, 1)
        assert serve(app, lifespan="off") == STOPPED
        assert host.over == [(0, None)]
        assert "Event loop stopped" in host.said(logging.ERROR)[0]

    def test_complaints_of_the_loop_are_logged(
        self, serve: Callable[..., Result], host: FakeHost
    ) -> None:
        def explode() -> None:
            raise ValueError("in a callback")

        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            asyncio.get_running_loop().call_soon(explode)
            await asyncio.sleep(0)

        stop_after(host, 1)
        serve(app, lifespan="off")
        [message] = host.said(logging.ERROR)
        assert message.startswith("Exception in callback")
        assert message.endswith("ValueError: in a callback\n")

    def test_client_that_left_a_forgotten_task_is_no_error_55(
        self, serve: Callable[..., Result], host: FakeHost
    ) -> None:
        async def fail() -> None:
            raise ClientDisconnected("the client has gone")

        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            task = asyncio.ensure_future(fail())
            await until(task.done)
            del task
            gc.collect()

        stop_after(host, 1)
        serve(app, lifespan="off")
        assert host.said(logging.ERROR) == []
        assert "never retrieved" in host.said(logging.DEBUG)[0]

    def test_contexts_of_requests_start_from_that_of_the_import_59(
        self, serve: Callable[..., Result], host: FakeHost
    ) -> None:
        from contextvars import ContextVar  # noqa: PLC0415

        who: ContextVar[str] = ContextVar("who", default="nobody")
        seen = []

        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            seen.append(who.get())
            who.set(scope["type"])
            if scope["type"] == "lifespan":
                raise ValueError

        host.request()
        host.request()
        stop_after(host, 2)
        serve(app)
        assert seen == ["nobody"] * 3


class TestMemory:
    def test_what_start_up_made_is_frozen(self, run_worker: Run, host: FakeHost) -> None:
        seen = []

        def look() -> None:
            seen.append((gc.get_freeze_count() > 0, gc.get_threshold()[0]))
            host.stop()

        gc.set_threshold(700, 10, 10)
        host.on_serving = look
        run_worker()
        assert seen == [(True, worker.YOUNG_OBJECTS)]

    @pytest.mark.parametrize("young", [0, 50_000])
    def test_what_the_app_chose_stays(self, run_worker: Run, host: FakeHost, young: int) -> None:
        gc.set_threshold(young, 10, 10)
        host.on_serving = host.stop
        run_worker()
        assert gc.get_threshold()[0] == young
