"""What is made out of the files that an app has the server send."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from spvn_bridge import files

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

DATA = b"0123456789"


@pytest.fixture
def given() -> Iterator[Any]:
    with tempfile.TemporaryFile(buffering=0) as file:
        file.write(DATA)
        file.seek(2)
        yield file


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "file"
    path.write_bytes(DATA)
    return path


def content(region: files.Region) -> bytes:
    try:
        return files.read(region)
    finally:
        os.close(region[0])


def descriptors() -> int:
    return sum(1 for _ in Path("/dev/fd").iterdir())


def test_path_is_the_whole_file(path: Path) -> None:
    region = files.of_path({"path": str(path)})
    assert region[1:] == (0, 10)
    assert not os.get_inheritable(region[0])
    assert content(region) == DATA


def test_name_that_is_no_unicode(tmp_path: Path) -> None:
    name = os.fsdecode(bytes(tmp_path) + b"/\xff")
    Path(name).write_bytes(DATA)
    assert content(files.of_path({"path": name})) == DATA


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        (lambda path: {"path": str(path / "below")}, NotADirectoryError),
        (lambda path: {"path": f"{path}.none"}, FileNotFoundError),
        (lambda path: {"path": str(path.parent)}, IsADirectoryError),
        (lambda _: {"path": os.devnull}, OSError),
        (lambda _: {"path": "relative"}, ValueError),
        (lambda path: {"path": path}, TypeError),
        (lambda _: {}, TypeError),
    ],
)
def test_path_that_cannot_be_sent(
    path: Path, wrong: Callable[[Path], dict[str, Any]], error: type[Exception]
) -> None:
    before = descriptors()
    with pytest.raises(error):
        files.of_path(wrong(path))
    assert descriptors() == before


def test_pipe_has_nobody_wait(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(OSError, match="not a regular file") as error:
        files.of_path({"path": str(tmp_path / "pipe")})
    assert error.value.filename == str(tmp_path / "pipe")


@pytest.mark.parametrize(
    ("parts", "sent", "position"),
    [
        ({}, b"23456789", 10),
        ({"count": 3}, b"234", 5),
        ({"count": 30}, b"23456789", 10),
        ({"offset": None, "count": None}, b"23456789", 10),
        ({"offset": 0}, DATA, 2),
        ({"offset": 7, "count": 2}, b"78", 2),
        ({"offset": 7, "count": 0}, b"", 2),
        ({"offset": 10}, b"", 2),
        ({"offset": 100}, b"", 2),
    ],
)
def test_part_of_a_descriptor(
    given: Any, parts: dict[str, Any], sent: bytes, position: int
) -> None:
    assert content(files.of_descriptor({"file": given, **parts})) == sent
    assert given.tell() == position


def test_descriptor_is_its_own(given: Any) -> None:
    region = files.of_descriptor({"file": given.fileno()})
    given.close()
    assert content(region) == b"23456789"


@pytest.mark.parametrize(
    ("event", "error"),
    [
        ({"file": None}, TypeError),
        ({"file": "name"}, TypeError),
        ({"file": type("File", (), {"fileno": lambda _: "x"})()}, TypeError),
        ({}, TypeError),
        ({"file": 0, "offset": "1"}, TypeError),
        ({"file": 0, "count": 1.5}, TypeError),
        ({"file": 0, "offset": -1}, ValueError),
        ({"file": 0, "count": -1}, ValueError),
        ({"file": 999_999}, OSError),
    ],
)
def test_descriptor_that_is_none(event: dict[str, Any], error: type[Exception]) -> None:
    with pytest.raises(error):
        files.of_descriptor(event)


@pytest.mark.parametrize("flags", [os.O_WRONLY, os.O_RDONLY | os.O_DIRECTORY])
def test_descriptor_that_cannot_be_read(path: Path, flags: int) -> None:
    number = os.open(path.parent if flags & os.O_DIRECTORY else path, flags)
    before = descriptors()
    with pytest.raises(OSError, match=r"Bad file descriptor|Is a directory"):
        files.of_descriptor({"file": number})
    assert descriptors() == before
    os.close(number)


def test_file_that_has_become_shorter(given: Any) -> None:
    region = files.of_descriptor({"file": given})
    given.truncate(3)
    with pytest.raises(OSError, match="shorter"):
        content(region)
