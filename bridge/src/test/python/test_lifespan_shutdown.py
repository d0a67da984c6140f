from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

import pytest

from conftest import in_loop, until
from spvn_bridge import lifespan as module
from spvn_bridge.deadline import Deadline
from spvn_bridge.lifespan import Lifespan

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from fake_host import FakeHost
    from spvn_bridge.asgi import App, Receive, Scope, Send

# ruff: noqa: ARG001 - apps take what apps take

COMPLETE = {"type": "lifespan.startup.complete"}
CLEANED = {"type": "lifespan.shutdown.complete"}


def ignore(_error: BaseException) -> None:
    """No module refuses anything."""


def shut_down(app: App, seconds: float = 5.0) -> None:
    async def body() -> None:
        lifespan = Lifespan(app, "auto")
        await lifespan.startup(5.0, ignore)
        await lifespan.shutdown(Deadline(seconds))

    in_loop(body)


def then(behaviour: Callable[[Receive, Send], Awaitable[None]]) -> App:
    """An app that starts well and then does something."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        await send(COMPLETE)
        await behaviour(receive, send)

    return app


@pytest.fixture(autouse=True)
def _short_last_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LAST_WORDS", 0.05)


class TestShutdown:
    def test_waits_until_the_app_is_done_70(self, host: FakeHost) -> None:
        done = []

        async def clean(receive: Receive, send: Send) -> None:
            await receive()
            await asyncio.sleep(0)
            await send(CLEANED)
            await asyncio.sleep(0)
            done.append(True)

        shut_down(then(clean))
        assert done == [True]
        assert host.logs == []

    def test_failure_is_logged_70(self, host: FakeHost) -> None:
        async def fail(receive: Receive, send: Send) -> None:
            await receive()
            await send({"type": "lifespan.shutdown.failed", "message": "disk full"})
            raise OSError("disk full")

        shut_down(then(fail))
        assert host.logs == [(logging.ERROR, "lifespan.shutdown failed: disk full")]

    @pytest.mark.parametrize("answers", [False, True])
    def test_error_is_logged_once_70(self, host: FakeHost, *, answers: bool) -> None:
        async def fail(receive: Receive, send: Send) -> None:
            await receive()
            if answers:
                await send(CLEANED)
            raise OSError("disk full")

        shut_down(then(fail))
        [message] = host.said(logging.ERROR)
        assert message.startswith("exception in the app's lifespan\nTraceback")
        assert message.endswith("OSError: disk full\n")

    def test_is_bounded_70(self, host: FakeHost) -> None:
        cancelled = []

        async def hang(receive: Receive, send: Send) -> None:
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                cancelled.append(True)
                raise

        shut_down(then(hang), 0.2)
        assert cancelled == [True]
        assert host.logs == [
            (logging.ERROR, "lifespan.shutdown took longer than 0.1 s, so it was ended")
        ]

    def test_app_that_lingers_after_its_answer_is_ended(self, host: FakeHost) -> None:
        async def linger(receive: Receive, send: Send) -> None:
            await receive()
            await send(CLEANED)
            await receive()

        shut_down(then(linger))
        assert host.logs == []

    def test_app_that_has_returned_is_not_asked(self, host: FakeHost) -> None:
        async def leave(receive: Receive, send: Send) -> None:
            return

        shut_down(then(leave))
        assert host.logs == []

    def test_error_between_start_and_end_is_logged_when_it_happens(self, host: FakeHost) -> None:
        go = asyncio.Event()

        async def fail(receive: Receive, send: Send) -> None:
            await go.wait()
            raise OSError("lost the broker")

        async def body() -> None:
            lifespan = Lifespan(then(fail), "auto")
            await lifespan.startup(5.0, ignore)
            go.set()
            await until(lambda: host.logs)
            await lifespan.shutdown(Deadline(5.0))

        in_loop(body)
        [message] = host.said(logging.ERROR)
        assert message.endswith("OSError: lost the broker\n")

    def test_error_right_after_the_start_is_logged(self, host: FakeHost) -> None:
        async def fail(receive: Receive, send: Send) -> None:
            raise OSError("lost the broker")

        shut_down(then(fail))
        [message] = host.said(logging.ERROR)
        assert message.endswith("OSError: lost the broker\n")

    def test_without_startup_does_nothing(self, host: FakeHost) -> None:
        async def uncalled(scope: Scope, receive: Receive, send: Send) -> None:
            pytest.fail("it was called")

        async def body() -> None:
            await Lifespan(uncalled, "off").shutdown(Deadline(5.0))

        in_loop(body)
        assert host.logs == []
