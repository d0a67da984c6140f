"""Edits within a second are seen, though the size stays: by real imports, each in a child."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from spvn_bridge.remote import fresh

BRIDGE = Path(fresh.__file__).parents[2]
LONG_AGO = 1_000_000_000
IMPORT = "import sys; sys.path[:0] = sys.argv[1:]; {install}import edited; print(edited.VALUE)"
INSTALL = "from spvn_bridge.remote import fresh; fresh.install(); "


def imported(directory: Path, install: str = INSTALL) -> int:
    line = [sys.executable, "-c", IMPORT.format(install=install), str(directory), str(BRIDGE)]
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    done = subprocess.run(line, capture_output=True, text=True, check=True, env=environment)  # noqa: S603
    return int(done.stdout)


def edit(directory: Path, value: int, mtime: float) -> Path:
    source = directory / "edited.py"
    source.write_text(f"VALUE = {value}\n")
    os.utime(source, (mtime, mtime))
    return source


def pycs(directory: Path) -> list[Path]:
    return list(directory.glob("__pycache__/*.pyc"))


def test_python_itself_runs_what_was_before_the_edit(tmp_path: Path) -> None:
    """Or this module would not be needed."""
    now = time.time()
    edit(tmp_path, 1, now)
    assert imported(tmp_path, install="") == 1
    edit(tmp_path, 2, now)
    assert imported(tmp_path, install="") == 1


def test_edit_in_the_same_second_and_of_the_same_size_is_seen(tmp_path: Path) -> None:
    soon = time.time() + 3600  # it has not settled, however long the imports take
    for value in range(1, 6):
        edit(tmp_path, value, soon)
        assert imported(tmp_path) == value
    assert not pycs(tmp_path)


def test_pyc_that_another_program_wrote_between_two_edits_is_not_trusted(tmp_path: Path) -> None:
    """Not even when both edits are long ago."""
    source = edit(tmp_path, 1, LONG_AGO)
    assert imported(tmp_path, install="") == 1
    (pyc,) = pycs(tmp_path)
    os.utime(pyc, (LONG_AGO + 0.5, LONG_AGO + 0.5))
    edit(tmp_path, 2, LONG_AGO + 0.9)
    assert source.stat().st_size == len("VALUE = 1\n")
    assert imported(tmp_path) == 2
    assert imported(tmp_path, install="") == 2, "it was to be written anew"


def test_pyc_of_a_source_that_has_settled_is_used(tmp_path: Path) -> None:
    edit(tmp_path, 1, LONG_AGO)
    assert imported(tmp_path) == 1
    (pyc,) = pycs(tmp_path)
    edit(tmp_path, 2, LONG_AGO)  # nobody could tell: only that shows that the .pyc is used
    assert imported(tmp_path) == 1
    assert pycs(tmp_path) == [pyc]


@pytest.mark.parametrize("ahead", [1, 3600])
def test_source_from_the_future_never_has_a_pyc(tmp_path: Path, ahead: int) -> None:
    then = time.time() + ahead
    for value in (1, 2):
        edit(tmp_path, value, then)
        assert imported(tmp_path) == value
    assert not pycs(tmp_path)


def test_what_a_package_reads_beside_its_modules_is_read(tmp_path: Path) -> None:
    (tmp_path / "edited.py").write_text(
        "import pkgutil\nVALUE = int(pkgutil.get_data('edited', 'data.txt'))\n"
    )
    (tmp_path / "data.txt").write_text("7")
    assert imported(tmp_path) == 7
