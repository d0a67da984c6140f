"""The vocabulary of ASGI 3 as types: what an app is called with, receives and sends."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Literal, Protocol, TypeAlias, TypedDict

Scope: TypeAlias = MutableMapping[str, Any]
Event: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Event]]
Send: TypeAlias = Callable[[Event], Awaitable[None]]


class App(Protocol):
    """An ASGI 3 application. Frameworks do not agree about the type of its scope."""

    def __call__(self, scope: Any, receive: Receive, send: Send, /) -> Awaitable[None]:  # noqa: ANN401
        """Answer one connection."""


class Versions(TypedDict):
    """The `asgi` key of a scope."""

    version: str
    spec_version: str


class _RequestScope(TypedDict):
    """What the scopes of requests have in common, whatever is asked for."""

    asgi: Versions
    http_version: str
    scheme: str
    path: str
    raw_path: bytes
    query_string: bytes
    root_path: str
    headers: list[tuple[bytes, bytes]]
    client: tuple[str, int] | None
    server: tuple[str, int | None] | None
    state: dict[str, Any]
    extensions: dict[str, dict[str, Any]]


class HttpScope(_RequestScope):
    """The scope of one request."""

    type: Literal["http"]
    method: str


class RequestEvent(TypedDict):
    """A piece of the request's body."""

    type: Literal["http.request"]
    body: bytes
    more_body: bool


class DisconnectEvent(TypedDict):
    """The client has left or gone, the response is complete, or the server stops."""

    type: Literal["http.disconnect"]


class WebSocketScope(_RequestScope):
    """The scope of one WebSocket."""

    type: Literal["websocket"]
    subprotocols: list[str]


RequestScope: TypeAlias = HttpScope | WebSocketScope


class ConnectEvent(TypedDict):
    """A client asks for a WebSocket."""

    type: Literal["websocket.connect"]


class TextEvent(TypedDict):
    """A message of characters."""

    type: Literal["websocket.receive"]
    text: str


class BytesEvent(TypedDict):
    """A message of bytes."""

    type: Literal["websocket.receive"]
    bytes: bytes


class ClosedEvent(TypedDict):
    """A WebSocket is over: 1005 where its close said no code, 1006 where there was no close."""

    type: Literal["websocket.disconnect"]
    code: int
    reason: str


WebSocketEvent: TypeAlias = ConnectEvent | TextEvent | BytesEvent | ClosedEvent
InboundEvent: TypeAlias = RequestEvent | DisconnectEvent | WebSocketEvent


class LifespanScope(TypedDict):
    """The scope of the one conversation about start-up and shutdown."""

    type: Literal["lifespan"]
    asgi: Versions
    state: dict[str, Any]
