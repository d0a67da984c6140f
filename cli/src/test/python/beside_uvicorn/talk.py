"""A client that notes every response, as far as it must be the same from both servers."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx

from beside_uvicorn.sink import Sink
from beside_uvicorn.socket import Socket
from harness.server import Server
from harness.websocket import DEFLATE, Client, refused
from harness.wire import Head

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
# How a WebSocket is compressed is up to the server, too.
OF_THE_HANDSHAKE = {"sec-websocket-accept", "sec-websocket-extensions", "upgrade"}
TIMEOUT = 30
# What a failed comparison would show of a page.
LONGEST = 5_000


@dataclass(frozen=True)
class Said:
    """One response, or what came over a WebSocket."""

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

    @contextmanager
    def websocket(self, path: str, *protocols: str) -> Iterator[Socket]:
        """One that the app accepts, with the cookies of the talk; it is closed at the end."""
        with self.server.connect(timeout=TIMEOUT) as connection:
            client = Client(connection, path, DEFLATE, *self._handshake(protocols))
            assert client.head.one("sec-websocket-extensions"), "compression was not agreed on"
            self._note_handshake(path, client.head)
            socket = Socket(client, lambda text: self.note(f"WEBSOCKET {path}", text))
            yield socket
            socket.leave()

    def no_websocket(self, path: str, status: int, *headers: str) -> None:
        """One that the app refuses, with the status that it means."""
        response = refused(self.server, path, *self._handshake(()), *headers)
        assert response.status == status, f"{path}: {response}\n{self.server.tail()}"
        self._note_handshake(path, Head(response.version, status, []))

    def note(self, question: str, text: str) -> None:
        """What came some other way than as a response of its own."""
        self.said.append(Said(self._masked(question), 0, [], self._text(text.encode())))

    def _handshake(self, protocols: Iterable[str]) -> Iterator[str]:
        cookies = "; ".join(f"{name}={value}" for name, value in self.client.cookies.items())
        if cookies:
            yield f"Cookie: {cookies}"
        if protocols:
            yield f"Sec-WebSocket-Protocol: {', '.join(protocols)}"

    def _note_handshake(self, path: str, head: Head) -> None:
        headers = [
            (name.decode().lower(), self._masked(value.decode("latin-1")))
            for name, value in head.headers
        ]
        apps = sorted(each for each in headers if each[0] not in NOT_OF_THE_APP | OF_THE_HANDSHAKE)
        self.said.append(Said(self._masked(f"WEBSOCKET {path}"), head.status, apps, ""))

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
