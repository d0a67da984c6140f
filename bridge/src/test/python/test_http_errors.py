from __future__ import annotations

import asyncio
import builtins
import sys
import traceback
from typing import TYPE_CHECKING, Any

import pytest

from conftest import answer, in_loop, until
from spvn_bridge import http
from spvn_bridge.http import ClientDisconnected, Requests

if TYPE_CHECKING:
    from fake_host import FakeHost
    from spvn_bridge.asgi import App, Receive, Scope, Send

groups = pytest.mark.skipif(sys.version_info < (3, 11), reason="exception groups came with 3.11")


def group(message: str, *errors: BaseException) -> BaseException:
    """Make an exception group, which the oldest Python does not know by name."""
    made: BaseException = vars(builtins)["ExceptionGroup"](message, list(errors))
    return made


def raising(error: BaseException) -> App:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        del scope, receive, send
        raise error

    return app


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
