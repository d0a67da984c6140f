from __future__ import annotations

import asyncio
import gc
import logging
import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest

from conftest import APPS, until
from spvn_bridge import worker
from spvn_bridge.http import ClientDisconnected

if TYPE_CHECKING:
    from collections.abc import Callable

    from fake_host import FakeHost
    from spvn_bridge.asgi import App, Receive, Scope, Send
    from spvn_bridge.settings import Result

    Run = Callable[..., Result]

# ruff: noqa: ARG001 - apps take what apps take

STOPPED = {"outcome": "stopped", "message": "", "traceback": "", "module": ""}


@pytest.fixture
def serve(
    run_worker: Run, host: FakeHost, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Result]:
    """Run a worker for an app of the test; it is stopped when its one request has ended."""

    def run(app: App, **changes: Any) -> Result:
        module = ModuleType("inline")
        module.app = app  # type: ignore[attr-defined]
        monkeypatch.setitem(sys.modules, "inline", module)
        if not host.exchanges:
            host.request()
        return run_worker(**{"target": "inline:app", **changes})

    return run


def stop_after(host: FakeHost, count: int) -> None:
    host.on_ended = lambda _number: host.stop() if len(host.over) == count else None


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
