"""How a WebSocket begins, or does not: items 74 to 84."""

from __future__ import annotations

import json
from typing import Any

import pytest

from harness.notes import Notes
from harness.server import Server
from harness.websocket import (
    KEY,
    handshake,
    opened,
    refused,
)
from harness.websocket_events import (
    ACCEPT,
    CLOSE,
    CONNECT,
    DENIAL_BODY,
    DENIAL_START,
    close,
    failing,
    play,
    server_logs,
    text,
)
from harness.wire import Response, request

pytestmark = [pytest.mark.core, pytest.mark.kinds]

# So long nothing may come: the only way to see that something does not happen.
QUIET = 0.3


# ---- the scope, and what comes first


def test_scope_item74(server: Server) -> None:
    with opened(server, "/ws/scope?a=%20b", "X-Name: value") as client:
        scope = client_json(client.read())
    assert scope["type"] == "websocket"
    assert scope["scheme"] == ("wss" if server.tls else "ws")
    assert scope["http_version"] == "1.1"
    assert scope["path"] == "/ws/scope"
    assert scope["raw_path"] == {"bytes": "/ws/scope"}
    assert scope["query_string"] == {"bytes": "a=%20b"}
    assert scope["root_path"] == ""
    assert [{"bytes": "x-name"}, {"bytes": "value"}] in scope["headers"]
    assert scope["subprotocols"] == []
    assert scope["state"]["started"] == "yes"
    assert scope["asgi"]["version"] == "3.0"
    assert ("tls" in scope["extensions"]) == server.tls
    assert scope["extensions"]["websocket.http.response"] == {}
    assert set(scope["extensions"]) <= {"websocket.http.response", "tls"}
    assert "method" not in scope
    assert scope["type_of"]["client"] in ("tuple", "list")
    assert len(scope["server"]) == 2


def client_json(message: str | bytes) -> Any:
    assert isinstance(message, str)
    return json.loads(message)


def test_path_decoded_item74(server: Server, notes: Notes) -> None:
    with opened(server, "/ws/%73cope") as client:
        scope = client_json(client.read())
    assert scope["path"] == "/ws/scope"
    assert scope["raw_path"] == {"bytes": "/ws/%73cope"}


@pytest.mark.parametrize(
    "lines",
    [
        ["Sec-WebSocket-Protocol: one, two,three"],
        [
            "Sec-WebSocket-Protocol: one",
            "Sec-WebSocket-Protocol: two",
            "sec-websocket-protocol:three",
        ],
        ["Sec-WebSocket-Protocol:  one ,\ttwo ", "X-Other: x", "Sec-WebSocket-Protocol: , three,"],
    ],
)
def test_subprotocols_of_all_lines_item75(server: Server, lines: list[str]) -> None:
    with opened(server, "/ws/scope", *lines) as client:
        assert client_json(client.read())["subprotocols"] == ["one", "two", "three"]


def test_connect_first_and_no_answer_before_accept_item76(server: Server, notes: Notes) -> None:
    with server.connect() as connection:
        connection.send(handshake(play(notes, "receive", "gate", ACCEPT, "receive")))
        assert notes.wait(2) == [CONNECT, "waiting"]
        assert connection.silent(QUIET)
        notes.open_gate()
        assert connection.read_head().status == 101


# ---- accept


def test_subprotocol_of_accept_item77(server: Server, notes: Notes) -> None:
    accept = {**ACCEPT, "subprotocol": "two"}
    with opened(server, play(notes, accept), "Sec-WebSocket-Protocol: one, two") as client:
        assert client.head.all("sec-websocket-protocol") == [b"two"]


@pytest.mark.parametrize("accept", [ACCEPT, {**ACCEPT, "subprotocol": None}])
def test_no_subprotocol_of_accept_item77(server: Server, notes: Notes, accept: Any) -> None:
    with opened(server, play(notes, accept), "Sec-WebSocket-Protocol: one") as client:
        assert client.head.all("sec-websocket-protocol") == []


@pytest.mark.parametrize("offered", [[], ["Sec-WebSocket-Protocol: one"]])
def test_subprotocol_not_offered_raises_item77(
    server: Server, notes: Notes, offered: list[str]
) -> None:
    accept = {**ACCEPT, "subprotocol": "three"}
    with opened(server, play(notes, accept, ACCEPT), *offered) as client:
        assert client.head.all("sec-websocket-protocol") == []
    raised, then = notes.wait(2)
    assert raised["raised"][0] == "RuntimeError"
    assert "'three'" in raised["text"]
    assert then is None


def test_headers_of_accept_item78(server: Server, notes: Notes) -> None:
    headers = [[b"x-one", b"1"], [b"X-Two", b"2"], [b"set-cookie", b"a=b"], [b"set-cookie", b"c=d"]]
    with opened(server, play(notes, {**ACCEPT, "headers": headers})) as client:
        assert client.head.one("x-one") == b"1"
        assert client.head.one("x-two") == b"2"
        assert client.head.all("set-cookie") == [b"a=b", b"c=d"]
        assert client.head.one("date") is not None


@pytest.mark.parametrize(
    "field",
    [
        [b"sec-websocket-protocol", b"one"],
        [b"Sec-WebSocket-Protocol", b"one"],
        [b"sec-websocket-accept", b"x"],
        [b"sec-websocket-extensions", b"permessage-deflate"],
        [b"x-bad", b"a\r\nb: c"],
        [b"x bad", b"a"],
        ["x-text", b"a"],
    ],
)
def test_headers_that_accept_must_not_have_item78(
    server: Server, notes: Notes, field: list[Any]
) -> None:
    told = play(notes, {**ACCEPT, "headers": [field]}, ACCEPT)
    with opened(server, told, "Sec-WebSocket-Protocol: one") as client:
        assert client.head.all("sec-websocket-protocol") == []
        assert client.head.all("x-bad") == []
    raised, then = notes.wait(2)
    assert raised is not None
    assert then is None


@pytest.mark.parametrize(
    "name", [b"upgrade", b"connection", b"content-length", b"transfer-encoding"]
)
def test_headers_of_the_connection_are_the_servers_item78(
    server: Server, notes: Notes, name: bytes
) -> None:
    told = play(notes, {**ACCEPT, "headers": [[name, b"5"]]}, text("there"))
    with opened(server, told) as client:  # which looks at all of these
        assert client.read() == "there"


# ---- no WebSocket


def test_close_before_accept_is_403_item79(server: Server, notes: Notes) -> None:
    response = refused(server, play(notes, "receive", close(4000, "x"), "receive"))
    assert response.status == 403
    assert notes.wait(3)[:2] == [CONNECT, None]
    assert notes.all()[2]["type"] == "websocket.disconnect"


def test_raise_before_accept_is_500_item80(server: Server, notes: Notes) -> None:
    assert refused(server, play(notes, "receive", *failing(notes))).status == 500
    server_logs(server, notes.key)


def test_return_before_accept_is_500_item80(server: Server, notes: Notes) -> None:
    assert refused(server, play(notes, "receive")).status == 500


@pytest.mark.parametrize("upgrade", ["websocket", "WebSocket", "WEBSOCKET"])
@pytest.mark.parametrize(
    "connection", ["Upgrade", "upgrade", "keep-alive, Upgrade", "keep-alive,UPGRADE"]
)
def test_handshake_in_any_case_item82(server: Server, upgrade: str, connection: str) -> None:
    with server.connect() as talk:
        talk.send(
            request(
                "/ws/echo",
                f"Upgrade: {upgrade}",
                f"Connection: {connection}",
                f"Sec-WebSocket-Key: {KEY}",
                "Sec-WebSocket-Version: 13",
            )
        )
        assert talk.read_head().status == 101


def ask(server: Server, *headers: str, **how: Any) -> Response:
    both = ("Upgrade: websocket", "Connection: Upgrade", *headers)
    with server.connect() as connection:
        return connection.ask("/ws/echo", *both, **how)


@pytest.mark.parametrize("version", ["12", "8", "0", "014", "13, 8", "x"])
def test_other_versions_are_426_item82(server: Server, version: str) -> None:
    response = ask(server, f"Sec-WebSocket-Key: {KEY}", f"Sec-WebSocket-Version: {version}")
    assert response.status == 426
    assert response.one("sec-websocket-version") == b"13"


def test_no_version_is_426_item82(server: Server) -> None:
    assert ask(server, f"Sec-WebSocket-Key: {KEY}").status == 426


@pytest.mark.parametrize(
    "headers",
    [
        [],
        ["Sec-WebSocket-Key:"],
        ["Sec-WebSocket-Key: short"],
        ["Sec-WebSocket-Key: !!!!IHNhbXBsZSBub25jZQ=="],
        [f"Sec-WebSocket-Key: {KEY}", f"Sec-WebSocket-Key: {KEY}"],
        [f"Sec-WebSocket-Key: {KEY}", "Sec-WebSocket-Version: 13"],
        [f"Sec-WebSocket-Key: {KEY}", "Content-Length: 5"],
        [f"Sec-WebSocket-Key: {KEY}", "Transfer-Encoding: chunked"],
        [f"Sec-WebSocket-Key: {KEY}", "Sec-WebSocket-Protocol: a b"],
        [f"Sec-WebSocket-Key: {KEY}", "Sec-WebSocket-Extensions: ;"],
    ],
)
def test_bad_handshake_is_400_item82(server: Server, headers: list[str]) -> None:
    assert ask(server, "Sec-WebSocket-Version: 13", *headers).status == 400


# ---- denial


def test_denial_in_one_piece_item84(server: Server, notes: Notes) -> None:
    start = {**DENIAL_START, "headers": [[b"x-why", b"not you"]]}
    response = refused(server, play(notes, start, DENIAL_BODY))
    assert (response.status, response.body) == (401, b"no")
    assert response.one("x-why") == b"not you"
    assert response.one("content-length") == b"2"


def test_denial_in_pieces_item84(server: Server, notes: Notes) -> None:
    more = {**DENIAL_BODY, "more_body": True}
    large = {**DENIAL_BODY, "body": b"x" * 3000}
    response = refused(server, play(notes, DENIAL_START, more, more, large))
    assert (response.status, response.body) == (401, b"nono" + b"x" * 3000)


@pytest.mark.parametrize("status", [200, 204, 302, 404, 503])
def test_denial_with_any_status_item84(server: Server, notes: Notes, status: int) -> None:
    start = {**DENIAL_START, "status": status}
    assert refused(server, play(notes, start, {**DENIAL_BODY, "body": b""})).status == status


def test_denial_that_ends_early_item84(server: Server, notes: Notes) -> None:
    assert refused(server, play(notes, DENIAL_START)).status == 500


def test_nothing_after_a_denial_item84(server: Server, notes: Notes) -> None:
    told = [DENIAL_START, ACCEPT, text("x"), CLOSE, DENIAL_START, DENIAL_BODY, ACCEPT, DENIAL_BODY]
    assert refused(server, play(notes, *told)).body == b"no"
    raised = notes.wait(len(told))
    assert [each is None for each in raised] == [True, *[False] * 4, True, False, False]
