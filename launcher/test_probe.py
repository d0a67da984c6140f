"""What a Python tells the launcher of itself, and what one says that cannot run apps."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from spvn import probe

OLD = ("3.5", "3.6", "3.7", "3.8", "3.9")


def told(python: str) -> dict[str, str]:
    """The lines by name, as the launcher reads them."""
    done = subprocess.run(
        [python, "-I", probe.__file__], capture_output=True, check=True, timeout=60
    )
    first, *lines = os.fsdecode(done.stdout).split("\n")[:-1]
    assert first == "", "what a start-up has printed would run into the first line"
    return dict(line.split("=", 1) for line in lines)


def olds() -> list[str]:
    """Pythons of this machine that are too old, themselves and not pyenv's scripts."""
    root = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    found = [str(path) for old in OLD for path in root.glob(f"versions/{old}.*/bin/python")]
    found += [path for old in OLD if (path := shutil.which(f"python{old}"))]
    return [path for path in found if Path(path).read_bytes()[:2] != b"#!"]


@pytest.fixture
def built(monkeypatch: pytest.MonkeyPatch) -> dict[str, object]:
    """What this Python is told that it was built with, in place of what it was."""
    changes: dict[str, object] = {}
    original = sysconfig.get_config_var
    monkeypatch.setattr(sysconfig, "get_config_var", lambda name: changes.get(name, original(name)))
    return changes


def test_what_a_python_tells_is_true() -> None:
    found = told(sys.executable)
    assert list(found) == ["executable", "base", "minor", "version", "abi", "library"]
    assert found["executable"] == sys.executable
    assert Path(found["base"]).resolve() == Path(sys.executable).resolve()
    assert found["version"] == ".".join(map(str, sys.version_info[:3]))
    assert found["version"].startswith(found["minor"] + ".")
    assert found["abi"] in sysconfig.get_config_var("EXT_SUFFIX")
    assert Path(found["library"]).is_absolute()
    assert "libpython" in Path(found["library"]).name


def test_python_of_a_virtual_environment_tells_which_python_it_is_of(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", tmp_path], check=True)
    own = str(tmp_path / "bin" / "python")
    found = told(own)
    assert found["executable"] == own
    assert Path(found["base"]).resolve() == Path(sys.executable).resolve()


def test_path_that_is_no_utf8_is_told_as_it_is(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", tmp_path / "new"], check=True)
    folder = (tmp_path / "new").rename(tmp_path / os.fsdecode(b"zo\xeb"))
    own = str(folder / "bin" / "python")
    assert told(own)["executable"] == own


@pytest.mark.skipif(not olds(), reason="there is no Python here that is too old")
def test_python_that_is_too_old_gets_as_far_as_to_say_so() -> None:
    for old in olds():
        assert set(told(old)) == {"refusal"}
        assert told(old)["refusal"].startswith("is Python 3.")
        assert told(old)["refusal"].endswith(", older than 3.10")


def test_version_is_judged_by_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 9, 18, "final", 0))
    assert probe.answer() == {"refusal": "is Python 3.9, older than 3.10"}
    monkeypatch.setattr(sys, "version_info", (3, 10, 0, "final", 0))
    assert probe.answer()["minor"] == "3.10"


def test_free_threaded_build_is_refused(built: dict[str, object]) -> None:
    built["Py_GIL_DISABLED"] = 1
    assert probe.answer() == {"refusal": "is a free-threaded build, which Jep does not know"}


def test_build_with_the_lock_says_so_by_zero(built: dict[str, object]) -> None:
    built["Py_GIL_DISABLED"] = 0
    assert "refusal" not in probe.answer()


def test_static_library_is_none(built: dict[str, object], tmp_path: Path) -> None:
    static = tmp_path / "libpython3.99.a"
    static.touch()
    built.update(LIBDIR=str(tmp_path), INSTSONAME=static.name, LDLIBRARY=static.name)
    assert probe.answer() == {"refusal": "has no shared libpython (libpython3.99.a)"}


@pytest.mark.parametrize("place", ["", "multi"])
def test_library_is_found_in_folders_of_the_build(
    built: dict[str, object], tmp_path: Path, place: str
) -> None:
    shared = tmp_path / place / "libpython3.99.so.1.0"
    shared.parent.mkdir(exist_ok=True)
    shared.touch()
    built.update(LIBDIR=str(tmp_path), MULTIARCH=place, INSTSONAME=shared.name)
    assert probe.answer()["library"] == str(shared)


def test_path_with_a_line_break_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/opt/py\nthon")
    assert probe.answer() == {"refusal": "has a line break in its path"}
