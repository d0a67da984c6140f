"""Which file of what Java has learned a start uses, and when one is made for the next."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from spvn import aot, limits, train
from spvn.failure import Missing

# In place of a server: answers as one does, and leaves the file when it is told to end.
SERVER = """
import re, signal, socket, sys, threading
if "-XX:AOTMode=on" in sys.argv:
    sys.exit()
made = sys.argv[1].partition("=")[2]
def end(*_):
    open(made, "wb").close()
    sys.exit()
signal.signal(signal.SIGTERM, end)
listening = socket.create_server(("127.0.0.1", 0))
print("INFO  metrics and health on http://127.0.0.1:1", file=sys.stderr)
port = listening.getsockname()[1]
print(f"INFO  spvn on http://127.0.0.1:{port}: 1 worker", file=sys.stderr, flush=True)
def serve(connection):
    while said := connection.recv(65536):
        if b"Upgrade" in said:
            connection.sendall(b"HTTP/1.1 101 Switching Protocols\\r\\n\\r\\n")
        elif said[0] == 0x81:
            connection.sendall(b"\\x81\\x05hello")
        elif said[0] != 0x88:
            connection.sendall(b"HTTP/1.1 200 OK\\r\\nContent-Length: 5\\r\\n\\r\\nhello")
while True:
    threading.Thread(target=serve, args=listening.accept()[:1], daemon=True).start()
"""


class Place:
    """A Java, jars and a folder for what is made."""

    def __init__(self, root: Path) -> None:
        self.java_home, self.jars, self.folder = root / "java", root / "app", root / "cache"
        for file in ("java/lib/modules", "java/release", "app/spvn.jar", "app/libs/other.jar"):
            (root / file).parent.mkdir(parents=True, exist_ok=True)
            (root / file).write_text(file)

    @property
    def begin(self) -> str:
        return aot.base(str(self.java_home), str(self.jars), str(self.folder))

    def file(self) -> Path:
        return Path(aot.path(self.begin, 0))

    def options(self, *own: str) -> list[str]:
        return aot.options(str(self.java_home), str(self.jars), str(self.folder), list(own))


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


@pytest.fixture
def made(place: Place) -> Path:
    place.folder.mkdir(0o700)
    place.file().touch()
    return place.file()


def command(script: str) -> train.Command:
    return lambda options, _: [sys.executable, "-c", script, *options]


def test_without_a_file_java_is_told_nothing(place: Place) -> None:
    assert place.options() == []


def test_a_folder_with_a_colon_is_left_out_for_java_takes_it_for_two(tmp_path: Path) -> None:
    place = Place(tmp_path / "a:b")
    place.folder.mkdir(0o700)
    place.file().touch()
    assert place.options() == []


def test_a_file_that_fits_is_used_and_one_that_does_not_is_no_news(
    place: Place, made: Path
) -> None:
    assert place.options() == [f"-XX:AOTCache={made}", "-Xlog:aot=off", "-Xlog:cds=off"]


@pytest.mark.parametrize("part", ["app/spvn.jar", "app/libs/other.jar", "java/lib/modules"])
def test_a_file_is_not_for_a_jar_or_java_that_is_another_since(
    tmp_path: Path, place: Place, made: Path, part: str
) -> None:
    os.utime(tmp_path / part, (1, 1))
    assert place.options() == []
    (tmp_path / part).write_text("longer than the name of it was")
    assert place.options() == []


def test_a_file_is_not_for_one_more_jar(place: Place, made: Path) -> None:
    (place.jars / "libs" / "more.jar").touch()
    assert place.options() == []


def test_a_file_beside_the_jars_is_preferred(place: Place, made: Path) -> None:
    beside = place.jars / made.name
    beside.touch()
    assert place.options()[0] == f"-XX:AOTCache={beside}"


@pytest.mark.parametrize("own", ["-XX:AOTCache=x", "-Xshare:off", "-XX:SharedArchiveFile=x"])
def test_what_the_user_says_about_it_counts(place: Place, made: Path, own: str) -> None:
    assert place.options("-Xmx1g", own) == []
    assert place.options("-Xmx1g") != []


def test_a_training_leaves_the_file_and_removes_what_is_long_unused(place: Place) -> None:
    place.folder.mkdir(0o700)
    old = place.folder / "spvn-00000000-0.aot"
    old.touch()
    os.utime(old, (1, 1))
    train.make(place.begin, command(SERVER))
    assert place.file().exists()
    assert list(place.folder.iterdir()) == [place.file()]


def test_a_server_that_does_not_start_says_why_and_leaves_nothing(place: Place) -> None:
    with pytest.raises(Missing, match="its server does not start: no room"):
        train.make(place.begin, command("import sys; sys.exit('no room')"))
    assert list(place.folder.iterdir()) == []


def test_a_java_that_writes_no_file_is_told_about(place: Place) -> None:
    with pytest.raises(Missing, match="cannot train Java"):
        train.make(place.begin, command(SERVER.replace('open(made, "wb").close()', "pass")))


def test_a_start_has_the_file_made_in_the_background(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "has_room", lambda: True)
    train.make_for_next(place.begin, command(SERVER))
    deadline = time.monotonic() + 60
    while not place.options():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_nothing_is_made_where_memory_is_limited(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "has_room", lambda: False)
    train.make_for_next(place.begin, command(SERVER))
    assert not place.folder.exists()


def test_one_start_of_many_has_it_made_and_another_after_an_hour(place: Place) -> None:
    assert train._take_turn(place.begin)
    assert not train._take_turn(place.begin)
    long_ago = time.time() - 2 * train.SECONDS_TO_WAIT
    os.utime(f"{place.begin}.tried", (long_ago, long_ago))
    assert train._take_turn(place.begin)


def test_where_nothing_can_be_written_nothing_is_made(place: Place) -> None:
    place.folder.write_text("a file where the folder would be")
    assert not train._take_turn(place.begin)


def test_what_another_environment_uses_stays(place: Place) -> None:
    place.folder.mkdir(0o700)
    (place.folder / "spvn-00000000-0.aot").touch()
    train.make(place.begin, command(SERVER))
    assert len(list(place.folder.iterdir())) == 2


def test_what_a_killed_training_left_is_removed(place: Place) -> None:
    place.folder.mkdir(0o700)
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    for end in ("", ".config"):
        Path(f"{place.begin}.{dead.pid}{end}").touch()
    train.make(place.begin, command(SERVER))
    assert list(place.folder.iterdir()) == [place.file()]


@pytest.mark.parametrize("mode", [0o620, 0o602])
def test_a_file_or_folder_that_others_may_write_is_not_used(
    place: Place, made: Path, mode: int
) -> None:
    made.chmod(mode)
    assert place.options() == []
    made.chmod(0o600)
    assert place.options() != []
    place.folder.chmod(mode | 0o100)
    assert place.options() == []
    assert not train._take_turn(place.begin)


def test_a_file_or_folder_of_another_user_is_not_used(
    place: Place, made: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root gives files away")
    os.chown(made, 1234, 1234)
    assert place.options() == []
    os.chown(made, 0, 0)
    os.chown(place.folder, 1234, 1234)
    assert place.options() == []
    with pytest.raises(Missing, match="belongs to another user"):
        train.make(place.begin, command(SERVER))


def test_folders_are_made_for_this_user_alone(place: Place) -> None:
    before = os.umask(0)
    try:
        assert train._take_turn(f"{place.folder}/a/spvn-00000000")
    finally:
        os.umask(before)
    for folder in (place.folder, place.folder / "a"):
        assert folder.stat().st_mode & 0o777 == 0o700


def test_a_file_of_another_size_than_it_was_made_with_goes(place: Place, made: Path) -> None:
    made.write_text("more")
    assert place.options() == []
    assert not made.exists()


@pytest.mark.parametrize(
    "broken",
    [SERVER.replace("sys.exit()\nsignal", "sys.exit(3)\nsignal"),
     SERVER.replace("sys.exit()\nmade", "sys.exit(1)\nmade")],
    ids=["training fails", "Java refuses it"],
)  # fmt: skip
def test_a_broken_file_is_not_kept(place: Place, broken: str) -> None:
    assert broken != SERVER
    with pytest.raises(Missing, match="cannot train Java"):
        train.make(place.begin, command(broken))
    assert list(place.folder.iterdir()) == []


@pytest.mark.parametrize("name", aot.VARIABLES)
def test_nothing_is_made_where_variables_have_options_for_java(
    place: Place, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(limits, "has_room", lambda: True)
    monkeypatch.setenv(name, "-javaagent:x.jar")
    assert name not in train._environment()
    train.make_for_next(place.begin, command(SERVER))
    assert not place.folder.exists()


def test_a_variable_that_names_a_file_counts(
    place: Place, made: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JAVA_TOOL_OPTIONS", "-XX:SharedArchiveFile=x")
    assert place.options() == []


def test_the_first_process_of_a_container_has_nothing_made(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "has_room", lambda: True)
    monkeypatch.setattr(os, "getpid", lambda: 1)
    train.make_for_next(place.begin, command(SERVER))
    assert not place.folder.exists()


def test_a_process_that_cannot_be_begun_holds_up_no_start(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails() -> int:
        raise BlockingIOError

    monkeypatch.setattr(limits, "has_room", lambda: True)
    monkeypatch.setattr(os, "fork", fails)
    train.make_for_next(place.begin, command(SERVER))


TRAINS = """
import os, signal, socket, sys, time
# What a shell runs in the background ignores it.
signal.signal(signal.SIGINT, signal.default_int_handler)
sys.path.insert(0, {src!r})
from spvn import limits, train
limits.has_room = lambda: True
def command(options, _):
    return [sys.executable, "-c", {server!r}, *options]
"""
# Tells whoever listens that it is here, until it is not.
HANGS = (
    "import socket, sys, time; s = socket.create_connection(('127.0.0.1', {port}));"
    " open(sys.argv[1].partition('=')[2] + '.config', 'w'); s.send(b'x'); time.sleep(600)"
)


@pytest.mark.parametrize("way", ["server ends", "SIGTERM", "SIGINT", "SIGHUP"])
def test_a_training_ends_with_its_server_and_in_order(place: Place, way: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(60)
        server = HANGS.format(port=listening.getsockname()[1])
        begun = "make_for_next" if way == "server ends" else "make"
        script = TRAINS.format(src=str(Path(train.__file__).parents[1]), server=server)
        script += f"train.{begun}({place.begin!r}, command); time.sleep(600)"
        process = subprocess.Popen([sys.executable, "-c", script])
        connection, _ = listening.accept()
        with connection:
            connection.settimeout(60)
            assert connection.recv(1) == b"x"
            process.send_signal(signal.SIGKILL if way == "server ends" else getattr(signal, way))
            process.wait(60)
            assert connection.recv(1) == b""
    deadline = time.monotonic() + 60
    while list(place.folder.iterdir()):
        assert time.monotonic() < deadline
        time.sleep(0.05)
