from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any

import pytest

from conftest import in_loop, until
from fake_host import DISCONNECT, LAST_EVENT, FakeHost
from spvn_bridge import http
from spvn_bridge.http import SENT

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable


def event(number: int, *, more: bool = True) -> dict[str, Any]:
    return {"type": "http.request", "body": str(number).encode(), "more_body": more}


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


class TestReceiveMessage:
    def test_what_is_not_known_any_more_has_ended_without_a_close(self, host: FakeHost) -> None:
        exchange = host.request(DISCONNECT)

        async def body() -> object:
            return await http.receive_message(exchange.id)

        assert in_loop(body) == {"type": "websocket.disconnect", "code": 1006, "reason": ""}
