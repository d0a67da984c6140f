"""HTTPS: who can agree with the server on what, and that a connection is then like any other."""

from __future__ import annotations

import signal
import socket
import ssl
import subprocess
import time
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest

from conftest import Serve
from harness.admin import ANY_PORT, Admin
from harness.encrypted import VERSIONS, ask, connect, name_of, of_version, tcp, total, whole
from harness.server import Server
from harness.tls import Authority, Pair, TlsSocket, trusting
from harness.wire import Connection, Truncated, request

pytestmark = pytest.mark.own

TARGET = "conformance.main:app"
SUITES = {
    "ECDHE-ECDSA-AES128-GCM-SHA256",
    "ECDHE-RSA-AES128-GCM-SHA256",
    "ECDHE-ECDSA-AES256-GCM-SHA384",
    "ECDHE-RSA-AES256-GCM-SHA384",
    "ECDHE-ECDSA-CHACHA20-POLY1305",
    "ECDHE-RSA-CHACHA20-POLY1305",
}
SUITES_OF_1_3 = {
    "TLS_AES_128_GCM_SHA256",
    "TLS_AES_256_GCM_SHA384",
    "TLS_CHACHA20_POLY1305_SHA256",
}


# ---- what is agreed on


def test_certificate_is_one_that_clients_trust(encrypted: Server, authority: Authority) -> None:
    response = ask(encrypted, trusting(authority.certificate))
    assert response.status == 200
    assert response.json()["scheme"] == "https"


@pytest.mark.parametrize("name", sorted(SUITES | SUITES_OF_1_3))
def test_suites_that_are_spoken(encrypted: Server, name: str) -> None:
    done = s_client(encrypted, *suite_options(name))
    assert f"Cipher is {name}" in done, done


def suite_options(name: str) -> tuple[str, ...]:
    return (
        ("-tls1_3", "-ciphersuites", name)
        if name in SUITES_OF_1_3
        else ("-tls1_2", "-cipher", f"{name}@SECLEVEL=0")
    )


def s_client(server: Server, *options: str, said: bytes = b"") -> str:
    host, port = tcp(server)
    done = subprocess.run(
        ["openssl", "s_client", "-connect", f"{host}:{port}", *options],
        input=said,
        capture_output=True,
        timeout=20,
    )
    return (done.stdout + done.stderr).decode(errors="replace")


@pytest.mark.parametrize(
    "options",
    [
        ("-tls1_2", "-cipher", "ALL:COMPLEMENTOFALL:!AESGCM:!CHACHA20@SECLEVEL=0"),
        ("-tls1_2", "-cipher", "kRSA:DHE@SECLEVEL=0"),
        ("-tls1_3", "-ciphersuites", "TLS_AES_128_CCM_SHA256"),
        ("-tls1_1", "-cipher", "ALL@SECLEVEL=0"),
        ("-tls1", "-cipher", "ALL@SECLEVEL=0"),
        ("-tls1_3", "-groups", "X448"),
        ("-tls1_3", "-groups", "P-521"),
        ("-alpn", "h3"),
    ],
    ids=" ".join,
)
def test_what_is_not_spoken_is_refused_with_an_alert(
    encrypted: Server, options: tuple[str, ...]
) -> None:
    done = s_client(encrypted, *options)
    assert "alert" in done, done
    assert "Cipher is (NONE)" in done, done


def test_server_prefers_its_own_order(encrypted: Server) -> None:
    order = "TLS_CHACHA20_POLY1305_SHA256:TLS_AES_256_GCM_SHA384:TLS_AES_128_GCM_SHA256"
    assert "Cipher is TLS_AES_128_GCM_SHA256" in s_client(encrypted, "-ciphersuites", order)


@pytest.mark.parametrize("protocol", ["h2", "http/1.1", "http/1.0"])
def test_protocol_is_agreed_on_by_alpn(encrypted: Server, protocol: str) -> None:
    with connect(encrypted, trusting(alpn=("x", protocol))) as connection:
        assert connection.tls.selected_alpn_protocol() == protocol


def test_fewer_versions_and_suites_on_request(serve: Serve, pair: Pair) -> None:
    options = ("--ssl-min-version", "1.3", "--ssl-ciphers", "TLS_AES_256_GCM_SHA384")
    server = serve(TARGET, *pair.options, *options)
    assert "protocol version" in s_client(server, "-tls1_2")
    assert "Cipher is TLS_AES_256_GCM_SHA384" in s_client(server)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("localhost", "localhost"),
        ("a.example.test", "*.example.test"),
        ("A.Example.TEST", "*.example.test"),
        ("example.test", "*.example.test"),
        ("a.b.example.test", "localhost"),
        ("unknown.test", "localhost"),
    ],
)
def test_certificate_by_name(encrypted: Server, asked: str, expected: str) -> None:
    with connect(encrypted, trusting(), asked) as connection:
        assert name_of(connection) == expected


@pytest.mark.parametrize(
    ("kind", "scheme"), [("RSA", "rsa_pss_rsae_sha256"), ("ECDSA", "ECDSA+SHA256")]
)
def test_certificate_of_the_kind_that_the_client_can_verify(
    encrypted: Server, kind: str, scheme: str
) -> None:
    assert f"Peer signature type: {'RSA-PSS' if kind == 'RSA' else kind}" in s_client(
        encrypted, "-sigalgs", scheme, "-servername", "localhost"
    )


@pytest.mark.parametrize("version", VERSIONS)
def test_session_is_resumed(encrypted: Server, version: ssl.TLSVersion, tmp_path: Path) -> None:
    protocol = "-tls1_2" if version == ssl.TLSVersion.TLSv1_2 else "-tls1_3"
    said = request("/", "Connection: close")
    session = str(tmp_path / "session")
    admin = Admin.of(encrypted)
    key = f'spvn_tls_handshakes_total{{outcome="resumed",reason="",version="{protocol[-1:]}'
    before = total(admin, key.replace('version="', 'version="1.'))
    first = s_client(encrypted, protocol, "-sess_out", session, "-ign_eof", said=said)
    assert "New, TLSv1" in first, first
    again = s_client(encrypted, protocol, "-sess_in", session, "-ign_eof", said=said)
    assert "Reused, TLSv1" in again, again
    assert "HTTP/1.1 200" in again
    assert total(admin, key.replace('version="', 'version="1.')) == before + 1


def test_renegotiation_is_refused(encrypted: Server) -> None:
    host, port = tcp(encrypted)
    command = ["openssl", "s_client", "-connect", f"{host}:{port}", "-tls1_2"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as client:
        assert client.stdin is not None
        assert client.stdout is not None
        for line in client.stdout:
            if b"Extended master secret" in line:
                break
        client.stdin.write(b"R\n")
        client.stdin.flush()
        rest = client.stdout.read()  # ends: the server does not go on
    assert b"RENEGOTIATING" in rest
    assert b"handshake failure" in rest or b"no renegotiation" in rest, rest
    assert ask(encrypted, trusting()).status == 200


# ---- a connection like any other


@pytest.mark.parametrize("version", VERSIONS)
def test_half_closed_client_gets_its_response_and_the_end(
    encrypted: Server, version: ssl.TLSVersion
) -> None:
    with connect(encrypted, of_version(version)) as connection:
        connection.sendall(request("/zeros?count=2000000&more=0"))
        connection.shutdown(socket.SHUT_WR)
        reader = Connection.over(connection)
        assert len(reader.read_response().body) == 2_000_000
        assert reader.read_to_end() == b""
        assert connection.close_notified


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("way", ["idle client leaves", "last response"])
def test_server_says_the_end(encrypted: Server, version: ssl.TLSVersion, way: str) -> None:
    with connect(encrypted, of_version(version)) as connection:
        reader = Connection.over(connection)
        if way == "last response":
            connection.sendall(request("/", "Connection: close"))
            reader.read_response()
        else:
            reader.ask("/")
            connection.close_notify()
        assert reader.read_to_end() == b""
        assert connection.close_notified


def test_idle_connection_ends_with_a_word(serve: Serve, pair: Pair) -> None:
    server = serve(TARGET, *pair.options, "--timeout-keep-alive", "200ms")
    with connect(server, trusting()) as connection:
        reader = Connection.over(connection)
        reader.ask("/")
        assert reader.read_to_end() == b""
        assert connection.close_notified


@pytest.mark.parametrize("version", VERSIONS)
def test_response_that_breaks_off_has_no_end(encrypted: Server, version: ssl.TLSVersion) -> None:
    """Or one without a length would look whole to an HTTP/1.0 client."""
    with connect(encrypted, of_version(version)) as connection:
        connection.sendall(request("/raises?when=middle&text=x", version="1.0"))
        reader = Connection.over(connection)
        with suppress(Truncated):
            reader.read_to_end()
        assert not connection.close_notified


def test_large_bodies_both_ways(encrypted: Server) -> None:
    body = bytes(range(256)) * 16_384
    with Connection(encrypted.address, tls=trusting()) as connection:
        for _ in range(2):
            assert connection.ask("/whole-body", method="POST", body=body).body == body


def test_request_that_comes_an_octet_at_a_time(encrypted: Server) -> None:
    plain = socket.create_connection(tcp(encrypted), timeout=10)
    slow = Dribbling(plain, trusting(), "localhost")
    with slow as connection:
        connection.handshake()
        connection.sendall(request("/", "Connection: close"))
        assert whole(connection).status == 200


class Dribbling(TlsSocket):
    """Its records come in as many pieces as they have octets."""

    def _flush(self) -> None:
        while self._outgoing.pending:
            socket.socket.sendall(self, self._outgoing.read(1))


def test_memory_is_given_back(encrypted: Server) -> None:
    admin = Admin.of(encrypted)
    with ExitStack() as clients:
        for _ in range(20):
            connection = clients.enter_context(Connection(encrypted.address, tls=trusting()))
            connection.ask("/echo", method="POST", body=b"x" * 100_000)
        assert admin.metric("spvn_held_bytes") >= 20 * 8192
    admin.await_metric("spvn_held_bytes", 0)


def test_client_that_does_not_read_does_not_hold_up_the_stop(serve: Serve, pair: Pair) -> None:
    server = serve(TARGET, *pair.options, "--graceful-timeout", "1s")
    plain = socket.create_connection(tcp(server), timeout=10)
    connection = TlsSocket(plain, trusting(), "localhost")
    with connection:
        connection.handshake()
        connection.sendall(request("/zeros?count=100000000&more=0"))
        connection.recv(1)
        begun = time.monotonic()
        server.signal(signal.SIGTERM)
        server.wait_exit(10)
        assert time.monotonic() - begun < 5


# ---- counts


def test_handshakes_and_certificates_are_measured(serve: Serve, pair: Pair) -> None:
    server = serve(TARGET, *pair.options, *ANY_PORT)
    admin = Admin.of(server)
    ask(server, of_version(ssl.TLSVersion.TLSv1_2))
    s_client(server, "-tls1_1", "-cipher", "ALL@SECLEVEL=0")
    with Connection(server.address) as connection:
        connection.ask("/")
    with socket.create_connection(tcp(server)):
        pass
    found = {key: value for key, value in admin.metrics().items() if "handshakes_total" in key}
    assert found == {
        'spvn_tls_handshakes_total{outcome="full",reason="",version="1.2"}': 1.0,
        'spvn_tls_handshakes_total{outcome="failed",reason="plain_http",version=""}': 1.0,
        'spvn_tls_handshakes_total{outcome="failed",reason="protocol_version",version=""}': 1.0,
    }
    expiry = admin.metric(
        f'spvn_tls_certificate_expiry_seconds{{file="{pair.certificate}",name="localhost"}}'
    )
    assert time.time() < expiry < time.time() + 3 * 24 * 3600
