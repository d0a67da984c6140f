"""What an app may say by ASGI's extensions in a worker process, and how a file gets to the server.

Java's classes are the norm here, too: `ResponseRules`, `TrailerFields` and `ExtensionReader`.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from remote_post import LAST, MORE, START, Post, body, start
from spvn_bridge.http import SENT, ClientDisconnected
from spvn_bridge.remote import wire
from spvn_bridge.remote.bodies import Bodies
from spvn_bridge.remote.response import (
    AWAITING_START,
    AWAITING_TRAILERS,
    COMPLETE,
    LARGE,
    STARTED,
    STREAMING,
    TRAILED,
    TRAILED_STREAMING,
    WINDOW,
    Exchange,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

TRAILED_START = start(headers=[], trailers=True)
TRAILERS = {"type": "http.response.trailers", "headers": [(b"A", b"1")], "more_trailers": True}
LAST_TRAILERS = {"type": "http.response.trailers", "headers": [(b"b", b"2")]}
HINT = {"type": "http.response.early_hint", "links": [b"</a>", b"</b>"]}
DATA = bytes(range(250)) * 1000


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "file"
    path.write_bytes(DATA)
    return path


@pytest.fixture
def given() -> Iterator[Any]:
    with tempfile.TemporaryFile(buffering=0) as file:
        file.write(DATA)
        file.seek(0)
        yield file


def whole(path: Path | str) -> dict[str, Any]:
    return {"type": "http.response.pathsend", "path": str(path)}


def part(file: Any, **parts: Any) -> dict[str, Any]:
    return {"type": "http.response.zerocopysend", "file": file, **parts}


# ---- the order


@pytest.mark.parametrize(
    ("before", "event", "state"),
    [
        ([], TRAILED_START, TRAILED),
        ([TRAILED_START], MORE, TRAILED_STREAMING),
        ([TRAILED_START], LAST, AWAITING_TRAILERS),
        ([TRAILED_START, MORE], MORE, TRAILED_STREAMING),
        ([TRAILED_START, MORE], LAST, AWAITING_TRAILERS),
        ([TRAILED_START, LAST], TRAILERS, AWAITING_TRAILERS),
        ([TRAILED_START, LAST, TRAILERS], LAST_TRAILERS, COMPLETE),
        ([], HINT, AWAITING_START),
        ([START], HINT, STARTED),
        ([START, MORE], HINT, STREAMING),
        ([TRAILED_START], HINT, TRAILED),
        ([TRAILED_START, MORE], HINT, TRAILED_STREAMING),
        ([start(headers=[], trailers=False)], LAST, COMPLETE),
    ],
)
def test_legal_event_leads_on(
    exchange: Exchange, before: list[dict[str, Any]], event: dict[str, Any], state: int
) -> None:
    for each in before:
        exchange.send(each)
    assert exchange.send(event) is SENT
    assert exchange.state == state


EXPECTED = "Expected ASGI message 'http.response.{}', but got 'http.response.{}'."


@pytest.mark.parametrize(
    ("before", "event", "message"),
    [
        ([], TRAILERS, EXPECTED.format("start", "trailers")),
        ([], whole("/x"), EXPECTED.format("start", "pathsend")),
        ([], part(0), EXPECTED.format("start", "zerocopysend")),
        ([START, MORE], whole("/x"), EXPECTED.format("body", "pathsend")),
        ([START, MORE], LAST_TRAILERS, EXPECTED.format("body", "trailers")),
        ([TRAILED_START, LAST], LAST, EXPECTED.format("trailers", "body")),
        ([TRAILED_START, LAST], HINT, EXPECTED.format("trailers", "early_hint")),
        (
            [START, LAST],
            HINT,
            (
                "Unexpected ASGI message 'http.response.early_hint' sent, after response already"
                " completed."
            ),
        ),
        ([START], {"type": "http.response.debug"}, "Unexpected ASGI message 'http.response.debug'"),
    ],
)
def test_event_out_of_order_is_a_violation(
    exchange: Exchange, before: list[dict[str, Any]], event: dict[str, Any], message: str
) -> None:
    for each in before:
        exchange.send(each)
    with pytest.raises(RuntimeError) as error:
        exchange.send(event)
    assert str(error.value) == message


@pytest.mark.parametrize("event", [HINT, TRAILERS, part(0)])
def test_nobody_is_there(exchange: Exchange, event: dict[str, Any]) -> None:
    exchange.send(TRAILED_START)
    exchange.send(LAST if event is TRAILERS else MORE)
    exchange.leave()
    with pytest.raises(ClientDisconnected):
        exchange.send(event)


# ---- what is said


def test_trailers_and_hints(exchange: Exchange, post: Post) -> None:
    for event in (HINT, TRAILED_START, HINT, body(b"x"), TRAILERS, LAST_TRAILERS):
        exchange.send(event)
    hint = [wire.HINT, 7, b"link\0</a>\0link\0</b>\0"]
    assert post.messages == [
        hint,
        hint,
        [wire.TRAILED, 7, 200, b""],
        [wire.PART, 7, b"x", False],
        [wire.TRAILERS, 7, b"a\x001\0", True],
        [wire.TRAILERS, 7, b"b\x002\0", False],
    ]


def test_hint_that_comes_too_late_is_not_said(exchange: Exchange, post: Post) -> None:
    for event in (START, MORE, HINT):
        exchange.send(event)
    assert [each[0] for each in post.messages] == [wire.START, wire.PART]


@pytest.mark.parametrize(
    ("event", "error"),
    [
        ({**HINT, "links": ["</a>"]}, TypeError),
        ({**HINT, "links": [b"a\r\nb"]}, ValueError),
        ({**TRAILERS, "headers": [(b"Content-Length", b"1")]}, ValueError),
        ({**TRAILERS, "headers": [(b"a b", b"1")]}, ValueError),
        ({**TRAILERS, "headers": [("a", b"1")]}, TypeError),
    ],
)
def test_fields_that_are_none(
    exchange: Exchange, post: Post, event: dict[str, Any], error: type[Exception]
) -> None:
    exchange.send(TRAILED_START)
    exchange.send(MORE if event["type"] == HINT["type"] else LAST)
    said = len(post.messages)
    with pytest.raises(error):
        exchange.send(event)
    assert len(post.messages) == said


# ---- files


def test_file_goes_by_its_name(exchange: Exchange, post: Post, path: Path) -> None:
    exchange.send(START)
    assert exchange.send(whole(path)) is SENT
    assert exchange.state == COMPLETE
    assert post.messages == [[wire.START, 7, 200, b""], [wire.FILE, 7, str(path), 250_000.0]]


def test_name_that_is_no_unicode_stays_here(exchange: Exchange, post: Post, tmp_path: Path) -> None:
    name = os.fsdecode(bytes(tmp_path) + b"/\xff")
    Path(name).write_bytes(DATA)
    exchange.send(START)
    exchange.send(whole(name))
    ((number, region, more),) = post.files
    assert (number, region[1:], more) == (7, (0, 250_000), False)
    os.close(region[0])


@pytest.mark.parametrize(("length", "fits"), [(b"250000", True), (b"1", False), (b"250001", False)])
def test_file_has_the_length_that_was_declared(
    exchange: Exchange, post: Post, path: Path, length: bytes, *, fits: bool
) -> None:
    exchange.send(start(headers=[(b"content-length", length)]))
    if fits:
        exchange.send(whole(path))
        return
    with pytest.raises(RuntimeError, match="but the file has 250000 bytes"):
        exchange.send(whole(path))
    assert exchange.state == STARTED
    assert post.messages == []


def test_small_part_is_a_piece_of_the_body(exchange: Exchange, post: Post, given: Any) -> None:
    exchange.send(START)
    exchange.send(part(given, count=LARGE, more_body=True))
    exchange.send(part(given, count=3))
    assert post.messages[1:] == [
        [wire.PART, 7, DATA[:LARGE], True],
        [wire.FULL, 7],
        [wire.PART, 7, DATA[LARGE : LARGE + 3], False],
    ]


def test_large_part_is_pulled(exchange: Exchange, post: Post, given: Any) -> None:
    exchange.send(START)
    waiting = exchange.send(part(given, offset=1, more_body=True))
    assert waiting is post.waits
    assert exchange.full
    ((number, region, more),) = post.files
    assert (number, region[1:], more) == (7, (1, 249_999), True)
    os.close(region[0])
    assert post.messages[-1] == [wire.FULL, 7]


def test_part_beyond_the_declared_length_is_a_violation(
    exchange: Exchange, post: Post, given: Any
) -> None:
    exchange.send(start(headers=[(b"content-length", b"100")]))
    with pytest.raises(RuntimeError, match="longer than Content-Length"):
        exchange.send(part(given, count=WINDOW * 2))
    assert not post.files


# ---- what waits to be pulled


@pytest.mark.parametrize("size", [1, wire.PIECE_SIZE, wire.PIECE_SIZE + 1, 250_000])
def test_part_of_a_file_is_pulled_to_its_end(given: Any, size: int) -> None:
    bodies = Bodies()
    number = bodies.keep((os.dup(given.fileno()), 0, size))
    got = b""
    while len(got) < size:
        got += bytes(bodies.take(number) or b"?")
    assert got == DATA[:size]
    assert bodies.take(number) is None
    assert not bodies


def test_file_that_shrinks_is_lost(given: Any) -> None:
    bodies = Bodies()
    descriptor = os.dup(given.fileno())
    number = bodies.keep((descriptor, 0, 250_000))
    assert bodies.take(number) == DATA[: wire.PIECE_SIZE]
    given.truncate(wire.PIECE_SIZE + 10)
    assert bodies.take(number) == b""
    assert bodies.take(number) is None
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(descriptor)


def test_file_that_is_dropped_is_closed(given: Any) -> None:
    bodies = Bodies()
    descriptor = os.dup(given.fileno())
    number = bodies.keep((descriptor, 0, 250_000))
    bodies.drop(number)
    bodies.drop(number)
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(descriptor)
