"""HTTPS: what a client gets that speaks something else, disagrees, or stops in the handshake."""

from __future__ import annotations

import socket
import time
from contextlib import ExitStack, suppress

import pytest

from harness.admin import Admin
from harness.encrypted import ask, tcp
from harness.server import Server
from harness.tls import client_hello, old_hello, trusting
from harness.wire import Connection

pytestmark = pytest.mark.own

SUITE = b"\xc0\x2b\xc0\x2f"
UNEXPECTED, FAILURE, VERSION, DECODE = 10, 40, 70, 50


def test_plain_http_is_told_so(encrypted: Server) -> None:
    refused = 'spvn_refusals_total{reason="plain_http"}'
    before = Admin.of(encrypted).metric(refused)
    with Connection(encrypted.address) as connection:
        response = connection.ask("/")
        assert response.status == 400
        assert b"https://" in response.body
        assert response.one("connection") == b"close"
        assert connection.ended()
    assert Admin.of(encrypted).metric(refused) == before + 1


@pytest.mark.parametrize("said", [b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", b"TRACE"])
def test_any_plain_http_is_told_so(encrypted: Server, said: bytes) -> None:
    with socket.create_connection(tcp(encrypted), timeout=5) as connection:
        connection.sendall(said)
        assert Connection.over(connection).read_response().status == 400


@pytest.mark.parametrize(
    ("said", "alert", "reason"),
    [
        pytest.param(b"\x00" * 100, UNEXPECTED, "unexpected_message", id="zeros"),
        pytest.param(b"get / http/1.1", UNEXPECTED, "unexpected_message", id="lower case"),
        pytest.param(b"\x80\x2e\x01\x00\x02", UNEXPECTED, "unexpected_message", id="SSLv2"),
        pytest.param(b"\x17\x03\x03\x00\x01a", UNEXPECTED, "unexpected_message", id="data"),
        pytest.param(b"\x16\x03\x01\x00\x00", UNEXPECTED, "unexpected_message", id="empty record"),
        pytest.param(old_hello(b"\x03\x00", SUITE), VERSION, "protocol_version", id="SSLv3"),
        pytest.param(old_hello(b"\x03\x01", SUITE), VERSION, "protocol_version", id="TLS 1.0"),
        pytest.param(old_hello(b"\x03\x02", SUITE), VERSION, "protocol_version", id="TLS 1.1"),
        pytest.param(old_hello(b"\x03\x03", b"\0\x2f"), FAILURE, "handshake_failure", id="suite"),
        pytest.param(
            old_hello(b"\x03\x03", SUITE, b"\0\x19"), FAILURE, "handshake_failure", id="group"
        ),
        pytest.param(
            b"\x16\x03\x01\x00\x05\x01\x00\x00\x01\x00", DECODE, "decode_error", id="hello cut"
        ),
    ],
)
def test_refusal_is_an_alert_and_counted(
    encrypted: Server, said: bytes, alert: int, reason: str
) -> None:
    admin = Admin.of(encrypted)
    key = f'spvn_tls_handshakes_total{{outcome="failed",reason="{reason}",version=""}}'
    refused = 'spvn_refusals_total{reason="handshake_failed"}'
    before = admin.metrics()
    with socket.create_connection(tcp(encrypted), timeout=5) as connection:
        connection.sendall(said)
        assert connection.recv(100) == bytes((0x15, 3, 3, 0, 2, 2, alert))
        assert connection.recv(1) == b""
    admin.await_metric(key, before.get(key, 0) + 1)
    admin.await_metric(refused, before.get(refused, 0) + 1)


def test_record_that_announces_too_much_is_not_waited_for(encrypted: Server) -> None:
    admin = Admin.of(encrypted)
    key = 'spvn_tls_handshakes_total{outcome="failed",reason="record_overflow",version=""}'
    before = admin.metrics().get(key, 0)
    with socket.create_connection(tcp(encrypted), timeout=2) as connection:
        connection.sendall(b"\x16\x03\x01\xff\xff")
        assert connection.recv(1) == b""  # sooner than --timeout-handshake
    admin.await_metric(key, before + 1)


def test_large_greeting_that_comes_an_octet_at_a_time(encrypted: Server) -> None:
    said = client_hello(trusting(alpn=(*(f"{n:0>150}" for n in range(100)), "http/1.1")))
    assert 15_000 < len(said) < 16_384
    with socket.create_connection(tcp(encrypted), timeout=10) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for octet in said:
            connection.sendall(bytes((octet,)))
        assert connection.recv(6)[5] == 2  # a ServerHello


@pytest.mark.parametrize(
    "garbage",
    [
        b"\x00" * 100,
        b"\x16\x03\x01\x00\x05\x01\x00\x00\x01\x00",
        b"\x16\x03\x01\xff\xff" + b"\x01" * 20_000,
        b"\x80\x2e\x01\x03\x01" + b"\x00" * 60,
        b"\x17\x03\x03\x00\x10" + b"\x00" * 16,
        b"\x15\x03\x03\x00\x02\x02\x28",
        b"get / http/1.1\r\n\r\n",
    ],
    ids=["zeros", "hello cut", "too long", "SSLv2", "data", "alert", "lower case"],
)
def test_garbage_ends_the_connection(encrypted: Server, garbage: bytes) -> None:
    with socket.create_connection(tcp(encrypted), timeout=5) as connection:
        connection.sendall(garbage)
        connection.shutdown(socket.SHUT_WR)
        with suppress(ConnectionError):
            while connection.recv(1000):
                pass
    assert ask(encrypted, trusting()).status == 200


@pytest.mark.parametrize(
    "said",
    [b"", b"\x16", b"\x16\x03\x01\x02\x00\x01"],
    ids=["nothing", "an octet", "a part"],
)
def test_handshakes_that_stop_are_cut_and_slow_nobody(encrypted: Server, said: bytes) -> None:
    admin = Admin.of(encrypted)
    late = 'spvn_refusals_total{reason="handshake_timeout"}'
    before = admin.metric(late)
    with ExitStack() as stack:
        stalled = [
            stack.enter_context(socket.create_connection(tcp(encrypted), timeout=10))
            for _ in range(100)
        ]
        for each in stalled:
            each.sendall(said)
        begun = time.monotonic()
        assert ask(encrypted, trusting()).status == 200
        for each in stalled:
            with suppress(ConnectionError):
                assert each.recv(1) == b""
        assert 2 < time.monotonic() - begun < 9
    admin.await_metric(late, before + 100)


def test_stalled_client_hello_has_no_engine(encrypted: Server) -> None:
    """What has not said a whole greeting costs what a plain connection does."""
    admin = Admin.of(encrypted)
    admin.await_metric("spvn_held_bytes", 0)
    with socket.create_connection(tcp(encrypted), timeout=10):
        admin.await_metric("spvn_held_bytes", 8192)
    admin.await_metric("spvn_held_bytes", 0)
