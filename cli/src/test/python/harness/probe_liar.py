"""A server that says what it was told to say, whatever it hears: for tests of the probes."""

from __future__ import annotations

import json
import socket
import threading
from contextlib import suppress
from typing import Any

CLOSE = b"<close>"
SILENT = b"<silent>"
LIMIT = 10.0


def answer(status: int = 200, body: bytes = b"", *fields: str) -> bytes:
    lines = [f"HTTP/1.1 {status} Scripted", f"Content-Length: {len(body)}", *fields, "", ""]
    return "\r\n".join(lines).encode() + body


def seen(path: str = "/", method: str = "GET", **more: Any) -> bytes:
    """The answer of an app that has seen this."""
    told = {"method": method, "path": path, "headers": [], **more}
    return answer(200, json.dumps(told).encode())


class Liar:
    """Answers what comes, piece by piece, with the next of its lines; after the last with the last.

    `CLOSE` ends the connection, `SILENT` says nothing. Threads of its own, one per connection.
    """

    def __init__(self, *lines: bytes) -> None:
        self._lines = lines
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()

    @property
    def address(self) -> tuple[str, int]:
        host, port = self._listener.getsockname()[:2]
        return str(host), int(port)

    def __enter__(self) -> Liar:
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in self._threads:
            thread.join(LIMIT)
            assert not thread.is_alive(), "a connection outlived the test"

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                thread = threading.Thread(target=self._lie, args=(connection,), daemon=True)
                self._threads.append(thread)
                thread.start()

    def _lie(self, connection: socket.socket) -> None:
        connection.settimeout(LIMIT)
        heard = 0
        with connection, suppress(OSError):
            while connection.recv(65_536):
                line = self._lines[min(heard, len(self._lines) - 1)]
                heard += 1
                if line.endswith(CLOSE):
                    connection.sendall(line.removesuffix(CLOSE))
                    return
                connection.sendall(line.removesuffix(SILENT))
