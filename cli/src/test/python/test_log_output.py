"""Where the log goes may be full, closed or never read: requests are answered all the same."""

from __future__ import annotations

import fcntl
import os
import resource
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from harness.command import APPS, Command, free_port
from harness.waiting import eventually
from harness.wire import Connection, request

pytestmark = pytest.mark.own

FULL_DISK = "/dev/full"
LOST = b"log records lost because standard error was not read or not writable: "


class Unheard:
    """A server whose standard error is not read by the harness; so its port is chosen ahead."""

    def __init__(self, command: Command, redirect: str, stderr: int) -> None:
        self._address = ("127.0.0.1", free_port())
        bind = f"127.0.0.1:{self._address[1]}"
        line = command.line("faults:app", APPS, bind, ("--isolation", "main"))
        self.process = subprocess.Popen(
            ["sh", "-c", f'exec "$@" {redirect}', "sh", *line],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=stderr,
            env=command.environment({}),
            start_new_session=True,
        )

    def wait_started(self) -> None:
        eventually(self._answers, within=60, what="the server to answer")

    def _answers(self) -> bool:
        assert self.process.poll() is None, f"exit code {self.process.returncode}"
        with suppress(ConnectionRefusedError), Connection(self._address) as connection:
            return connection.ask("/next").body == b"next"
        return False

    def fail(self, count: int, fault: str = "strange") -> None:
        """So many requests fail, each of which is a record for the log, and others are served."""
        with Connection(self._address) as connection:
            for _ in range(count):
                connection.send(request(f"/fault?fault={fault}&where=before"))
                assert connection.read_response().status == 500
            assert connection.ask("/next").body == b"next"

    def descriptor(self, number: int) -> str:
        with suppress(FileNotFoundError):
            return os.readlink(f"/proc/{self.process.pid}/fd/{number}")
        return "closed"

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        assert self.process.wait(20) == 0


@contextmanager
def unheard(command: Command, redirect: str = "", stderr: int = -3) -> Iterator[Unheard]:
    server = Unheard(command, redirect, stderr)
    try:
        server.wait_started()
        yield server
        server.stop()
    finally:
        with suppress(ProcessLookupError):
            os.killpg(server.process.pid, signal.SIGKILL)
        server.process.wait()


@pytest.fixture
def pipe() -> Iterator[tuple[int, int]]:
    """A pipe that holds as little as may be; its ends are closed unless a test has done so."""
    ends = os.pipe()
    fcntl.fcntl(ends[1], fcntl.F_SETPIPE_SZ, 4096)
    yield ends
    for end in ends:
        with suppress(OSError):
            os.close(end)


def test_full_disk(command: Command) -> None:
    with unheard(command, f"2>{FULL_DISK}") as server:
        assert server.descriptor(2) == FULL_DISK
        server.fail(20)


@pytest.mark.alone
def test_disk_with_room_again_shows_what_was_lost(command: Command, tmp_path: Path) -> None:
    """A limit on the size of files stands for the disk: writing fails at it, until it is lifted."""
    log = tmp_path / "log"
    with unheard(command, f"2>>{log}") as server:
        files = resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (log.stat().st_size, files[1]))
        server.fail(20)
        resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, files)
        server.fail(1)
        eventually(lambda: LOST + b"20\n" in log.read_bytes(), what="the count of what was lost")


@pytest.mark.parametrize("closed", ["2>&-", "0<&- 1>&- 2>&-"], ids=["stderr", "all"])
def test_closed_streams(command: Command, closed: str) -> None:
    """No other file or socket may take a descriptor's place: the log would go there."""
    with unheard(command, closed) as server:
        server.fail(20)
        assert [server.descriptor(number) for number in range(3)] == ["/dev/null"] * 3


def test_reader_of_the_log_has_gone(command: Command, pipe: tuple[int, int]) -> None:
    with unheard(command, stderr=pipe[1]) as server:
        os.close(pipe[1])
        os.close(pipe[0])
        server.fail(20)


def test_nobody_reads_the_log(command: Command, pipe: tuple[int, int]) -> None:
    with unheard(command, stderr=pipe[1]) as server:
        os.close(pipe[1])
        server.fail(100)


def test_log_that_is_read_again_shows_what_was_lost(
    command: Command, pipe: tuple[int, int]
) -> None:
    with unheard(command, stderr=pipe[1]) as server:
        os.close(pipe[1])
        server.fail(30, "chain")
        os.set_blocking(pipe[0], False)
        seen = bytearray()

        def read() -> int:
            with suppress(BlockingIOError):
                seen.extend(os.read(pipe[0], 65_536))
            return len(seen)

        eventually(lambda: read() > 900_000, what="a megabyte of log")
        server.fail(1)
        eventually(lambda: read() and LOST in seen, what="the count of what was lost")
