"""One request in a worker process: what came of its body, and how far its response is.

The rules are those of the server (`ResponseRules`, `ResponseLength`, `HeaderSyntax`), which checks
again what it is told; here they are kept so that the app's own `send()` raises.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Protocol

from spvn_bridge import files
from spvn_bridge.remote import wire
from spvn_bridge.remote.fields import AMBIGUOUS, NO_LENGTH, FieldCache, Fields, read_fields

if TYPE_CHECKING:
    from collections.abc import Awaitable, Iterable

    from spvn_bridge.asgi import Event

# How far a response has come; those behind whose body trailers come have states of their own.
(
    AWAITING_START,
    STARTED,
    STREAMING,
    COMPLETE,
    TRAILED,
    TRAILED_STREAMING,
    AWAITING_TRAILERS,
) = range(7)

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
    "Expected ASGI message 'http.response.body', but got '{}'.",
    "Expected ASGI message 'http.response.body', but got '{}'.",
    "Expected ASGI message 'http.response.trailers', but got '{}'.",
)
# Where a piece of the body leads, and where the last one does.
_AFTER_BODY = {
    STARTED: (STREAMING, COMPLETE),
    STREAMING: (STREAMING, COMPLETE),
    TRAILED: (TRAILED_STREAMING, AWAITING_TRAILERS),
    TRAILED_STREAMING: (TRAILED_STREAMING, AWAITING_TRAILERS),
}
# Nothing of the body was said.
_HELD = (AWAITING_START, STARTED, TRAILED)

_UNBOUND = 1 << 62
# What has to be known before a body (RFC 9110 section 6.5.1).
_NO_TRAILERS = {
    b"connection",
    b"content-encoding",
    b"content-length",
    b"content-range",
    b"content-type",
    b"host",
    b"keep-alive",
    b"proxy-connection",
    b"te",
    b"trailer",
    b"transfer-encoding",
    b"upgrade",
}


class Post(Protocol):
    """What exchanges send by."""

    cache: FieldCache
    sent: Awaitable[None]  # ready at once

    def add(self, message: list[Any]) -> None:
        """Send a message, soon."""

    def large(self, number: int, body: bytes, *, more: bool) -> None:
        """Offer a body that the server pulls."""

    def file(self, number: int, region: files.Region, *, more: bool) -> None:
        """Offer a part of a file that the server pulls; take over the descriptor."""

    def drained(self, number: int) -> Awaitable[None]:
        """Wait until an exchange has room."""

    def client_gone(self) -> Exception:
        """Make the exception that says so."""


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
            trailers = bool(message.get("trailers", False))
            return self._begin(_status(message), message.get("headers", ()), trailers=trailers)
        if not isinstance(kind, str):
            raise RuntimeError("ASGI event without a 'type'")  # noqa: TRY004 - as in a worker of Java's
        return self._rare(kind, message)

    def _rare(self, kind: str, message: Event) -> Awaitable[None]:
        """Do it with an event of an extension."""
        if kind == "http.response.pathsend":
            return self._whole(kind, message)
        if kind == "http.response.zerocopysend":
            return self._region(kind, message)
        if kind == "http.response.early_hint":
            return self._hint(kind, message)
        if kind == "http.response.trailers":
            return self._trailers(kind, message)
        raise RuntimeError(f"Unexpected ASGI message '{kind}'")

    def _begin(self, status: int, headers: Iterable[Any], *, trailers: bool) -> Awaitable[None]:
        post = self._post
        fields = post.cache.fields(headers)
        if self.state != AWAITING_START or self.gone or self.over:
            raise self._refusal("http.response.start", in_turn=self.state == AWAITING_START)
        if fields.length != NO_LENGTH:
            self._declare(status, fields.length)
        self._start = (status, fields)
        self.state = TRAILED if trailers else STARTED
        return post.sent

    def _declare(self, status: int, length: int) -> None:
        if length == AMBIGUOUS:
            raise RuntimeError("'content-length' must be one number")
        if not self._silent and _has_body(status):
            self._length = length

    def _body(self, body: bytes, *, more: bool) -> Awaitable[None]:
        state = self.state
        self._require("http.response.body", in_turn=state in _AFTER_BODY)
        size = len(body)
        if self._length != _UNBOUND:
            self._count(size)
        start = self._start
        if more or size > LARGE or start is None or state != STARTED:
            return self._part(body, size, more=more)
        self.state = COMPLETE
        self._start = None
        post = self._post
        post.add([wire.RESPONSE, self.number, start[0], start[1].block, body])
        return post.sent

    def _require(self, kind: str, *, in_turn: bool) -> None:
        if not in_turn or self.gone or self.over:
            raise self._refusal(kind, in_turn=in_turn)

    def _count(self, size: int) -> None:
        if size > self._length:
            raise RuntimeError("Response content longer than Content-Length")
        self._length -= size

    def _part(self, body: bytes, size: int, *, more: bool) -> Awaitable[None]:
        """Send what is not the whole of a response, or too large for a batch."""
        self._said(more=more)
        post = self._post
        if size > LARGE:
            post.large(self.number, body, more=more)
        else:
            post.add([wire.PART, self.number, body, more])
        return self._took(size, more=more)

    def _said(self, *, more: bool) -> None:
        """Note that a piece of the body follows, and let the server know how it begins."""
        self.say_start()
        going, done = _AFTER_BODY[self.state]
        self.state = going if more else done

    def say_start(self) -> None:
        """Let the server know how the response begins, though nothing of its body is there yet."""
        start, self._start = self._start, None
        if start is not None:
            kind = wire.TRAILED if self.state == TRAILED else wire.START
            self._post.add([kind, self.number, start[0], start[1].block])

    def _whole(self, kind: str, message: Event) -> Awaitable[None]:
        """Send a file as the whole body. The server opens it once more, by its name."""
        self._require(kind, in_turn=self.state in (STARTED, TRAILED))
        region = files.of_path(message)
        size = region[2]
        if self._length not in (_UNBOUND, size):
            os.close(region[0])
            raise RuntimeError(
                f"'content-length' says {self._length}, but the file has {size} bytes"
            )
        self._said(more=False)
        name = files.path_of(message)
        if _is_unicode(name):
            os.close(region[0])
            self._post.add([wire.FILE, self.number, name, float(size)])
        else:
            self._post.file(self.number, region, more=False)
        return self._post.sent

    def _region(self, kind: str, message: Event) -> Awaitable[None]:
        """Send a part of an open file, which the server pulls."""
        more = bool(message.get("more_body", False))
        self._require(kind, in_turn=self.state in _AFTER_BODY)
        region = files.of_descriptor(message)
        size = region[2]
        try:
            if self._length != _UNBOUND:
                self._count(size)
            body = files.read(region) if size <= LARGE else b""
        except BaseException:
            os.close(region[0])
            raise
        if size <= LARGE:
            os.close(region[0])
            return self._part(body, size, more=more)
        self._said(more=more)
        self._post.file(self.number, region, more=more)
        return self._took(size, more=more)

    def _hint(self, kind: str, message: Event) -> Awaitable[None]:
        fields = read_fields(tuple((b"link", link) for link in message.get("links", ())))
        self._require(kind, in_turn=self.state in _HELD or self.state in _AFTER_BODY)
        if self.state in _HELD:
            self._post.add([wire.HINT, self.number, fields.block])
        return self._post.sent

    def _trailers(self, kind: str, message: Event) -> Awaitable[None]:
        fields = read_fields(tuple(message.get("headers", ())))
        for name in fields.block.split(b"\0")[::2]:
            if name in _NO_TRAILERS:
                raise ValueError(f"'{name.decode()}' cannot be a trailer")
        more = bool(message.get("more_trailers", False))
        self._require(kind, in_turn=self.state == AWAITING_TRAILERS)
        self.state = AWAITING_TRAILERS if more else COMPLETE
        self._post.add([wire.TRAILERS, self.number, fields.block, more])
        return self._post.sent

    def _took(self, size: int, *, more: bool) -> Awaitable[None]:
        """Count what was sent, and wait for room when that is due."""
        post = self._post
        if more:
            self._room -= size + MESSAGE
            if self._room <= 0 and not self.full:
                self.full = True
                post.add([wire.FULL, self.number])
        return post.drained(self.number) if self.full else post.sent

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


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


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
