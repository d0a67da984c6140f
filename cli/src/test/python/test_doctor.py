"""`spvn doctor`: what there is, and what an app and its environment allow."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from harness.command import APPS, ROOT

pytestmark = pytest.mark.own

APP_FAILS = 3
MISSING = 4
OWN_GIL = pytest.mark.skipif(
    sys.version_info < (3, 13), reason="own-GIL interpreters need Python 3.13"
)


class Diagnosis:
    """What one examination says."""

    def __init__(self, *arguments: str, **environment: str) -> None:
        done = subprocess.run(
            [ROOT / "spvn", "doctor", *arguments],
            env={**os.environ, "SPVN_PYTHON": sys.executable, **environment},
            capture_output=True,
            text=True,
            timeout=120,
        )
        self.exit_code = done.returncode
        self.text = done.stdout
        self.errors = done.stderr
        facts, _, table = self.text.partition("\n\n")
        pairs = [line.partition("  ") for line in facts.splitlines()]
        self.facts = {name: value.strip() for name, _, value in pairs}
        self.table = {row.split()[0]: row.split()[1:] for row in table.splitlines()}

    def __repr__(self) -> str:
        return f"exit {self.exit_code}\n{self.text}\n{self.errors}"


@pytest.mark.core
def test_tells_what_there_is() -> None:
    told = Diagnosis()
    assert told.exit_code == 0, told
    assert told.errors == ""
    assert list(told.facts) == [
        "spvn",
        "JDK",
        "Python",
        "libpython",
        "Jep",
        "uvloop",
        "open files",
        "CPUs",
        "memory",
    ]
    version = ".".join(map(str, sys.version_info[:3]))
    assert told.facts["Python"] == f"{version} with a GIL, {sys.executable}"
    assert Path(told.facts["libpython"]).is_file()
    assert told.facts["Jep"].startswith("4.3.1, ")


@OWN_GIL
def test_tells_which_modules_refuse() -> None:
    pytest.importorskip("pydantic_core")
    pytest.importorskip("markupsafe")
    told = Diagnosis("frameworks.fastapi_app:app", "--app-dir", str(APPS))
    assert told.exit_code == 0, told
    assert told.facts["app"] == f"frameworks.fastapi_app:app in {APPS}: is imported"
    assert told.facts["1 worker"] == "main: one worker has it for itself"
    assert told.facts["more workers"].startswith("process: ")
    assert told.facts["for sub-interpreters"].startswith("these would have to go: ")
    assert "pydantic_core" in told.facts["for sub-interpreters"].split(": ")[1].split(", ")
    assert told.table["pydantic_core._pydantic_core"] == ["refuses", "loads", "yes"]
    assert "markupsafe._speedups" not in told.table


@OWN_GIL
def test_environment_that_suits_sub_interpreters(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", tmp_path], check=True)
    python = str(tmp_path / "bin" / "python")
    told = Diagnosis("late_import:app", "--app-dir", str(APPS), SPVN_PYTHON=python)
    assert told.exit_code == 0, told
    assert told.facts["more workers"].startswith("subinterpreter: the app supports")
    assert told.facts["uvloop"] == "not installed"
    assert told.table == {}


@pytest.mark.core
def test_app_that_cannot_be_imported() -> None:
    told = Diagnosis("broken.raises:app", "--app-dir", str(APPS))
    assert told.exit_code == APP_FAILS, told
    assert told.facts["app"] == f"broken.raises:app in {APPS}: cannot be imported"
    *traceback, line = told.errors.splitlines()
    assert traceback[0] == "Traceback (most recent call last):"
    assert traceback[-1] == "ValueError: no such database: tests.example"
    assert line.startswith("spvn: cannot import 'broken.raises': ValueError: no such database")
    assert "spvn_bridge" not in told.errors


@pytest.mark.core
def test_app_that_ends_its_process(tmp_path: Path) -> None:
    (tmp_path / "ends.py").write_text("import os; os._exit(7)")
    told = Diagnosis("ends:app", "--app-dir", str(tmp_path))
    assert told.exit_code == APP_FAILS, told
    assert told.errors == (
        "spvn: the import of the app ends the process (exit code 7) in a trial\n"
    )


@pytest.mark.core
def test_environment_that_prints(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text("print('hello, I am a start-up')")
    told = Diagnosis("late_import", "--app-dir", str(APPS), PYTHONPATH=str(tmp_path))
    assert told.exit_code == 0, told
    assert told.facts["app"].endswith(": is imported")


@pytest.mark.core
def test_missing_python() -> None:
    told = Diagnosis(SPVN_PYTHON="/nowhere/python3")
    assert told.exit_code == MISSING, told
    assert len(told.errors.splitlines()) == 1
