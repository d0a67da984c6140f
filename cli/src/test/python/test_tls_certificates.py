"""HTTPS: certificates and keys in their forms, their exchange, and what is wrong with them."""

from __future__ import annotations

import signal
import ssl
import subprocess
import threading
import time
from pathlib import Path

import pytest

from conftest import Serve
from harness.admin import ANY_PORT, Admin
from harness.command import Command, free_port
from harness.encrypted import VERSIONS, ask, connect, name_of, of_version, total, whole
from harness.server import Server
from harness.tls import Authority, Pair, put, trusting
from harness.waiting import eventually
from harness.websocket import handshake, steps
from harness.websocket_events import DENIAL_BODY, DENIAL_START
from harness.wire import Connection, Truncated, request

pytestmark = pytest.mark.own

TARGET = "conformance.main:app"


# ---- certificates of clients


def with_certificate(shown: Pair, version: ssl.TLSVersion) -> ssl.SSLContext:
    context = of_version(version)
    context.load_cert_chain(shown.certificate, shown.key)
    return context


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.kinds
def test_scope_tells_of_encryption_item17(
    encrypted: Server, authority: Authority, pair: Pair, version: ssl.TLSVersion
) -> None:
    alice = authority.pair("alice", "alice.test")
    for context, name, chain in [
        (of_version(version), None, []),
        (with_certificate(alice, version), "CN=alice.test,O=spvn", [pem(alice)]),
    ]:
        with connect(encrypted, context) as connection:
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


def test_scope_without_encryption_has_no_such_extension_item17(serve: Serve) -> None:
    server = serve(TARGET, plain=True)
    with server.connect() as connection:
        scope = connection.ask("/").json()
    assert scope["scheme"] == "http"
    assert "tls" not in scope["extensions"]


@pytest.mark.parametrize("version", VERSIONS)
def test_certificate_of_a_stranger_is_refused(
    encrypted: Server, tmp_path: Path, version: ssl.TLSVersion
) -> None:
    stranger = Authority(tmp_path / "other").pair("mallory")
    with pytest.raises((ssl.SSLError, OSError, Truncated)):
        ask(encrypted, with_certificate(stranger, version))
    eventually(
        lambda: total(
            Admin.of(encrypted),
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


# ---- exchange


@pytest.fixture
def renewed(authority: Authority, tmp_path: Path) -> tuple[Pair, Pair]:
    """Two certificates for one name, and a pair of files with the first."""
    first = authority.pair("first", "one.test", "localhost")
    second = authority.pair("second", "two.test", "localhost")
    here = Pair(tmp_path / "tls.crt", tmp_path / "tls.key")
    put(first, here)
    return here, second


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
        made_pair = authority.pair(f"key-{kind}", f"{kind}.test", kind=kind)
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
        ("garbage", "it is neither PEM nor PKCS#12"),
        ("key as certificate", "no certificate in it but EC PRIVATE KEY"),
        ("no key", "no private key in it but CERTIFICATE"),
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


def test_files_that_are_written_one_after_the_other_are_not_complained_of(
    serve: Serve, renewed: tuple[Pair, Pair]
) -> None:
    """SIGHUP comes while the key is that of the next certificate."""
    here, second = renewed
    server = serve(TARGET, *here.options)
    here.key.write_bytes(second.key.read_bytes())
    server.signal(signal.SIGHUP)
    here.certificate.write_bytes(second.certificate.read_bytes())
    server.wait_log("SIGHUP, read anew: two.test")
    assert "cannot be used" not in server.log


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


def test_trickled_head_does_not_extend_its_time_before_https_either(
    serve: Serve, pair: Pair
) -> None:
    port = free_port()
    options = ("--redirect-http", str(port), "--timeout-header", "500ms")
    serve(TARGET, *pair.options, *options)
    with Connection(("127.0.0.1", port)) as connection:
        connection.send(b"GET / HTTP/1.1\r\nHost: a\r\nX: ")
        began = time.monotonic()
        while connection.silent(0.1):
            connection.send(b"x")
            assert time.monotonic() - began < 5, "each byte has bought more time"
        assert connection.ended()


def test_browsers_are_told_to_come_back_by_https_only_where_asked_for(
    encrypted: Server, serve: Serve, pair: Pair
) -> None:
    """By every response: of the app, to a handshake, and to what is no request."""
    for asked, status in [
        (request("/"), 200),
        (handshake("/ws/echo"), 101),
        (handshake(f"/ws/play?key=hsts&{steps(DENIAL_START, DENIAL_BODY)}"), 401),
        (handshake("/ws/echo", "Sec-WebSocket-Version: 12"), 400),
        (b"no request\r\n\r\n", 400),
    ]:
        with Connection(encrypted.address, tls=trusting()) as connection:
            connection.send(asked)
            head = connection.read_head()
            assert (head.status, head.one("strict-transport-security")) == (status, b"max-age=3600")
    server = serve(TARGET, *pair.options)
    assert ask(server, trusting()).one("strict-transport-security") is None
