"""Makes the file that `spvn.aot` has Java use: a server with a small app, under a short load.

`python -m spvn.train` makes it beside the jars, such as for an image; a start that finds none has
it made in the background, for the next.
"""

from __future__ import annotations

import os
import re
import socket
import subprocess
import time
from pathlib import Path

from spvn import aot, limits
from spvn.failure import Missing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

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


def make(file: str, command: Command) -> None:
    """Make this file; a Missing says why it could not be."""
    made = Path(file)
    part = made.with_suffix(f".{os.getpid()}")
    try:
        made.parent.mkdir(parents=True, exist_ok=True)
        _run(command([f"-XX:AOTCacheOutput={part}", "-Xlog:disable"], _arguments()))
        part.rename(made)
    except (OSError, subprocess.SubprocessError) as error:
        raise Missing(f"cannot train Java for quicker starts: {error}") from error
    finally:
        for left in (part, Path(f"{part}.config")):
            left.unlink(missing_ok=True)
    for old in made.parent.glob("spvn-*.aot"):
        if old != made:
            old.unlink(missing_ok=True)


def make_for_next(file: str, command: Command) -> None:
    """Have it made in a process that nobody waits for, unless that was tried not long ago.

    Not where memory is limited: the server needs it itself.
    """
    if limits.memory() < limits.MEMORY_AT_MOST or not _take_turn(Path(file)):
        return
    if os.fork():
        os.wait()
        return
    try:
        os.setsid()
        if os.fork() == 0:
            _be_quiet()
            make(file, command)
    finally:
        os._exit(0)


def _take_turn(made: Path) -> bool:
    tried = made.with_suffix(".tried")
    try:
        made.parent.mkdir(parents=True, exist_ok=True)
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
    os.closerange(3, 1024)
    os.chdir("/")


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
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_REMOVED)}
    with subprocess.Popen(
        command,
        env=kept,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    ) as server:
        try:
            _load(_port(server))
            server.terminate()
            server.communicate(timeout=SECONDS_TO_END)
        finally:
            server.kill()


# What would have the app's server do something else than that of the training.
_REMOVED = ("SPVN_", "PYTHON", "NOTIFY_SOCKET", "LISTEN_", "WATCHDOG_", "WEB_CONCURRENCY")


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
    import select

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

    made = aot.file(java_home, installation.app, installation.app)
    make(made, launch.command_of(java_home, installation, python))
    print(made)


def main() -> None:
    from spvn import __main__ as wheel
    from spvn import launch

    try:
        for_installation(*wheel.found())
    except Missing as missing:
        launch.fail(missing)


if __name__ == "__main__":
    main()
