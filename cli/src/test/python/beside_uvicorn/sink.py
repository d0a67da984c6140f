"""A place on this machine for what an app sends out; it reads Sentry's envelopes."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from harness.waiting import eventually


class Sink:
    def __init__(self) -> None:
        self.events: list[str] = []
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._http.daemon_threads = True
        self._thread = threading.Thread(target=self._http.serve_forever, daemon=True)
        self._thread.start()

    def __enter__(self) -> Sink:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    @property
    def dsn(self) -> str:
        return f"http://key@127.0.0.1:{self._http.server_port}/1"

    def wait(self, *events: str) -> None:
        """Waits until these events were reported, and no others, in any order."""
        eventually(
            lambda: sorted(self.events) == sorted(events),
            within=20,
            what=f"the events {events}, seen {self.events}",
        )

    def take(self, envelope: bytes) -> None:
        """Lines of JSON: a head, then of each item a head and what it is."""
        lines = iter(envelope.splitlines()[1:])
        for line in lines:
            kind = json.loads(line)["type"]
            payload = json.loads(next(lines))
            if kind == "event":
                self.events.append(_name(payload))


def _name(event: dict[str, Any]) -> str:
    if "exception" in event:
        return str(event["exception"]["values"][-1]["type"])
    return str(event["message"])


def _handler(sink: Sink) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            sink.take(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, format: str, *args: Any) -> None:
            """Nothing: the log is for the servers under test."""

    return Handler
