from __future__ import annotations

import asyncio
import builtins
import gc
import sys
import traceback
from collections.abc import Coroutine
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

import pytest

from conftest import in_loop, until
from fake_host import DISCONNECT, LAST_EVENT, FakeExchange, FakeHost
from spvn_bridge import http
from spvn_bridge.http import SENT, ClientDisconnected, Requests

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from spvn_bridge.asgi import App, Receive, Scope, Send

groups = pytest.mark.skipif(sys.version_info < (3, 11), reason="exception groups came with 3.11")
eager = pytest.mark.skipif(sys.version_info < (3, 12), reason="eager tasks came with 3.12")


def group(message: str, *errors: BaseException) -> BaseException:
    """Make an exception group, which the oldest Python does not know by name."""
    made: BaseException = vars(builtins)["ExceptionGroup"](message, list(errors))
    return made


def event(number: int, *, more: bool = True) -> dict[str, Any]:
    return {"type": "http.request", "body": str(number).encode(), "more_body": more}


def answer(
    host: FakeHost, app: App, *, exchange: FakeExchange | None = None
) -> tuple[int, str | None]:
    """Run an app for one request and return what Java is told at its end."""

    async def body() -> None:
        requests = Requests(app, asyncio.get_running_loop())
        requests.start(*(exchange or host.request()).work())
        await until(lambda: host.over)

    in_loop(body)
    return host.over[-1]


def raising(error: BaseException) -> App:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        del scope, receive, send
        raise error

    return app


async def _receive(receive: Receive) -> Any:
    return await receive()


class TestSent:
    def test_is_awaited_any_number_of_times(self) -> None:
        async def body() -> list[object]:
            sent: Any = SENT
            return [await sent, await sent]

        assert in_loop(body) == [None, None]

    @pytest.mark.parametrize(
        "use",
        [
            lambda: asyncio.create_task(SENT),
            lambda: asyncio.ensure_future(SENT),
            lambda: asyncio.gather(SENT, SENT),
            lambda: asyncio.wait_for(SENT, 1),
            lambda: asyncio.shield(SENT),
        ],
    )
    def test_goes_where_a_coroutine_goes(self, use: Callable[[], Awaitable[object]]) -> None:
        async def body() -> object:
            return await use()

        assert in_loop(body) in (None, [None, None])

    def test_is_a_coroutine_that_is_over(self) -> None:
        assert isinstance(SENT, Coroutine)
        assert asyncio.iscoroutine(SENT)
        with pytest.raises(StopIteration):
            SENT.send(None)
        SENT.close()

    def test_throws_what_is_thrown_in(self) -> None:
        with pytest.raises(ValueError, match="ouch"):
            SENT.throw(ValueError("ouch"))
        with pytest.raises(KeyError):
            SENT.throw(KeyError)


class TestReceive:
    def test_returns_what_is_there_without_waiting(self, host: FakeHost) -> None:
        exchange = host.request(event(1), event(2))
        coroutine = http.receive(exchange.id)
        with pytest.raises(StopIteration) as stopped:
            coroutine.send(None)
        assert stopped.value.value == event(1)
        assert list(exchange.events) == [event(2)]

    def test_waits_for_a_wake(self, host: FakeHost) -> None:
        async def body() -> None:
            exchange = host.request()
            exchange.events.clear()
            task = asyncio.create_task(http.receive(exchange.id))
            await until(lambda: exchange.id in http._waiters)
            assert not task.done()
            exchange.put(event(1))
            http.wake(exchange.id)
            assert await task == event(1)

        in_loop(body)
        assert not http._waiters

    def test_goes_on_waiting_when_woken_for_nothing(self, host: FakeHost) -> None:
        async def body() -> None:
            exchange = host.request()
            exchange.events.clear()
            task = asyncio.create_task(http.receive(exchange.id))
            for _ in range(3):
                await until(lambda: exchange.id in http._waiters)
                http.wake(exchange.id)
            await until(lambda: exchange.id in http._waiters)
            assert not task.done()
            exchange.put(DISCONNECT)
            http.wake(exchange.id)
            assert await task == DISCONNECT

        in_loop(body)

    def test_cancelled_before_the_event_loses_nothing_30(self, host: FakeHost) -> None:
        async def body() -> None:
            exchange = host.request()
            exchange.events.clear()
            task = asyncio.create_task(http.receive(exchange.id))
            await until(lambda: exchange.id in http._waiters)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            exchange.put(event(1))
            http.wake(exchange.id)
            assert await http.receive(exchange.id) == event(1)

        in_loop(body)

    def test_cancelled_after_the_wake_loses_nothing_30(self, host: FakeHost) -> None:
        async def body() -> None:
            exchange = host.request()
            exchange.events.clear()
            task = asyncio.create_task(http.receive(exchange.id))
            await until(lambda: exchange.id in http._waiters)
            exchange.put(event(1))
            http.wake(exchange.id)  # its future is done, but the task has not run yet
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            assert await http.receive(exchange.id) == event(1)

        in_loop(body)

    def test_two_at_a_time_both_wake_and_share_the_events_30(self, host: FakeHost) -> None:
        async def body() -> None:
            exchange = host.request()
            exchange.events.clear()
            tasks = [asyncio.create_task(http.receive(exchange.id)) for _ in range(2)]
            await until(lambda: len(http._waiters.get(exchange.id, ())) == 2)
            exchange.put(event(1))
            http.wake(exchange.id)
            await until(lambda: any(task.done() for task in tasks))
            await until(lambda: exchange.id in http._waiters)  # the other one waits again
            exchange.put(event(2))
            http.wake(exchange.id)
            assert {e.get("body") for e in await asyncio.gather(*tasks)} == {b"1", b"2"}

        in_loop(body)

    def test_polling_with_time_outs_leaves_no_waiters(self, host: FakeHost) -> None:
        async def body() -> None:
            exchange = host.request()
            exchange.events.clear()
            for _ in range(5):
                with pytest.raises(asyncio.TimeoutError):
                    await asyncio.wait_for(http.receive(exchange.id), 0.001)

        in_loop(body)
        assert not http._waiters

    def test_one_of_two_waiters_may_be_cancelled(self, host: FakeHost) -> None:
        async def body() -> None:
            exchange = host.request()
            exchange.events.clear()
            patient, hasty = (asyncio.create_task(http.receive(exchange.id)) for _ in range(2))
            await until(lambda: len(http._waiters.get(exchange.id, ())) == 2)
            hasty.cancel()
            await until(hasty.done)
            exchange.put(event(1))
            http.wake(exchange.id)
            assert await patient == event(1)

        in_loop(body)


class TestDrained:
    def test_waits_for_a_client_that_reads_slowly_41(self, host: FakeHost) -> None:
        async def body() -> None:
            exchange = host.request()
            exchange.full = True
            task = asyncio.ensure_future(exchange.send({"type": "http.response.body"}))
            await until(lambda: exchange.id in http._waiters)
            assert not task.done()
            exchange.drain()
            http.wake(exchange.id)
            await task

        in_loop(body)

    def test_is_released_with_an_os_error_when_the_client_leaves_41_55(
        self, host: FakeHost
    ) -> None:
        async def body() -> None:
            exchange = host.request()
            exchange.full = True
            task = asyncio.ensure_future(exchange.send({"type": "http.response.body"}))
            await until(lambda: exchange.id in http._waiters)
            exchange.leave()
            http.wake(exchange.id)
            with pytest.raises(OSError, match="the client has gone"):
                await task

        in_loop(body)

    def test_wakes_with_receive_of_the_same_exchange(self, host: FakeHost) -> None:
        async def body() -> None:
            exchange = host.request()
            exchange.events.clear()
            exchange.full = True
            sending = asyncio.ensure_future(exchange.send({"type": "http.response.body"}))
            receiving = asyncio.create_task(http.receive(exchange.id))
            await until(lambda: len(http._waiters.get(exchange.id, ())) == 2)
            exchange.drain()
            http.wake(exchange.id)
            await sending
            assert not receiving.done()
            exchange.put(LAST_EVENT)
            http.wake(exchange.id)
            assert await receiving == LAST_EVENT

        in_loop(body)


def test_request_flush_hands_over_at_the_end_of_the_turn(host: FakeHost) -> None:
    async def body() -> None:
        http.request_flush()
        assert host.calls == []
        await asyncio.sleep(0)
        assert host.calls == ["flush"]

    in_loop(body)


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


class TestEnd:
    def test_error_is_told_with_the_frames_of_the_app_only_52(self, host: FakeHost) -> None:
        async def helper() -> None:
            raise ValueError("no such order")

        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            del scope, receive, send
            await helper()

        _, text = answer(host, app)
        assert text is not None
        frames = [line.split(", in ")[-1] for line in text.splitlines() if "File" in line]
        assert frames == ["app", "helper"]
        assert text.startswith("Traceback (most recent call last):\n")
        assert text.endswith("\nValueError: no such order\n")
        assert "spvn_bridge" not in text

    def test_causes_are_told_without_our_frames(self, host: FakeHost) -> None:
        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            del scope, receive
            try:
                await send({"type": "http.response.body"})
            except OSError as error:
                raise RuntimeError("could not answer") from error

        exchange = host.request()
        exchange.full = True

        async def body() -> None:
            requests = Requests(app, asyncio.get_running_loop())
            requests.start(*exchange.work())
            await until(lambda: exchange.id in http._waiters)
            exchange.leave()
            http.wake(exchange.id)
            await until(lambda: host.over)

        in_loop(body)
        text = host.over[0][1]
        assert text is not None
        assert "ClientDisconnected: the client has gone" in text
        assert "RuntimeError: could not answer" in text
        assert "spvn_bridge/" not in text

    @pytest.mark.parametrize(
        "error",
        [
            SystemExit(3),
            KeyboardInterrupt(),
            asyncio.CancelledError(),
            BaseException("bare"),
            GeneratorExit(),
            StopAsyncIteration(),
            MemoryError(),
        ],
        ids=lambda error: type(error).__name__,
    )
    def test_nothing_the_app_raises_ends_the_worker_54(
        self, host: FakeHost, error: BaseException
    ) -> None:
        async def body() -> None:
            requests = Requests(raising(error), asyncio.get_running_loop())
            for _ in range(2):
                requests.start(*host.request().work())
            await until(lambda: len(host.over) == 2 and not requests.pending)

        in_loop(body)
        assert [number for number, _ in host.over] == [0, 1]
        assert all(type(error).__name__ in str(text) for _, text in host.over)

    def test_cancelling_its_own_task_is_an_error_of_the_request_54(self, host: FakeHost) -> None:
        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            del scope, receive, send
            task = asyncio.current_task()
            assert task is not None
            task.cancel()
            await asyncio.Event().wait()

        assert "CancelledError" in str(answer(host, app)[1])

    @pytest.mark.parametrize("wrapped", ["plain", "starlette"])
    def test_client_that_left_is_no_error_55(self, host: FakeHost, wrapped: str) -> None:
        class ClientDisconnect(Exception):
            pass

        error = ClientDisconnected() if wrapped == "plain" else ClientDisconnect()
        assert answer(host, raising(error)) == (0, None)

    @groups
    def test_group_of_clients_that_left_is_no_error_55(self, host: FakeHost) -> None:
        inner = group("inner", ClientDisconnected())
        error = group("tasks", ClientDisconnected(), inner)
        assert answer(host, raising(error)) == (0, None)

    @groups
    def test_group_with_another_error_is_an_error(self, host: FakeHost) -> None:
        error = group("tasks", ClientDisconnected(), ValueError("bug"))
        assert "ValueError: bug" in str(answer(host, raising(error))[1])

    @groups
    def test_groups_nested_deeper_than_python_recurses_end_their_request(
        self, host: FakeHost
    ) -> None:
        def deep(error: BaseException) -> BaseException:
            for _ in range(5_000):
                error = group("outer", error)
            return error

        assert answer(host, raising(deep(ClientDisconnected()))) == (0, None)
        assert "ExceptionGroup: outer" in str(answer(host, raising(deep(ValueError())))[1])

    def test_group_that_holds_itself_is_an_error(self, host: FakeHost) -> None:
        class Circle(Exception):
            @property
            def exceptions(self) -> tuple[BaseException, ...]:
                return (self,)

        assert "Circle" in str(answer(host, raising(Circle()))[1])

    def test_group_of_the_backport_is_looked_into(self, host: FakeHost) -> None:
        class Group(Exception):
            exceptions = (ClientDisconnected(),)

        assert answer(host, raising(Group())) == (0, None)

    def test_error_that_cannot_be_printed_is_told_all_the_same(self, host: FakeHost) -> None:
        def refuse(_self: object) -> str:
            raise SystemExit

        mean = type("Mean", (Exception,), {"__str__": refuse, "__repr__": refuse})
        assert "Mean" in str(answer(host, raising(mean()))[1])

    def test_error_whose_traceback_cannot_be_made_is_told_by_its_name(
        self, host: FakeHost, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def explode(*_: object) -> None:
            raise RecursionError

        monkeypatch.setattr(traceback.TracebackException, "from_exception", explode)
        text = answer(host, raising(ValueError("x")))[1]
        assert text == "ValueError: (its traceback cannot be formatted)\n"

    def test_endless_recursion_is_told_in_few_lines(self, host: FakeHost) -> None:
        def deeper(depth: int) -> int:
            return deeper(depth + 1) + 1

        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            del scope, receive, send
            deeper(0)

        text = str(answer(host, app)[1])
        assert "RecursionError" in text
        assert "Previous line repeated" in text
        assert len(text.splitlines()) < 40

    def test_text_can_always_be_encoded(self, host: FakeHost) -> None:
        text = str(answer(host, raising(ValueError("half a pair: \ud800")))[1])
        assert b"half a pair: \\ud800" in text.encode("utf-8")

    def test_app_of_the_wrong_shape_is_an_error_without_frames(self, host: FakeHost) -> None:
        async def app(scope: Scope) -> None:
            del scope

        wrong: Any = app
        text = str(answer(host, wrong)[1])
        assert "takes 1 positional argument but 3 were given" in text
        assert "File" not in text

    def test_task_destroyed_after_the_worker_tells_java_nothing(self, host: FakeHost) -> None:
        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            del scope, send
            await receive()

        requests = Requests(app, asyncio.new_event_loop())
        exchange = host.request()
        exchange.events.clear()
        coroutine = requests._run(*exchange.work())

        async def body() -> None:
            coroutine.send(None)

        in_loop(body)
        coroutine.close()
        assert host.over == []
        requests._loop.close()


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
