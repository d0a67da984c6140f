"""What an app and its client have of a WebSocket: items 85 to 95."""

from __future__ import annotations

from typing import Any

import pytest

from harness.notes import Notes
from harness.server import Server
from harness.websocket import (
    BINARY,
    CONTINUATION,
    PING,
    PONG,
    TEXT,
    Frame,
    close_frame,
    frame,
    opened,
)
from harness.websocket_events import (
    ACCEPT,
    CLOSE,
    CONNECT,
    DENIAL_BODY,
    DENIAL_START,
    close,
    disconnect,
    failing,
    play,
    server_logs,
    text,
)

pytestmark = [pytest.mark.core, pytest.mark.kinds]

# So long nothing may come: the only way to see that something does not happen.
QUIET = 0.3
# Where lengths begin to be written in another way, and where other ways inside of the server begin.
SIZES = [0, 1, 125, 126, 127, 65_535, 65_536, 65_537, 300_000]


# ---- messages


@pytest.mark.parametrize("size", SIZES)
def test_messages_of_any_size_item85(server: Server, size: int) -> None:
    data = bytes(range(256)) * (size // 256) + bytes(size % 256)
    with opened(server, "/ws/echo") as client:
        client.binary(data)
        client.send(frame(TEXT, b"t" * size))
        assert client.read() == data
        assert client.read() == "t" * size
        client.close(1000)
        assert client.read_close() == (1000, "")


def test_large_message_item85(server: Server) -> None:
    data = bytes(5 * 1024 * 1024)
    words = "\u00e4\u20ac\U0001f600" * 100_000
    with opened(server, "/ws/echo") as client:
        client.binary(data)
        client.text(words)
        assert client.read() == data
        assert client.read() == words


@pytest.mark.parametrize("words", ["caf\u00e9", "\u20ac", "\U0001f600", "\0", "\ufeff", "\uffff"])
def test_text_beyond_ascii_item85(server: Server, words: str) -> None:
    with opened(server, "/ws/echo") as client:
        client.text(words)
        assert client.read() == words


def test_events_have_one_of_text_and_bytes_item85(server: Server, notes: Notes) -> None:
    with opened(server, f"/ws/events?{notes.key}") as client:
        client.send(frame(TEXT, b"t"), frame(TEXT), frame(BINARY, b"b"), frame(BINARY))
        client.close()
        seen = notes.wait(6)[1:5]
    assert [each.get("text") for each in seen] == ["t", "", None, None]
    assert [each.get("bytes") for each in seen] == [None, None, ["bytes", 1], ["bytes", 0]]


@pytest.mark.parametrize(
    "keys",
    [
        {},
        {"text": None},
        {"text": None, "bytes": None},
        {"text": "a", "bytes": b"b"},
        {"text": "", "bytes": b""},
        {"text": 5},
        {"text": b"b"},
        {"bytes": "a"},
        {"bytes": 5},
    ],
)
def test_messages_that_are_none_raise_item86(server: Server, notes: Notes, keys: Any) -> None:
    with opened(
        server, play(notes, ACCEPT, {"type": "websocket.send", **keys}, text("x"))
    ) as client:
        assert client.read() == "x"
    assert notes.wait(3)[1] is not None


def test_the_other_key_may_be_none_item86(server: Server, notes: Notes) -> None:
    sent = [{**text("x"), "bytes": None}, {"type": "websocket.send", "text": None, "bytes": b""}]
    with opened(server, play(notes, ACCEPT, *sent)) as client:
        assert client.read() == "x"
        assert client.read() == b""


def test_text_that_is_not_unicode_raises_in_the_app_item86(server: Server, notes: Notes) -> None:
    with opened(server, f"/ws/surrogates?{notes.key}") as client:
        assert client.read() == "good"
    raised = notes.wait(3)
    assert [each["raised"][0] for each in raised] == ["UnicodeEncodeError"] * 3


def test_buffers_are_copied_item86(server: Server) -> None:
    with opened(server, "/ws/buffers") as client:
        assert client.read() == b"bytearray"
        assert client.read() == b"view"
        assert client.read() == b"l" * 100_000


def test_messages_are_sent_by_name_item86(server: Server) -> None:
    with opened(server, "/ws/by-name") as client:
        refusal = client.read()
        assert isinstance(refusal, str)
        assert "send()" in refusal


# ---- frames


def test_fragments_are_one_message_item87(server: Server) -> None:
    euro = "\u20ac".encode()
    with opened(server, "/ws/echo") as client:
        client.send(frame(TEXT, euro[:1], first=0), frame(CONTINUATION, euro[1:2], first=0))
        client.send(frame(CONTINUATION, b"", first=0), frame(CONTINUATION, euro[2:]))
        assert client.read() == "\u20ac"


def test_pings_between_fragments_are_answered_at_once_item87(server: Server) -> None:
    with opened(server, "/ws/echo") as client:
        client.send(frame(BINARY, b"one,", first=0), frame(PING, b"between"))
        assert client.read_frame() == Frame(PONG, b"between")
        client.send(frame(PONG, b"unasked"), frame(CONTINUATION, b"two"))
        assert client.read() == b"one,two"


def test_message_octet_by_octet_item87(server: Server) -> None:
    with opened(server, "/ws/echo") as client:
        for octet in frame(TEXT, b"slow"):
            client.send(bytes([octet]))
        assert client.read() == "slow"


BROKEN = {
    "text-not-utf8": (1007, [frame(TEXT, b"\xff")]),
    "text-cut": (1007, [frame(TEXT, b"\xe2\x82")]),
    "text-surrogate": (1007, [frame(TEXT, b"\xed\xa0\x80")]),
    "fragment-not-utf8": (1007, [frame(TEXT, b"a", first=0), frame(CONTINUATION, b"\xff")]),
    "reason-not-utf8": (1007, [frame(8, b"\x03\xe8\xff")]),
    "rsv1": (1002, [frame(TEXT, b"a", first=0xC0)]),
    "rsv2": (1002, [frame(TEXT, b"a", first=0xA0)]),
    "rsv3": (1002, [frame(TEXT, b"a", first=0x90)]),
    "opcode-3": (1002, [frame(3, b"a")]),
    "opcode-11": (1002, [frame(11, b"a")]),
    "unmasked": (1002, [frame(TEXT, b"a", mask=b"")]),
    "ping-long": (1002, [frame(PING, bytes(126))]),
    "ping-in-fragments": (1002, [frame(PING, b"a", first=0)]),
    "continues-nothing": (1002, [frame(CONTINUATION, b"a")]),
    "message-in-message": (1002, [frame(TEXT, b"a", first=0), frame(TEXT, b"b")]),
    "close-of-one-octet": (1002, [frame(8, b"\x03")]),
    "close-code-low": (1002, [close_frame(999)]),
    "close-code-1005": (1002, [close_frame(1005)]),
    "close-code-1006": (1002, [close_frame(1006)]),
    "close-code-5000": (1002, [close_frame(5000)]),
    "length-of-2-to-63": (1002, [b"\x82\xff" + b"\xff" * 8 + bytes(4)]),
}


@pytest.mark.parametrize("case", BROKEN)
def test_broken_rules_close_behind_what_came_before_item87(
    server: Server, notes: Notes, case: str
) -> None:
    code, frames = BROKEN[case]
    with opened(server, play(notes, ACCEPT, "receive", "echo")) as client:
        client.send(frame(TEXT, b"before"), *frames, frame(TEXT, b"behind"))
        assert client.read() == "before"
        assert client.read_close()[0] == code
        assert client.connection.ended()
    assert notes.wait(3)[2]["code"] == code


def test_ping_answered_while_the_app_is_busy_item88(server: Server, notes: Notes) -> None:
    with opened(server, play(notes, ACCEPT, "gate")) as client:
        notes.wait(2)
        client.send(frame(PING, bytes(range(125))), frame(PING))
        assert client.read_frame() == Frame(PONG, bytes(range(125)))
        assert client.read_frame() == Frame(PONG, b"")
    notes.open_gate()


# ---- how it ends


@pytest.mark.parametrize(
    ("code", "reason"),
    [(1000, ""), (1001, "gone"), (1011, "\u20ac"), (3000, ""), (4999, "r" * 123)],
)
def test_close_of_the_client_item89(server: Server, notes: Notes, code: int, reason: str) -> None:
    with opened(server, play(notes, ACCEPT, "receive", "receive")) as client:
        client.close(code, reason)
        assert client.read_close()[0] == code
        assert client.connection.ended()
    assert notes.wait(3)[1:] == [CONNECT, disconnect(code, reason)]


def test_close_without_code_is_1005_item90(server: Server, notes: Notes) -> None:
    with opened(server, play(notes, ACCEPT, "receive", "receive")) as client:
        client.close()
        assert client.read_close() == (None, "")
        assert client.connection.ended()
    assert notes.wait(3)[2] == disconnect(1005)


@pytest.mark.parametrize("how", ["reset", "close", "shutdown_write"])
def test_end_without_close_is_1006_item90(server: Server, notes: Notes, how: str) -> None:
    with opened(server, play(notes, ACCEPT, "receive", "receive", "receive")) as client:
        notes.wait(2)
        getattr(client.connection, how)()
        assert notes.wait(4)[2:] == [disconnect(1006)] * 2


def test_messages_before_the_end_are_received_item90(server: Server, notes: Notes) -> None:
    with opened(server, play(notes, ACCEPT, "gate", "receive", "echo")) as client:
        notes.wait(2)
        client.send(frame(TEXT, b"one"), close_frame(4001, "x"))
        assert client.read_close()[0] == 4001
    notes.open_gate()
    assert notes.wait(3)[2] == CONNECT


@pytest.mark.parametrize(
    ("event", "told"),
    [
        (CLOSE, (1000, "")),
        (close(None, None), (1000, "")),
        (close(1001, "bye"), (1001, "bye")),
        (close(4000, "\u20ac"), (4000, "\u20ac")),
    ],
)
def test_close_of_the_app_item91(
    server: Server, notes: Notes, event: Any, told: tuple[int, str]
) -> None:
    with opened(server, play(notes, ACCEPT, "receive", event, "receive", "receive")) as client:
        assert client.read_close() == told
        assert not client.connection.ended(within=QUIET), "the client has not closed yet"
        client.close(told[0])
        assert client.connection.ended()
    assert notes.wait(5)[3:] == [disconnect(*told)] * 2


@pytest.mark.parametrize("code", [1005, 1006, 1015])
def test_local_codes_become_1000_item92(server: Server, notes: Notes, code: int) -> None:
    with opened(server, play(notes, ACCEPT, close(code))) as client:
        assert client.read_end() == (1000, "")
    assert notes.wait(2) == [None, None]


@pytest.mark.parametrize(
    "event",
    [
        *(close(code) for code in (-1, 0, 999, 1004, 1016, 2999, 5000, 65_536, 2**70)),
        close("1000"),
        close(True),
        close(1000.0),
        close(1000, 5),
        close(1000, b"reason"),
    ],
    ids=str,
)
def test_what_a_close_cannot_say_raises_item92(server: Server, notes: Notes, event: Any) -> None:
    with opened(server, play(notes, ACCEPT, event, text("still there"))) as client:
        assert client.read() == "still there"
        assert client.read_end() == (1000, "")
    assert notes.wait(3)[1] is not None


@pytest.mark.parametrize(
    ("reason", "sent"),
    [
        ("r" * 124, "r" * 123),
        ("\u20ac" * 42, "\u20ac" * 41),
        ("r" + "\u20ac" * 41, "r" + "\u20ac" * 40),
        ("\U0001f600" * 1000, "\U0001f600" * 30),
    ],
)
def test_long_reason_is_cut_at_a_character_item92(
    server: Server, notes: Notes, reason: str, sent: str
) -> None:
    with opened(server, play(notes, ACCEPT, close(1000, reason))) as client:
        assert client.read_end() == (1000, sent)


def test_send_after_the_client_has_gone_is_an_oserror_item94(server: Server, notes: Notes) -> None:
    with opened(server, play(notes, ACCEPT, "receive", "receive", text("x"), close())) as client:
        client.close(1000)
        client.read_close()
    sent, closed = notes.wait(5)[3:]
    assert "OSError" in sent["raised"]
    assert closed is None


def test_send_that_raises_so_is_not_logged_item94(server: Server, notes: Notes) -> None:
    mark = server.mark()
    told = (ACCEPT, "receive", "receive", "let-out", text("x"))
    with opened(server, play(notes, *told)) as client:
        client.close(1000)
        client.read_close()
    notes.wait(3)
    with opened(server, play(notes, ACCEPT, *failing(notes))) as client:
        client.read_close()
    server_logs(server, notes.key)
    if server.command.own:
        assert server.log_since(mark).count("Traceback") == 1


def test_raise_after_accept_is_1011_item95(server: Server, notes: Notes) -> None:
    with opened(server, play(notes, ACCEPT, text("x"), *failing(notes))) as client:
        assert client.read() == "x"
        assert client.read_end()[0] == 1011
    server_logs(server, notes.key)


def test_return_after_accept_is_1000_item95(server: Server, notes: Notes) -> None:
    with opened(server, play(notes, ACCEPT, text("x"))) as client:
        assert client.read() == "x"
        assert client.read_end() == (1000, "")


# ---- what an app may say when


ORDERS: dict[str, list[tuple[Any, bool]]] = {
    "send-first": [(text("x"), False), (ACCEPT, True)],
    "accept-twice": [(ACCEPT, True), (ACCEPT, False), (text("x"), True)],
    "denial-after-accept": [(ACCEPT, True), (DENIAL_START, False), (DENIAL_BODY, False)],
    "denial-body-first": [(DENIAL_BODY, False), (ACCEPT, True)],
    "http-events": [
        ({"type": "http.response.start", "status": 200}, False),
        ({"type": "http.response.body"}, False),
        (ACCEPT, True),
    ],
    "unknown": [
        ({"type": "websocket.ping"}, False),
        ({"type": 5}, False),
        ({}, False),
        (ACCEPT, True),
    ],
    "received-types": [({"type": "websocket.receive", "text": "x"}, False), (ACCEPT, True)],
    "after-close": [
        (ACCEPT, True),
        (CLOSE, True),
        (text("x"), False),
        (CLOSE, False),
        (ACCEPT, False),
    ],
}


@pytest.mark.parametrize("case", ORDERS)
def test_illegal_order_raises_in_the_app(server: Server, notes: Notes, case: str) -> None:
    events = [event for event, _ in ORDERS[case]]
    with opened(server, play(notes, *events, "let-out")) as client:
        if case == "accept-twice":
            assert client.read() == "x"
        assert client.read_end() == (1000, "")
    raised = notes.wait(len(events))
    assert [each is None for each in raised] == [legal for _, legal in ORDERS[case]]
    assert all("OSError" not in each["raised"] for each in raised if each)


def test_receiving_beside_sending(server: Server, notes: Notes) -> None:
    with opened(server, f"/ws/sends-while-receiving?{notes.key}") as client:
        assert [client.read() for _ in range(20)] == [str(n) for n in range(20)]
        client.text("enough")
        assert notes.wait(1)[0]["text"] == "enough"


def test_other_requests_are_served_beside(server: Server) -> None:
    with opened(server, "/ws/echo") as client, server.connect() as connection:
        assert connection.ask("/other").status == 200
        client.text("x")
        assert client.read() == "x"
