"""The functions of `_spvn_host` for a worker process: they speak with the server over `wire`.

They have the contract of the stub `_spvn_host.pyi`. Nothing here blocks: what the server would have
to be asked for it tells by itself, and what it is told it hears when the loop's turn is over.
"""

from __future__ import annotations

import asyncio
import signal
import threading
import time
from types import MethodType, ModuleType
from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias

from spvn_bridge.orders import CANCEL, DRAIN, STOP
from spvn_bridge.remote import wire
from spvn_bridge.remote.arrivals import arrivals
from spvn_bridge.remote.bodies import Bodies
from spvn_bridge.remote.fields import FieldCache
from spvn_bridge.remote.response import ASKED, AWAITED, COMPLETE, Exchange
from spvn_bridge.remote.vitals import Vitals
from spvn_bridge.remote.websocket import ABNORMAL, WebSocket

if TYPE_CHECKING:
    import socket
    from collections import deque
    from collections.abc import Awaitable

    from spvn_bridge.asgi import InboundEvent, Receive, RequestScope, Send, Versions
    from spvn_bridge.files import Region

Message: TypeAlias = "tuple[Any, ...]"
Work: TypeAlias = "tuple[int, RequestScope, Receive, Send]"

SLICE = 300_000  # nanoseconds, after which what a batch has sent so far is handed over
MOST_MESSAGES = 64  # in a batch, so that the server takes it however much each says
GRACE_ALONE = 3.0  # seconds for the end when the server has gone
NONE = 0


class Host:
    """One worker's `_spvn_host`."""

    __slots__ = (
        "_asgi",
        "_bodies",
        "_exchanges",
        "_gone",
        "_in_batch",
        "_loop",
        "_news",
        "_outlet",
        "_receive",
        "_receive_message",
        "_since",
        "_slice",
        "_state",
        "_stop_by",
        "_thread",
        "_todo",
        "_told_end",
        "_vitals",
        "cache",
        "drained",
        "inlet",
        "sent",
    )
    exchange: ClassVar[type[Exchange]] = Exchange

    def __init__(
        self,
        inlet: wire.Inlet,
        outlet: wire.Outlet,
        todo: deque[Any],
        side: socket.socket | None = None,
    ) -> None:
        self.cache = FieldCache()
        self.sent: Awaitable[None]
        self.inlet = inlet
        self._outlet = outlet
        self._todo = todo
        self._exchanges: dict[int, Exchange | WebSocket] = {}
        self._bodies = Bodies()
        self._asgi: Versions = {"version": "", "spec_version": ""}
        self._state: dict[str, Any] = {}
        self._stop_by = 0.0
        self._in_batch = False
        self._since = 0
        self._slice = SLICE
        self._vitals = Vitals(side)
        self._thread = threading.get_ident()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._told_end = False
        self._news = {
            **arrivals(self._exchanges),
            wire.PULL: self._pulled,
            wire.DROP: self._dropped,
            wire.CANCEL: self._cancel,
            wire.LOOK: self._look,
            wire.PULSE: self._pulse,
            wire.STOP: self._stop,
        }

    def install(self, module: ModuleType) -> None:
        """Make this the functions of a module."""
        for name in _FUNCTIONS:
            setattr(module, name, getattr(self, name))
        self._vitals.install(module)

    def bind(self) -> None:
        """Learn what `spvn_bridge.http` has for this side; it imports the module of these."""
        from spvn_bridge import http  # noqa: PLC0415

        self.sent = http.SENT
        self.drained = http.drained
        self._receive = http.receive
        self._receive_message = http.receive_message
        self._gone = http.ClientDisconnected

    def client_gone(self) -> Exception:
        """Make the exception that says so."""
        return self._gone("the client has disconnected")

    # ---- requests

    def take(self) -> Work | int | None:
        """Return the next piece of work."""
        todo = self._todo
        try:
            while todo:
                message = todo.popleft()
                if message[0] == wire.REQUEST:
                    return self._begin(message)
                work = self._news[message[0]](message)
                if work is not None:
                    return work
        except MemoryError:
            wire.give_up("there is no memory for a request")
        if self.inlet.ended and not self._told_end:
            return self._server_gone()
        return None

    def _begin(self, message: Message) -> Work:
        _, number, scope, body, more = message
        self._outlet.begun += 1
        self._in_batch = True
        scope["asgi"] = self._asgi.copy()
        scope["state"] = self._state.copy()
        path = scope["path"]
        if type(path) is bytes:  # it is not ASCII
            scope["path"] = path.decode("utf-8", "replace")
        if scope["type"] == "websocket":
            socket = WebSocket(number, self, scope["subprotocols"])
            self._exchanges[number] = socket
            return number, scope, MethodType(self._receive_message, number), socket.send
        exchange = self.exchange(number, self, silent=scope["method"] == "HEAD")
        if body is None:
            exchange.asked = ASKED  # the first event comes unasked
        else:
            exchange.events.append((body, more))
        self._exchanges[number] = exchange
        return number, scope, MethodType(self._receive, number), exchange.send

    def receive(self, number: int) -> InboundEvent | None:
        """Return the next event for the app, or None: this exchange will be woken."""
        exchange = self._exchanges.get(number)
        if exchange is None or exchange.gone or exchange.state == COMPLETE:
            return {"type": "http.disconnect"}
        if not exchange.events:
            self._want(exchange, AWAITED)
            return None
        if isinstance(exchange, WebSocket):
            return exchange.next_event()
        event = exchange.events[0]
        if event is None:
            return {"type": "http.disconnect"}
        exchange.events.pop(0)
        body, more = event
        if more:
            self._want(exchange, ASKED)
        return {"type": "http.request", "body": body, "more_body": more}

    def _want(self, exchange: Exchange | WebSocket, how: int) -> None:
        """Ask for the next event, ahead of the app or since it waits.

        A client that waits for leave to send its body gets it when the app waits.
        """
        if exchange.asked < how:
            exchange.asked = how
            self.add([wire.WANT, exchange.number])

    def writable(self, number: int) -> bool:
        """Tell whether `send()` may go on."""
        exchange = self._exchanges.get(number)
        if exchange is None:
            return True
        if exchange.gone:
            raise self.client_gone()
        return not exchange.full

    def ended(self, number: int, traceback: str | None) -> None:
        """Say that the app returned (None) or what it raised."""
        exchange = self._exchanges.pop(number, None)
        if exchange is None:
            return
        exchange.over = True
        try:
            messages = self._outlet.messages
            last = messages[-1] if messages else _NOTHING
            if traceback is None and last[0] == wire.RESPONSE and last[1] == number:
                last[0] = wire.ANSWERED
            else:
                self.add([wire.ENDED, number, traceback])
        except MemoryError:
            wire.give_up("there is no memory for an answer")

    def flush(self) -> None:
        """Hand over what was sent, and how many requests were begun."""
        self._in_batch = False
        self._outlet.flush()

    # ---- what exchanges send by

    def add(self, message: list[Any]) -> None:
        """Send a message: at the end of the batch or of the loop's turn, or of a slice of time."""
        messages = self._outlet.messages
        messages.append(message)
        if len(messages) == 1:
            self._since = time.monotonic_ns()
            if not self._in_batch:
                self._flush_soon()
        elif self._is_here() and (
            len(messages) >= MOST_MESSAGES or time.monotonic_ns() - self._since > self._slice
        ):
            self._outlet.flush()

    def large(self, number: int, body: bytes, *, more: bool) -> None:
        """Offer a body that the server pulls."""
        kept = self._bodies.keep(memoryview(body))
        self.add([wire.LARGE, number, kept, float(len(body)), more])

    def file(self, number: int, region: Region, *, more: bool) -> None:
        """Offer a part of a file that the server pulls; take over the descriptor."""
        kept = self._bodies.keep(region)
        self.add([wire.LARGE, number, kept, float(region[2]), more])

    def _flush_soon(self) -> None:
        loop = self._loop
        try:
            if loop is None:
                self._outlet.flush()
            elif self._is_here():
                loop.call_soon(self.flush)  # also when the loop was left, which is entered again
            else:
                loop.call_soon_threadsafe(self.flush)
        except MemoryError:  # nobody would send what waits
            wire.give_up("there is no memory for an answer")

    def _is_here(self) -> bool:
        return threading.get_ident() == self._thread

    # ---- what the server says

    def _pulled(self, message: Message) -> None:
        """Send the next piece of a body."""
        piece = self._bodies.take(message[1])
        if piece:
            self._outlet.piece(message[1], piece)
        elif piece is not None:
            self.add([wire.LOST, message[1]])

    def _dropped(self, message: Message) -> None:
        self._bodies.drop(message[1])

    def _cancel(self, message: Message) -> int:
        number: int = message[1]
        return CANCEL - number

    def _look(self, _message: Message) -> int:
        return DRAIN

    def _pulse(self, _message: Message) -> None:
        self.add([wire.RESTED, self._vitals.rested()])

    def _stop(self, message: Message) -> int:
        self._stop_by = time.monotonic() + message[1]
        return STOP

    def _server_gone(self) -> int:
        """End: nobody is there to be served."""
        self._told_end = True
        if self._loop is not None:
            self._loop.remove_reader(self.inlet.listens)
        for number, exchange in list(self._exchanges.items()):
            exchange.leave()
            if isinstance(exchange, WebSocket):
                exchange.closed(ABNORMAL, "")
            self._todo.append((wire.GONE, number))
        self._stop_by = time.monotonic() + GRACE_ALONE
        return STOP

    # ---- the worker's life

    def serving(
        self, _wake_fd: int, template: dict[str, Any], asgi: Versions, state: dict[str, Any]
    ) -> None:
        """Say that start-up is over: requests may come."""
        del template  # the server has it
        self._loop = asyncio.get_running_loop()
        self._asgi, self._state = asgi, state
        self._thread = threading.get_ident()
        self._outlet.attach(self._loop)
        self.add([wire.SERVING])

    def leave(self, number: int, _frame: object) -> None:
        """Ask the server to let this worker go: the handler of a signal."""
        name = signal.Signals(number).name
        loop = self._loop
        if loop is None:
            raise SystemExit(128 + number)
        loop.call_soon_threadsafe(self.add, [wire.LEAVING, name])

    def drain(self, number: int, listener: int) -> int:
        """Tell the server who waits in `receive()`; what follows comes as a message.

        That depends on what kind of response it is, which the server may not have heard.
        """
        exchange = self._exchanges.get(number)
        if exchange is not None:
            exchange.say_start()
        self.add([wire.LISTENS, number, listener])
        return NONE

    def grace(self) -> float:
        """Return the seconds that the end may still take."""
        return max(0.0, self._stop_by - time.monotonic())

    def waits_for(self, what: str, served: bool) -> None:  # noqa: FBT001 - the contract
        """Say what the stop waits for."""
        self.add([wire.WAITS, what, served])

    def log(self, level: int, message: str) -> None:
        """Write one record to the server's log."""
        self.add([wire.LOG, level, message])

    def deaf(self) -> None:
        """Say that nothing is listened to any more."""
        self.add([wire.DEAF])
        self._loop = None
        self._outlet.detach()
        self._outlet.flush()

    def hand_over(self) -> None:
        """Let the server pull the bodies that it has not pulled yet, once the loop has gone."""
        self.inlet.block(self.grace)
        self._pull_all()
        while self._bodies and not self.inlet.ended:
            self.inlet.hush()
            self._pull_all()

    def _pull_all(self) -> None:
        while self._todo:
            message = self._todo.popleft()
            if message[0] in (wire.PULL, wire.DROP):
                self._news[message[0]](message)

    def result(self, outcome: str, message: str, traceback: str, module: str) -> None:
        """Say how the worker ended: the last that is said."""
        self.add([wire.RESULT, outcome, message, traceback, module])
        self._outlet.flush()


_FUNCTIONS = (
    "take",
    "receive",
    "writable",
    "ended",
    "flush",
    "serving",
    "drain",
    "grace",
    "waits_for",
    "log",
    "deaf",
)
_NOTHING = [-1]
