"""What a worker process runs, from its first message to its last."""

from __future__ import annotations

import signal
import sys
from collections import deque
from types import ModuleType
from typing import TYPE_CHECKING, Any

from spvn_bridge.remote import fresh, native, wire
from spvn_bridge.remote.host import Host

if TYPE_CHECKING:
    import socket

    from spvn_bridge.asgi import App


def main(
    down: socket.socket, up: socket.socket, side: socket.socket | None, app: App | None = None
) -> None:
    """Serve one server until it says stop or is gone.

    `down` and `up` are the connections from it and to it; by `side`, if there is one, it asks for
    stacks. An `app` that was imported before the fork is not imported again.
    """
    todo: deque[Any] = deque()
    inlet, outlet = native.best(wire.Inlet)(down, todo), native.best(wire.Outlet)(up)
    host = native.best(Host)(inlet, outlet, todo, side)
    host.install(_host_module())
    while not todo and not inlet.ended:
        inlet.hush()
    if inlet.ended:
        return
    _kind, settings = todo.popleft()
    fresh.install()
    inlet.unblock()
    host.bind()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, host.leave)

    from spvn_bridge import worker  # noqa: PLC0415 - it needs the functions installed above

    result = worker.main(settings, inlet, app)
    host.hand_over()
    host.result(result["outcome"], result["message"], result["traceback"], result["module"])
    up.close()


def _host_module() -> ModuleType:
    """Return the module `_spvn_host`, which may have been imported before the fork."""
    return sys.modules.setdefault("_spvn_host", ModuleType("_spvn_host"))
