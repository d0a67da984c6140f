"""The conversation with the app before its first and after its last request.

    stage      we say               the app answers              the app ends without an answer
    startup    lifespan.startup     .startup.complete, .failed   it knows no lifespan: serve it
    serving    nothing              nothing                      an error is logged
    shutdown   lifespan.shutdown    .shutdown.complete, .failed  an error is logged

It runs as one task on the loop that the requests run on. Mode `on` lets no app through that raises
in its startup; `auto` takes that for not knowing the lifespan, as the specification asks.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from spvn_bridge.deadline import LAST_WORDS, Deadline
from spvn_bridge.failure import StartFailure, place, summary, traceback_text
from spvn_bridge.journal import log

if TYPE_CHECKING:
    from collections.abc import Callable

    from spvn_bridge.asgi import App, Event, LifespanScope
    from spvn_bridge.settings import LifespanMode

Stage: TypeAlias = Literal["startup", "serving", "shutdown"]

_ANSWERS: dict[Stage, set[str]] = {
    "startup": {"lifespan.startup.complete", "lifespan.startup.failed"},
    "serving": set(),
    "shutdown": {"lifespan.shutdown.complete", "lifespan.shutdown.failed"},
}

UNSUPPORTED = "ASGI 'lifespan' protocol appears unsupported."


class Lifespan:
    """One app's lifespan; `state` is what the app left there for its requests."""

    def __init__(self, app: App, mode: LifespanMode) -> None:
        self.state: dict[str, Any] = {}
        self._app = app
        self._mode = mode
        self._stage: Stage = "startup"
        self._events: asyncio.Queue[Event] = asyncio.Queue()
        self._answer = _new_answer()
        self._task: asyncio.Task[None] | None = None
        self._error: BaseException | None = None

    async def startup(self, seconds: float, check: Callable[[BaseException], None]) -> None:
        """Tell the app to start, wait until it has, and raise StartFailure when it cannot.

        `check` sees each exception first and may raise a StartFailure that says more.
        """
        if self._mode == "off":
            return
        self._task = asyncio.create_task(self._run(), name="spvn-lifespan")
        await self._ask("startup", seconds)
        if not self._answer.done():
            await self._end(Deadline(2 * LAST_WORDS))
            raise StartFailure(
                "startup", f"lifespan.startup took longer than {seconds:g} s (--startup-timeout)"
            )
        answer = self._answer.result()
        if answer is None or answer["type"] == "lifespan.startup.failed":
            await self._end(Deadline(2 * LAST_WORDS))
            self._not_started(answer, check)

    async def shutdown(self, deadline: Deadline) -> None:
        """Tell the app to clean up and wait until it has; what goes wrong is logged."""
        if self._task is None or self._task.done():
            return
        self._answer = _new_answer()
        seconds = deadline.sooner(2 * LAST_WORDS).left()
        await self._ask("shutdown", seconds)
        in_time = self._answer.done()
        answer = self._answer.result() if in_time else None
        await self._end(deadline)
        if not in_time:
            log(
                logging.ERROR,
                f"lifespan.shutdown took longer than {seconds:.1f} s, so it was ended",
            )
        elif answer is not None and answer["type"] == "lifespan.shutdown.failed":
            log(logging.ERROR, f"lifespan.shutdown failed: {answer.get('message', '')}")
        else:
            self._log_error()

    async def _ask(self, stage: Stage, seconds: float) -> None:
        self._stage = stage
        self._events.put_nowait({"type": f"lifespan.{stage}"})
        await asyncio.wait([self._answer], timeout=seconds)

    async def _run(self) -> None:
        scope: LifespanScope = {
            "type": "lifespan",
            "asgi": {"version": "3.0", "spec_version": "2.0"},
            "state": self.state,
        }
        try:
            await self._app(scope, self._events.get, self._send)
        except BaseException as error:
            self._error = error
            if self._stage == "serving":
                self._log_error()
        if not self._answer.done():
            self._answer.set_result(None)

    async def _send(self, event: Event) -> None:
        kind = event["type"]
        if self._answer.done() or kind not in _ANSWERS[self._stage]:
            raise RuntimeError(f"Unexpected ASGI message {kind!r} in the lifespan ({self._stage}).")
        self._answer.set_result(event)
        if kind == "lifespan.startup.complete":
            self._stage = "serving"

    async def _end(self, deadline: Deadline) -> None:
        """Give the app's call a moment to return by itself, then cancel it."""
        task = self._task
        if task is None:
            return
        if self._answer.done():
            await asyncio.wait([task], timeout=min(LAST_WORDS, deadline.left() / 2))
        if not task.done():
            task.cancel()
            await asyncio.wait([task], timeout=min(LAST_WORDS, deadline.left() / 2))

    def _not_started(self, answer: Event | None, check: Callable[[BaseException], None]) -> None:
        """Raise unless an app that has not started may be served without its lifespan."""
        error = self._error
        message = "" if answer is None else str(answer.get("message") or "")
        check(RuntimeError(message) if error is None else error)
        if answer is not None:
            raise _failed(message, error)
        if error is None:
            log(logging.INFO if self._mode == "auto" else logging.WARNING, UNSUPPORTED)
        elif self._mode == "on" or not isinstance(error, Exception):
            raise StartFailure(
                "startup", f"lifespan.startup raised {summary(error)}{place(error)}", error
            )
        else:
            self._log_unsupported(error)

    def _log_unsupported(self, error: Exception) -> None:
        """Show the error only of an app that had taken the event: others just know no lifespan."""
        if self._events.empty():
            log(logging.WARNING, f"{UNSUPPORTED} It raised:\n{traceback_text(error)}")
        else:
            log(logging.INFO, UNSUPPORTED)

    def _log_error(self) -> None:
        ended_by_us = isinstance(self._error, asyncio.CancelledError)
        if self._error is not None and not ended_by_us:
            log(logging.ERROR, f"exception in the app's lifespan\n{traceback_text(self._error)}")


def _failed(message: str, error: BaseException | None) -> StartFailure:
    """Describe a `startup.failed`; its message is often a whole traceback, whose end counts."""
    lines = [line.strip() for line in message.splitlines() if line.strip()]
    unsaid = "the app gave no reason" if error is None else summary(error)
    reason = lines[-1] if lines else unsaid
    return StartFailure(
        "startup", f"lifespan.startup failed: {reason}", message if error is None else error
    )


def _new_answer() -> asyncio.Future[Event | None]:
    return asyncio.get_running_loop().create_future()
