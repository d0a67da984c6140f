"""One WebSocket in a worker process: what came for the app, and how far it is itself.

The rules are those of the server (`WebSocketRules`, `CloseCode`), which checks again what it is
told; here they are kept so that the app's own `send()` raises.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from spvn_bridge.remote import response, wire
from spvn_bridge.remote.fields import read_fields
from spvn_bridge.remote.response import NOT_ASKED, WINDOW

if TYPE_CHECKING:
    from collections.abc import Awaitable

    from spvn_bridge.asgi import Event, WebSocketEvent
    from spvn_bridge.remote.response import Post

# How far a WebSocket has come.
CONNECTING, OPEN, DENIED, CLOSED = range(4)

_REFUSALS = (
    (
        "Expected ASGI message 'websocket.accept', 'websocket.close' or "
        "'websocket.http.response.start', but got '{}'."
    ),
    "Expected ASGI message 'websocket.send' or 'websocket.close', but got '{}'.",
    "Expected ASGI message 'websocket.http.response.body', but got '{}'.",
    "Unexpected ASGI message '{}', after sending 'websocket.close' or response already completed.",
)
_OWN_FIELDS = (b"sec-websocket-protocol", b"sec-websocket-accept", b"sec-websocket-extensions")
NORMAL = 1000
ABNORMAL = 1006
_LOCAL = (1005, 1006, 1015)  # what no close says


class WebSocket:
    """A WebSocket that the app is at. The loop's thread uses it.

    To the host it is an exchange like that of a request, whose events are ready-made.
    """

    state = response.AWAITING_START  # of a response, which this is not
    asked = NOT_ASKED
    gone = False  # likewise: what has come before the end is still for the app
    full = False  # the server has to say that there is room
    over = False  # the app has returned

    def __init__(self, number: int, post: Post, offered: list[str]) -> None:
        self.number = number
        self.events: list[WebSocketEvent] = [{"type": "websocket.connect"}]
        self._post = post
        self._offered = offered
        self._said = CONNECTING
        self._unheard = False  # nobody reads what the app says
        self._room = WINDOW
        self._denial = response.Exchange(number, post, silent=False)

    # ---- what comes

    def came(self, data: str | bytes) -> None:
        """Take a message."""
        if isinstance(data, str):
            self.events.append({"type": "websocket.receive", "text": data})
        else:
            self.events.append({"type": "websocket.receive", "bytes": data})
        self.asked = NOT_ASKED

    def closed(self, code: int, reason: str) -> None:
        """Take the end, which stays."""
        self.events.append({"type": "websocket.disconnect", "code": code, "reason": reason})
        self.asked = NOT_ASKED

    def next_event(self) -> WebSocketEvent:
        """Return what has come first; there is something."""
        event = self.events[0]
        if event["type"] != "websocket.disconnect":
            del self.events[0]
            return event
        return event.copy()

    def leave(self) -> None:
        """Hear that nobody reads what the app says."""
        self._unheard = True
        self.full = False

    def has_room(self) -> None:
        """Go on: the server has said that there is room."""
        self._room = WINDOW
        self.full = False
        self._denial.has_room()

    # ---- what the app says

    def send(self, message: Event) -> Awaitable[None]:
        """Do what the app's `send()` does."""
        if not isinstance(message, dict):
            raise TypeError("an ASGI event must be a dict")
        kind = message.get("type")
        if kind == "websocket.send":
            return self._message(message)
        if not isinstance(kind, str):
            raise RuntimeError("ASGI event without a 'type'")  # noqa: TRY004 - as in a worker of Java's
        return self._rare(kind, message)

    def _rare(self, kind: str, message: Event) -> Awaitable[None]:
        if kind == "websocket.accept":
            return self._accept(message)
        if kind == "websocket.close":
            return self._close(message)
        if kind in ("websocket.http.response.start", "websocket.http.response.body"):
            return self._deny(kind, message)
        if kind in ("http.response.start", "http.response.body"):
            raise self._refusal(kind)
        raise RuntimeError(f"Unexpected ASGI message '{kind}'")

    def _message(self, message: Event) -> Awaitable[None]:
        data, text = message.get("bytes"), message.get("text")
        if (data is None) == (text is None):
            raise RuntimeError("'websocket.send' with both or neither of 'bytes' and 'text'")
        said: str | bytes
        if data is None:
            said = _text(text, "text")
            # the encoding raises for what is not Unicode
            size = len(said) if said.isascii() else len(said.encode())
        else:
            said = data if type(data) is bytes else response.as_bytes(data, "bytes")
            size = len(said)
        self._require(OPEN, "websocket.send")
        if size > response.LARGE:
            is_text = isinstance(said, str)
            self._post.large(self.number, said.encode() if is_text else said, more=is_text)  # type: ignore[union-attr, arg-type]
        else:
            self._post.add([wire.SEND, self.number, said])
        self._room -= size + response.MESSAGE
        if self._room <= 0 and not self.full:
            self.full = True
            self._post.add([wire.FULL, self.number])
        return self._post.drained(self.number) if self.full else self._post.sent

    def _accept(self, message: Event) -> Awaitable[None]:
        subprotocol = message.get("subprotocol")
        if subprotocol is not None:
            _text(subprotocol, "subprotocol")
        fields = read_fields(tuple(message.get("headers", ())))
        self._require(CONNECTING, "websocket.accept")
        if subprotocol is not None and subprotocol not in self._offered:
            raise RuntimeError(f"subprotocol '{subprotocol}' was not offered by the client")
        names = fields.block.split(b"\0")[::2]
        for own in _OWN_FIELDS:
            if own in names:
                raise RuntimeError(
                    f"'websocket.accept' with the header '{own.decode()}', which is the server's"
                )
        self._said = OPEN
        self._post.add([wire.ACCEPT, self.number, subprotocol, fields.block])
        return self._post.sent

    def _close(self, message: Event) -> Awaitable[None]:
        code, reason = message.get("code"), message.get("reason")
        code = NORMAL if code is None else _close_code(code)
        reason = "" if reason is None else _text(reason, "reason")
        reason.encode()  # raises for what is not Unicode
        if self._unheard and self._said != CLOSED:
            self._said = CLOSED
            return self._post.sent  # an app may close what was closed before
        if self._said not in (CONNECTING, OPEN):
            raise self._refusal("websocket.close")
        self._said = CLOSED
        self._post.add([wire.CLOSE, self.number, code, reason])
        return self._post.sent

    def _deny(self, kind: str, message: Event) -> Awaitable[None]:
        start = kind == "websocket.http.response.start"
        self._require(CONNECTING if start else DENIED, kind)
        sent = self._denial.send(
            {**message, "type": kind.removeprefix("websocket."), "trailers": False}
        )
        self._said = CLOSED if self._denial.state == response.COMPLETE else DENIED
        self.full = self._denial.full
        return sent

    def say_start(self) -> None:
        """Let the server know how a response begins."""
        self._denial.say_start()

    def _require(self, state: int, kind: str) -> None:
        if self.over:
            raise RuntimeError("Unexpected ASGI message after the app has returned")
        if self._unheard and self._said != CLOSED:
            raise self._post.client_gone()
        if self._said != state:
            raise self._refusal(kind)

    def _refusal(self, kind: str) -> RuntimeError:
        return RuntimeError(_REFUSALS[self._said].format(kind))


def _text(value: Any, name: str) -> str:  # noqa: ANN401 - the app's
    if not isinstance(value, str):
        raise TypeError(f"'{name}' must be a str")
    return value


def _close_code(value: Any) -> int:  # noqa: ANN401 - the app's
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError("'code' must be an int")
    if value in _LOCAL:
        return NORMAL
    if not (1000 <= value <= 1003 or 1007 <= value <= 1014 or 3000 <= value <= 4999):  # noqa: PLR2004 - RFC 6455 section 7.4
        raise ValueError(
            f"close code must be 1000 to 1003, 1007 to 1014 or 3000 to 4999, not {value}"
        )
    return int(value)
