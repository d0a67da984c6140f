"""The status of a server for people: the names in its JSON, and a server to ask for it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from harness.admin import ANY_PORT, Admin
from harness.command import Command
from harness.server import Server

TOP = {
    "state",
    "ready",
    "ready_reason",
    "app",
    "spvn_version",
    "java_version",
    "python_version",
    "pid",
    "started_at",
    "uptime_seconds",
    "addresses",
    "admin_address",
    "settings",
    "requests",
    "latency",
    "queue",
    "connections_open",
    "streams_open",
    "websockets_open",
    "memory",
    "refusals_total",
    "restarts_total",
    "workers",
    "oldest_requests",
    "series",
}
INNER = {
    "requests": {
        "per_second",
        "total",
        "in_flight",
        "server_errors_total",
        "by_class_total",
        "by_version_total",
    },
    "latency": {"window_seconds", "count", "p50_seconds", "p90_seconds", "p99_seconds"},
    "queue": {"depth", "bound"},
    "memory": {"resident_bytes", "heap_used_bytes", "heap_max_bytes", "held_bytes"},
    "series": {
        "step_seconds",
        "requests_per_second",
        "server_errors",
        "p50_seconds",
        "p90_seconds",
        "p99_seconds",
        "queue_depth",
        "in_flight",
        "loop_lag_seconds",
        "refusals",
    },
}
WORKER = {
    "worker",
    "kind",
    "pid",
    "state",
    "in_flight",
    "requests_taken",
    "loop_lag_seconds",
    "busy_ratio",
    "restarts",
    "resident_bytes",
    "blocked",
    "blocked_seconds",
    "blocked_by",
    "stack",
}
REQUEST = {"method", "path", "age_seconds", "worker", "worker_blocked", "blocks_worker"}


class Node:
    """A server, and what its admin address says of it."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.admin = Admin.of(server)

    @property
    def url(self) -> str:
        return self.admin.url

    def status(self) -> dict[str, Any]:
        response = self.admin.ask("/status", timeout=1.0)
        assert response.status == 200
        assert response.one("content-type") == b"application/json; charset=utf-8"
        found = json.loads(response.body)
        assert isinstance(found, dict)
        return found


@contextmanager
def hanging(command: Command, kind: str) -> Iterator[Node]:
    """A server of an app that blocks its loop on demand, which is noticed soon."""
    options = ("--worker-hang-timeout", "500ms", "--isolation", kind)
    with Server(command, "hangs:app", *ANY_PORT, *options) as server:
        yield Node(server)
