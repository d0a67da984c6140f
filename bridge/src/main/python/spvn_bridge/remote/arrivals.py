"""What the server says of an exchange that an app is at: what its client sends, and the end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from spvn_bridge.remote import wire
from spvn_bridge.remote.response import NOT_ASKED, Exchange
from spvn_bridge.remote.websocket import WebSocket

if TYPE_CHECKING:
    from collections.abc import Callable

Message: TypeAlias = "tuple[Any, ...]"


class Arrivals:
    """Gives exchanges what comes for them. The loop's thread uses it.

    Each function takes a message and returns the number of the exchange that is to be woken, or
    None when the app has left it, or it is of the other kind.
    """

    def __init__(self, exchanges: dict[int, Exchange | WebSocket]) -> None:
        self._exchanges = exchanges
        self.by_kind: dict[int, Callable[[Message], int | None]] = {
            wire.BODY: self._body_came,
            wire.DISCONNECT: self._client_left,
            wire.MESSAGE: self._message_came,
            wire.CLOSED: self._closed,
            wire.GONE: self._client_gone,
            wire.ROOM: self._room_came,
        }

    def _body_came(self, message: Message) -> int | None:
        exchange = self._exchanges.get(message[1])
        if not isinstance(exchange, Exchange):
            return None
        exchange.asked = NOT_ASKED
        exchange.events.append((message[2], message[3]))
        return exchange.number

    def _client_left(self, message: Message) -> int | None:
        exchange = self._exchanges.get(message[1])
        if not isinstance(exchange, Exchange):
            return None
        exchange.events.append(None)
        return exchange.number

    def _message_came(self, message: Message) -> int | None:
        exchange = self._exchanges.get(message[1])
        if not isinstance(exchange, WebSocket):
            return None
        exchange.came(message[2])
        return exchange.number

    def _closed(self, message: Message) -> int | None:
        exchange = self._exchanges.get(message[1])
        if not isinstance(exchange, WebSocket):
            return None
        exchange.closed(message[2], message[3])
        return exchange.number

    def _client_gone(self, message: Message) -> int | None:
        exchange = self._exchanges.get(message[1])
        if exchange is None:
            return None
        exchange.leave()
        return exchange.number

    def _room_came(self, message: Message) -> int | None:
        exchange = self._exchanges.get(message[1])
        if exchange is None:
            return None
        exchange.has_room()
        return exchange.number
