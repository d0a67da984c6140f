"""What the log tells of requests that the server refused, and of what it does not do."""

from __future__ import annotations

import re

import pytest

from conftest import Serve
from harness.server import Server
from harness.wire import request

pytestmark = pytest.mark.own

TARGET = "conformance.main:app"
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")


def ask(server: Server, data: bytes) -> bytes:
    with server.connect() as connection:
        connection.send(data)
        return connection.read_to_end()


def test_refused_requests_are_shown_when_asked_for(serve: Serve) -> None:
    server = serve(TARGET, "-v", "--limit-body", "10")
    ask(server, b"GET /a b HTTP/1.1\r\nHost: a\r\n\r\n")
    server.wait_line(
        r"DEBUG refused GET /a b HTTP/1\.1 from 127\.0\.0\.1:\d+: 400 malformed, malformed HTTP"
    )
    ask(server, b"GET /two HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n")
    server.wait_line(
        r"refused GET /two HTTP/1\.1 from 127\.0\.0\.1:\d+: 400 malformed, more than one Host"
    )
    ask(server, b"\x16\x03\x01\x02\x00\x01\x00\x1b[31m\x9b\r\n\r\n")
    server.wait_line(r"refused \\x16\\x03\\x01\\x02\\x00\\x01\\x00\\x1b\[31m\\x9b from ")
    ask(server, request("/large", method="POST", body=bytes(11)))
    server.wait_line(r"refused POST /large from 127\.0\.0\.1:\d+: 413 body_too_large")
    ask(server, b"POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nno size\r\n")
    server.wait_line(r"refused POST /x from 127\.0\.0\.1:\d+: 400 malformed")
    assert not CONTROL.search(server.log)


def test_refused_requests_are_not_shown_unasked(serve: Serve) -> None:
    server = serve(TARGET)
    ask(server, b"GET /a b HTTP/1.1\r\nHost: a\r\n\r\n")
    assert server.stop() == 0
    assert "/a b" not in server.log


def test_very_verbose_shows_connections_and_requests_of_ours_alone(serve: Serve) -> None:
    server = serve(TARGET, "-vv")
    with server.connect() as connection:
        connection.ask("/seen?secret=1")
    server.wait_line(r"TRACE connection from 127\.0\.0\.1:\d+\n")
    server.wait_line(r"TRACE GET /seen from 127\.0\.0\.1:\d+\n")
    server.wait_line(r"TRACE GET /seen: \d+ in \d+\.\d ms\n")
    server.wait_line(r"TRACE end of the connection from 127\.0\.0\.1:\d+\n")
    assert "helidon" not in server.log.lower()
    server.check_clean()


def test_websocket_where_none_are_served_is_told_once(serve: Serve) -> None:
    server = serve(TARGET, "--no-ws")
    upgrade = ("Upgrade: WebSocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13")
    for _ in range(3):
        with server.connect() as connection:
            response = connection.ask(b"/chat\xc2\x9b", *upgrade)
            assert response.status == 200
    assert server.stop() == 0
    found = re.findall(r"WARN +WebSocket is turned off: GET /chat\\xc2\\x9b from .*", server.log)
    assert len(found) == 1
    assert "the client the app's answer to that" in found[0]
    assert not CONTROL.search(server.log)


def test_other_upgrades_are_not_told(serve: Serve) -> None:
    server = serve(TARGET)
    with server.connect() as connection:
        connection.ask("/", "Upgrade: h2c", "Connection: Upgrade")
    assert server.stop() == 0
    assert "WebSocket" not in server.log


@pytest.mark.parametrize("what", ["path", "message"])
def test_no_control_character_of_a_client_reaches_the_log(serve: Serve, what: str) -> None:
    server = serve("faults:app")
    evil = {
        "path": b"\x9b31m\x85\xc2\x9b2J\xe2\x80\xa8",
        "message": b"%1b[31m%c2%9b2J%0d%7f%e2%80%a8",
    }[what]
    closing = b" HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
    ask(server, b"GET /echo-in-error/" + evil + closing)
    server.wait_log("ValueError: ")
    assert not CONTROL.search(server.log)
