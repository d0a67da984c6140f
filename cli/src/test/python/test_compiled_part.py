"""The part of worker processes that is compiled: when it is built, and what is without it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import Serve
from harness.command import ROOT, Command
from harness.server import Server
from harness.surroundings import shown, started, version

pytestmark = pytest.mark.own


@pytest.fixture
def not_compiled(other_home: Path) -> Path:
    """A second checkout without the part that is compiled."""
    for folder in other_home.glob(".spvn/python-*/fast"):
        shutil.rmtree(folder)
    return other_home


def compiled(home: Path) -> list[str]:
    return [path.name for path in home.glob(".spvn/python-*/fast/_fast-*.so")]


def test_worker_processes_have_a_compiled_part(serve: Serve) -> None:
    assert shown(serve("surroundings:app", "--isolation", "process"))["compiled"] is True


def test_compiled_part_is_built_anew_for_another_source(not_compiled: Path) -> None:
    assert started(not_compiled).startswith("spvn: step 1 of 1: compiling")
    (first,) = compiled(not_compiled)
    (not_compiled / "bridge").unlink()
    shutil.copytree(ROOT / "bridge" / "src" / "main", not_compiled / "bridge" / "src" / "main")
    (source,) = not_compiled.glob("bridge/src/main/python/spvn_bridge/remote/c/host.c")
    source.write_text(source.read_text() + "/* another */\n")
    script = 'source "$1/spvn"; find_home "$1/spvn"; find_python; find_missing; make_fast'
    subprocess.run(
        ["bash", "-c", script, "bash", not_compiled],
        env={**os.environ, "SPVN_PYTHON": sys.executable},
        check=True,
        timeout=120,
    )
    (second,) = compiled(not_compiled)
    assert second != first


def test_without_a_compiler_worker_processes_serve_all_the_same(not_compiled: Path) -> None:
    (line,) = started(not_compiled, CC="/nowhere/cc").splitlines()[1:]
    assert "worker processes will be slower" in line
    assert not compiled(not_compiled)
    version(not_compiled)
    home = Command(home=not_compiled)
    with Server(home, "surroundings:app", "--isolation", "process") as server:
        assert shown(server)["compiled"] is False
        assert server.log.count("worker processes have no compiled part") == 1
