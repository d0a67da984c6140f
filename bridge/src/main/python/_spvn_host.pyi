"""The functions Java gives to each interpreter.

Call them on the worker's thread only, but for `stack`.

This stub is for type checkers; at run time Java makes the module and enters it in `sys.modules`.
"""

from typing import Any, Literal

from spvn_bridge.asgi import InboundEvent, Receive, RequestScope, Send, Versions

def take() -> tuple[int, RequestScope, Receive, Send] | int | None:
    """Return the next piece of work.

    A tuple is a new request. A number from zero up is an exchange whose waiters have to look again;
    other numbers are those of `spvn_bridge.orders`: STOP begins the shutdown; DRAIN asks for a
    `drain()` of each request; CANCEL less an exchange's number ends its task; what else is below
    STOP is a signal for the app, STOP less the signal's number. None means that nothing is left:
    from now on the wake descriptor is written when something comes. After a request Java expects a
    `flush()` from the same run of `take()` calls.
    """

def receive(exchange_id: int, /) -> InboundEvent | None:
    """Return the next event for the app, or None: this exchange will be woken."""

def writable(exchange_id: int, /) -> bool:
    """Tell whether `send()` may go on; False means that this exchange will be woken.

    Raise ClientDisconnected when the client has gone.
    """

def ended(exchange_id: int, traceback: str | None, /) -> None:
    """Say that the app returned (None) or what it raised. The exchange is over."""

def serving(
    wake_fd: int, template: dict[str, Any], asgi: Versions, state: dict[str, Any], /
) -> None:
    """Say that start-up is over: requests may come. `template` holds the constant scope keys."""

def signal(name: str, action: Literal["default", "ignore", "tell"], /) -> bool:
    """Say what is to happen on a signal, named without its SIG; False: it is not the app's."""

def drain(exchange_id: int, listener: int, /) -> int:
    """Return what follows for a request when the server stops: NONE, TELL or CANCEL.

    `listener` says who waits in its `receive()`. TELL means that it has to ask again.
    """

def waits_for(what: str, served: bool, /) -> None:
    """Say what the stop waits for; `served` from when the app's lifespan is over."""

def grace() -> float:
    """Return the seconds that the server's shutdown may still take; to be asked on STOP."""

def flush() -> None:
    """Hand what was sent so far to the responder."""

def log(level: int, message: str, /) -> None:
    """Write one record to the server's log; the levels are those of Python's logging."""

def refused(module: str, /) -> bool:
    """Say that a module does not load here; True: workers follow in which it does."""

def rests() -> None:
    """Say that the event loop has nothing to run and goes to sleep."""

def goes_on() -> None:
    """Say that the event loop was woken."""

def idle_time(function: int, loop: int, /) -> None:
    """Give Java the addresses of `uv_metrics_idle_time` and of the loop that it is to be asked for.

    Such a loop does not call `rests()` and `goes_on()`. Zeros: it is about to be closed.
    """

def deaf() -> None:
    """Say that the wake descriptor is not listened to any more: a silence means nothing now."""

def watched() -> bool:
    """Tell whether Java reports an event loop that does not come back."""

def watching(wake_fd: int, /) -> None:
    """Say that a `stack()` follows each time this descriptor is written."""

def stack(text: str, exchange_id: int, /) -> None:
    """Give the stack of the worker's thread. Call this on the thread that watches it."""
