"""A server whose app waits for a file, with its admin address; and what that must always answer."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from harness.admin import Admin
from harness.server import Server
from harness.wire import Connection, request

TARGET = "watched:app"
SOON = 1.0

OK = (200, "ok")
STARTING = (503, "starting")
STOPPING = (503, "stopping")
LOST = (503, "all workers are lost")


class Watched:
    """A server whose app waits for a file, and its admin address."""

    def __init__(self, server: Server, gate: Path) -> None:
        self.server = server
        self.admin = Admin.of(server)
        self._gate = gate

    def open_gate(self) -> None:
        self._gate.touch()

    def connect(self) -> Connection:
        return self.server.connect()

    def block(self, connection: Connection) -> None:
        """Leaves the app's loop blocked until the gate is open."""
        connection.send(request("/block"))
        self.server.wait_log("the loop is blocked")

    def crowd(self, opened: ExitStack, count: int, *, waiting: int) -> list[Connection]:
        """Clients of whom the first blocks the app and the others ask, until so many wait."""
        clients = [opened.enter_context(self.connect()) for _ in range(count)]
        self.block(clients[0])
        for client in clients[1:]:
            client.send(request("/"))
        self.admin.await_metric("spvn_queue_depth", waiting)
        return clients

    def release(self, clients: list[Connection]) -> None:
        """Opens the gate: each of them gets its answer."""
        self.open_gate()
        for client in clients:
            assert client.read_response().status == 200


Watch = Callable[..., Watched]


def assert_answers_soon(admin: Admin, ready: tuple[int, str] = OK) -> None:
    """Both sides of health and the metrics, each within a second."""
    assert admin.live(timeout=SOON) == OK
    assert admin.ready(timeout=SOON) == ready
    assert admin.metrics(timeout=SOON)


def requests(method: str, status: int) -> str:
    return f'spvn_requests_total{{method="{method}",status="{status}"}}'


def refusals(reason: str) -> str:
    return f'spvn_refusals_total{{reason="{reason}"}}'
