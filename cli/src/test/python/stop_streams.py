"""Stop with open event streams: SIGTERM while thousands of clients wait for events.

    python stop_streams.py --clients 2000
    python stop_streams.py --clients 2000 --deaf

Starts a server, opens so many streams of server-sent events on it, none of which has anything to
say, and sends SIGTERM. With --deaf the app does not look whether its client has left, as a plain
StreamingResponse does, so that the server has to cancel it.

Judged bad: a client that does not see the end of its response (the last chunk), an exit code other
than 0, an error in the log, a stop that takes longer than --within.
"""

from __future__ import annotations

import argparse
import resource
import selectors
import socket
import sys
import time
from dataclasses import dataclass, field

from harness.command import Command
from harness.server import CRASH, Server
from harness.tls import begin_run, run_context
from harness.wire import dial, request

GRACEFUL_SECONDS = 20
BEGUN = b"data: begun\n\n\r\n"
LAST_CHUNK = b"0\r\n\r\n"


@dataclass
class Found:
    """How one stop went."""

    ended: int
    seconds: float
    complaints: list[str] = field(default_factory=list)


class Streams:
    """Clients that each read one response to the end of its connection."""

    def __init__(self, address: tuple[str, int], count: int, path: str) -> None:
        self._selector = selectors.DefaultSelector()
        self._received: dict[socket.socket, bytes] = {}
        for _ in range(count):
            client = dial(address, timeout=30, tls=run_context())
            client.sendall(request(path))
            client.setblocking(False)
            self._selector.register(client, selectors.EVENT_READ)
            self._received[client] = b""

    def read(self, within: float) -> None:
        """Reads what comes until all streams have begun, or have ended."""
        end = time.monotonic() + within
        while self._selector.get_map() and not self._begun() and time.monotonic() < end:
            self._read_some(end)

    def read_to_the_end(self, within: float) -> None:
        end = time.monotonic() + within
        while self._selector.get_map() and time.monotonic() < end:
            self._read_some(end)

    def _read_some(self, end: float) -> None:
        for key, _ in self._selector.select(max(0.0, end - time.monotonic())):
            client = key.fileobj
            assert isinstance(client, socket.socket)
            try:
                data = client.recv(65_536)
            except BlockingIOError:
                continue
            except OSError:
                data = b""
            self._received[client] += data
            if not data:
                self._selector.unregister(client)

    def _begun(self) -> bool:
        return all(BEGUN in each for each in self._received.values())

    def ended(self) -> int:
        """How many have got the end of their response."""
        return sum(each.endswith(LAST_CHUNK) for each in self._received.values())

    def close(self) -> None:
        for client in self._received:
            client.close()
        self._selector.close()


def stop_streams(command: Command, clients: int, listens: bool, within: float = 10.0) -> Found:
    """One server, stopped when so many streams are open on it."""
    options = ("--graceful-timeout", f"{GRACEFUL_SECONDS}s") if command.own else ()
    server = Server(command, "streams:app", *options)
    server.start()
    try:
        assert isinstance(server.address, tuple)
        streams = Streams(server.address, clients, "/events" if listens else "/deaf")
        streams.read(within=60)
        began = time.monotonic()
        server.process.terminate()
        streams.read_to_the_end(within=GRACEFUL_SECONDS + 10)
        code = server.wait_exit(within=GRACEFUL_SECONDS + 20)
        found = Found(streams.ended(), time.monotonic() - began)
        streams.close()
        found.complaints += _complaints(server, found, clients, code, within)
        return found
    finally:
        server.kill()


def _complaints(server: Server, found: Found, clients: int, code: int, within: float) -> list[str]:
    complaints = []
    if found.ended != clients:
        complaints.append(f"{clients - found.ended} without the end of their response")
    if code not in ((0,) if server.command.own else (0, -15)):
        complaints.append(f"exit code {code}")
    if CRASH.search(server.log) or " ERROR " in server.log:
        complaints.append("an error in the log")
    if found.seconds > within:
        complaints.append(f"longer than {within:g} s")
    return complaints


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--clients", type=int, default=2000)
    parser.add_argument("--deaf", action="store_true", help="the app does not look at receive()")
    parser.add_argument("--within", type=float, default=3.0, help="seconds for the stop")
    parser.add_argument("--server-command", help="another server, as for the tests")
    parser.add_argument("--tls", action="store_true", help="everything goes through TLS")
    wanted = parser.parse_args()
    if wanted.tls:
        begin_run()
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    command = Command(wanted.server_command)
    found = stop_streams(command, wanted.clients, not wanted.deaf, wanted.within)
    print(
        f"{found.ended:,} of {wanted.clients:,} streams got their end;"
        f" stop {found.seconds:.2f} s {'; '.join(found.complaints)}"
    )
    return int(bool(found.complaints))


if __name__ == "__main__":
    sys.exit(main())
