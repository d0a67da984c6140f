from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any

import pytest

from conftest import in_loop
from spvn_bridge import lifespan as module
from spvn_bridge.deadline import Deadline
from spvn_bridge.failure import StartFailure
from spvn_bridge.lifespan import UNSUPPORTED, Lifespan

if TYPE_CHECKING:
    from collections.abc import Callable

    from fake_host import FakeHost
    from spvn_bridge.asgi import App, Receive, Scope, Send
    from spvn_bridge.settings import LifespanMode, Result

# ruff: noqa: ARG001 - apps take what apps take

COMPLETE = {"type": "lifespan.startup.complete"}
CLEANED = {"type": "lifespan.shutdown.complete"}


async def polite(scope: Scope, receive: Receive, send: Send) -> None:
    assert (await receive())["type"] == "lifespan.startup"
    scope["state"]["started"] = True
    await send(COMPLETE)
    assert (await receive())["type"] == "lifespan.shutdown"
    scope["state"]["stopped"] = True
    await send(CLEANED)


async def raises_at_once(scope: Scope, receive: Receive, send: Send) -> None:
    raise ValueError("http only")


async def raises_in_startup(scope: Scope, receive: Receive, send: Send) -> None:
    await receive()
    raise ValueError("no database")


async def exits_in_startup(scope: Scope, receive: Receive, send: Send) -> None:
    await receive()
    raise SystemExit("no config")


async def returns(scope: Scope, receive: Receive, send: Send) -> None:
    return


async def returns_after_startup(scope: Scope, receive: Receive, send: Send) -> None:
    await receive()


async def fails(scope: Scope, receive: Receive, send: Send) -> None:
    await receive()
    await send({"type": "lifespan.startup.failed", "message": "no database"})


async def fails_like_starlette(scope: Scope, receive: Receive, send: Send) -> None:
    await receive()
    message = "Traceback (most recent call last):\n  ...\nValueError: no database\n"
    await send({"type": "lifespan.startup.failed", "message": message})
    raise ValueError("no database")


async def fails_without_a_word(scope: Scope, receive: Receive, send: Send) -> None:
    await receive()
    await send({"type": "lifespan.startup.failed"})


async def hangs(scope: Scope, receive: Receive, send: Send) -> None:
    await asyncio.Event().wait()


async def hangs_unimpressed(scope: Scope, receive: Receive, send: Send) -> None:
    try:
        await asyncio.Event().wait()
    except asyncio.CancelledError:
        await asyncio.Event().wait()


def ignore(_error: BaseException) -> None:
    """No module refuses anything."""


def start(
    app: App, mode: LifespanMode = "auto", check: Callable[[BaseException], None] = ignore
) -> Result | None:
    """Start an app's lifespan; return why it cannot be served, or None."""

    async def body() -> Result | None:
        lifespan = Lifespan(app, mode)
        try:
            await lifespan.startup(0.05, check)
        except StartFailure as failure:
            return failure.result()
        finally:
            await lifespan.shutdown(Deadline(0.05))
        return None

    return in_loop(body)


@pytest.fixture(autouse=True)
def _short_last_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LAST_WORDS", 0.05)


def test_scope_is_that_of_the_specification_72(host: FakeHost) -> None:
    scopes = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        scopes.append(dict(scope))
        await polite(scope, receive, send)

    assert start(app) is None
    assert scopes == [
        {
            "type": "lifespan",
            "asgi": {"version": "3.0", "spec_version": "2.0"},
            "state": {"started": True, "stopped": True},
        }
    ]


def test_state_is_what_the_app_left_there(host: FakeHost) -> None:
    async def body() -> dict[str, Any]:
        lifespan = Lifespan(polite, "auto")
        assert lifespan.state == {}
        await lifespan.startup(5.0, ignore)
        assert lifespan.state == {"started": True}
        await lifespan.shutdown(Deadline(5.0))
        return lifespan.state

    assert in_loop(body) == {"started": True, "stopped": True}
    assert host.logs == []


def test_startup_waits_for_the_answer_66(host: FakeHost) -> None:
    go = asyncio.Event()

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        await go.wait()
        await send(COMPLETE)

    async def body() -> None:
        lifespan = Lifespan(app, "auto")
        task = asyncio.ensure_future(lifespan.startup(5.0, ignore))
        for _ in range(5):
            await asyncio.sleep(0)
        assert not task.done()
        go.set()
        await task

    in_loop(body)


def test_same_task_and_loop_from_start_to_end_71(host: FakeHost) -> None:
    seen = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        for answer in (COMPLETE, CLEANED):
            await receive()
            seen.append((asyncio.current_task(), asyncio.get_running_loop()))
            await send(answer)

    start(app)
    assert len(seen) == 2
    assert len(set(seen)) == 1


def test_mode_off_never_calls_the_app() -> None:
    assert start(hangs, "off") is None


@pytest.mark.parametrize("mode", ["auto", "on"])
def test_app_with_a_lifespan_starts(host: FakeHost, mode: LifespanMode) -> None:
    assert start(polite, mode) is None
    assert host.logs == []


@pytest.mark.parametrize("app", [returns, returns_after_startup])
@pytest.mark.parametrize(("mode", "level"), [("auto", logging.INFO), ("on", logging.WARNING)])
def test_app_that_returns_knows_no_lifespan_69(
    host: FakeHost, app: App, mode: LifespanMode, level: int
) -> None:
    assert start(app, mode) is None
    assert host.logs == [(level, UNSUPPORTED)]


def test_app_that_raises_at_once_knows_no_lifespan_67(host: FakeHost) -> None:
    assert start(raises_at_once) is None
    assert host.logs == [(logging.INFO, UNSUPPORTED)]


def test_app_that_raises_in_its_startup_is_served_with_a_warning_67(host: FakeHost) -> None:
    assert start(raises_in_startup) is None
    [(level, message)] = host.logs
    assert level == logging.WARNING
    assert message.startswith(f"{UNSUPPORTED} It raised:\nTraceback")
    assert message.endswith("ValueError: no database\n")


@pytest.mark.parametrize("app", [raises_at_once, raises_in_startup])
def test_mode_on_lets_no_app_through_that_raises_67(host: FakeHost, app: App) -> None:
    result = start(app, "on")
    assert result is not None
    assert result["outcome"] == "startup"
    assert result["message"].startswith("lifespan.startup raised ValueError: ")
    assert "test_lifespan.py, line" in result["message"]
    assert "spvn_bridge" not in result["traceback"]
    assert host.logs == []


@pytest.mark.parametrize("mode", ["auto", "on"])
def test_app_that_exits_in_its_startup_is_not_served(mode: LifespanMode) -> None:
    result = start(exits_in_startup, mode)
    assert result is not None
    assert result["message"].startswith("lifespan.startup raised SystemExit: no config")


@pytest.mark.parametrize("mode", ["auto", "on"])
@pytest.mark.parametrize(
    ("app", "message", "traceback"),
    [
        (fails, "lifespan.startup failed: no database", "no database"),
        (fails_without_a_word, "lifespan.startup failed: the app gave no reason", ""),
        (fails_like_starlette, "lifespan.startup failed: ValueError: no database", "Traceback"),
    ],
)
def test_failed_startup_is_not_served_68(
    mode: LifespanMode, app: App, message: str, traceback: str
) -> None:
    result = start(app, mode)
    assert result is not None
    assert (result["outcome"], result["message"]) == ("startup", message)
    assert result["traceback"].startswith(traceback)


@pytest.mark.parametrize("mode", ["auto", "on"])
@pytest.mark.parametrize("app", [hangs, hangs_unimpressed])
def test_startup_has_a_time_out_73(app: App, mode: LifespanMode) -> None:
    result = start(app, mode)
    assert result is not None
    assert result["outcome"] == "startup"
    assert result["message"] == "lifespan.startup took longer than 0.05 s (--startup-timeout)"


@pytest.mark.parametrize("app", [raises_at_once, raises_in_startup, fails_like_starlette])
def test_error_is_checked_for_what_the_interpreter_refuses(app: App) -> None:
    def refuse(error: BaseException) -> None:
        assert isinstance(error, ValueError)
        raise StartFailure("refused", "numpy does not", error, "numpy")

    result = start(app, "auto", refuse)
    assert result is not None
    assert (result["outcome"], result["module"]) == ("refused", "numpy")


def test_words_of_a_failed_startup_are_checked_too() -> None:
    checked = []
    start(fails, "auto", lambda error: checked.append(str(error)))
    assert checked == ["no database"]


@pytest.mark.parametrize(
    "event",
    [
        {"type": "http.response.start"},
        {"type": "lifespan.startup.completed"},
        {"type": "lifespan.shutdown.complete"},
    ],
)
def test_unexpected_message_raises_out_of_send(host: FakeHost, event: dict[str, Any]) -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        with pytest.raises(RuntimeError, match="Unexpected ASGI message"):
            await send(event)
        await send(COMPLETE)

    assert start(app) is None
    assert host.logs == []


def test_startup_is_answered_once(host: FakeHost) -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        await send(COMPLETE)
        with pytest.raises(RuntimeError, match="Unexpected ASGI message"):
            await send(COMPLETE)

    assert start(app) is None
    assert host.logs == []
