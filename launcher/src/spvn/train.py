"""Makes the file that `spvn.aot` has Java use: a server with a small app, under a short load.

`python -m spvn.train` makes it beside the jars, such as for an image; a start that finds none has
it made in the background, for the next.
"""

from __future__ import annotations

import ctypes
import os
import re
import select
import signal
import socket
import subprocess
import time
from contextlib import contextmanager, suppress
from pathlib import Path

from spvn import aot, limits, own
from spvn.failure import Missing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType

    from spvn.launch import Installation, Python

    # What runs a server: from Java's own options and spvn's arguments.
    Command = Callable[[list[str], list[str]], list[str]]

APP = Path(__file__).parent / "training"
REQUESTS = 3000
MESSAGES = 500
SECONDS_TO_START = 60
SECONDS_OF_LOAD = 10
# Java writes its file after the server has stopped.
SECONDS_TO_END = 120
# After so long whoever wanted to make the file has given up.
SECONDS_TO_WAIT = 3600
# A file that has not been used for so long is for a Java or jars that are no more.
SECONDS_UNUSED = 30 * 86_400
# What a training leaves that is killed: `spvn-STAMP.PID` and `spvn-STAMP.PID.config`.
_PART = re.compile(r"spvn-[0-9a-f]{8}\.(\d+)(\.config)?")
_ENDED_BY = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
_PR_SET_PDEATHSIG = 1
# Not the line that says where the metrics are.
_READY = re.compile(rb" on http://127\.0\.0\.1:(\d+): ")
_UPGRADE = (
    b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
)
# A text of five letters, masked with zeros.
_MESSAGE = b"\x81\x85\0\0\0\0hello"
_ECHO = b"\x81\x05hello"
_GOODBYE = b"\x88\x82\0\0\0\0\x03\xe8"
_GET = b"GET /path?query=1 HTTP/1.1\r\nHost: localhost\r\nAccept: */*\r\nUser-Agent: spvn\r\n\r\n"
_POST = b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nhello"


def make(begin: str, command: Command) -> str:
    """Make the file whose path begins so, and return it; a Missing says why it could not be."""
    folder = Path(begin).parent
    part = Path(f"{begin}.{os.getpid()}")
    refused = "" if folder.is_dir() else own.make(str(folder))
    if refused or folder.stat().st_uid not in (0, os.geteuid()):
        raise Missing(f"cannot train Java: {refused or f'{folder} belongs to another user'}")
    try:
        with _ended_in_order():
            _remove_old(folder)
            _run(command([f"-XX:AOTCacheOutput={part}", "-Xlog:disable"], _arguments()))
            _try(command(["-XX:AOTMode=on", f"-XX:AOTCache={part}"], []))
            part.chmod(0o644)
            return _put(part, begin)
    except (OSError, subprocess.SubprocessError) as error:
        raise Missing(f"cannot train Java for quicker starts: {error}") from error
    finally:
        for left in (part, Path(f"{part}.config")):
            left.unlink(missing_ok=True)


def _put(part: Path, begin: str) -> str:
    made = Path(aot.path(begin, part.stat().st_size))
    # Java believes what a file of the right size holds, which it may not after a power cut.
    with part.open("rb") as file:
        os.fsync(file.fileno())
    part.rename(made)
    for old in made.parent.glob(f"{Path(begin).name}-*.aot"):
        if old != made:
            old.unlink(missing_ok=True)
    return str(made)


def _remove_old(folder: Path) -> None:
    """What was made for others long ago, and what trainings have left that were killed."""
    now = time.time()
    for each in folder.glob("spvn-*"):
        with suppress(OSError):
            status = each.stat()
            unused = now - max(status.st_atime, status.st_mtime)
            part = _PART.fullmatch(each.name)
            if (
                (each.suffix == ".aot" and unused > SECONDS_UNUSED)
                or (each.suffix == ".tried" and unused > SECONDS_TO_WAIT)
                or (part and (unused > SECONDS_TO_WAIT or not _lives(int(part[1]))))
            ):
                each.unlink()


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


@contextmanager
def _ended_in_order() -> Iterator[None]:
    """A signal that ends this process ends what it has begun first."""

    def end(number: int, _: FrameType | None) -> None:
        for each in before:
            signal.signal(each, signal.SIG_IGN)
        raise SystemExit(128 + number)

    before = {
        each: signal.signal(each, end)
        for each in _ENDED_BY
        if signal.getsignal(each) != signal.SIG_IGN
    }
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


def make_for_next(begin: str, command: Command) -> None:
    """Have it made in a process that nobody waits for, unless that was tried not long ago.

    Not where the server needs all there is for itself, where agents would be loaded twice, or where
    nobody takes what has ended off this process, which is the first of a container.
    """
    if os.getpid() == 1 or any(map(os.environ.get, aot.VARIABLES)) or not limits.has_room():
        return
    if not _take_turn(begin):
        return
    server = os.getpid()
    try:
        child = os.fork()
    except OSError:
        return
    if child:
        with suppress(ChildProcessError):  # where ended children are taken by the kernel
            os.waitpid(child, 0)
        return
    try:
        os.setsid()
        if os.fork() == 0:
            _make_beside(server, begin, command)
    finally:
        os._exit(0)


def _make_beside(server: int, begin: str, command: Command) -> None:
    """Only as long as the server lives that this was begun for; the next one may then try again."""
    os.setpgid(0, 0)
    _be_quiet()
    with suppress(OSError):
        _end_with(server)
    try:
        make(begin, command)
    except SystemExit:
        Path(f"{begin}.tried").unlink(missing_ok=True)


def _end_with(server: int) -> None:
    """Looks every second, in whatever this process waits."""
    watched = os.pidfd_open(server) if hasattr(os, "pidfd_open") else None

    def look(*_: object) -> None:
        ended = select.select([watched], [], [], 0)[0] if watched else not _lives(server)
        if ended:
            signal.setitimer(signal.ITIMER_REAL, 0)
            os.kill(os.getpid(), signal.SIGTERM)

    signal.signal(signal.SIGALRM, look)
    signal.setitimer(signal.ITIMER_REAL, 1, 1)


def _take_turn(begin: str) -> bool:
    tried = Path(f"{begin}.tried")
    if own.make(str(tried.parent)):
        return False
    try:
        if tried.exists() and time.time() - tried.stat().st_mtime > SECONDS_TO_WAIT:
            tried.unlink()
        tried.touch(exist_ok=False)
    except OSError:
        return False
    return True


def _be_quiet() -> None:
    os.nice(19)
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nothing, stream)
    # The sockets that were passed on are the server's.
    for descriptor in _descriptors():
        if descriptor > 2:
            with suppress(OSError):
                os.close(descriptor)
    os.chdir("/")


def _descriptors() -> list[int]:
    try:
        return [int(each) for each in os.listdir("/proc/self/fd")]
    except OSError:
        return list(range(os.sysconf("SC_OPEN_MAX")))


def _arguments() -> list[str]:
    return [
        "serve",
        "--bind",
        "127.0.0.1:0",
        "--admin-bind",
        "127.0.0.1:0",
        "--app-dir",
        str(APP),
        "hello:app",
    ]


def _run(command: list[str]) -> None:
    """Ends with all that the server has begun: Java writes its file in another process."""
    with subprocess.Popen(
        command,
        env=_environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
        preexec_fn=_die_with_parent,  # this process has one thread
    ) as server:
        try:
            _load(_port(server))
            server.terminate()
            server.communicate(timeout=SECONDS_TO_END)
        finally:
            with suppress(OSError):
                os.killpg(server.pid, signal.SIGKILL)
    if server.returncode != 0:
        raise OSError(f"its server ends with {server.returncode}")


def _try(command: list[str]) -> None:
    """Java takes no file that is broken, and says so only when asked."""
    subprocess.run(
        command,
        env=_environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=True,
        timeout=SECONDS_TO_START,
    )


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith(_REMOVED)}


def _die_with_parent() -> None:
    """Where there is no such call, what ends this process in order ends the server as well."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


# What would have the app's server do something else than that of the training.
_REMOVED = (
    "SPVN_",
    "PYTHON",
    "NOTIFY_SOCKET",
    "LISTEN_",
    "WATCHDOG_",
    "WEB_CONCURRENCY",
    *aot.VARIABLES,
)


def _port(server: subprocess.Popen[bytes]) -> int:
    assert server.stderr is not None
    said = b""
    for line in _lines(server.stderr.fileno(), time.monotonic() + SECONDS_TO_START):
        said = line.strip() or said
        ready = _READY.search(line)
        if ready:
            return int(ready[1])
    raise OSError(f"its server does not start: {said.decode(errors='replace')}")


def _lines(stream: int, deadline: float) -> Iterator[bytes]:
    rest = b""
    while select.select([stream], [], [], max(0, deadline - time.monotonic()))[0]:
        read = os.read(stream, 4096)
        if not read:
            break
        *lines, rest = (rest + read).split(b"\n")
        yield from lines
    yield rest


def _load(port: int) -> None:
    end = time.monotonic() + SECONDS_OF_LOAD
    with socket.create_connection(("127.0.0.1", port), SECONDS_OF_LOAD) as connection:
        _talk(connection, _UPGRADE, b"\r\n\r\n", 1, end)
        _talk(connection, _MESSAGE, _ECHO, MESSAGES, end)
        connection.sendall(_GOODBYE)
    with socket.create_connection(("127.0.0.1", port), SECONDS_OF_LOAD) as connection:
        _talk(connection, _POST, b"hello", REQUESTS // 10, end)
        _talk(connection, _GET, b"hello", REQUESTS, end)


def _talk(connection: socket.socket, said: bytes, answer: bytes, times: int, end: float) -> None:
    """Says this so many times or until it is time, each after the answer to the one before."""
    for _ in range(times):
        connection.sendall(said)
        heard = b""
        while not heard.endswith(answer):
            read = connection.recv(65536)
            if not read:
                raise OSError("its server answers no more")
            heard += read
        if time.monotonic() > end:
            return


def for_installation(java_home: str, installation: Installation, python: Python) -> None:
    """Make it where its jars are, and say so."""
    from spvn import launch

    begin = aot.base(java_home, installation.app, installation.app)
    print(make(begin, launch.command_of(java_home, installation, python)))


def main() -> None:
    from spvn import __main__ as wheel
    from spvn import launch

    try:
        for_installation(*wheel.found())
    except Missing as missing:
        launch.fail(missing)


if __name__ == "__main__":
    main()
