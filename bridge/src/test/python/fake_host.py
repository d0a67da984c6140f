"""A stand-in for what Java gives a worker: the module `_spvn_host` and the exchanges behind it."""

from __future__ import annotations

import os
import struct
import sys
import threading
from collections import deque
from types import MethodType, ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

STOP = -1
OWN_SIGNALS = {"INT", "TERM", "SEGV"}
DRAIN = -1000
LAST_EVENT = {"type": "http.request", "body": b"", "more_body": False}
DISCONNECT = {"type": "http.disconnect"}


class FakeExchange:
    """One request as Java sees it.

    The client reads nothing while `full`; it may be `gone`, for instance after `patience` messages.
    """

    def __init__(self, host: FakeHost, number: int, events: tuple[dict[str, Any], ...]) -> None:
        self.id = number
        self.scope: dict[str, Any] = {"type": "http", "path": f"/{number}"}
        self.events = deque(events)
        self.sent: list[dict[str, Any]] = []
        self.full = False
        self.gone = False
        self.patience = 0
        self._host = host

    def put(self, event: dict[str, Any]) -> None:
        """An event arrives for the app."""
        self.events.append(event)
        self._host.submit(self.id)

    def drain(self) -> None:
        """The client has read everything."""
        self.full = False
        self._host.submit(self.id)

    def leave(self) -> None:
        """The client goes away."""
        self.gone = True
        self.put(DISCONNECT)

    def send(self, event: dict[str, Any]) -> Awaitable[None]:
        from spvn_bridge import http  # noqa: PLC0415 - it imports the module made below

        self._require_client()
        self.sent.append(event)
        self.gone = len(self.sent) == self.patience
        http.request_flush()
        return http.drained(self.id) if self.full else http.SENT

    def writable(self) -> bool:
        self._require_client()
        return not self.full

    def work(self) -> tuple[int, Any, Any, Any]:
        from spvn_bridge import http  # noqa: PLC0415

        return self.id, self.scope, MethodType(http.receive, self.id), self.send

    def _require_client(self) -> None:
        from spvn_bridge import http  # noqa: PLC0415

        if self.gone:
            raise http.ClientDisconnected("the client has gone")


class FakeHost:
    """All of Java that a worker sees. `calls` is the order in which it was called."""

    def __init__(self) -> None:
        self.exchanges: dict[int, FakeExchange] = {}
        self.over: list[tuple[int, str | None]] = []
        self.logs: list[tuple[int, str]] = []
        self.calls: list[str] = []
        self.asleep = False
        self.seconds_to_stop = 5.0
        self.looked_at: list[tuple[int, int]] = []
        self.orders: dict[int, int] = {}
        self.waited_for: list[tuple[str, bool]] = []
        self.wake_fd: int | None = None
        self.served: tuple[dict[str, Any], dict[str, Any], dict[str, Any]] | None = None
        self.at_work: list[bool] = []
        self.deafened = False
        self.hang_timeout = 0.0
        self.watch_fd: int | None = None
        self.stacks: list[str] = []
        self.stack_numbers: list[int] = []
        self.refused_modules: list[str] = []
        self.others_follow = False
        self.stack_came = threading.Event()
        self.idle_times: list[tuple[int, int]] = []
        self.signals: dict[str, str] = {}
        self.signalled: list[int] = []
        self.on_serving: Callable[[], None] = lambda: None
        self.on_ended: Callable[[int], None] = lambda _number: None
        self._work: deque[Any] = deque()

    # What a test does in Java's place

    def request(self, *events: dict[str, Any]) -> FakeExchange:
        """A request arrives; without events given it has an empty body."""
        number = len(self.exchanges)
        exchange = FakeExchange(self, number, events or (LAST_EVENT,))
        self.exchanges[number] = exchange
        self.submit(exchange.work())
        return exchange

    def stop(self) -> None:
        self.submit(STOP)

    def submit(self, work: Any) -> None:
        self._work.append(work)
        if self.asleep:
            self.asleep = False
            self.ring()

    def ring(self) -> None:
        if self.wake_fd is not None:
            os.write(self.wake_fd, struct.pack("=Q", 1))

    def ask_for_stack(self) -> None:
        assert self.watch_fd is not None, "nobody watches"
        self.stack_came.clear()
        os.write(self.watch_fd, struct.pack("=Q", 1))

    def said(self, level: int) -> list[str]:
        return [message for logged, message in self.logs if logged == level]

    # What the worker calls

    def take(self) -> Any:
        self.calls.append("take")
        if self._work:
            return self._work.popleft()
        self.asleep = True
        return None

    def receive(self, number: int) -> dict[str, Any] | None:
        events = self.exchanges[number].events
        return events.popleft() if events else None

    def writable(self, number: int) -> bool:
        return self.exchanges[number].writable()

    def ended(self, number: int, traceback: str | None) -> None:
        self.calls.append("ended")
        self.over.append((number, traceback))
        self.on_ended(number)

    def serving(
        self, wake_fd: int, template: dict[str, Any], asgi: dict[str, Any], state: dict[str, Any]
    ) -> None:
        self.calls.append("serving")
        self.wake_fd = wake_fd
        self.served = (template, asgi, state)
        self.on_serving()

    def signal(self, name: str, action: str) -> bool:
        if name in OWN_SIGNALS:
            return False
        self.signals[name] = action
        return True

    def grace(self) -> float:
        return self.seconds_to_stop

    def drain(self, number: int, listener: int) -> int:
        self.looked_at.append((number, listener))
        return self.orders.pop(number, 0)

    def waits_for(self, what: str, served: bool) -> None:  # noqa: FBT001 - as Java takes it
        self.waited_for.append((what, served))

    def flush(self) -> None:
        self.calls.append("flush")

    def log(self, level: int, message: str) -> None:
        self.logs.append((level, message))

    def refused(self, module: str) -> bool:
        self.refused_modules.append(module)
        return self.others_follow

    def rests(self) -> None:
        self.at_work.append(False)

    def goes_on(self) -> None:
        self.at_work.append(True)

    def idle_time(self, function: int, loop: int) -> None:
        self.idle_times.append((function, loop))

    def deaf(self) -> None:
        self.deafened = True

    def watched(self) -> bool:
        return self.hang_timeout > 0

    def watching(self, wake_fd: int) -> None:
        self.watch_fd = wake_fd

    def stack(self, text: str, exchange_id: int) -> None:
        self.stacks.append(text)
        self.stack_numbers.append(exchange_id)
        self.stack_came.set()


FUNCTIONS = (
    "take",
    "receive",
    "writable",
    "ended",
    "serving",
    "signal",
    "drain",
    "waits_for",
    "grace",
    "flush",
    "log",
    "refused",
    "rests",
    "goes_on",
    "idle_time",
    "deaf",
    "watched",
    "watching",
    "stack",
)


def install(host: FakeHost) -> None:
    """Make `host` what `import _spvn_host` gives, also to those who imported it before."""
    module: Any = sys.modules.setdefault("_spvn_host", ModuleType("_spvn_host"))
    for name in FUNCTIONS:
        setattr(module, name, getattr(host, name))
