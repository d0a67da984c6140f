"""One request in a worker process: what came of its body, and how far its response is.

The rules are those of the server (`ResponseRules`, `ResponseLength`, `HeaderSyntax`), which checks
again what it is told; here they are kept so that the app's own `send()` raises.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Protocol

from spvn_bridge.remote import wire

if TYPE_CHECKING:
    from collections.abc import Awaitable, Iterable

    from spvn_bridge.asgi import Event

# How far a response has come.
AWAITING_START, STARTED, STREAMING, COMPLETE = range(4)

# How the next event was asked for: not at all, ahead of the app, since the app waits for it.
NOT_ASKED, ASKED, AWAITED = range(3)

# Bytes that the server is given before it has to say that there is room for more.
WINDOW = 64 * 1024
# What is larger stays here until the server pulls it, a piece at a time.
LARGE = 64 * 1024
# What a message counts for beside its bytes.
MESSAGE = 128

_REFUSALS = (
    "Expected ASGI message 'http.response.start', but got '{}'.",
    "Expected ASGI message 'http.response.body', but got '{}'.",
    "Expected ASGI message 'http.response.body', but got '{}'.",
    "Unexpected ASGI message '{}' sent, after response already completed.",
)

NO_LENGTH = -1
_AMBIGUOUS = -2
_UNBOUND = 1 << 62
_TOKEN = rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]"
_VALUE = rb"[\t\x20-\x7e\x80-\xff]"
_is_block = re.compile(rb"(?:" + _TOKEN + rb"+\0" + _VALUE + rb"*\0)*").fullmatch
_is_name = re.compile(_TOKEN + rb"+").fullmatch
_is_value = re.compile(_VALUE + rb"*").fullmatch
_is_number = re.compile(rb"0*([0-9]{1,19})").fullmatch
_KEPT = 1024
_KEPT_BYTES = 512
_SHOWN_BYTES = 60
_LONGEST = (1 << 63) - 1


class Post(Protocol):
    """What exchanges send by."""

    cache: FieldCache
    sent: Awaitable[None]  # ready at once

    def add(self, message: list[Any]) -> None:
        """Send a message, soon."""

    def large(self, number: int, body: bytes, *, more: bool) -> None:
        """Offer a body that the server pulls."""

    def drained(self, number: int) -> Awaitable[None]:
        """Wait until an exchange has room."""

    def client_gone(self) -> Exception:
        """Make the exception that says so."""


class Fields:
    """The header fields of a response, as they are sent; `length` is the Content-Length."""

    __slots__ = ("block", "length")

    def __init__(self, block: bytes, length: int) -> None:
        self.block = block
        self.length = length


class FieldCache:
    """Header fields that were checked before: apps send the same again and again."""

    __slots__ = ("_known",)

    def __init__(self) -> None:
        self._known: dict[Any, Fields] = {}

    def fields(self, headers: Iterable[Any]) -> Fields:
        """Return the fields of an iterable of pairs of bytes."""
        pairs = tuple(headers)
        try:
            known = self._known.get(pairs)
        except TypeError:  # a pair is a list
            return read_fields(pairs)
        if known is None:
            known = read_fields(pairs)
            if len(known.block) <= _KEPT_BYTES and b"set-cookie\0" not in known.block:
                if len(self._known) >= _KEPT:
                    self._known.clear()
                self._known[pairs] = known
        return known


def read_fields(pairs: tuple[Any, ...]) -> Fields:
    """Check header fields, and put their names into lower case."""
    flat: list[bytes] = []
    seen: list[tuple[bytes, bytes]] = []
    length = NO_LENGTH
    for pair in pairs:
        name, value = _pair(pair)
        seen.append((name, value))
        lower = name.lower()
        if lower == b"content-length":
            length = _number(value) if length == NO_LENGTH else _AMBIGUOUS
        flat += (lower, value)
    flat.append(b"")
    block = b"\0".join(flat)
    if block.count(0) != len(flat) - 1 or not _is_block(block):
        raise ValueError(_complaint(seen))
    return Fields(block, length)


def _number(value: bytes) -> int:
    digits = _is_number(value)
    number = int(digits[1]) if digits else _AMBIGUOUS
    return number if number <= _LONGEST else _AMBIGUOUS


def _pair(pair: Any) -> tuple[bytes, bytes]:  # noqa: ANN401 - the app's
    parts = tuple(pair)
    if len(parts) != 2:  # noqa: PLR2004 - a pair
        raise TypeError("a header must be a pair of name and value")
    if not isinstance(parts[0], bytes):
        raise TypeError("a header name must be bytes")
    if not isinstance(parts[1], bytes):
        raise TypeError("a header value must be bytes")
    return parts


def _complaint(pairs: list[tuple[bytes, bytes]]) -> str:
    for name, value in pairs:
        if not name:
            return "header name is empty"
        if not _is_name(name):
            return _illegal("header name", name, _TOKEN)
        if not _is_value(value):
            return _illegal("header value", value, _VALUE)
    return "header fields cannot be understood"


def _illegal(what: str, text: bytes, allowed: bytes) -> str:
    bad = next(each for each in text if not re.fullmatch(allowed, bytes((each,))))
    return f"illegal byte 0x{bad:02x} in {what} '{_shown(text)}'"


def _shown(text: bytes) -> str:
    plain = b" " + bytes(range(0x21, 0x7F))
    parts = (chr(each) if each in plain else f"\\x{each:02x}" for each in text[:_SHOWN_BYTES])
    return "".join(parts) + ("..." if len(text) > _SHOWN_BYTES else "")


class Exchange:
    """A request that the app is at. The loop's thread uses it."""

    __slots__ = (
        "_length",
        "_post",
        "_room",
        "_silent",
        "_start",
        "asked",
        "events",
        "full",
        "gone",
        "number",
        "over",
        "state",
    )

    def __init__(self, number: int, post: Post, *, silent: bool) -> None:
        self.number = number
        self.events: list[tuple[bytes, bool] | None] = []  # None: the client has left
        self.state = AWAITING_START
        self.asked = NOT_ASKED
        self.gone = False  # nobody reads the response
        self.full = False  # the server has to say that there is room
        self.over = False  # the app has returned
        self._start: tuple[int, Fields] | None = None
        self._length = _UNBOUND  # what the app may still send
        self._room = WINDOW
        self._post = post
        self._silent = silent

    def send(self, message: Event) -> Awaitable[None]:
        """Do what the app's `send()` does."""
        if not isinstance(message, dict):
            raise TypeError("an ASGI event must be a dict")
        kind = message.get("type")
        if kind == "http.response.body":
            body = message.get("body", b"")
            if type(body) is not bytes:
                body = as_bytes(body, "body")
            return self._body(body, more=bool(message.get("more_body", False)))
        if kind == "http.response.start":
            return self._begin(_status(message), message.get("headers", ()))
        if not isinstance(kind, str):
            raise RuntimeError("ASGI event without a 'type'")  # noqa: TRY004 - as in a worker of Java's
        raise RuntimeError(f"Unexpected ASGI message '{kind}'")

    def _begin(self, status: int, headers: Iterable[Any]) -> Awaitable[None]:
        post = self._post
        fields = post.cache.fields(headers)
        if self.state != AWAITING_START or self.gone or self.over:
            raise self._refusal("http.response.start", in_turn=self.state == AWAITING_START)
        if fields.length != NO_LENGTH:
            self._declare(status, fields.length)
        self._start = (status, fields)
        self.state = STARTED
        return post.sent

    def _declare(self, status: int, length: int) -> None:
        if length == _AMBIGUOUS:
            raise RuntimeError("'content-length' must be one number")
        if not self._silent and _has_body(status):
            self._length = length

    def _body(self, body: bytes, *, more: bool) -> Awaitable[None]:
        state = self.state
        in_turn = state in (STARTED, STREAMING)
        if not in_turn or self.gone or self.over:
            raise self._refusal("http.response.body", in_turn=in_turn)
        size = len(body)
        if self._length != _UNBOUND:
            self._count(size)
        start = self._start
        if more or size > LARGE or start is None:
            return self._part(body, size, more=more)
        self.state = COMPLETE
        self._start = None
        post = self._post
        post.add([wire.RESPONSE, self.number, start[0], start[1].block, body])
        return post.sent

    def _count(self, size: int) -> None:
        if size > self._length:
            raise RuntimeError("Response content longer than Content-Length")
        self._length -= size

    def _part(self, body: bytes, size: int, *, more: bool) -> Awaitable[None]:
        """Send what is not the whole of a response, or too large for a batch."""
        self.state = STREAMING if more else COMPLETE
        self.say_start()
        post = self._post
        if size > LARGE:
            post.large(self.number, body, more=more)
        else:
            post.add([wire.PART, self.number, body, more])
        if more:
            self._took(size + MESSAGE)
        return post.drained(self.number) if self.full else post.sent

    def say_start(self) -> None:
        """Let the server know how the response begins, though nothing of its body is there yet."""
        start, self._start = self._start, None
        if start is not None:
            self._post.add([wire.START, self.number, start[0], start[1].block])

    def _took(self, cost: int) -> None:
        """Count what was sent, and ask for room when that is due."""
        self._room -= cost
        if self._room <= 0 and not self.full:
            self.full = True
            self._post.add([wire.FULL, self.number])

    def has_room(self) -> None:
        """Go on: the server has said that there is room."""
        self._room = WINDOW
        self.full = False

    def leave(self) -> None:
        """Hear that nobody reads the response."""
        self.gone = True
        self.full = False

    def _refusal(self, kind: str, *, in_turn: bool) -> Exception:
        if self.over:
            return RuntimeError("Unexpected ASGI message after the app has returned")
        if not in_turn:
            return RuntimeError(_REFUSALS[self.state].format(kind))
        return self._post.client_gone()


def _status(message: Event) -> int:
    status = message.get("status")
    if status is None and "status" not in message:
        raise RuntimeError("'http.response.start' without 'status'")
    if not isinstance(status, int) or isinstance(status, bool):
        raise TypeError("'status' must be an int")
    if not 100 <= status <= 599:  # noqa: PLR2004 - RFC 9110 section 15
        raise ValueError(f"status must be 100 to 599, not {status}")
    return int(status)


def as_bytes(value: Any, name: str) -> bytes:  # noqa: ANN401 - the app's
    """Copy what is as good as bytes."""
    try:
        return bytes(memoryview(value))
    except TypeError:
        raise TypeError(f"'{name}' must be bytes") from None


def _has_body(status: int) -> bool:
    return status >= 200 and status not in (204, 304)  # noqa: PLR2004 - RFC 9110 section 6.4.1
