"""Header fields that an app sends in a worker process: checked, and as they go to the server."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

NO_LENGTH = -1
AMBIGUOUS = -2
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
            length = _number(value) if length == NO_LENGTH else AMBIGUOUS
        flat += (lower, value)
    flat.append(b"")
    block = b"\0".join(flat)
    if block.count(0) != len(flat) - 1 or not _is_block(block):
        raise ValueError(_complaint(seen))
    return Fields(block, length)


def _number(value: bytes) -> int:
    digits = _is_number(value)
    number = int(digits[1]) if digits else AMBIGUOUS
    return number if number <= _LONGEST else AMBIGUOUS


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
