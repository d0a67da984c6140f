"""TLS for the tests: a client whose two halves end apart, and certificates made on the spot."""

from __future__ import annotations

import os
import select
import socket
import ssl
import subprocess
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

# Set while a run has its raw sockets talk through TLS (`--tls`): the folder with its certificates.
TLS_RUN = "SPVN_TEST_TLS"


class TlsSocket(socket.socket):
    """A connected socket with TLS on it.

    Python's own SSLSocket forgets TLS when it ends its output, and cannot read what comes then.
    """

    def __init__(
        self, plain: socket.socket, context: ssl.SSLContext, server_hostname: str | None = None
    ) -> None:
        timeout = plain.gettimeout()
        super().__init__(plain.family, plain.type, plain.proto, fileno=plain.detach())
        self.settimeout(timeout)
        self._incoming = ssl.MemoryBIO()
        self._outgoing = ssl.MemoryBIO()
        self.tls = context.wrap_bio(self._incoming, self._outgoing, server_hostname=server_hostname)
        self.close_notified = False
        self._kept = b""
        self._lock = threading.Lock()  # one thread may write while another reads

    def handshake(self) -> None:
        while True:
            try:
                self.tls.do_handshake()
                self._flush()
                return
            except ssl.SSLWantReadError:
                self._flush()
                self._fill()

    def sendall(self, data: object, flags: int = 0) -> None:
        """A piece at a time, so that no more is sealed than goes out."""
        view = memoryview(bytes(data))  # type: ignore[call-overload]
        for at in range(0, len(view), 16_384):
            with self._lock:
                self.tls.write(view[at : at + 16_384])
            self._flush()

    def send(self, data: object, flags: int = 0) -> int:
        view = memoryview(bytes(data))[:16_384]  # type: ignore[call-overload]
        self.sendall(view)
        return len(view)

    def recv(self, count: int, flags: int = 0) -> bytes:
        if self._kept:
            data, self._kept = self._kept[:count], self._kept[count:]
            return data
        while True:
            try:
                with self._lock:
                    data = self.tls.read(count)
                if not data:
                    self.close_notified = True
                return data
            except ssl.SSLWantReadError:
                if not self._fill():
                    return b""
            except ssl.SSLZeroReturnError:
                self.close_notified = True
                return b""
            except ssl.SSLEOFError:
                return b""

    def shutdown(self, how: int) -> None:
        """Ends TLS's output, and that of the connection."""
        if how != socket.SHUT_RD:
            self.close_notify()
        super().shutdown(how)

    def close_notify(self) -> None:
        with suppress(ssl.SSLError):  # it wants to read the server's
            self.tls.unwrap()
        self._flush()

    def silent(self, seconds: float) -> bool:
        """Whether nothing comes for so long but what TLS itself has to say, such as tickets."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            if not select.select([self], [], [], left)[0]:
                return True
            if not self._fill():
                return False
            with suppress(ssl.SSLWantReadError):
                self._kept = self.tls.read(65_536)
                return False
        return True

    def _flush(self) -> None:
        if self._outgoing.pending:
            super().sendall(self._outgoing.read())

    def _fill(self) -> bool:
        data = super().recv(65_536)
        if data:
            self._incoming.write(data)
        else:
            self._incoming.write_eof()
        return bool(data)


def trusting(authority: Path | None = None, *, alpn: tuple[str, ...] = ()) -> ssl.SSLContext:
    """A client that trusts an authority, or everybody."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if authority is None:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    else:
        context.load_verify_locations(authority)
    if alpn:
        context.set_alpn_protocols(list(alpn))
    return context


def wrapped(
    plain: socket.socket, context: ssl.SSLContext | None = None, name: str = "localhost"
) -> TlsSocket:
    """The socket with TLS on it, once both sides have agreed."""
    connection = TlsSocket(plain, context or trusting(), name)
    try:
        connection.handshake()
    except BaseException:
        connection.close()
        raise
    return connection


def client_hello(context: ssl.SSLContext | None = None, name: str = "localhost") -> bytes:
    """What a client says first, as a record."""
    said = ssl.MemoryBIO()
    client = (context or trusting()).wrap_bio(ssl.MemoryBIO(), said, server_hostname=name)
    with suppress(ssl.SSLWantReadError):
        client.do_handshake()
    return said.read()


@dataclass(frozen=True)
class Pair:
    """A certificate in PEM and its key."""

    certificate: Path
    key: Path

    @property
    def options(self) -> tuple[str, ...]:
        return ("--ssl-cert-file", str(self.certificate), "--ssl-key-file", str(self.key))


def old_hello(version: bytes, suites: bytes, group: bytes = b"\x00\x17") -> bytes:
    """A greeting as before TLS 1.3: of a version, with suites and one group that it would have."""
    groups = b"\x00\x0a\x00\x04\x00\x02" + group
    signatures = b"\x00\x0d\x00\x04\x00\x02\x04\x03"
    extensions = groups + signatures
    body = version + bytes(32) + b"\x00"
    body += len(suites).to_bytes(2, "big") + suites + b"\x01\x00"
    body += len(extensions).to_bytes(2, "big") + extensions
    message = b"\x01" + len(body).to_bytes(3, "big") + body
    return b"\x16\x03\x01" + len(message).to_bytes(2, "big") + message


def put(pair: Pair, to: Pair) -> None:
    """As a careful tool does it: each file complete in one moment."""
    for source, target in [(pair.key, to.key), (pair.certificate, to.certificate)]:
        beside = target.with_suffix(".new")
        beside.write_bytes(source.read_bytes())
        beside.replace(target)


class Authority:
    """An authority that signs what it is told to, with OpenSSL's command."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.certificate = folder / "ca.pem"
        self._key = folder / "ca.key"
        self._new_key(self._key, "ec")
        subject = ("-subj", "/CN=spvn tests")
        _openssl("req", "-x509", "-new", "-key", self._key, *subject, "-days", "2", "-out",
                 self.certificate)  # fmt: skip

    def pair(
        self,
        name: str,
        *names: str,
        kind: str = "ec",
        days: int = 2,
    ) -> Pair:
        """A certificate for names, localhost by default, in files that begin with `name`."""
        certificate, key = self.folder / f"{name}.crt", self.folder / f"{name}.key"
        request, extensions = self.folder / f"{name}.csr", self.folder / f"{name}.ext"
        self._new_key(key, kind)
        alternatives = [f"DNS:{each}" for each in names or ("localhost",)]
        if not names:
            alternatives.append("IP:127.0.0.1")
        extensions.write_text(f"subjectAltName={','.join(alternatives)}\n")
        subject = names[0] if names else "localhost"
        _openssl("req", "-new", "-key", key, "-subj", f"/O=spvn/CN={subject}", "-out", request)
        _openssl("x509", "-req", "-in", request, "-CA", self.certificate, "-CAkey", self._key,
                 "-set_serial", str(time.time_ns()), "-days", str(days), "-extfile", extensions,
                 "-out", certificate)  # fmt: skip
        return Pair(certificate, key)

    @staticmethod
    def _new_key(file: Path, kind: str) -> None:
        match kind:
            case "ec":
                _openssl("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", file)
            case "rsa":
                _openssl("genrsa", "-out", file, "2048")
            case _:
                _openssl("genpkey", "-algorithm", kind, "-out", file)


def _openssl(*arguments: str | Path) -> None:
    done = subprocess.run(["openssl", *map(str, arguments)], capture_output=True, text=True)
    assert done.returncode == 0, f"openssl {arguments}: {done.stderr}"


def run_options() -> tuple[str, ...]:
    """What a server is started with in a run with `--tls`; nothing in another."""
    folder = os.environ.get(TLS_RUN)
    return Pair(Path(folder, "run.crt"), Path(folder, "run.key")).options if folder else ()
