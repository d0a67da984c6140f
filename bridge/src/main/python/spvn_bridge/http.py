"""One task per request, and the two halves of its conversation that live in Python.

`receive` and `drained` are coroutines of an exchange's number. When Java has nothing for them they
wait on a future kept here under that number. Such a future carries no event: it only wakes, and
the coroutine it wakes asks Java again. So a `receive()` that is cancelled loses nothing, and of
two that wait at the same time each gets the next event.

Everything here runs on the worker's thread, inside its loop.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Coroutine
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, Final

import _spvn_host
from spvn_bridge.failure import inner_exceptions, traceback_text

if TYPE_CHECKING:
    from types import TracebackType

    from spvn_bridge.asgi import App, InboundEvent, Receive, RequestScope, Send


ABNORMAL: Final = 1006  # RFC 6455 section 7.4.1: there was no close


class ClientDisconnected(ConnectionError):
    """Raised by `send()` when the client has gone: an OSError, as ASGI 2.4 asks for."""


class _Sent(tuple[()], Coroutine[Any, Any, None]):
    """The awaitable of a `send()` that is over already; one object serves all of them.

    To await it is to iterate over an empty tuple, which runs no Python code. It is a coroutine
    too, for callers who give what `send()` returns to `create_task()`.
    """

    __slots__ = ()
    __await__ = tuple.__iter__  # type: ignore[assignment]

    def send(self, _value: None) -> None:
        """End at once."""
        raise StopIteration

    def throw(  # type: ignore[override]
        self,
        kind: type[BaseException] | BaseException,
        value: BaseException | None = None,
        where: TracebackType | None = None,
    ) -> None:
        """Raise what the caller throws in: nobody is here to catch it."""
        error = kind if isinstance(kind, BaseException) else value or kind()
        raise error.with_traceback(where)

    def close(self) -> None:
        """Do nothing: it is over."""


SENT: Final = _Sent()


async def receive(exchange_id: int) -> InboundEvent:
    """Return the next event of a request; the app's `receive` is a method of its number."""
    while True:
        event = _spvn_host.receive(exchange_id)
        if event is not None:
            return event
        await _news(exchange_id, asyncio.current_task())


async def receive_message(exchange_id: int) -> InboundEvent:
    """Return the next event of a WebSocket, likewise."""
    event = await receive(exchange_id)
    if event["type"] == "http.disconnect":  # of what the host does not know any more
        return {"type": "websocket.disconnect", "code": ABNORMAL, "reason": ""}
    return event


async def drained(exchange_id: int) -> None:
    """Wait until the client has taken enough of what was sent; raise when it has gone."""
    while not _spvn_host.writable(exchange_id):
        await _news(exchange_id, None)


def request_flush() -> None:
    """Have what was sent outside of a batch handed over at the end of the loop's present turn."""
    asyncio.get_running_loop().call_soon(_spvn_host.flush)


def wake(exchange_id: int) -> None:
    """Let all that wait for this exchange ask Java again."""
    for waiter in _waiters.pop(exchange_id, ()):
        if not waiter.done():
            waiter.set_result(None)


# Who waits for news of an exchange, each with the task that is in `receive()`; None is in `send()`.
_waiters: dict[int, dict[asyncio.Future[None], asyncio.Task[Any] | None]] = {}


async def _news(exchange_id: int, receives: asyncio.Task[Any] | None) -> None:
    waiter = asyncio.get_running_loop().create_future()
    _waiters.setdefault(exchange_id, {})[waiter] = receives
    try:
        await waiter
    except BaseException:
        _forget(exchange_id, waiter)
        raise


def _forget(exchange_id: int, waiter: asyncio.Future[None]) -> None:
    """Drop a cancelled waiter, so that an app that polls with time-outs leaves none behind."""
    waiters = _waiters.get(exchange_id, {})
    waiters.pop(waiter, None)
    if not waiters:
        _waiters.pop(exchange_id, None)


# Who waits in `receive()`, and what follows for a request when the server stops, as Java numbers it
NOBODY, OTHER_TASK, OWN_TASK = range(3)
NONE, TELL, CANCEL = range(3)


def _listener(exchange_id: int, own: asyncio.Task[None]) -> int:
    tasks = [each for each in _waiters.get(exchange_id, {}).values() if each is not None]
    if not tasks:
        return NOBODY
    return OWN_TASK if own in tasks else OTHER_TASK


_number: Final = ContextVar[int]("spvn_exchange")


class Requests:
    """The requests in progress on one loop.

    Each has a real task with a context of its own. The loop itself keeps only weak references to
    tasks, so those that are not over at once are kept in `pending`.
    """

    def __init__(self, app: App, loop: asyncio.AbstractEventLoop) -> None:
        self.pending: dict[asyncio.Task[None], int] = {}
        self._app = app
        self._loop = loop
        self._stopped = False
        self._dismissed: set[int] = set()

    if sys.version_info >= (3, 12):

        def start(
            self, exchange_id: int, scope: RequestScope, receive: Receive, send: Send
        ) -> None:
            """Run the app at once, up to where it first has to wait."""
            run = self._run(exchange_id, scope, receive, send)
            task = asyncio.Task(run, loop=self._loop, eager_start=True)
            if not task.done():
                self._keep(task, exchange_id)

    else:

        def start(
            self, exchange_id: int, scope: RequestScope, receive: Receive, send: Send
        ) -> None:
            """Run the app from the loop's next turn on."""
            run = self._run(exchange_id, scope, receive, send)
            self._keep(asyncio.Task(run, loop=self._loop), exchange_id)

    def at_work(self) -> int:
        """Return the number of the request whose code runs, or -1. For any thread."""
        task = asyncio.current_task(self._loop)
        return -1 if task is None else self._request_of(task)

    if sys.version_info >= (3, 12):

        def _request_of(self, task: asyncio.Task[Any]) -> int:
            """Return it of a task that the app has made, too: that has its maker's context."""
            return task.get_context().get(_number, -1)

    else:

        def _request_of(self, task: asyncio.Task[Any]) -> int:
            return self.pending.get(task, -1)

    async def some_time(self, seconds: float) -> None:
        """Wait until those now in progress are over; for a turn of the loop when there are none."""
        if self.pending:
            await asyncio.wait(self.pending, timeout=seconds)
        else:
            await asyncio.sleep(0)

    async def cancel(self, seconds: float) -> None:
        """Cancel what is in progress, because the worker stops, and wait for that."""
        self._stopped = True
        for task in self.pending:
            task.cancel()
        await self.some_time(seconds)

    def drain(self) -> None:
        """Bring requests to their end that Java does not want to wait for: the server stops."""
        for task, exchange_id in list(self.pending.items()):
            order = _spvn_host.drain(exchange_id, _listener(exchange_id, task))
            if order == TELL:
                wake(exchange_id)
            elif order == CANCEL:
                self._dismiss(task, exchange_id)

    def dismiss(self, exchange_id: int) -> None:
        """Cancel a request that Java does not want to wait for any longer."""
        for task, number in list(self.pending.items()):
            if number == exchange_id:
                self._dismiss(task, number)

    def _dismiss(self, task: asyncio.Task[None], exchange_id: int) -> None:
        self._dismissed.add(exchange_id)
        task.cancel()

    def _keep(self, task: asyncio.Task[None], exchange_id: int) -> None:
        self.pending[task] = exchange_id
        task.add_done_callback(self.pending.pop)

    async def _run(
        self, exchange_id: int, scope: RequestScope, receive: Receive, send: Send
    ) -> None:
        """Call the app and tell Java how that ended; nothing the app raises goes further."""
        try:
            _number.set(exchange_id)
            await self._app(scope, receive, send)
        except BaseException as error:
            if isinstance(error, GeneratorExit) and not _in_loop():
                raise  # not the app's: the interpreter ends, and Java listens no more
            dismissed = exchange_id in self._dismissed
            self._dismissed.discard(exchange_id)
            _spvn_host.ended(exchange_id, self._words(error, dismissed=dismissed))
        else:
            _spvn_host.ended(exchange_id, None)
        if exchange_id in _waiters:
            wake(exchange_id)

    def _words(self, error: BaseException, *, dismissed: bool) -> str | None:
        if dismissed and isinstance(error, asyncio.CancelledError):
            return None
        if self._stopped and isinstance(error, asyncio.CancelledError):
            return "CancelledError: the server stopped before the app was done\n"
        return None if only_disconnected(error) else traceback_text(error)


def _in_loop() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


def only_disconnected(error: BaseException) -> bool:
    """Tell whether the client's going is all that this exception, or group of them, says.

    Groups may hold groups to any depth.
    """
    waiting, seen = [error], set[int]()
    while waiting:
        each = waiting.pop()
        if _is_disconnect(each):
            continue
        group = inner_exceptions(each)
        if not group or id(each) in seen:
            return False
        seen.add(id(each))
        waiting += group
    return True


_OF_FRAMEWORKS = ("ClientDisconnect", "WebSocketDisconnect")


def _is_disconnect(error: BaseException) -> bool:
    """Tell an exception that says so; Starlette says it with classes of its own."""
    return isinstance(error, ClientDisconnected) or type(error).__name__ in _OF_FRAMEWORKS
