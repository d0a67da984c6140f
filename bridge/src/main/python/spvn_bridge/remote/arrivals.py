"""What the server says of an exchange that an app is at: what its client sends, and the end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from spvn_bridge.remote import wire
from spvn_bridge.remote.response import NOT_ASKED, Exchange
from spvn_bridge.remote.websocket import WebSocket

if TYPE_CHECKING:
    from collections.abc import Callable

Message: TypeAlias = "tuple[Any, ...]"
_Kind = TypeVar("_Kind", bound="Exchange | WebSocket")


def arrivals(
    exchanges: dict[int, Exchange | WebSocket],
) -> dict[int, Callable[[Message], int | None]]:
    """Make the functions that give exchanges what comes for them, by the kinds of messages.

    Each takes a message, in the loop's thread, and returns the number of the exchange that is to be
    woken, or None when the app has left it, or it is of the other kind.
    """

    def to(
        do: Callable[[_Kind, Message], None], *kinds: type[_Kind]
    ) -> Callable[[Message], int | None]:
        def came(message: Message) -> int | None:
            exchange = exchanges.get(message[1])
            if not isinstance(exchange, kinds):
                return None
            do(exchange, message)
            return exchange.number

        return came

    return {
        wire.BODY: to(_body, Exchange),
        wire.DISCONNECT: to(lambda exchange, _: exchange.events.append(None), Exchange),
        wire.MESSAGE: to(lambda socket, message: socket.came(message[2]), WebSocket),
        wire.CLOSED: to(lambda socket, message: socket.closed(message[2], message[3]), WebSocket),
        wire.GONE: to(lambda either, _: either.leave(), Exchange, WebSocket),
        wire.ROOM: to(lambda either, _: either.has_room(), Exchange, WebSocket),
    }


def _body(exchange: Exchange, message: Message) -> None:
    exchange.asked = NOT_ASKED
    exchange.events.append((message[2], message[3]))
