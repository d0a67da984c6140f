"""Programs in Go, made once with the Go of PATH and kept beside what else the checks make."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from harness.command import ROOT

PROGRAMS = ROOT / ".spvn" / "go"
MADE_WITHIN = 300


def found() -> str | None:
    """The go command on PATH."""
    return shutil.which("go")


def installed(package: str, version: str) -> Path:
    """A command of a public module, of one version."""
    name = package.rpartition("/")[2]
    program = PROGRAMS / f"{name}-{version}"
    if not program.exists():
        with tempfile.TemporaryDirectory(prefix="spvn-go-") as folder:
            _run("install", f"{package}@{version}", cwd=folder, GOBIN=folder)
            _keep(Path(folder, name), program)
    return program


def built(source: Path, folder: Path) -> Path:
    """A program of one file that needs nothing but Go's own library."""
    program = folder / source.stem
    _run("build", "-o", str(program), str(source), cwd=source.parent)
    return program


def _run(*arguments: str, cwd: str | Path, **environment: str) -> None:
    done = subprocess.run(
        ["go", *arguments],
        cwd=cwd,
        env={**os.environ, "GOFLAGS": "", **environment},
        capture_output=True,
        text=True,
        timeout=MADE_WITHIN,
    )
    assert done.returncode == 0, f"go {arguments}: {done.stderr[-2000:]}"


def _keep(made: Path, program: Path) -> None:
    """Whole in one moment: another test may make it at the same time."""
    program.parent.mkdir(parents=True, exist_ok=True)
    beside = program.with_name(f"{program.name}.{os.getpid()}")
    shutil.copy2(made, beside)
    beside.replace(program)
