"""Which file of what Java has learned a start uses, and when one is made for the next."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import pytest

from spvn import aot, limits, train
from spvn.failure import Missing

# In place of a server: answers as one does, and leaves the file when it is told to end.
SERVER = """
import re, signal, socket, sys, threading
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

    def file(self) -> Path:
        return Path(aot.file(str(self.java_home), str(self.jars), str(self.folder)))

    def options(self, *own: str) -> list[str]:
        return aot.options(str(self.java_home), str(self.jars), str(self.folder), list(own))


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


@pytest.fixture
def made(place: Place) -> Path:
    place.folder.mkdir()
    place.file().touch()
    return place.file()


def command(script: str) -> train.Command:
    return lambda options, _: [sys.executable, "-c", script, *options]


def test_without_a_file_java_is_told_nothing(place: Place) -> None:
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
    assert place.file() == beside


@pytest.mark.parametrize("own", ["-XX:AOTCache=x", "-Xshare:off", "-XX:SharedArchiveFile=x"])
def test_what_the_user_says_about_it_counts(place: Place, made: Path, own: str) -> None:
    assert place.options("-Xmx1g", own) == []
    assert place.options("-Xmx1g") != []


def test_a_training_leaves_the_file_and_removes_the_ones_before(place: Place) -> None:
    place.folder.mkdir()
    old = place.folder / "spvn-00000000.aot"
    old.touch()
    train.make(str(place.file()), command(SERVER))
    assert place.file().exists()
    assert list(place.folder.iterdir()) == [place.file()]


def test_a_server_that_does_not_start_says_why_and_leaves_nothing(place: Place) -> None:
    with pytest.raises(Missing, match="its server does not start: no room"):
        train.make(str(place.file()), command("import sys; sys.exit('no room')"))
    assert list(place.folder.iterdir()) == []


def test_a_java_that_writes_no_file_is_told_about(place: Place) -> None:
    with pytest.raises(Missing, match="cannot train Java"):
        train.make(str(place.file()), command(SERVER.replace('open(made, "wb").close()', "pass")))


def test_a_start_has_the_file_made_in_the_background(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "memory", lambda: limits.MEMORY_AT_MOST)
    train.make_for_next(str(place.file()), command(SERVER))
    deadline = time.monotonic() + 60
    while not place.options():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_nothing_is_made_where_memory_is_limited(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "memory", lambda: limits.MEMORY_AT_MOST - 1)
    train.make_for_next(str(place.file()), command(SERVER))
    assert not place.folder.exists()


def test_one_start_of_many_has_it_made_and_another_after_an_hour(place: Place) -> None:
    assert train._take_turn(place.file())
    assert not train._take_turn(place.file())
    long_ago = time.time() - 2 * train.SECONDS_TO_WAIT
    os.utime(place.file().with_suffix(".tried"), (long_ago, long_ago))
    assert train._take_turn(place.file())


def test_where_nothing_can_be_written_nothing_is_made(place: Place) -> None:
    place.folder.write_text("a file where the folder would be")
    assert not train._take_turn(place.file())
