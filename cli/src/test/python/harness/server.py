"""A server under test: a child process with its log, its address and its end."""

from __future__ import annotations

import http.client
import os
import re
import signal
import subprocess
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import IO

from harness.command import APPS, OWN_GROUP, TCP_ANY_PORT, Command, free_port
from harness.memory import open_sockets, rss_mib
from harness.tls import run_options, trusting
from harness.waiting import eventually
from harness.wire import Address, Connection

START_WITHIN = 60.0
# What turns TLS on.
TLS_OPTIONS = ("--ssl-cert-file", "--ssl-certfile", "--ssl-cert", "--ssl-self-signed")
# Less than the default of --graceful-timeout: nothing is in flight when a test is over.
ECHO_SECONDS = 0.6
STOP_WITHIN = 20.0

START_LINE = re.compile(r"spvn \S+ on (?P<url>[^\s,]+)(?P<more>(, \S+)*): (?P<rest>.+)")

# What a user must never see: a JVM crash, a Java stack trace, a Python abort.
CRASH = re.compile(
    r"^\s+at [\w.$/@]+\(.*\)$|Exception in thread|java\.lang\.|\bio\.spvn\.|hs_err"
    r"|fatal error has been detected|SIGSEGV \(0x|Fatal Python error",
    re.MULTILINE,
)


class StartFailure(AssertionError):
    """The server ended, or said nothing, in place of starting."""


class Server:
    """Starts on entering, stops and is checked on leaving."""

    def __init__(
        self,
        command: Command,
        target: str,
        *options: str,
        app_dir: Path = APPS,
        bind: str = TCP_ANY_PORT,
        env: dict[str, str] | None = None,
        cwd: Path | None = None,
        soft_fd_limit: int | None = None,
        start_within: float = START_WITHIN,
        plain: bool = False,
        pass_fds: tuple[int, ...] = (),
        through: tuple[str, ...] = (),
    ) -> None:
        self.command = command
        self._target = target
        self.tls = any(option in TLS_OPTIONS for option in options)
        if not self.tls and command.own and not plain:
            options = (*options, *run_options())
            self.tls = bool(run_options())
        self._options = options
        self._app_dir = app_dir
        self._bind = bind
        self._env = env or {}
        self._cwd = cwd
        self._soft_fd_limit = soft_fd_limit
        self._start_within = start_within
        self._pass_fds = pass_fds
        self._through = through  # what becomes the server
        self._process: subprocess.Popen[bytes] | None = None
        self._address: Address | None = None
        self.stderr = Capture()
        self.stdout = Capture()

    def __enter__(self) -> Server:
        self.start()
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        if kind is not None or not self.command.own:
            self.kill()
            return
        if self.alive:
            code = self.stop()
            assert code == 0, f"exit code {code} after SIGTERM\n{self.tail()}"
        self.check_clean()

    @property
    def address(self) -> Address:
        assert self._address is not None, "the server has not started"
        return self._address

    @property
    def url(self) -> str:
        assert not isinstance(self.address, str)
        return f"{self.scheme}://{self.address[0]}:{self.address[1]}"

    @property
    def scheme(self) -> str:
        return "https" if self.tls else "http"

    @property
    def process(self) -> subprocess.Popen[bytes]:
        assert self._process is not None, "the server was not launched"
        return self._process

    @property
    def alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def log(self) -> str:
        """stderr; other servers may log to stdout."""
        return self.stderr.text if self.command.own else self.stderr.text + self.stdout.text

    def mark(self) -> tuple[int, int]:
        """A point in the log; `log_since` it shows what came later."""
        return len(self.stderr.text), len(self.stdout.text)

    def log_since(self, mark: tuple[int, int]) -> str:
        later = self.stderr.text[mark[0] :]
        return later if self.command.own else later + self.stdout.text[mark[1] :]

    @property
    def start_line(self) -> str:
        found = START_LINE.search(self.stderr.text)
        assert found, f"no start line\n{self.tail()}"
        return found.group()

    def connect(
        self,
        address: Address | None = None,
        *,
        timeout: float = 10.0,
        rcvbuf: int = 0,
        agreed: bool = True,
    ) -> Connection:
        """To another of its addresses than the first, where one is given.

        A client that is not to wait for a server which does nothing yet is not `agreed`.
        """
        address = address or self.address
        tls = trusting() if self.tls else None
        return Connection(address, timeout=timeout, rcvbuf=rcvbuf, tls=tls, agreed=agreed)

    def http_client(self) -> http.client.HTTPConnection:
        """That of Python's library."""
        assert not isinstance(self.address, str)
        host, port = self.address
        if self.tls:
            return http.client.HTTPSConnection(host, port, timeout=60, context=trusting())
        return http.client.HTTPConnection(host, port, timeout=60)

    def rss_mib(self) -> float:
        return rss_mib(self.process.pid)

    def open_sockets(self) -> int:
        return open_sockets(self.process.pid)

    def tail(self, count: int = 8000) -> str:
        out = self.stdout.text
        printed = f"--- stdout\n{out[-count:]}" if out else ""
        return f"--- stderr\n{self.stderr.text[-count:]}{printed}"

    def start(self) -> None:
        self.launch()
        self.wait_started()

    def launch(self) -> None:
        """Starts the process without waiting for it to serve."""
        bind = self._fixed_bind()
        line = self.command.line(self._target, self._app_dir, bind, self._options)
        if self._soft_fd_limit is not None:
            limit = f'ulimit -Sn {self._soft_fd_limit}; exec "$@"'
            line = ["sh", "-c", limit, "sh", *line]
        line = [*self._through, *line]
        self._process = subprocess.Popen(
            line,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=self.command.environment(self._env),
            cwd=self._cwd,
            pass_fds=self._pass_fds,
            **OWN_GROUP,
        )
        self.stdout.follow(self._process.stdout)
        self.stderr.follow(self._process.stderr)

    def wait_started(self) -> None:
        try:
            eventually(self._started, within=self._start_within, what="server start")
        except AssertionError as late:
            self.kill()
            raise StartFailure(f"{late}\n{self.tail()}") from None

    def wait_exit(self, within: float = STOP_WITHIN) -> int:
        """The exit code of a server that ends by itself or was told to."""
        try:
            code = self.process.wait(within)
        except subprocess.TimeoutExpired:
            tail = self.tail()
            self.kill()
            raise AssertionError(f"still running after {within:g} s\n{tail}") from None
        self.stdout.join()
        self.stderr.join()
        return code

    def wait_log(self, text: str, within: float = 10.0) -> None:
        eventually(lambda: text in self.log, within=within, what=f"{text!r} in the log")

    def wait_line(self, pattern: str, within: float = 10.0) -> None:
        eventually(
            lambda: re.search(pattern, self.log), within=within, what=f"{pattern!r} in the log"
        )

    def signal_again(self, number: signal.Signals) -> None:
        """Once the time is over in which one signal may come twice."""
        time.sleep(ECHO_SECONDS)
        self.signal(number)

    def signal(self, number: signal.Signals) -> None:
        self.process.send_signal(number)

    def stop(self, within: float = STOP_WITHIN) -> int:
        self.signal(signal.SIGTERM)
        return self.wait_exit(within)

    def kill(self) -> None:
        """Ends the process and all that it started, at once."""
        if self._process is None:
            return
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.stdout.join()
        self.stderr.join()

    def check_clean(self) -> None:
        """Nothing that a user should never see is in the log."""
        found = CRASH.search(self.stderr.text)
        assert not found, f"{found.group()!r} in the log\n{self.tail()}"

    def _fixed_bind(self) -> str:
        host, _, port = self._bind.rpartition(":")
        if port != "0":
            with suppress(ValueError):  # a bad address is for the server to complain about
                self._address = _address(self._bind)
        elif not self.command.own:
            self._address = (host.strip("[]"), free_port(host.strip("[]")))
            return f"{host}:{self._address[1]}"
        return self._bind

    def _started(self) -> bool:
        if not self.alive:
            self.wait_exit()
            raise StartFailure(f"exit code {self.process.returncode}\n{self.tail()}")
        if not self.command.own:
            return _answers(self.address)
        found = START_LINE.search(self.stderr.text)
        if found and self._address is None:
            self._address = _address(found["url"].removeprefix(f"{self.scheme}://"))
        return found is not None


class Capture:
    """What a process wrote to one of its streams, read by a thread of its own."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self._thread: threading.Thread | None = None

    @property
    def text(self) -> str:
        return b"".join(self._pieces).decode(errors="replace")

    def follow(self, stream: IO[bytes] | None) -> None:
        assert stream is not None
        self._thread = threading.Thread(target=self._read, args=(stream,), daemon=True)
        self._thread.start()

    def join(self) -> None:
        if self._thread is not None:
            self._thread.join(5)

    def _read(self, stream: IO[bytes]) -> None:
        with stream:
            while data := stream.read1(65_536):  # type: ignore[attr-defined]
                self._pieces.append(data)


def _address(text: str) -> Address:
    if text.startswith("unix:"):
        return text.removeprefix("unix:").removeprefix("//")
    host, _, port = text.rpartition(":")
    return host.strip("[]"), int(port)


def _answers(address: Address) -> bool:
    try:
        Connection(address, timeout=1).close()
    except OSError:
        return False
    return True
