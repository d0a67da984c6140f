"""HTTPS: who can agree with the server on what, and that a connection is then like any other."""

from __future__ import annotations

import signal
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest

from conftest import Serve
from harness.admin import ANY_PORT, Admin
from harness.command import Command, free_port
from harness.server import Server
from harness.tls import Authority, Pair, TlsSocket, trusting
from harness.waiting import eventually
from harness.wire import Connection, Response, Truncated, request

pytestmark = pytest.mark.own

TARGET = "conformance.main:app"
VERSIONS = [
    pytest.param(ssl.TLSVersion.TLSv1_2, id="1.2"),
    pytest.param(ssl.TLSVersion.TLSv1_3, id="1.3"),
]
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


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("tls"))


@pytest.fixture(scope="module")
def pair(authority: Authority) -> Pair:
    return authority.pair("server")


@pytest.fixture(scope="module")
def shared(command: Command, authority: Authority, pair: Pair) -> Iterator[Server]:
    """Of two kinds of keys for one name, and other names; clients may show certificates."""
    rsa = authority.pair("rsa", kind="rsa")
    wild = authority.pair("wild", "*.example.test", "example.test")
    options = [
        *pair.options,
        *("--ssl-cert", f"{rsa.certificate}:{rsa.key}"),
        *("--ssl-cert", f"{wild.certificate}:{wild.key}"),
        *("--ssl-ca-file", str(authority.certificate), "--ssl-client-auth", "optional"),
        *("--timeout-handshake", "3s", "--hsts", "1h", *ANY_PORT),
    ]
    with Server(command, TARGET, *options) as server:
        yield server


def tcp(server: Server) -> tuple[str, int]:
    assert not isinstance(server.address, str)
    return server.address


def connect(server: Server, context: ssl.SSLContext, name: str = "localhost") -> TlsSocket:
    plain = socket.create_connection(tcp(server), timeout=10)
    connection = TlsSocket(plain, context, name)
    try:
        connection.handshake()
    except BaseException:
        connection.close()
        raise
    return connection


def of_version(version: ssl.TLSVersion, authority: Authority | None = None) -> ssl.SSLContext:
    context = trusting(authority.certificate if authority else None)
    context.minimum_version = context.maximum_version = version
    return context


def ask(server: Server, context: ssl.SSLContext, target: str = "/") -> Response:
    with Connection(server.address, tls=context) as connection:
        return connection.ask(target)


# ---- what is agreed on


def test_certificate_is_one_that_clients_trust(shared: Server, authority: Authority) -> None:
    response = ask(shared, trusting(authority.certificate))
    assert response.status == 200
    assert response.json()["scheme"] == "https"


@pytest.mark.parametrize("name", sorted(SUITES | SUITES_OF_1_3))
def test_suites_that_are_spoken(shared: Server, name: str) -> None:
    done = s_client(shared, *suite_options(name))
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
        ("-alpn", "h2"),
    ],
    ids=" ".join,
)
def test_what_is_not_spoken_is_refused_with_an_alert(
    shared: Server, options: tuple[str, ...]
) -> None:
    done = s_client(shared, *options)
    assert "alert" in done, done
    assert "Cipher is (NONE)" in done, done


def test_server_prefers_its_own_order(shared: Server) -> None:
    order = "TLS_CHACHA20_POLY1305_SHA256:TLS_AES_256_GCM_SHA384:TLS_AES_128_GCM_SHA256"
    assert "Cipher is TLS_AES_128_GCM_SHA256" in s_client(shared, "-ciphersuites", order)


@pytest.mark.parametrize("protocol", ["http/1.1", "http/1.0"])
def test_protocol_is_agreed_on_by_alpn(shared: Server, protocol: str) -> None:
    with connect(shared, trusting(alpn=("x", protocol))) as connection:
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
def test_certificate_by_name(shared: Server, asked: str, expected: str) -> None:
    with connect(shared, trusting(), asked) as connection:
        assert name_of(connection) == expected


def name_of(connection: TlsSocket) -> str:
    pem = ssl.DER_cert_to_PEM_cert(connection.tls.getpeercert(binary_form=True) or b"")
    done = subprocess.run(
        ["openssl", "x509", "-noout", "-subject", "-nameopt", "multiline"],
        input=pem.encode(),
        capture_output=True,
    )
    return done.stdout.decode().rpartition("= ")[2].strip()


@pytest.mark.parametrize(
    ("kind", "scheme"), [("RSA", "rsa_pss_rsae_sha256"), ("ECDSA", "ECDSA+SHA256")]
)
def test_certificate_of_the_kind_that_the_client_can_verify(
    shared: Server, kind: str, scheme: str
) -> None:
    assert f"Peer signature type: {'RSA-PSS' if kind == 'RSA' else kind}" in s_client(
        shared, "-sigalgs", scheme, "-servername", "localhost"
    )


@pytest.mark.parametrize("version", VERSIONS)
def test_session_is_resumed(shared: Server, version: ssl.TLSVersion, tmp_path: Path) -> None:
    protocol = "-tls1_2" if version == ssl.TLSVersion.TLSv1_2 else "-tls1_3"
    said = request("/", "Connection: close")
    session = str(tmp_path / "session")
    admin = Admin.of(shared)
    key = f'spvn_tls_handshakes_total{{outcome="resumed",reason="",version="{protocol[-1:]}'
    before = total(admin, key.replace('version="', 'version="1.'))
    first = s_client(shared, protocol, "-sess_out", session, "-ign_eof", said=said)
    assert "New, TLSv1" in first, first
    again = s_client(shared, protocol, "-sess_in", session, "-ign_eof", said=said)
    assert "Reused, TLSv1" in again, again
    assert "HTTP/1.1 200" in again
    assert total(admin, key.replace('version="', 'version="1.')) == before + 1


def total(admin: Admin, prefix: str) -> float:
    return sum(value for key, value in admin.metrics().items() if key.startswith(prefix))


def test_renegotiation_is_refused(shared: Server) -> None:
    host, port = tcp(shared)
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
    assert ask(shared, trusting()).status == 200


# ---- certificates of clients


def with_certificate(shown: Pair, version: ssl.TLSVersion) -> ssl.SSLContext:
    context = of_version(version)
    context.load_cert_chain(shown.certificate, shown.key)
    return context


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.kinds
def test_scope_tells_of_encryption_item17(
    shared: Server, authority: Authority, pair: Pair, version: ssl.TLSVersion
) -> None:
    alice = authority.pair("alice", "alice.test")
    for context, name, chain in [
        (of_version(version), None, []),
        (with_certificate(alice, version), "CN=alice.test,O=spvn", [pem(alice)]),
    ]:
        with connect(shared, context) as connection:
            suite = connection.tls.cipher()
            connection.sendall(request("/", "Connection: close"))
            scope = whole(connection).json()
        assert suite is not None
        tls = scope["extensions"]["tls"]
        assert tls["server_cert"] == pem(pair)
        assert tls["client_cert_chain"] == chain
        assert tls["client_cert_name"] == name
        assert tls["client_cert_error"] is None
        assert tls["tls_version"] == version.value
        assert tls["cipher_suite"] in (0x1301, 0xC02B)


def pem(pair: Pair) -> str:
    return pair.certificate.read_text()


def whole(connection: TlsSocket) -> Response:
    reader = Connection.over(connection)
    return reader.read_response()


def test_scope_without_encryption_has_no_such_extension_item17(serve: Serve) -> None:
    server = serve(TARGET, plain=True)
    with server.connect() as connection:
        scope = connection.ask("/").json()
    assert scope["scheme"] == "http"
    assert "tls" not in scope["extensions"]


@pytest.mark.parametrize("version", VERSIONS)
def test_certificate_of_a_stranger_is_refused(
    shared: Server, tmp_path: Path, version: ssl.TLSVersion
) -> None:
    stranger = Authority(tmp_path / "other").pair("mallory")
    with pytest.raises((ssl.SSLError, OSError, Truncated)):
        ask(shared, with_certificate(stranger, version))
    eventually(
        lambda: total(
            Admin.of(shared),
            'spvn_tls_handshakes_total{outcome="failed",reason="certificate_unknown',
        ),
        what="the refusal to be counted",
    )


@pytest.mark.parametrize("version", VERSIONS)
def test_certificate_that_is_required_and_not_shown(
    serve: Serve, authority: Authority, pair: Pair, version: ssl.TLSVersion
) -> None:
    options = ("--ssl-ca-certs", str(authority.certificate), "--ssl-cert-reqs", "2", *ANY_PORT)
    server = serve(TARGET, *pair.options, *options)
    with pytest.raises((ssl.SSLError, OSError, Truncated)):
        ask(server, of_version(version))
    admin = Admin.of(server)
    admin.await_metric('spvn_refusals_total{reason="handshake_failed"}', 1)
    assert ask(server, with_certificate(pair, version)).status == 200


# ---- a connection like any other


@pytest.mark.parametrize("version", VERSIONS)
def test_half_closed_client_gets_its_response_and_the_end(
    shared: Server, version: ssl.TLSVersion
) -> None:
    with connect(shared, of_version(version)) as connection:
        connection.sendall(request("/zeros?count=2000000&more=0"))
        connection.shutdown(socket.SHUT_WR)
        reader = Connection.over(connection)
        assert len(reader.read_response().body) == 2_000_000
        assert reader.read_to_end() == b""
        assert connection.close_notified


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("way", ["idle client leaves", "last response"])
def test_server_says_the_end(shared: Server, version: ssl.TLSVersion, way: str) -> None:
    with connect(shared, of_version(version)) as connection:
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
def test_response_that_breaks_off_has_no_end(shared: Server, version: ssl.TLSVersion) -> None:
    """Or one without a length would look whole to an HTTP/1.0 client."""
    with connect(shared, of_version(version)) as connection:
        connection.sendall(request("/raises?when=middle&text=x", version="1.0"))
        reader = Connection.over(connection)
        with suppress(Truncated):
            reader.read_to_end()
        assert not connection.close_notified


def test_large_bodies_both_ways(shared: Server) -> None:
    body = bytes(range(256)) * 16_384
    with Connection(shared.address, tls=trusting()) as connection:
        for _ in range(2):
            assert connection.ask("/whole-body", method="POST", body=body).body == body


def test_request_that_comes_an_octet_at_a_time(shared: Server) -> None:
    plain = socket.create_connection(tcp(shared), timeout=10)
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


def test_memory_is_given_back(shared: Server) -> None:
    admin = Admin.of(shared)
    with ExitStack() as clients:
        for _ in range(20):
            connection = clients.enter_context(Connection(shared.address, tls=trusting()))
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


# ---- what is no TLS, or too slow


def test_plain_http_is_told_so(shared: Server) -> None:
    refused = 'spvn_refusals_total{reason="plain_http"}'
    before = Admin.of(shared).metric(refused)
    with Connection(shared.address) as connection:
        response = connection.ask("/")
        assert response.status == 400
        assert b"https://" in response.body
        assert response.one("connection") == b"close"
        assert connection.ended()
    assert Admin.of(shared).metric(refused) == before + 1


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
def test_garbage_ends_the_connection(shared: Server, garbage: bytes) -> None:
    with socket.create_connection(tcp(shared), timeout=5) as connection:
        connection.sendall(garbage)
        connection.shutdown(socket.SHUT_WR)
        with suppress(ConnectionError):
            while connection.recv(1000):
                pass
    assert ask(shared, trusting()).status == 200


@pytest.mark.parametrize("said", [b"", b"\x16\x03\x01\x02\x00\x01"], ids=["nothing", "a part"])
def test_handshakes_that_stop_are_cut_and_slow_nobody(shared: Server, said: bytes) -> None:
    admin = Admin.of(shared)
    late = 'spvn_refusals_total{reason="handshake_timeout"}'
    before = admin.metric(late)
    with ExitStack() as stack:
        stalled = [
            stack.enter_context(socket.create_connection(tcp(shared), timeout=10))
            for _ in range(100)
        ]
        for each in stalled:
            each.sendall(said)
        begun = time.monotonic()
        assert ask(shared, trusting()).status == 200
        for each in stalled:
            with suppress(ConnectionError):
                assert each.recv(1) == b""
        assert 2 < time.monotonic() - begun < 9
    admin.await_metric(late, before + 100)


def test_stalled_client_hello_has_no_engine(shared: Server) -> None:
    """What has not said a whole greeting costs what a plain connection does."""
    admin = Admin.of(shared)
    admin.await_metric("spvn_held_bytes", 0)
    with socket.create_connection(tcp(shared), timeout=10):
        admin.await_metric("spvn_held_bytes", 8192)
    admin.await_metric("spvn_held_bytes", 0)


# ---- exchange


@pytest.fixture
def renewed(authority: Authority, tmp_path: Path) -> tuple[Pair, Pair]:
    """Two certificates for one name, and a pair of files with the first."""
    first = authority.pair("first", "one.test", "localhost")
    second = authority.pair("second", "two.test", "localhost")
    here = Pair(tmp_path / "tls.crt", tmp_path / "tls.key")
    put(first, here)
    return here, second


def put(pair: Pair, to: Pair) -> None:
    """As a careful tool does it: each file complete in one moment."""
    for source, target in [(pair.key, to.key), (pair.certificate, to.certificate)]:
        beside = target.with_suffix(".new")
        beside.write_bytes(source.read_bytes())
        beside.replace(target)


def shown(server: Server) -> str:
    with connect(server, trusting()) as connection:
        return name_of(connection)


def test_certificate_is_exchanged_under_load(serve: Serve, renewed: tuple[Pair, Pair]) -> None:
    here, second = renewed
    server = serve(TARGET, *here.options, *ANY_PORT)
    with Connection(server.address, tls=trusting()) as old, Hammering(server) as load:
        assert old.ask("/").status == 200
        load.await_count(50)
        put(second, here)
        server.wait_log("read anew: two.test until")
        eventually(lambda: shown(server) == "two.test", what="the new certificate")
        load.await_count(load.count + 50)
        assert old.ask("/").status == 200
    assert load.failures == []
    keys = Admin.of(server).metrics()
    assert [key for key in keys if "spvn_tls_certificate_expiry_seconds" in key] == [
        f'spvn_tls_certificate_expiry_seconds{{file="{here.certificate}",name="two.test"}}'
    ]


class Hammering:
    """Clients that shake hands and ask, again and again."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._over = threading.Event()
        self._threads = [threading.Thread(target=self._run) for _ in range(3)]
        self.count = 0
        self.failures: list[str] = []

    def __enter__(self) -> Hammering:
        for each in self._threads:
            each.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        for each in self._threads:
            each.join()

    def await_count(self, count: int) -> None:
        eventually(lambda: self.count >= count, within=30, what=f"{count} requests")

    def _run(self) -> None:
        while not self._over.is_set():
            try:
                assert ask(self._server, trusting()).status == 200
                self.count += 1
            except (OSError, AssertionError) as failure:
                self.failures.append(repr(failure))


def test_certificate_that_cannot_be_used_changes_nothing(
    serve: Serve, renewed: tuple[Pair, Pair]
) -> None:
    here, second = renewed
    server = serve(TARGET, *here.options)
    here.certificate.write_text("nonsense")
    server.wait_log("cannot be used, those from before go on: ")
    assert shown(server) == "one.test"
    put(second, here)
    server.wait_log("read anew: two.test")
    assert shown(server) == "two.test"


def test_certificate_behind_links_is_exchanged(
    serve: Serve, renewed: tuple[Pair, Pair], tmp_path: Path
) -> None:
    """As Kubernetes exchanges the files of a secret."""
    here, second = renewed
    mounted, data = tmp_path / "mounted", tmp_path / "mounted" / "..data"
    for name, pair in [("..1", here), ("..2", second)]:
        folder = mounted / name
        folder.mkdir(parents=True)
        put(pair, Pair(folder / "tls.crt", folder / "tls.key"))
    data.symlink_to("..1")
    for name in ("tls.crt", "tls.key"):
        (mounted / name).symlink_to(Path("..data", name))
    server = serve(TARGET, "--ssl-cert", str(mounted))
    assert shown(server) == "one.test"
    (mounted / "..data_tmp").symlink_to("..2")
    (mounted / "..data_tmp").replace(data)
    eventually(lambda: shown(server) == "two.test", what="the new certificate")


def test_hangup_reads_certificates_and_ends_nothing(
    serve: Serve, renewed: tuple[Pair, Pair]
) -> None:
    here, _ = renewed
    server = serve(TARGET, *here.options)
    with Connection(server.address, tls=trusting()) as connection:
        connection.ask("/")
        server.signal(signal.SIGHUP)
        server.wait_log("certificates asked for by SIGHUP, read anew: one.test")
        assert connection.ask("/").status == 200


# ---- forms of certificates and keys


def converted(pair: Pair, folder: Path, form: str) -> tuple[str, ...]:
    key, store = folder / "key", folder / "store.p12"
    secret = ("-passout", "pass:s3cret")
    commands = {
        "pkcs8": ["pkcs8", "-topk8", "-nocrypt"],
        "pkcs8 encrypted": ["pkcs8", "-topk8", *secret],
        "pkcs8 encrypted, PBES1": ["pkcs8", "-topk8", "-v1", "PBE-SHA1-3DES", *secret],
        "old encrypted": ["ec", "-aes256", *secret],
        "old encrypted, 3DES": ["ec", "-des3", *secret],
    }
    if form == "pkcs12":
        arguments = ["pkcs12", "-export", "-inkey", str(pair.key), "-in", str(pair.certificate)]
        run_openssl(*arguments, *secret, "-out", str(store))
        return ("--ssl-cert-file", str(store), "--ssl-key-password", "s3cret")
    run_openssl(*commands[form], "-in", str(pair.key), "-out", str(key))
    password = ("--ssl-keyfile-password", "s3cret") if "encrypted" in form else ()
    return ("--ssl-certfile", str(pair.certificate), "--ssl-keyfile", str(key), *password)


def run_openssl(*arguments: str) -> None:
    done = subprocess.run(["openssl", *arguments], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


FORMS = ["pkcs8", "pkcs8 encrypted", "pkcs8 encrypted, PBES1", "old encrypted", "pkcs12"]


def test_forms_of_keys(serve: Serve, authority: Authority, tmp_path: Path, pair: Pair) -> None:
    """All in one server; what each is read from has a name of its own."""
    options: list[str] = [*pair.options, "--ssl-key-password", "s3cret"]
    expected = []
    for number, form in enumerate(FORMS):
        folder = tmp_path / str(number)
        folder.mkdir()
        name = f"form{number}.test"
        made = converted(authority.pair(f"form{number}", name), folder, form)
        key = made[3] if form != "pkcs12" else None
        options += ["--ssl-cert", made[1] if key is None else f"{made[1]}:{key}"]
        expected.append(name)
    for kind in ("rsa", "ed25519"):
        made_pair = authority.pair(kind, f"{kind}.test", kind=kind)
        options += ["--ssl-cert", f"{made_pair.certificate}:{made_pair.key}"]
        expected.append(f"{kind}.test")
    server = serve(TARGET, *options)
    for name in expected:
        with connect(server, trusting(), name) as connection:
            assert name_of(connection) == name


def test_certificate_for_development(serve: Serve) -> None:
    server = serve(TARGET, "--ssl-self-signed")
    server.wait_log("--ssl-self-signed: a certificate for localhost that nobody trusts")
    with connect(server, trusting()) as connection:
        der = connection.tls.getpeercert(binary_form=True)
    assert der is not None
    trusted = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    trusted.load_verify_locations(cadata=ssl.DER_cert_to_PEM_cert(der))
    with connect(server, trusted) as connection:
        assert connection.tls.version() == "TLSv1.3"


# ---- what is wrong at the start


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ("missing", "there is no such file"),
        ("missing key", "there is no such file"),
        ("mismatch", "is not that of the certificate"),
        ("encrypted", "the key is encrypted; give its password with --ssl-key-password"),
        ("wrong password", "is not that of the key"),
        ("garbage", "neither PEM nor PKCS#12"),
        ("key as certificate", "no certificate in it; is it the file of the key?"),
        ("no key", "no private key in PEM in it"),
        ("empty folder", "no certificate with a key beside it"),
    ],
)
def test_faults_at_start_are_one_line(
    command: Command, authority: Authority, pair: Pair, tmp_path: Path, fault: str, said: str
) -> None:
    other = authority.pair("other")
    garbage = tmp_path / "garbage"
    garbage.write_bytes(bytes(range(256)))
    certificate, key = str(pair.certificate), str(pair.key)
    encrypted = converted(pair, tmp_path, "pkcs8 encrypted")[:4]
    options = {
        "missing": ("--ssl-cert-file", str(tmp_path / "x"), "--ssl-key-file", key),
        "missing key": ("--ssl-cert-file", certificate, "--ssl-key-file", str(tmp_path / "x")),
        "mismatch": ("--ssl-cert-file", certificate, "--ssl-key-file", str(other.key)),
        "encrypted": encrypted,
        "wrong password": (*encrypted, "--ssl-key-password", "wrong"),
        "garbage": ("--ssl-cert-file", str(garbage), "--ssl-key-file", key),
        "key as certificate": ("--ssl-cert-file", key),
        "no key": ("--ssl-cert-file", certificate),
        "empty folder": ("--ssl-cert", str(tmp_path / "empty")),
    }[fault]
    (tmp_path / "empty").mkdir()
    server = Server(command, TARGET, *options)
    server.launch()
    assert server.wait_exit(60) == 4, server.tail()
    last = server.log.strip().splitlines()[-1]
    assert last.startswith("spvn: /"), server.log
    assert said in last
    server.check_clean()


def test_certificate_that_has_expired_is_served_with_a_warning(
    serve: Serve, authority: Authority
) -> None:
    server = serve(TARGET, *authority.pair("old", days=-1).options)
    server.wait_log("it has expired on 20")
    assert ask(server, trusting()).status == 200


# ---- plain HTTP beside it


def test_plain_http_is_sent_to_https(serve: Serve, pair: Pair) -> None:
    port = free_port()
    server = serve(TARGET, *pair.options, "--redirect-http", str(port))
    address = ("127.0.0.1", port)
    own = server.address[1]
    for target, host, expected in [
        ("/a%20b?c=d&e", "spvn.test", f"https://spvn.test:{own}/a%20b?c=d&e"),
        ("/", "spvn.test:80", f"https://spvn.test:{own}/"),
        ("/", "[::1]:8080", f"https://[::1]:{own}/"),
        ("http://other.test/x", "spvn.test", f"https://other.test:{own}/x"),
    ]:
        with Connection(address) as connection:
            head = f"POST {target} HTTP/1.1\r\nHost: {host}\r\nContent-Length: 5\r\n\r\nhello"
            connection.send(head.encode())
            response = connection.read_response()
            assert response.status == 308
            assert response.one("location") == expected.encode()
            assert connection.ended()
    with Connection(address) as connection:
        connection.send(b"GET / HTTP/1.0\r\n\r\n")
        assert connection.read_response().status == 400


def test_browsers_are_told_to_come_back_by_https_only_where_asked_for(
    shared: Server, serve: Serve, pair: Pair
) -> None:
    assert ask(shared, trusting()).one("strict-transport-security") == b"max-age=3600"
    server = serve(TARGET, *pair.options)
    assert ask(server, trusting()).one("strict-transport-security") is None


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
