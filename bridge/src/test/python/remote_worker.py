"""The host of a worker process, and its server."""

from __future__ import annotations

import sys
from collections import deque
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from compiled import compiled
from conftest import in_loop
from remote_server import RemoteServer
from spvn_bridge.remote import wire
from spvn_bridge.remote.host import Host

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

DISCONNECT = {"type": "http.disconnect"}
START = {"type": "http.response.start", "status": 200}
LAST = {"type": "http.response.body", "body": b"ok"}
PYTHON = SimpleNamespace(Host=Host, Inlet=wire.Inlet, Outlet=wire.Outlet)


class Worker:
    """A host and its server."""

    def __init__(self, parts: Any = PYTHON) -> None:
        self.server = RemoteServer()
        todo: deque[Any] = deque()
        self.inlet: wire.Inlet = parts.Inlet(self.server.childs_down, todo)
        self.outlet: wire.Outlet = parts.Outlet(self.server.childs_up)
        self.host: Host = parts.Host(self.inlet, self.outlet, todo)
        self.inlet.unblock()
        self.tell = self.server.tell

    def serve(self, body: Callable[[], Awaitable[None]]) -> None:
        """Run something on a loop on which the host serves."""

        async def serving() -> None:
            self.host.serving(-1, {}, {"version": "3.0", "spec_version": "2.5"}, {"pool": 7})
            self.host.flush()
            assert self.server.hear() == [wire.SERVING]
            await body()
            self.host.deaf()

        in_loop(serving)

    def take(self) -> Any:
        self.inlet.hush()
        return self.host.take()

    def takes(self) -> list[Any]:
        """All that there is to do."""
        self.inlet.hush()
        return list(iter(self.host.take, None))

    def request(self, number: int = 5, body: bytes | None = b"", *, more: Any = False) -> Any:
        """A request comes; its scope, receive and send."""
        self.tell((wire.REQUEST, number, scope(), body, more))
        taken, *call = self.take()
        assert taken == number
        return SimpleNamespace(scope=call[0], receive=call[1], send=call[2])

    def heard(self) -> list[Any]:
        self.host.flush()
        return self.server.hear()


def scope(**changes: Any) -> dict[str, Any]:
    return {"type": "http", "method": "GET", "path": "/", **changes}


@pytest.fixture(params=["python", "compiled"])
def worker(request: pytest.FixtureRequest) -> Iterator[Worker]:
    made = Worker(PYTHON if request.param == "python" else compiled())
    module = sys.modules["_spvn_host"]
    before = dict(vars(module))
    made.host.install(module)
    made.host.bind()
    yield made
    vars(module).update(before)
    made.server.close()


async def offered(worker: Worker, data: bytes) -> int:
    request = worker.request()
    await request.send(START)
    await request.send({"type": "http.response.body", "body": data})
    worker.host.ended(5, None)
    assert worker.heard() == [wire.START, 5, 200, b""]
    kind, number, body, size, more = worker.heard()
    assert (kind, number, size, more) == (wire.LARGE, 5, float(len(data)), False)
    assert worker.heard() == [wire.ENDED, 5, None]
    which: int = body
    return which
