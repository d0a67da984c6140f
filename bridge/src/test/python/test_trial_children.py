"""The throw-away children of a trial, with apps and packages that are real."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from conftest import APPS, NO_SUPPORT, needs_interpreters
from spvn_bridge.trial import SOURCE
from spvn_bridge.trial.extensions import stamp_of
from spvn_bridge.trial.throwaway import Throwaway
from spvn_bridge.trial.trials import Time, rehearsed

if TYPE_CHECKING:
    from spvn_bridge.settings import Settings


class TestRehearsal:
    def test_under_python_the_app_is_imported_as_it_is(self, settings: Settings) -> None:
        report = rehearsed(settings, "import", Time(30))
        assert (report["outcome"], report["message"]) == ("stopped", "")
        plain = str(APPS / "plain.py")
        assert (plain, *(stamp_of(plain) or ())) in [tuple(each) for each in report["files"]]

    def test_failure_comes_with_its_traceback(self, settings: Settings) -> None:
        changed: Any = {**settings, "target": "raises:app"}
        report = rehearsed(changed, "import", Time(30))
        assert report["outcome"] == "import"
        assert report["message"].startswith("cannot import 'raises'")
        assert "raises.py" in report["traceback"]
        assert "spvn_bridge" not in report["traceback"]


def await_end(pid: int) -> None:
    """Wait until a process is gone, or is nobody's child any more."""
    state = Path(f"/proc/{pid}/stat")
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        try:
            if state.read_text().rpartition(")")[2].split()[0] == "Z":
                return
        except (FileNotFoundError, ProcessLookupError):
            return
        time.sleep(0.01)
    pytest.fail(f"process {pid} is still there")


class TestThrowaway:
    def test_nothing_of_it_is_left(self, tmp_path: Path) -> None:
        (tmp_path / "starts.py").write_text(
            "import os, subprocess, sys, time\n"
            "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
            f"open({str(tmp_path / 'pids')!r}, 'w').write(f'{{os.getpid()}} {{child.pid}}')\n"
            "time.sleep(60)\n"
        )
        work = {"target": "starts:app", "app_dir": str(tmp_path), "interface": "auto"}
        rest = {"factory": False, "argv": [], "support": "", "isolation": "main"}
        with Throwaway("import", {**work, **rest}, 3) as child:
            assert list(child.answers()) == []
            assert child.late
        for pid in map(int, (tmp_path / "pids").read_text().split()):
            await_end(pid)


class TestConsole:
    @staticmethod
    def run(mode: str, target: str, memory: Path, **variables: str) -> list[list[str]]:
        """Run it as Java does, and return the lines that count."""
        start = (
            "import sys; source = sys.argv.pop(1); sys.path.insert(0, source); "
            "from spvn_bridge.trial.console import main; main()"
        )
        arguments = [mode, str(memory), "30", target, str(APPS), "auto", "false", "", "spvn"]
        done = subprocess.run(  # noqa: S603 - ourselves
            [sys.executable, "-c", start, SOURCE, *arguments],
            env={**os.environ, **variables},
            stdout=subprocess.PIPE,
            check=True,
        )
        lines = done.stdout.decode().splitlines()
        return [line.split("\t")[1:] for line in lines if line.startswith("spvn-trial\t")]

    @needs_interpreters
    def test_decides(self, tmp_path: Path) -> None:
        *steps, verdict = self.run("decide", "plain:app", tmp_path)
        assert {word for word, *_ in steps} <= {"step"}
        assert verdict[0] == "verdict"
        assert verdict[1] in ("safe", "unsafe")

    def test_examines(self, tmp_path: Path) -> None:
        lines = self.run("examine", "plain:app", tmp_path)
        assert lines[0][:2] == ["python", sys.executable]
        assert ["app", "stopped", "", ""] in lines

    def test_traceback_stays_in_its_line(self, tmp_path: Path) -> None:
        (line,) = [each for each in self.run("examine", "raises:app", tmp_path) if each[0] == "app"]
        assert line[1] == "import"
        assert line[3].startswith("Traceback (most recent call last):\\n")

    @needs_interpreters
    def test_real_modules(self, tmp_path: Path) -> None:
        """Of a package that refuses and of one that does not."""
        site = tmp_path / "site-packages"
        for package in ("pydantic_core", "markupsafe"):
            found = pytest.importorskip(package)
            shutil.copytree(Path(found.__file__).parent, site / package)
        lines = self.run("examine", "plain:app", tmp_path / "memory", PYTHONPATH=str(site))
        refusing = {line[1]: line[2:] for line in lines if line[0] == "refuses"}
        assert refusing["pydantic_core._pydantic_core"] == [NO_SUPPORT, ""]
        assert "markupsafe._speedups" not in refusing
        kept = [json.loads(file.read_text()) for file in (tmp_path / "memory").iterdir()]
        assert any("markupsafe._speedups" in str(each) for each in kept)
