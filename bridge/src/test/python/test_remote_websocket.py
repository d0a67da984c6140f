"""What an app may say on a WebSocket in a worker process, and in which words it is refused.

Java's classes are the norm: `EventReader` for types and values, `WebSocketRules` for the order of
events and its words, `CloseCode` for codes.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, ClassVar

import pytest

from remote_post import Post
from spvn_bridge.http import SENT, ClientDisconnected
from spvn_bridge.remote import websocket, wire
from spvn_bridge.remote.response import LARGE, MESSAGE, WINDOW
from spvn_bridge.remote.websocket import WebSocket

JAVA = Path(__file__).parents[2] / "main" / "java" / "io" / "spvn" / "bridge" / "asgi"
ACCEPT = {"type": "websocket.accept"}
CLOSE = {"type": "websocket.close"}
DENIAL = {"type": "websocket.http.response.start", "status": 401}
DENIAL_BODY = {"type": "websocket.http.response.body", "body": b"no"}


@pytest.fixture
def socket(post: Post) -> WebSocket:
    return WebSocket(7, post, ["one", "two"])


@pytest.fixture
def opened(socket: WebSocket, post: Post) -> WebSocket:
    socket.send(ACCEPT)
    post.messages.clear()
    return socket


def text(data: Any) -> dict[str, Any]:
    return {"type": "websocket.send", "text": data}


def binary(data: Any) -> dict[str, Any]:
    return {"type": "websocket.send", "bytes": data}


def close(code: Any = None, reason: Any = None) -> dict[str, Any]:
    return {**CLOSE, "code": code, "reason": reason}


class TestReceive:
    def test_begins_with_the_client_that_asks(self, socket: WebSocket) -> None:
        assert socket.next_event() == {"type": "websocket.connect"}
        assert socket.events == []

    def test_has_one_of_text_and_bytes(self, socket: WebSocket) -> None:
        socket.next_event()
        socket.came("")
        socket.came(b"")
        assert socket.next_event() == {"type": "websocket.receive", "text": ""}
        assert socket.next_event() == {"type": "websocket.receive", "bytes": b""}

    def test_tells_the_end_again_and_again_behind_what_came_before(self, socket: WebSocket) -> None:
        socket.next_event()
        socket.came("last")
        socket.closed(4000, "over")
        assert socket.next_event()["type"] == "websocket.receive"
        first: Any = socket.next_event()
        assert first == {"type": "websocket.disconnect", "code": 4000, "reason": "over"}
        first["code"] = 0
        assert socket.next_event() == {
            "type": "websocket.disconnect",
            "code": 4000,
            "reason": "over",
        }


class TestSend:
    def test_small_ones_are_messages(self, opened: WebSocket, post: Post) -> None:
        for event in (text("t"), text(""), binary(b"b"), binary(b"")):
            assert opened.send(event) is SENT
        said = [message[2] for message in post.messages]
        assert said == ["t", "", b"b", b""]
        assert {(message[0], message[1]) for message in post.messages} == {(wire.SEND, 7)}

    def test_large_ones_are_offered(self, opened: WebSocket, post: Post) -> None:
        opened.send(text("t" * (LARGE + 1)))
        opened.send(binary(bytes(LARGE + 1)))
        opened.send(text("\u20ac" * (LARGE // 3 + 1)))
        assert [(len(data), is_text) for _, data, is_text in post.offered] == [
            (LARGE + 1, True),
            (LARGE + 1, False),
            (3 * (LARGE // 3 + 1), True),
        ]
        opened.send(binary(bytes(LARGE)))
        assert len(post.offered) == 3

    def test_waits_when_there_is_no_room(self, opened: WebSocket, post: Post) -> None:
        size = 1000
        for _ in range(WINDOW // (size + MESSAGE)):
            assert opened.send(binary(bytes(size))) is SENT
        assert opened.send(binary(bytes(size))) is post.waits
        assert post.messages[-1] == [wire.FULL, 7]
        opened.has_room()
        assert opened.send(binary(b"")) is SENT

    @pytest.mark.parametrize("data", [bytearray(b"abc"), memoryview(b"a-b-c")[::2]])
    def test_copies_what_is_not_bytes(self, opened: WebSocket, post: Post, data: Any) -> None:
        opened.send(binary(data))
        assert post.messages == [[wire.SEND, 7, b"abc"]]
        assert type(post.messages[0][2]) is bytes

    @pytest.mark.parametrize(
        ("event", "error"),
        [
            ({"type": "websocket.send"}, RuntimeError),
            ({**text("a"), "bytes": b"b"}, RuntimeError),
            (text(b"a"), TypeError),
            (binary("a"), TypeError),
            (binary(5), TypeError),
            (text("\ud800"), UnicodeEncodeError),
            (text("a" * LARGE + "\ud800"), UnicodeEncodeError),
            (close("1000"), TypeError),
            (close(code=True), TypeError),
            (close(1000, b"x"), TypeError),
            (close(1000, "\ud800"), UnicodeEncodeError),
            (close(1004), ValueError),
            (close(5000), ValueError),
            ({"type": "websocket.ping"}, RuntimeError),
            ({"type": 5}, RuntimeError),
            ({}, RuntimeError),
        ],
    )
    def test_refuses_what_is_none_and_goes_on(
        self, opened: WebSocket, post: Post, event: Any, error: type[Exception]
    ) -> None:
        with pytest.raises(error):
            opened.send(event)
        assert post.messages == []
        assert post.offered == []
        opened.send(text("still there"))
        assert post.messages == [[wire.SEND, 7, "still there"]]

    def test_takes_a_dict_alone(self, opened: WebSocket) -> None:
        with pytest.raises(TypeError):
            opened.send([])  # type: ignore[arg-type]


class TestAccept:
    def test_is_told_with_subprotocol_and_headers(self, socket: WebSocket, post: Post) -> None:
        socket.send({**ACCEPT, "subprotocol": "two", "headers": [(b"X-A", b"1")]})
        assert post.messages == [[wire.ACCEPT, 7, "two", b"x-a\x001\x00"]]

    @pytest.mark.parametrize(
        "more",
        [
            {"subprotocol": "three"},
            {"subprotocol": 5},
            {"headers": [(b"sec-websocket-protocol", b"one")]},
            {"headers": [(b"a", b"b"), (b"Sec-WebSocket-Accept", b"x")]},
            {"headers": [(b"sec-websocket-extensions", b"x")]},
            {"headers": [("a", b"b")]},
            {"headers": [(b"a", b"b\r\nc")]},
        ],
    )
    def test_that_cannot_be_is_refused(
        self, socket: WebSocket, post: Post, more: dict[str, Any]
    ) -> None:
        with pytest.raises((RuntimeError, TypeError, ValueError)):
            socket.send({**ACCEPT, **more})
        assert post.messages == []
        socket.send(ACCEPT)

    def test_may_have_a_header_whose_value_is_a_name(self, socket: WebSocket) -> None:
        socket.send({**ACCEPT, "headers": [(b"x-a", b"sec-websocket-accept")]})


class TestClose:
    @pytest.mark.parametrize(
        ("event", "told"),
        [(CLOSE, (1000, "")), (close(4000, "x"), (4000, "x")), (close(1006), (1000, ""))],
    )
    def test_is_told(
        self, opened: WebSocket, post: Post, event: Any, told: tuple[int, str]
    ) -> None:
        opened.send(event)
        assert post.messages == [[wire.CLOSE, 7, *told]]

    def test_of_what_the_client_has_left_is_nothing(self, opened: WebSocket, post: Post) -> None:
        opened.leave()
        with pytest.raises(ClientDisconnected):
            opened.send(text("x"))
        opened.send(CLOSE)
        assert post.messages == []

    def test_codes_are_those_of_java(self) -> None:
        rows = re.findall(r"^    [A-Z_]+\((\d+), (true|false)\)", java("CloseCode"), re.MULTILINE)
        on_wire = {int(code) for code, sent in rows if sent == "true"} | set(range(3000, 5000))
        local = {int(code) for code, sent in rows if sent == "false"}
        assert local == {1005, 1006, 1015}
        for code in range(-1, 6000):
            if code in on_wire:
                assert websocket._close_code(code) == code
            elif code in local:
                assert websocket._close_code(code) == websocket.NORMAL
            else:
                with pytest.raises(ValueError, match=str(code)):
                    websocket._close_code(code)


class TestDenial:
    def test_is_said_like_a_response(self, socket: WebSocket, post: Post) -> None:
        socket.send(DENIAL)
        socket.send(DENIAL_BODY)
        assert post.messages == [[wire.RESPONSE, 7, 401, b"", b"no"]]
        with pytest.raises(RuntimeError):
            socket.send(DENIAL_BODY)


class TestOrder:
    EVENTS: ClassVar[list[dict[str, Any]]] = [
        ACCEPT,
        text("x"),
        CLOSE,
        DENIAL,
        {**DENIAL_BODY, "more_body": True},
        DENIAL_BODY,
    ]
    STATES: ClassVar[dict[str, list[dict[str, Any]]]] = {
        "CONNECTING": [],
        "OPEN": [ACCEPT],
        "DENIED": [DENIAL],
        "CLOSED": [CLOSE],
    }

    def test_states_are_those_of_java(self) -> None:
        assert [name for name, _ in states()] == list(self.STATES)
        assert [words for _, words in states()] == list(websocket._REFUSALS)

    def test_is_that_of_java(self) -> None:
        """The rows of its table; what is not in a row is refused in the words of the state."""
        rows = dict(
            re.findall(r"State\.([A-Z]+),\s*Map\.of\(((?:[^()])*)\)", java("WebSocketRules"))
        )
        names = ["ACCEPT", "SEND", "CLOSE", "DENIAL_START", "DENIAL_BODY", "LAST_DENIAL_BODY"]
        assert list(rows) == list(self.STATES)
        for (state, before), (_, words) in zip(self.STATES.items(), states(), strict=True):
            legal = set(re.findall(r"Event\.([A-Z_]+)", rows[state]))
            for name, event in zip(names, self.EVENTS, strict=True):
                socket = WebSocket(7, Post(), [])
                for each in before:
                    socket.send(each)
                if name in legal:
                    socket.send(event)
                else:
                    with pytest.raises(RuntimeError) as refused:
                        socket.send(event)
                    assert str(refused.value) == words.format(event["type"])

    def test_nothing_follows_the_apps_return(self, opened: WebSocket) -> None:
        opened.over = True
        with pytest.raises(RuntimeError):
            opened.send(text("x"))


def java(name: str) -> str:
    return (JAVA / f"{name}.java").read_text()


def states() -> list[tuple[str, str]]:
    """Each state of `WebSocketRules` and its words, as Python's `format` has them."""
    head = java("WebSocketRules").partition("private final String refusal")[0]
    found = re.findall(r'^        ([A-Z]+)\(\s*((?:"[^"]*"[\s+]*)+)\)', head, re.MULTILINE)
    return [
        (name, "".join(re.findall(r'"([^"]*)"', words)).replace("%s", "{}"))
        for name, words in found
    ]
