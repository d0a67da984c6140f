r"""What children are forked from: a Python of the app's environment.

It has no app in it, unless that is to be imported once for all of them (`preload`).

Java starts one, `python -c BOOTSTRAP PLACE SOCKET TOKEN`, and talks to it by lines over a Unix
socket, on which it connects as everything it forks does: with a hello, `spvn 1 TOKEN ROLE`.

    Java says                    it says
    (first) settings JSON        ready, or broken OUTCOME MESSAGE TRACEBACK
                                 log LEVEL MESSAGE
    fork TOKEN WORKER            forked TOKEN PID, or failed TOKEN REASON
    kill TOKEN                   ended TOKEN WORDS, of each child once
    close                        (ends when its last child has ended)

Texts of more than a word are base64.

The end of that connection is the end of Java: children hear of it on their own connections, and
those that do not end by themselves in `GRACE` seconds are killed.

It has one thread and waits in `poll()`. A child leaves by coming back from `_Server.run`, so that
it is a Python like any other: its stack holds nothing of the server, and its end is Python's own.

It has a session of its own: what a terminal sends to who runs in it (Ctrl-C, Ctrl-\, its end)
reaches neither it nor children, which are ended by Java, and a child may still read a terminal that
is its standard input. It ignores what asks a process to end; children do not.
"""

from __future__ import annotations

import base64
import contextlib
import fcntl
import gc
import importlib
import json
import logging
import os
import select
import signal
import socket
import sys
import time
import warnings
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from spvn_bridge.asgi import App

# Seconds for children to end once Java has.
GRACE = 5.0

# Seconds for a connection to Java.
TO_CONNECT = 10.0

# Seconds between two looks at children, on a system that does not tell of their ends.
BETWEEN_LOOKS = 0.2

# What the kernel may keep of a connection, where it allows that much.
BUFFER = 1024 * 1024

LONGEST_LINE = 1024 * 1024

_ENDING = (signal.SIGHUP, signal.SIGINT, signal.SIGTERM)


def main(arguments: Sequence[str]) -> None:
    """Be the server until Java ends it, or a child until that has served.

    `arguments` are the socket's path and the token of Java's.
    """
    path, token = arguments
    sys.argv = [""]  # an app that looks before it is told finds nothing of ours
    signal.pthread_sigmask(signal.SIG_SETMASK, ())  # the JVM blocks some in its threads
    with contextlib.suppress(PermissionError):  # it leads one already
        os.setsid()
    server = _Server(path, connected(path, token, "parent"))
    place = server.run()
    if place is None:
        _flush()
        os._exit(0)  # what is to run at exit is the children's
    _serve(path, place, server.app)


@dataclass(frozen=True)
class Place:
    """What a child is to be."""

    token: str
    worker: int
    side: bool


def connected(path: str, token: str, role: str) -> socket.socket:
    """Connect to Java and say who we are."""
    made = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    made.settimeout(TO_CONNECT)
    for option in (socket.SO_SNDBUF, socket.SO_RCVBUF):
        made.setsockopt(socket.SOL_SOCKET, option, BUFFER)
    made.connect(path)
    made.sendall(f"spvn 1 {token} {role}\n".encode())
    made.settimeout(None)
    return made


def words(status: int) -> str:
    """Say how a process has ended, by its wait status."""
    code = os.waitstatus_to_exitcode(status)
    if code >= 0:
        return f"exit code {code}"
    try:
        return f"signal {-code} ({signal.Signals(-code).name})"
    except ValueError:
        return f"signal {-code}"


class _Child:
    """A child that has not been waited for."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.pidfd = _pidfd(pid)

    def end(self, *, wait: bool = False) -> str | None:
        """Tell how it has ended, once; None while it lives."""
        try:
            pid, status = os.waitpid(self.pid, 0 if wait else os.WNOHANG)
        except ChildProcessError:  # SIGCHLD is ignored
            pid, status = self.pid, None
        if not pid:
            return None
        self.close()
        return "an end that its parent was not told of" if status is None else words(status)

    def kill(self) -> None:
        """End it at once. Its id is its own until it has been waited for."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)

    def close(self) -> None:
        """Give back what tells of its end."""
        if self.pidfd is not None:
            os.close(self.pidfd)
            self.pidfd = None


class _Server:
    """The loop that forks children and tells how they end."""

    def __init__(self, path: str, control: socket.socket) -> None:
        self._path = path
        self._control = control
        self._parent = os.getppid()
        self._heard = b""
        self._children: dict[str, _Child] = {}
        self._settings: dict[str, Any] = {}
        self._handlers: dict[int, Any] = {}
        self._closing = False
        self.app: App | None = None

    def run(self) -> Place | None:
        """Serve; return in a child with what it is to be, and None at the server's end."""
        self._settings = json.loads(self._first_line())
        warm(self._settings["loop"])
        self._hasten()
        if self._settings["preload"] and not self._preload():
            return None
        for number in _ENDING:
            self._handlers[number] = signal.signal(number, signal.SIG_IGN)
        self._say("ready")
        while not self._closing or self._children:
            alive, lines = self._wait()
            for line in lines:
                place = self._obey(line)
                if place is not None:
                    return place
            if not alive:
                self._outlive()
                break
            self._tell_ends()
        return None

    def _hasten(self) -> None:
        """Have children use the compiled part, if there is one."""
        from spvn_bridge.remote import native  # noqa: PLC0415 - it needs what is imported by now

        support = self._settings["support"]
        missing = native.load(support) if support else None
        if missing:
            self._log(logging.INFO, f"worker processes have no compiled part: {missing}")

    def _preload(self) -> bool:
        """Import the app, or tell why it cannot be."""
        from spvn_bridge.failure import StartFailure  # noqa: PLC0415 - only where it is needed
        from spvn_bridge.remote.preload import preload  # noqa: PLC0415

        sys.modules["_spvn_host"].log = self._log  # type: ignore[attr-defined]
        try:
            with _ending_with(self._control):
                self.app = preload(self._settings)  # type: ignore[arg-type]
        except StartFailure as failure:
            result = failure.result()
            self._say(
                "broken",
                result["outcome"],
                _packed(result["message"]),
                _packed(result["traceback"]),
            )
            return False
        return True

    def _log(self, level: int, message: str) -> None:
        self._say("log", level, _packed(message))

    def _first_line(self) -> str:
        while True:
            alive, lines = self._hear()
            if lines:
                return lines[0]
            if not alive:
                raise SystemExit

    def _wait(self) -> tuple[bool, list[str]]:
        """Wait for Java or the end of a child; tell whether Java is there, and what it says."""
        poll = select.poll()
        poll.register(self._control, select.POLLIN)
        events = poll.poll(_register(poll, self._children.values()))
        if any(fd == self._control.fileno() for fd, _ in events):
            return self._hear()
        return True, []

    def _hear(self) -> tuple[bool, list[str]]:
        try:
            data = self._control.recv(65_536)
        except OSError:
            data = b""
        *lines, self._heard = (self._heard + data).split(b"\n")
        return bool(data) and len(self._heard) < LONGEST_LINE, [line.decode() for line in lines]

    def _say(self, *said: object) -> None:
        with contextlib.suppress(OSError):  # Java has gone, as will be heard
            self._control.sendall((" ".join(map(str, said)) + "\n").encode())

    def _obey(self, line: str) -> Place | None:
        """Do what Java says; return in a child with what it is to be."""
        what, *given = line.split(" ")
        if what == "fork":
            return self._fork(Place(given[0], int(given[1]), side=self._settings["side"]))
        if what == "kill" and given[0] in self._children:
            self._children[given[0]].kill()
        elif what == "close":
            self._closing = True
        return None

    def _fork(self, place: Place) -> Place | None:
        _flush()
        gc.collect()
        gc.freeze()  # or the collector of a child would write to, and so copy, each page of ours
        mask = signal.pthread_sigmask(signal.SIG_BLOCK, _ENDING)
        try:
            pid = _fork()
        except OSError as error:
            self._say("failed", place.token, error.strerror or error)
        else:
            if pid == 0:
                self._leave(mask)
                return place
            self._children[place.token] = _Child(pid)
            self._say("forked", place.token, pid)
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        return None

    def _leave(self, mask: Iterable[int]) -> None:
        """Have nothing to do with the server any more. What came meanwhile is heard at last."""
        for number, handler in self._handlers.items():
            signal.signal(number, handler)
        self._control.close()
        for other in self._children.values():
            other.close()
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)

    def _tell_ends(self) -> None:
        for token, child in list(self._children.items()):
            end = child.end()
            if end is not None:
                del self._children[token]
                self._say("ended", token, end)

    def _outlive(self) -> None:
        """Wait for children, which know that Java has gone, and remove what it has left."""
        deadline = time.monotonic() + GRACE
        while self._children and (left := deadline - time.monotonic()) > 0:
            poll = select.poll()
            between = _register(poll, self._children.values())
            poll.poll(min(left * 1000, between or GRACE * 1000))
            self._tell_ends()
        for child in self._children.values():
            child.kill()
            child.end(wait=True)
        if self._is_orphan():
            with contextlib.suppress(OSError):
                Path(self._path).unlink()
                Path(self._path).parent.rmdir()

    def _is_orphan(self) -> bool:
        """Tell whether Java has ended; its connections are closed a moment before."""
        deadline = time.monotonic() + 1
        while os.getppid() == self._parent and time.monotonic() < deadline:
            time.sleep(0.01)
        return os.getppid() != self._parent


def warm(loop: str) -> None:
    """Import what each child needs, once for all; one that fails does so again in the child."""
    sys.modules.setdefault("_spvn_host", ModuleType("_spvn_host"))  # a child gives it functions
    for name in _NEEDED if loop == "asyncio" else (*_NEEDED, "uvloop"):
        with contextlib.suppress(Exception):
            importlib.import_module(name)


def _serve(path: str, place: Place, app: App | None) -> None:
    """Be a child: connect, and run the app until Java says stop or goes."""
    _name_process(f"spvn-worker-{place.worker}")
    down, up = (connected(path, place.token, role) for role in ("down", "up"))
    side = connected(path, place.token, "side") if place.side else None
    try:
        child = importlib.import_module("spvn_bridge.remote.child")
    except ImportError as error:
        sys.exit(f"spvn: worker {place.worker} does not start: {error}")
    child.main(down, up, side, app)


@contextlib.contextmanager
def _ending_with(control: socket.socket) -> Iterator[None]:
    """Have the process end when Java has, or says something, while nobody listens: by SIGIO."""
    flags = fcntl.fcntl(control, fcntl.F_GETFL)
    fcntl.fcntl(control, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(control, fcntl.F_SETFL, flags | os.O_ASYNC)
    if select.select([control], [], [], 0)[0]:
        os.kill(os.getpid(), signal.SIGIO)  # it was before
    try:
        yield
    finally:
        fcntl.fcntl(control, fcntl.F_SETFL, flags)


def _fork() -> int:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # Python's, where there are threads
        return os.fork()


def _register(poll: select.poll, children: Iterable[_Child]) -> float | None:
    """Have their ends end a poll, and return the milliseconds that it may take."""
    milliseconds = None
    for child in children:
        if child.pidfd is None:
            milliseconds = BETWEEN_LOOKS * 1000
        else:
            poll.register(child.pidfd, select.POLLIN)
    return milliseconds


def _pidfd(pid: int) -> int | None:
    """Open what tells of a child's end, where the system has that and allows it."""
    try:
        return os.pidfd_open(pid)
    except (AttributeError, OSError):
        return None


def _name_process(name: str) -> None:
    """Have `ps` and `top` show a child as what it is."""
    with contextlib.suppress(OSError):
        Path("/proc/self/comm").write_text(name)


def _packed(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def _flush() -> None:
    """Write out what would be written by each child again."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(Exception):
            stream.flush()


_NEEDED = ("spvn_bridge.remote.child", "spvn_bridge.worker")
