"""What a proxy says of its client: headers of the PROXY protocol, and nginx itself."""

from __future__ import annotations

import ipaddress
import os
import shutil
import signal
import socket
import struct
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from harness.command import OWN_GROUP, dying_with_us
from harness.waiting import eventually
from harness.wire import Connection

SIGNATURE = b"\r\n\r\n\0\r\nQUIT\n"
LOCAL, PROXY = 0x20, 0x21

_STREAM_MODULE = Path("/usr/lib/nginx/modules/ngx_stream_module.so")


def text_header(client: str, server: str = "", port: int = 1234) -> bytes:
    """Version 1."""
    version = ipaddress.ip_address(client).version
    server = server or ("203.0.113.9" if version == 4 else "2001:db8:ffff::9")
    return f"PROXY TCP{version} {client} {server} {port} 443\r\n".encode()


def binary_header(client: str | None, more: bytes = b"", command: int = PROXY) -> bytes:
    """Version 2; without a client: of nobody. `more` is what it says beyond addresses."""
    family, body = 0, b""
    if client is not None:
        address = ipaddress.ip_address(client)
        family = 0x11 if address.version == 4 else 0x21
        body = address.packed * 2 + struct.pack(">HH", 1234, 443)
    return _binary(command, family, body + more)


def unix_header(client: bytes, server: bytes) -> bytes:
    """Version 2, of a client that has come to the proxy through a Unix socket."""
    return _binary(PROXY, 0x31, client.ljust(108, b"\0") + server.ljust(108, b"\0"))


def _binary(command: int, family: int, body: bytes) -> bytes:
    return SIGNATURE + bytes([command, family]) + struct.pack(">H", len(body)) + body


def _answers(port: int) -> bool:
    try:
        Connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


@contextmanager
def nginx(
    folder: Path, port: int, http: str, stream: str = "", reloads: bool = False
) -> Iterator[subprocess.Popen[bytes]]:
    """One that listens on a port; skips the test where there is none.

    One that `reloads` has a master, which does that at SIGHUP, and workers.
    """
    program = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if program is None:
        pytest.skip("nginx is not installed")
    if stream and not _STREAM_MODULE.exists():
        pytest.skip("nginx has no stream module")
    load = f"load_module {_STREAM_MODULE};" if stream else ""
    streams = f"stream {{ {stream} }}" if stream else ""
    paths = " ".join(
        f"{kind}_temp_path {folder}/{kind};"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    processes = "master_process off;"
    if reloads:
        processes = "user root;" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(
        f"{load} daemon off; {processes} pid {folder}/pid; error_log {folder}/error.log;"
        f" events {{ worker_connections 512; }}"
        f" http {{ access_log off; {paths} {http} }} {streams}\n"
    )
    process = subprocess.Popen(
        [
            *dying_with_us(),
            program,
            *("-p", str(folder), "-c", str(folder / "nginx.conf"), "-e", str(folder / "start.log")),
        ],
        stdin=subprocess.DEVNULL,
        **OWN_GROUP,
    )
    try:
        eventually(lambda: _answers(port), within=10, what="nginx to listen")
        yield process
    finally:
        os.killpg(process.pid, signal.SIGKILL)  # a master has workers
        process.wait()


def has_ipv6() -> bool:
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind(("::1", 0))
            return True
    except OSError:
        return False
