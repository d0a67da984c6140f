"""WSGI apps, run in a pool of threads by a2wsgi.

A WSGI app cannot be told that its client has gone, so its next read or its next chunk ends in
ClientDisconnected instead. Without that a2wsgi would take a broken upload for a complete one, and
a download nobody reads would hold its thread for good.

Nor can it tell X_Forwarded_For from X-Forwarded-For: both are HTTP_X_FORWARDED_FOR to it. A proxy
in front that sets the one lets the other pass, so names with an underscore are not given to it.
"""

from __future__ import annotations

from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from a2wsgi import WSGIMiddleware

from spvn_bridge.http import ClientDisconnected

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from spvn_bridge.asgi import Event, Receive, Scope, Send


class WsgiAdapter:
    """An ASGI 3 app around a WSGI app."""

    def __init__(self, found: Callable[..., Iterable[bytes]]) -> None:
        attentive: Any = _Attentive(found)
        self._asgi: Any = WSGIMiddleware(attentive)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or go through the lifespan."""
        if scope["type"] != "http":
            await self._asgi(scope, receive, send)
            return
        client = _Client(receive, send)
        _client.set(client)
        try:
            await self._asgi(_unmistakable(scope), client.receive, client.send)
        finally:
            client.gone = True  # so that a thread whose task was cancelled stops too


def _unmistakable(scope: Scope) -> Scope:
    """Return the scope without the headers whose names have an underscore."""
    headers = scope["headers"]
    if not any(b"_" in name for name, _ in headers):
        return scope
    return {**scope, "headers": [each for each in headers if b"_" not in each[0]]}


class _Client:
    """The other end of one request, watched for its going away.

    The loop's thread sets `gone`, the app's thread reads it.
    """

    def __init__(self, receive: Receive, send: Send) -> None:
        self.gone = False
        self._receive = receive
        self._send = send

    async def receive(self) -> Event:
        event = await self._receive()
        if event["type"] == "http.disconnect":
            self.gone = True
            raise ClientDisconnected(_GONE)
        return event

    async def send(self, event: Event) -> None:
        try:
            await self._send(event)
        except ClientDisconnected:
            # a2wsgi's sender must live on, or the app's thread waits for it for good
            self.gone = True


class _Attentive:
    """The WSGI app, whose answer ends when the client has gone."""

    def __init__(self, found: Callable[..., Iterable[bytes]]) -> None:
        self._found = found

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> _Chunks:
        return _Chunks(self._found(environ, start_response), _client.get())


class _Chunks:
    """What the app answered, chunk by chunk."""

    def __init__(self, answer: Iterable[bytes], client: _Client) -> None:
        self._answer = answer
        self._client = client

    def __iter__(self) -> Iterator[bytes]:
        for chunk in self._answer:
            if self._client.gone:
                raise ClientDisconnected(_GONE)
            yield chunk

    def close(self) -> None:
        close = getattr(self._answer, "close", None)
        if close is not None:
            close()


_GONE = "the client has gone"
_client: ContextVar[_Client] = ContextVar("spvn_client")
