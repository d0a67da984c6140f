"""Exits 0 when the admin address of the server in this container says that it lives.

Runs every few seconds, so it imports next to nothing.
"""

import itertools
import os
import socket
import sys

PORT = 9090
OPTION = "--admin-bind"
ANYWHERE = {"": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "::1"}


def connect(address: str) -> socket.socket:
    """To what `SPVN_ADMIN_BIND` says, from inside."""
    if address.startswith("unix:"):
        connection = socket.socket(socket.AF_UNIX)
        connection.settimeout(4)
        connection.connect(address.removeprefix("unix:"))
        return connection
    host, _, port = address.rpartition(":")
    host = host.strip("[]")
    return socket.create_connection((ANYWHERE.get(host, host), int(port or PORT)), 4)


def admin_address() -> str:
    """What the server was started with: its option counts before the variable."""
    with open("/proc/1/cmdline", encoding="utf-8", errors="surrogateescape") as file:
        words = file.read().split("\0")
    for word, following in itertools.pairwise(words):
        if word == OPTION:
            return following
        if word.startswith(f"{OPTION}="):
            return word.removeprefix(f"{OPTION}=")
    return os.environ.get("SPVN_ADMIN_BIND", f"127.0.0.1:{PORT}")


def lives(address: str) -> bool:
    with connect(address) as connection:
        connection.sendall(
            b"GET /health/live HTTP/1.1\r\nhost: health\r\nconnection: close\r\n\r\n"
        )
        return connection.makefile("rb").readline(100).split(b" ")[1:2] == [b"200"]


def main() -> int:
    address = admin_address()
    try:
        return 0 if lives(address) else 1
    except (OSError, ValueError) as problem:
        print(f"{address}: {problem}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
