from __future__ import annotations

import asyncio
import gc
import sys
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

import pytest

from conftest import answer, in_loop, until
from fake_host import DISCONNECT, LAST_EVENT, FakeHost
from spvn_bridge import http
from spvn_bridge.http import Requests

if TYPE_CHECKING:
    from collections.abc import Callable

    from spvn_bridge.asgi import Receive, Scope, Send

eager = pytest.mark.skipif(sys.version_info < (3, 12), reason="eager tasks came with 3.12")


async def _receive(receive: Receive) -> Any:
    return await receive()


class TestAtWork:
    """What another thread is told of the request whose code runs."""

    elsewhere: Callable[[], int]

    def ask(self, host: FakeHost, app: Any, turns: int = 1) -> int:
        async def body() -> int:
            requests = Requests(app, asyncio.get_running_loop())
            asked.append(requests)
            host.request()  # number 0 is another's
            requests.start(*host.request().work())
            for _ in range(turns):
                await asyncio.sleep(0)
            return requests.at_work()

        asked: list[Requests] = []
        self.elsewhere = lambda: ask_in_thread(asked[0].at_work)
        return in_loop(body)

    def test_request_that_runs_is_named(self, host: FakeHost) -> None:
        seen: list[int] = []

        async def app(*_: Any) -> None:
            seen.append(self.elsewhere())
            await asyncio.sleep(0)
            seen.append(self.elsewhere())

        assert self.ask(host, app, turns=3) == -1, "the caller's own task is no request"
        assert seen == [1, 1]

    @eager
    def test_task_of_the_app_is_the_request_that_made_it(self, host: FakeHost) -> None:
        seen: list[int] = []

        async def inner() -> None:
            seen.append(self.elsewhere())

        async def app(*_: Any) -> None:
            await asyncio.create_task(inner())

        self.ask(host, app, turns=3)
        assert seen == [1]

    def test_callback_is_of_no_request(self, host: FakeHost) -> None:
        seen: list[int] = []

        async def app(*_: Any) -> None:
            asyncio.get_running_loop().call_soon(lambda: seen.append(self.elsewhere()))

        self.ask(host, app, turns=3)
        assert seen == [-1]


def ask_in_thread(question: Callable[[], int]) -> int:
    with ThreadPoolExecutor(1) as other:
        return other.submit(question).result()


class TestRequests:
    def test_app_gets_scope_receive_and_send(self, host: FakeHost) -> None:
        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            assert scope["type"] == "http"
            assert await receive() == LAST_EVENT
            await send({"type": "http.response.start", "status": 200})

        exchange = host.request()
        assert answer(host, app, exchange=exchange) == (exchange.id, None)
        assert exchange.sent == [{"type": "http.response.start", "status": 200}]

    @eager
    def test_app_that_never_waits_ends_at_once_and_is_not_kept(self, host: FakeHost) -> None:
        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            del scope
            await receive()
            await send({"type": "http.response.body"})

        async def body() -> None:
            requests = Requests(app, asyncio.get_running_loop())
            requests.start(*host.request().work())
            assert host.over == [(0, None)]
            assert not requests.pending

        in_loop(body)

    @pytest.mark.parametrize("beside", [False, True])
    def test_who_waits_for_the_client_is_told_when_the_server_stops(
        self, host: FakeHost, *, beside: bool
    ) -> None:
        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            del scope, send
            await (asyncio.create_task(_receive(receive)) if beside else receive())

        async def body() -> None:
            requests = Requests(app, asyncio.get_running_loop())
            exchange = host.request()
            exchange.events.clear()
            requests.start(*exchange.work())
            await until(lambda: exchange.id in http._waiters)
            host.orders[exchange.id] = http.TELL
            exchange.events.append(DISCONNECT)
            requests.drain()
            await until(lambda: not requests.pending)

        in_loop(body)
        assert host.looked_at == [(0, http.OTHER_TASK if beside else http.OWN_TASK)]
        assert host.over == [(0, None)]

    def test_stream_that_does_not_listen_is_cancelled_without_a_word(self, host: FakeHost) -> None:
        cancelled = []

        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            del scope, receive, send
            try:
                await asyncio.Event().wait()
            finally:
                cancelled.append(True)

        async def body() -> None:
            requests = Requests(app, asyncio.get_running_loop())
            requests.start(*host.request().work())
            await asyncio.sleep(0)
            requests.drain()
            assert requests.pending
            host.orders[0] = http.CANCEL
            requests.drain()
            await until(lambda: not requests.pending)

        in_loop(body)
        assert host.looked_at == [(0, http.NOBODY)] * 2
        assert cancelled == [True]
        assert host.over == [(0, None)]

    def test_waiting_for_room_is_not_waiting_for_the_client(self, host: FakeHost) -> None:
        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            del scope, receive
            await send({"type": "http.response.body", "body": b"much", "more_body": True})

        async def body() -> None:
            requests = Requests(app, asyncio.get_running_loop())
            exchange = host.request()
            exchange.full = True
            requests.start(*exchange.work())
            await until(lambda: exchange.id in http._waiters)
            requests.drain()
            exchange.full = False
            http.wake(exchange.id)
            await until(lambda: not requests.pending)

        in_loop(body)
        assert host.looked_at == [(0, http.NOBODY)]

    def test_pending_task_is_kept_until_it_is_over(self, host: FakeHost) -> None:
        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            del scope, send
            await receive()

        async def body() -> None:
            requests = Requests(app, asyncio.get_running_loop())
            exchange = host.request()
            exchange.events.clear()
            requests.start(*exchange.work())
            await until(lambda: exchange.id in http._waiters)
            gc.collect()
            assert len(requests.pending) == 1
            exchange.put(DISCONNECT)
            http.wake(exchange.id)
            await until(lambda: not requests.pending)
            assert host.over == [(0, None)]

        in_loop(body)

    def test_request_has_a_real_task(self, host: FakeHost) -> None:
        tasks: list[asyncio.Task[Any] | None] = []

        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            del scope, receive, send
            tasks.append(asyncio.current_task())
            with pytest.raises(asyncio.TimeoutError):
                await asyncio.wait_for(asyncio.Event().wait(), 0.001)
            tasks.append(asyncio.current_task())

        assert answer(host, app) == (0, None)
        assert isinstance(tasks[0], asyncio.Task)
        assert tasks[0] is tasks[1]

    def test_context_does_not_leak_into_other_requests_59(self, host: FakeHost) -> None:
        user: ContextVar[str] = ContextVar("user", default="nobody")
        seen = []

        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            del receive, send
            seen.append(user.get())
            user.set(scope["path"])
            await asyncio.sleep(0)
            seen.append(user.get())

        async def body() -> None:
            requests = Requests(app, asyncio.get_running_loop())
            for _ in range(3):
                requests.start(*host.request().work())
            await until(lambda: len(host.over) == 3)
            requests.start(*host.request().work())
            await until(lambda: len(host.over) == 4)
            assert user.get() == "nobody"

        in_loop(body)
        assert sorted(seen) == ["/0", "/1", "/2", "/3", *["nobody"] * 4]

    def test_receive_left_behind_by_the_app_is_woken_at_its_end_29(self, host: FakeHost) -> None:
        left: list[asyncio.Task[Any]] = []

        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            del scope, send
            left.append(asyncio.ensure_future(receive()))
            await until(lambda: http._waiters)
            host.exchanges[0].events.append(DISCONNECT)  # Java says so to whoever asks now

        async def body() -> None:
            exchange = host.request()
            exchange.events.clear()
            Requests(app, asyncio.get_running_loop()).start(*exchange.work())
            await until(lambda: host.over)
            assert await left[0] == DISCONNECT

        in_loop(body)
        assert not http._waiters


class TestStop:
    def test_cancel_ends_what_is_in_progress_and_says_so_in_one_line(self, host: FakeHost) -> None:
        cleaned: list[str] = []

        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            del receive, send
            try:
                await asyncio.Event().wait()
            finally:
                cleaned.append(scope["path"])

        async def body() -> None:
            requests = Requests(app, asyncio.get_running_loop())
            for _ in range(2):
                requests.start(*host.request().work())
            await asyncio.sleep(0)
            await requests.cancel(5)
            assert not requests.pending

        in_loop(body)
        words = "CancelledError: the server stopped before the app was done\n"
        assert sorted(host.over) == [(0, words), (1, words)]
        assert sorted(cleaned) == ["/0", "/1"]
