"""Under systemd, or who speaks its protocol: sockets, notices, the watchdog."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from harness.command import APPS, OWN_GROUP, ROOT, Command, dying_with_us, free_port
from harness.server import Capture, Server
from harness.waiting import Deadline, eventually
from harness.wire import Connection

pytestmark = pytest.mark.own

TARGET = "surroundings:app"

# As a manager does it: the variable has the number of the process that becomes the server.
OWN_PID = ("sh", "-c", 'LISTEN_PID=$$ WATCHDOG_PID=$$ exec "$@"', "sh")


class Manager:
    """Is told of the server's life."""

    def __init__(self, address: str) -> None:
        self.address = address
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(address)

    def close(self) -> None:
        self._socket.close()

    def notice(self, within: float = 30.0) -> dict[str, str]:
        """The next one that is not of the watchdog."""
        deadline = Deadline(within)
        while True:
            told = self.any(deadline.left)
            if told != {"WATCHDOG": "1"}:
                return told

    def notice_of(self, key: str) -> dict[str, str]:
        """The next one that tells of this."""
        deadline = Deadline(30.0)
        while key not in (told := self.any(deadline.left)):
            pass
        return told

    def drain(self) -> None:
        """Forgets what has come."""
        self._socket.setblocking(False)
        with suppress(BlockingIOError):
            while True:
                self._socket.recv(4096)

    def any(self, within: float) -> dict[str, str]:
        self._socket.settimeout(max(within, 0.01))
        lines = self._socket.recv(4096).decode().split("\n")
        return dict(line.split("=", 1) for line in lines)


@pytest.fixture(scope="module")
def manager(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Manager]:
    manager = Manager(str(tmp_path_factory.mktemp("notify") / "s"))
    yield manager
    manager.close()


@pytest.fixture(scope="module")
def activated(command: Command, manager: Manager) -> Iterator[Server]:
    """With a socket of the manager's as descriptor 3, and a worker that can be replaced."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        number = listener.fileno()
        third = f'exec 3<&{number}; [ {number} = 3 ] || exec {number}<&-; exec "$@"'
        port = listener.getsockname()[1]
        server = Server(
            command,
            TARGET,
            *("--isolation", "process"),
            bind="",
            env={
                "LISTEN_FDS": "1",
                "LISTEN_FDNAMES": "http",
                "NOTIFY_SOCKET": manager.address,
                "WATCHDOG_USEC": "400000",
            },
            pass_fds=(number,),
            through=("bash", "-c", third, "bash", *OWN_PID),
        )
        with server:
            assert server.address == ("127.0.0.1", port)
            yield server


def test_sockets_of_the_manager_are_served_when_no_other_is_asked_for(activated: Server) -> None:
    with activated.connect() as connection:
        assert connection.ask("/").status == 200


def test_manager_is_told_when_the_server_serves(activated: Server, manager: Manager) -> None:
    told = manager.notice()
    assert told["READY"] == "1"
    assert f":{activated.address[1]}" in told["STATUS"]


def test_what_is_for_the_server_is_not_for_the_app(activated: Server) -> None:
    with activated.connect() as connection:
        assert connection.ask("/").json()["manager"] == []


def test_watchdog_hears_of_the_server_twice_in_its_time(
    activated: Server, manager: Manager
) -> None:
    manager.drain()
    before = time.monotonic()
    for _ in range(5):
        assert manager.any(10) == {"WATCHDOG": "1"}
    assert time.monotonic() - before > 0.6, "not with each tick"


def test_reload_is_told_from_its_beginning_to_its_end(activated: Server, manager: Manager) -> None:
    mark = activated.mark()
    activated.signal(signal.SIGHUP)
    told = manager.notice_of("RELOADING")
    assert told["RELOADING"] == "1"
    ago = time.clock_gettime_ns(time.CLOCK_MONOTONIC) / 1e3 - int(told["MONOTONIC_USEC"])
    assert 0 <= ago < 60e6
    assert manager.notice()["READY"] == "1"
    assert "all workers are replaced" in activated.log_since(mark)


def test_manager_is_told_of_the_stop_and_reached_by_a_name(command: Command) -> None:
    """Nothing can be reloaded here: the manager hears so at once, and the server goes on."""
    name = f"spvn-test-{os.getpid()}"
    manager = Manager(f"\0{name}")
    try:
        with Server(command, TARGET, env={"NOTIFY_SOCKET": f"@{name}"}) as server:
            assert manager.notice()["READY"] == "1"
            server.signal(signal.SIGHUP)
            assert manager.notice()["RELOADING"] == "1"
            assert manager.notice()["READY"] == "1"
            server.signal(signal.SIGTERM)
            assert manager.notice()["STOPPING"] == "1"
            assert server.wait_exit() == 0
    finally:
        manager.close()


@pytest.mark.skipif(
    shutil.which("systemd-socket-activate") is None, reason="no systemd-socket-activate here"
)
def test_systemd_socket_activate(command: Command, tmp_path: Path) -> None:
    """It listens, and starts the server when the first client connects, who is served."""
    port, path = free_port(), tmp_path / "s"
    environment = command.environment({})
    passed = [f"--setenv={name}" for name in ("SPVN_PYTHON", "SPVN_JAVA_OPTS", "PATH")]
    line = [
        *dying_with_us(),
        "systemd-socket-activate",
        *(f"--listen=127.0.0.1:{port}", f"--listen={path}", *passed),
        *(str(ROOT / "spvn"), "serve", TARGET, "--app-dir", str(APPS)),
    ]
    log = Capture()
    process = subprocess.Popen(
        line, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, env=environment, **OWN_GROUP
    )
    log.follow(process.stderr)
    try:
        eventually(lambda: re.search(r"Listening on .*s as 4", log.text), what="it to listen")
        with Connection(("127.0.0.1", port), timeout=60) as connection:
            seen = connection.ask("/").json()
        assert seen["executable"] == sys.executable
        with Connection(str(path)) as connection:
            assert connection.ask("/").status == 200
        assert f"http://127.0.0.1:{port}, unix:{path}" in log.text
        process.terminate()
        assert process.wait(20) == 0, log.text
    finally:
        process.kill()
        process.wait()
