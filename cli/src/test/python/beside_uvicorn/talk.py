"""A client that notes every response, as far as it must be the same from both servers."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import httpx

from beside_uvicorn.sink import Sink
from harness.server import Server

# Of the connection, the server and the moment, not of the app.
NOT_OF_THE_APP = {
    "connection",
    "content-length",
    "date",
    "expires",
    "keep-alive",
    "server",
    "transfer-encoding",
}
TIMEOUT = 30
# What a failed comparison would show of a page.
LONGEST = 5_000


@dataclass(frozen=True)
class Said:
    """One response."""

    question: str
    status: int
    headers: list[tuple[str, str]]
    body: str


class Talk:
    """One client with its cookies, and where the app's reports go that are not for the client."""

    def __init__(self, server: Server, sink: Sink, masks: Iterable[str] = ()) -> None:
        assert isinstance(server.address, tuple)
        self.server = server
        self.sink = sink
        self.said: list[Said] = []
        self._port = re.compile(rf":{server.address[1]}\b")
        self._masks = [re.compile(mask) for mask in masks]
        self.client = httpx.Client(base_url=server.url, timeout=TIMEOUT)

    def __enter__(self) -> Talk:
        return self

    def __exit__(self, *_: object) -> None:
        self.client.close()

    def get(self, path: str, status: int = 200, **how: Any) -> httpx.Response:
        return self.ask("GET", path, status, **how)

    def post(self, path: str, status: int = 200, **how: Any) -> httpx.Response:
        return self.ask("POST", path, status, **how)

    def ask(self, method: str, path: str, status: int = 200, **how: Any) -> httpx.Response:
        """Asks, notes the answer, and holds it to the status that the app means."""
        if status == 500:  # after which uvicorn ends the connection without a word
            how["headers"] = {**how.get("headers", {}), "Connection": "close"}
        response = self.client.request(method, path, **how)
        self.said.append(
            Said(
                self._masked(f"{method} {path}"),
                response.status_code,
                sorted(
                    (name, self._masked(value))
                    for name, value in response.headers.multi_items()
                    if name not in NOT_OF_THE_APP
                ),
                self._text(response.content),
            )
        )
        assert response.status_code == status, (
            f"{method} {path}: {response.status_code} {response.text[:1000]}\n{self.server.tail()}"
        )
        return response

    def _text(self, body: bytes) -> str:
        try:
            text = self._masked(body.decode())
        except UnicodeDecodeError:
            return hashlib.sha256(body).hexdigest()
        if len(text) > LONGEST:
            return f"{text[:LONGEST]} {hashlib.sha256(text.encode()).hexdigest()}"
        return text

    def _masked(self, text: str) -> str:
        """Without the port and the secrets, which differ from run to run."""
        text = self._port.sub(":PORT", text)
        for mask in self._masks:
            text = mask.sub("***", text)
        return text
