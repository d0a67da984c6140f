from __future__ import annotations

import asyncio
import os
import sys
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from conftest import in_loop, until
from spvn_bridge import http, loop
from spvn_bridge.http import Requests
from spvn_bridge.loop import BATCH, Feed, PipeBell, Selector, new_bell, new_loop
from spvn_bridge.orders import DRAIN

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from fake_host import FakeHost
    from spvn_bridge.asgi import App, Receive, Scope, Send
    from spvn_bridge.loop import Bell


async def hello(scope: Scope, receive: Receive, send: Send) -> None:
    del scope, receive
    await send({"type": "http.response.start", "status": 200})
    await send({"type": "http.response.body", "body": b"Hello, world!"})


def opened(host: FakeHost, app: App = hello) -> tuple[Feed, Requests]:
    current = asyncio.get_running_loop()
    requests = Requests(app, current)
    feed = Feed(current, new_bell(), requests, http.wake, host.signalled.append)
    host.wake_fd = feed.wake_fd
    feed.open()
    return feed, requests


def ring(bell: Bell) -> None:
    os.write(bell.rings, (1).to_bytes(8, sys.byteorder))


@pytest.mark.parametrize("make", [PipeBell, new_bell])
class TestBell:
    def test_wakes_the_loop_once_for_many_rings(self, make: type[PipeBell]) -> None:
        async def body() -> None:
            bell = make()
            heard = []

            def hear() -> None:
                heard.append(1)
                bell.hush()

            current = asyncio.get_running_loop()
            current.add_reader(bell.listens, hear)
            for _ in range(3):
                ring(bell)
            await until(lambda: heard)
            for _ in range(5):
                await asyncio.sleep(0)
            assert heard == [1]
            ring(bell)
            await until(lambda: len(heard) == 2)
            current.remove_reader(bell.listens)
            bell.close()

        in_loop(body)

    def test_hush_without_a_ring_does_nothing(self, make: type[PipeBell]) -> None:
        bell = make()
        bell.hush()
        bell.close()

    def test_close_gives_the_descriptors_back(self, make: type[PipeBell]) -> None:
        bell = make()
        bell.close()
        for descriptor in (bell.listens, bell.rings):
            with pytest.raises(OSError, match="Bad file descriptor"):
                os.fstat(descriptor)


class TestFeed:
    def test_takes_what_came_before_it_opened(self, host: FakeHost) -> None:
        async def body() -> None:
            host.request()
            feed, _ = opened(host)
            await until(lambda: host.over)
            await until(lambda: host.asleep)
            feed.close()

        in_loop(body)

    def test_is_asleep_once_opened_without_work(self, host: FakeHost) -> None:
        async def body() -> None:
            feed, _ = opened(host)
            await until(lambda: host.asleep)
            feed.close()

        in_loop(body)

    def test_one_ring_brings_all_that_is_ready(self, host: FakeHost) -> None:
        async def body() -> None:
            feed, requests = opened(host)
            await until(lambda: host.asleep)
            for _ in range(5):
                host.request()
            await until(lambda: len(host.over) == 5 and not requests.pending)
            feed.close()

        in_loop(body)

    def test_requests_are_interleaved(self, host: FakeHost) -> None:
        here: list[str] = []

        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            del receive, send
            here.append(scope["path"])
            await until(lambda: len(here) == 3)  # each can end only when all have begun

        async def body() -> None:
            for _ in range(3):
                host.request()
            feed, _ = opened(host, app)
            await until(lambda: len(host.over) == 3)
            feed.close()

        in_loop(body)
        assert here == ["/0", "/1", "/2"]

    def test_loop_has_a_turn_after_each_batch(self, host: FakeHost) -> None:
        turns: list[int] = []

        async def body() -> None:
            feed, _ = opened(host)
            await until(lambda: host.asleep)
            for _ in range(3 * BATCH):
                host.request()
            while len(host.over) < 3 * BATCH:
                turns.append(host.calls.count("take"))
                await asyncio.sleep(0)
            feed.close()

        in_loop(body)
        steps = [after - before for before, after in pairwise(turns)]
        assert max(steps) <= BATCH
        assert len({taken for taken in turns if taken > 1}) >= 2

    def test_next_batch_follows_without_the_bell(self, host: FakeHost) -> None:
        async def body() -> None:
            for _ in range(2 * BATCH):
                host.request()
            feed, _ = opened(host)
            await until(lambda: not host.asleep)
            os.close(os.dup(feed.wake_fd))  # it is there, but nobody writes it
            await until(lambda: len(host.over) == 2 * BATCH)
            feed.close()

        in_loop(body)

    def test_each_batch_ends_with_one_flush(self, host: FakeHost) -> None:
        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            del scope, receive, send

        async def body() -> None:
            for _ in range(BATCH + 1):
                host.request()
            feed, _ = opened(host, app)
            await until(lambda: host.asleep)
            feed.close()

        in_loop(body)
        calls = [call for call in host.calls if call != "ended"]
        last = calls.index("flush", BATCH)
        assert calls[: last + 1] == ["take"] * BATCH + ["flush"]
        assert calls[last + 1 : last + 4] == ["take", "take", "flush"]

    def test_number_wakes_those_who_wait_for_it(self, host: FakeHost) -> None:
        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            del scope, send
            while (await receive())["more_body"]:
                pass

        async def body() -> None:
            feed, _ = opened(host, app)
            more = {"type": "http.request", "body": b"x", "more_body": True}
            exchange = host.request(more)
            await until(lambda: exchange.id in http._waiters)
            exchange.put(more)
            await until(lambda: not exchange.events and exchange.id in http._waiters)
            exchange.put({**more, "more_body": False})
            await until(lambda: host.over == [(exchange.id, None)])
            feed.close()

        in_loop(body)

    def test_wake_for_an_exchange_nobody_waits_for_is_nothing(self, host: FakeHost) -> None:
        async def body() -> None:
            feed, _ = opened(host)
            host.submit(4711)
            await until(lambda: host.asleep)
            feed.close()

        in_loop(body)

    def test_stop_is_reported_and_work_goes_on(self, host: FakeHost) -> None:
        async def body() -> None:
            feed, _ = opened(host)
            await until(lambda: host.asleep)
            host.stop()
            host.stop()
            host.request()
            await feed.stopped
            await until(lambda: host.over)
            feed.close()

        in_loop(body)

    def test_ring_while_a_batch_is_due_takes_nothing_twice(self, host: FakeHost) -> None:
        async def body() -> None:
            for _ in range(3 * BATCH):
                host.request()
            feed, _ = opened(host)
            for _ in range(4):
                host.ring()
                await asyncio.sleep(0)
            await until(lambda: len(host.over) == 3 * BATCH)
            await until(lambda: host.asleep and not feed.more)
            before = host.calls.count("take")
            for _ in range(10):
                await asyncio.sleep(0)
            assert host.calls.count("take") == before  # no second chain of batches goes on
            feed.close()

        in_loop(body)

    def test_look_at_requests_is_asked_for_by_a_number(self, host: FakeHost) -> None:
        async def wait(scope: Scope, receive: Receive, send: Send) -> None:
            del scope, send
            await receive()
            await receive()

        async def body() -> None:
            feed, requests = opened(host, wait)
            exchange = host.request()
            await until(lambda: exchange.id in http._waiters)
            host.submit(DRAIN)
            await until(lambda: host.looked_at)
            exchange.leave()
            await until(lambda: not requests.pending)
            feed.close()

        asyncio.run(body())
        assert host.looked_at == [(0, http.OWN_TASK)]

    def test_failure_to_take_is_reported_and_tried_again(
        self, host: FakeHost, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        complaints: list[str] = []
        monkeypatch.setattr(loop, "PAUSE", 0.0)

        async def body() -> None:
            current = asyncio.get_running_loop()
            current.set_exception_handler(lambda _, context: complaints.append(str(context)))
            feed, _ = opened(host)
            await until(lambda: host.asleep)
            host.request()
            host._work.insert(0, "nonsense")
            await until(lambda: host.over)
            feed.close()

        in_loop(body)
        assert len(complaints) == 1

    def test_close_hands_over_what_is_left_and_gives_the_bell_back(self, host: FakeHost) -> None:
        async def body() -> None:
            feed, _ = opened(host)
            await until(lambda: host.asleep)
            host.calls.clear()
            feed.close()
            assert host.calls == ["flush"]
            assert host.deafened
            with pytest.raises(OSError, match="Bad file descriptor"):
                os.fstat(feed.wake_fd)

        in_loop(body)


class TestRest:
    def run(self, body: Callable[[], Awaitable[None]]) -> None:
        current = new_loop("asyncio", "main")
        try:
            current.run_until_complete(asyncio.wait_for(body(), 30))
        finally:
            asyncio.set_event_loop(None)
            current.close()

    def test_loop_that_waits_for_a_timer_rests_until_it_goes_on(self, host: FakeHost) -> None:
        async def body() -> None:
            host.at_work.clear()
            await asyncio.sleep(0.001)

        self.run(body)
        assert host.at_work[:2] == [False, True]
        assert host.at_work == [False, True] * (len(host.at_work) // 2)

    def test_loop_that_has_more_to_run_does_not_rest(self, host: FakeHost) -> None:
        async def body() -> None:
            await asyncio.sleep(0)
            host.at_work.clear()
            for _ in range(10):
                await asyncio.sleep(0)
            assert host.at_work == []

        self.run(body)

    def test_wait_that_fails_is_over(self, host: FakeHost) -> None:
        selector = Selector()
        selector.close()
        with pytest.raises(ValueError, match="closed epoll"):
            selector.select(1)
        assert host.at_work == [False, True]
