"""The fork server as a real process; the test is Java, and `standin/` what children run."""

from __future__ import annotations

import base64
import json
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

HERE = Path(__file__).parent
SOURCE = HERE.parent.parent / "main" / "python"
APPS = HERE / "apps"
LONG = 20.0

BOOTSTRAP = """
import sys
del sys.path[0]
sys.path.append(sys.argv[1])
from spvn_bridge.remote.forkserver import main
main(sys.argv[2:])
"""

# What `nohup` and a shell's `trap '' HUP` do.
DEAF = (
    "import os, signal, sys; signal.signal(1, signal.SIG_IGN); os.execv(sys.argv[1], sys.argv[1:])"
)


class Child:
    """A child's two connections."""

    def __init__(self, pid: int, down: Peer, up: Peer) -> None:
        self.pid = pid
        self.down = down
        self.up = up

    def ask(self, order: str) -> Any:
        self.down.say(order)
        return json.loads(self.up.hear())


class Peer:
    """A connection of lines."""

    def __init__(self, connection: socket.socket) -> None:
        connection.settimeout(LONG)
        self.connection = connection
        self._lines = connection.makefile("rb")

    def say(self, line: str) -> None:
        self.connection.sendall(line.encode() + b"\n")

    def hear(self) -> str:
        """Return the next line, or "" at the end."""
        return self._lines.readline().decode().rstrip("\n")

    def close(self) -> None:
        self._lines.close()
        self.connection.close()


class Java:
    """Listens, and starts the fork server."""

    def __init__(self, *, deaf: bool = False, **settings: object) -> None:
        self.folder = tempfile.mkdtemp(prefix="spvn")
        self.path = str(Path(self.folder) / "s")
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(self.path)
        self._listener.listen()
        self._listener.settimeout(LONG)
        self._waiting: dict[str, Peer] = {}
        self._peers: list[Peer] = []
        python = [sys.executable, "-c", BOOTSTRAP, str(SOURCE), self.path, "mine"]
        self.process = subprocess.Popen(  # noqa: S603 - ours
            [sys.executable, "-c", DEAF, *python] if deaf else python,
            env={**os.environ, "PYTHONPATH": str(HERE / "standin")},
            stderr=subprocess.PIPE,
        )
        self.control = self.connection("mine parent")
        told = {
            "loop": "asyncio",
            "side": False,
            "preload": False,
            "support": "",
            "log_config": "",
            "log_json": False,
            **settings,
        }
        self.control.say(json.dumps(told))

    def connection(self, whose: str) -> Peer:
        """Return the connection that says it is that one."""
        while whose not in self._waiting:
            peer = Peer(self._listener.accept()[0])
            self._peers.append(peer)
            version, hello = peer.hear().split(" ", 2)[1:]
            assert version == "1"
            self._waiting[hello] = peer
        return self._waiting.pop(whose)

    def ready(self) -> Java:
        assert self.control.hear() == "ready"
        return self

    def child(self, token: str, worker: int = 0) -> Child:
        self.control.say(f"fork {token} {worker}")
        down, up = self.connection(f"{token} down"), self.connection(f"{token} up")
        said, whose, pid = self.control.hear().split(" ")
        assert (said, whose) == ("forked", token)
        return Child(int(pid), down, up)

    def close(self) -> None:
        for peer in self._peers:
            peer.close()
        self._listener.close()
        self.process.communicate(timeout=LONG)
        for file in Path(self.folder).glob("*"):
            file.unlink()
        if Path(self.folder).exists():
            Path(self.folder).rmdir()


@pytest.fixture
def start() -> Iterator[Callable[..., Java]]:
    started: list[Java] = []

    def start(**settings: Any) -> Java:
        started.append(Java(**settings))
        return started[-1]

    yield start
    for each in started:
        each.close()


@pytest.fixture
def java(start: Callable[..., Java]) -> Java:
    return start().ready()


def settings_of(target: str) -> dict[str, Any]:
    return {
        "target": target,
        "app_dir": str(APPS),
        "interface": "auto",
        "factory": False,
        "argv": ["spvn", "serve", target],
        "support": "",
        "preload": True,
    }


def text(word: str) -> str:
    return base64.b64decode(word).decode()


def ended(process: int) -> bool:
    """Wait for the end of a process that is not ours."""
    try:
        watched = os.pidfd_open(process)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([watched], [], [], LONG)[0])
    finally:
        os.close(watched)


def test_a_child_finds_a_plain_python(java: Java) -> None:
    java.child("a")
    state = java.child("b", 7).ask("state")
    assert state["path"][0] != ""
    assert str(SOURCE) in state["path"]
    assert state["argv"] == [""]
    assert state["mask"] == []
    assert (state["int"], state["term"], state["hup"]) == (True, True, True)
    assert state["name"] == "spvn-worker-7"
    assert state["parent"] == java.process.pid


def test_a_child_has_nothing_open_but_its_connections(java: Java) -> None:
    java.child("a")
    assert [each for each in java.child("b").ask("state")["open"] if each != "/proc"] == [
        "socket",
        "socket",
    ]


def test_what_the_caller_has_ignored_stays_ignored(start: Callable[..., Java]) -> None:
    java = start(deaf=True).ready()
    state = java.child("a").ask("state")
    assert (state["hup"], state["term"]) == (False, True)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_the_server_ignores_what_asks_to_end_and_a_child_does_not(
    java: Java, number: signal.Signals
) -> None:
    child = java.child("a")
    java.process.send_signal(number)
    assert java.child("b").ask("state")
    os.kill(child.pid, number)
    said = java.control.hear()
    assert said in ("ended a exit code 1", f"ended a signal {number.value} ({number.name})")


def test_neither_is_in_the_session_of_a_terminal(java: Java) -> None:
    child = java.child("a")
    assert os.getsid(child.pid) == os.getsid(java.process.pid) == java.process.pid
    assert os.getpgid(child.pid) == java.process.pid


def test_exit_handlers_run_in_the_child_alone(java: Java, tmp_path: Path) -> None:
    child = java.child("a")
    assert child.ask(f"atexit {tmp_path / 'first'}")
    child.down.say("ends")
    assert java.control.hear() == "ended a exit code 0"
    assert (tmp_path / "first").read_text() == "ran"


def test_kill_of_one_that_has_ended_or_never_was_does_nothing(java: Java) -> None:
    java.child("a").down.say("exit 3")
    assert java.control.hear() == "ended a exit code 3"
    java.control.say("kill a")
    java.control.say("kill b")
    assert java.child("c").ask("state")


def test_close_ends_it_after_its_last_child(java: Java) -> None:
    child = java.child("a")
    java.control.say("close")
    assert child.ask("state")
    child.down.say("exit 0")
    assert java.control.hear() == "ended a exit code 0"
    assert java.control.hear() == ""
    assert java.process.wait(LONG) == 0


def test_a_fork_and_a_kill_at_once_are_both_done(java: Java) -> None:
    java.control.say("fork a 0\nkill a\nfork b 1")
    said = sorted(java.control.hear().split(" ")[:2] for _ in range(3))
    assert said == [["ended", "a"], ["forked", "a"], ["forked", "b"]]


def test_without_java_children_may_end_and_are_killed_if_they_do_not(java: Java) -> None:
    good, bad = java.child("a"), java.child("b")
    os.kill(bad.pid, signal.SIGSTOP)
    good.down.close()
    began = time.monotonic()
    java.control.connection.shutdown(socket.SHUT_RDWR)
    assert ended(good.pid)
    assert time.monotonic() - began < 4
    assert ended(bad.pid)
    assert java.process.wait(LONG) == 0
    assert Path(java.path).exists()  # Java is there


def test_preload_hands_each_child_the_app(start: Callable[..., Java]) -> None:
    java = start(**settings_of("plain:app")).ready()
    child = java.child("a")
    assert child.ask("app")
    state = child.ask("state")
    assert state["path"][0] == str(APPS)
    assert state["argv"] == ["spvn", "serve", "plain:app"]


def test_preload_ends_with_java(start: Callable[..., Java]) -> None:
    java = start(**settings_of("never_imported:app"))
    java.control.connection.shutdown(socket.SHUT_RDWR)
    assert java.process.wait(LONG) == -signal.SIGIO


def test_preload_tells_why_it_fails(start: Callable[..., Java]) -> None:
    java = start(**settings_of("raises:app"))
    said, outcome, message, traceback = java.control.hear().split(" ")
    assert (said, outcome) == ("broken", "import")
    assert text(message).startswith("cannot import 'raises': ZeroDivisionError")
    assert "raises.py" in text(traceback)
    assert "spvn_bridge" not in text(traceback)
    assert java.process.wait(LONG) == 0


def test_a_compiled_part_that_is_not_there_is_told_of(start: Callable[..., Java]) -> None:
    java = start(support="/nowhere/site")
    said, level, message = java.control.hear().split(" ")
    assert (said, level) == ("log", "20")
    assert text(message).startswith("worker processes have no compiled part: there is no /nowhere/")
    java.ready()


def test_preload_names_the_threads_that_a_fork_loses(start: Callable[..., Java]) -> None:
    java = start(**settings_of("starts_thread:app"))
    said, level, message = java.control.hear().split(" ")
    assert (said, level) == ("log", "30")
    assert text(message).startswith("--preload: no worker has the threads poller: ")
    assert java.ready().child("a").ask("app")


def test_preload_keeps_the_signal_handlers_of_the_app(start: Callable[..., Java]) -> None:
    java = start(**settings_of("catches_hangup:app")).ready()
    java.process.send_signal(signal.SIGHUP)
    assert java.child("a").ask("state")["hup"] is False
