"""What a start finds ready."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from conftest import Serve
from harness.command import ROOT
from harness.surroundings import shown

pytestmark = pytest.mark.own

JAVA_6 = 50  # of the first class files that Java can keep what it has learned of


@pytest.mark.kinds
def test_python_has_compiled_its_half_before(serve: Serve) -> None:
    kept = {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": ""}
    assert shown(serve("surroundings:app", env=kept))["kept"] is True


def jars() -> list[Path]:
    state = ROOT / ".spvn"
    app = state / (state / "app.stamp").read_text().strip()
    return [app / "spvn.jar", *sorted((app / "libs").glob("*.jar"))]


def test_no_class_is_too_old_for_java_to_learn_of_it() -> None:
    seen, old = 0, []
    for jar in jars():
        with zipfile.ZipFile(jar) as archive:
            for name in archive.namelist():
                if name.endswith(".class"):
                    seen += 1
                    major = int.from_bytes(archive.read(name)[6:8], "big")
                    old += [f"{jar.name}: {name}"] if major < JAVA_6 else []
    assert seen > 1000
    assert not old
