"""Clients of an encrypted server."""

from __future__ import annotations

import socket
import ssl
import subprocess

import pytest

from harness.admin import Admin
from harness.server import Server
from harness.tls import Authority, TlsSocket, trusting, wrapped
from harness.wire import Connection, Response

VERSIONS = [
    pytest.param(ssl.TLSVersion.TLSv1_2, id="1.2"),
    pytest.param(ssl.TLSVersion.TLSv1_3, id="1.3"),
]


def tcp(server: Server) -> tuple[str, int]:
    """The address of a server that has one of TCP."""
    assert not isinstance(server.address, str)
    return server.address


def connect(server: Server, context: ssl.SSLContext, name: str = "localhost") -> TlsSocket:
    """A client that asks for the certificate of this name."""
    return wrapped(socket.create_connection(tcp(server), timeout=10), context, name)


def of_version(version: ssl.TLSVersion, authority: Authority | None = None) -> ssl.SSLContext:
    context = trusting(authority.certificate if authority else None)
    context.minimum_version = context.maximum_version = version
    return context


def ask(server: Server, context: ssl.SSLContext, target: str = "/") -> Response:
    with Connection(server.address, tls=context) as connection:
        return connection.ask(target)


def name_of(connection: TlsSocket) -> str:
    pem = ssl.DER_cert_to_PEM_cert(connection.tls.getpeercert(binary_form=True) or b"")
    done = subprocess.run(
        ["openssl", "x509", "-noout", "-subject", "-nameopt", "multiline"],
        input=pem.encode(),
        capture_output=True,
    )
    return done.stdout.decode().rpartition("= ")[2].strip()


def total(admin: Admin, prefix: str) -> float:
    return sum(value for key, value in admin.metrics().items() if key.startswith(prefix))


def whole(connection: TlsSocket) -> Response:
    reader = Connection.over(connection)
    return reader.read_response()
