"""TLS for the tests: a client whose two halves end apart, and certificates made on the spot."""

from __future__ import annotations

import atexit
import os
import select
import shutil
import socket
import ssl
import subprocess
import tempfile
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

# Set while a run has its raw sockets talk through TLS (`--tls`): the folder with its certificates.
TLS_RUN = "SPVN_TEST_TLS"
RECORD = 16_384


class TlsSocket(socket.socket):
    """A connected socket with TLS on it, which may be one that does not block.

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
        self._sealed = bytearray()  # what the system has not taken yet
        self._early: bytearray | None = None  # what is to go out behind a handshake
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

    def begin(self) -> None:
        """Greets. Who reads has to wait for the rest; what is sent before goes out then."""
        self._early = bytearray()
        with suppress(ssl.SSLWantReadError):
            self.tls.do_handshake()
        self._flush()

    def sendall(self, data: object, flags: int = 0) -> None:
        """A piece at a time, so that no more is sealed than goes out."""
        if self._early is not None:
            self._early += data  # type: ignore[arg-type]
            return
        view = memoryview(bytes(data))  # type: ignore[call-overload]
        for at in range(0, len(view), RECORD):
            self._seal(view[at : at + RECORD])
            self._flush()

    def send(self, data: object, flags: int = 0) -> int:
        """A piece, once all before it have gone out."""
        if self._early is not None:
            self.sendall(data)
            return len(data)  # type: ignore[arg-type]
        self._flush()
        view = memoryview(bytes(data))[:RECORD]  # type: ignore[call-overload]
        self._seal(view)
        with suppress(BlockingIOError, TimeoutError):
            self._flush()
        return len(view)

    def recv(self, count: int, flags: int = 0) -> bytes:
        """All that has come, so that none of it waits here while the socket looks empty."""
        if self._kept:
            data, self._kept = self._kept[:count], self._kept[count:]
            return data
        self._agree()
        while True:
            with suppress(ssl.SSLWantReadError):
                data = self._open(count)
                while data and len(data) < count and (more := self._opened(count - len(data))):
                    data += more
                return data
            if not self._fill(count):
                return b""

    def _agree(self) -> None:
        """The rest of a handshake that has begun."""
        if self._early is None:
            return
        try:
            self.handshake()
        except ssl.SSLEOFError:
            raise ConnectionResetError("the handshake was ended") from None
        early, self._early = self._early, None
        self.sendall(early)

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
        while select.select([self], [], [], max(0.0, end - time.monotonic()))[0]:
            if not self._fill():
                return False
            with suppress(ssl.SSLWantReadError):
                self._kept += self._open(65_536)
                return False
        return True

    def _seal(self, piece: memoryview) -> None:
        with self._lock:
            self.tls.write(piece)

    def _open(self, count: int) -> bytes:
        """What is in a record; nothing at the end of the connection."""
        try:
            with self._lock:
                data = self.tls.read(count)
        except ssl.SSLZeroReturnError:
            data = b""
        except ssl.SSLEOFError:
            return b""
        self.close_notified |= not data
        return data

    def _opened(self, count: int) -> bytes:
        """The same of what has come already."""
        try:
            return self._open(count)
        except ssl.SSLError:  # it wants more, or will fail when it is asked again
            return b""

    def _flush(self) -> None:
        """What the system does not take in time, or at once, is not lost: half a record is none."""
        self._sealed += self._outgoing.read()
        while self._sealed:
            del self._sealed[: super().send(self._sealed)]

    def _fill(self, count: int = 65_536) -> bool:
        """Takes about as much from the system as was asked for, as a client in clear does."""
        data = super().recv(count)
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
    plain: socket.socket,
    context: ssl.SSLContext | None = None,
    name: str = "localhost",
    *,
    agreed: bool = True,
) -> TlsSocket:
    """The socket with TLS on it, once both sides have agreed, or once the client has greeted."""
    connection = TlsSocket(plain, context or trusting(), name)
    try:
        if agreed:
            connection.handshake()
        else:
            connection.begin()
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
        signs = ("-addext", "keyUsage=critical,keyCertSign,cRLSign")  # or Python does not trust it
        _openssl("req", "-x509", "-new", "-key", self._key, *subject, *signs, "-days", "2", "-out",
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


def begin_run() -> None:
    """Makes the certificates of all servers of this run, and of the processes that it starts."""
    if TLS_RUN not in os.environ:
        folder = os.environ[TLS_RUN] = tempfile.mkdtemp(prefix="spvn-tls-")
        os.environ["SSL_CERT_FILE"] = f"{folder}/ca.pem"  # libraries of clients trust it
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        Authority(Path(folder)).pair("run")


@cache
def run_context() -> ssl.SSLContext | None:
    """That of a client in a run with `--tls`; none in another."""
    return trusting() if TLS_RUN in os.environ else None


def run_options() -> tuple[str, ...]:
    """What a server is started with in a run with `--tls`; nothing in another."""
    folder = os.environ.get(TLS_RUN)
    return Pair(Path(folder, "run.crt"), Path(folder, "run.key")).options if folder else ()
