"""Where an installed spvn keeps what it makes, and where it keeps nothing; what a wheel says."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

import package
from spvn import __main__ as wheel
from spvn import first_start, native, own
from spvn.failure import Missing

ABI = {"abi": "cpython-x"}


@pytest.fixture
def base(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path


def test_a_user_without_a_home_has_no_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setattr(os.path, "expanduser", lambda path: path)
    place, refused = wheel.cache()
    assert "set XDG_CACHE_HOME" in refused
    assert (wheel._installation().cache, wheel._installation().learned) == (own.NOWHERE, "")
    with pytest.raises(Missing, match="no home directory"):
        first_start.folder(ABI, place, place, refused)


def test_a_cache_is_made_for_this_user_alone(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.argv", ["spvn", "serve"])
    before = os.umask(0)
    try:
        made = wheel._installation().learned
    finally:
        os.umask(before)
    for folder in (Path(made), Path(made).parent):
        assert folder.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("depth", [0, 1])
def test_a_cache_that_others_may_write_is_none(base: Path, depth: int) -> None:
    place, refused = wheel.cache()
    assert refused == ""
    place.mkdir(parents=True)
    [place, place.parent][depth].chmod(0o777)
    assert "others may write" in wheel.cache()[1]
    assert wheel._installation().learned == ""


def test_a_library_that_others_may_write_is_not_loaded(base: Path) -> None:
    library = base / native.folder_name(ABI["abi"]) / native.LIBRARY
    library.parent.mkdir(parents=True)
    library.touch()
    library.chmod(0o755)
    first_start.folder(ABI, base, base, "")
    library.chmod(0o777)
    with pytest.raises(Missing, match="others may write"):
        first_start.folder(ABI, base, base, "")


def test_an_interrupted_package_is_no_obstacle(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(package, "WORK", tmp_path)
    (tmp_path / f"sources-{native.JEP}").mkdir()
    for _ in range(2):
        made = package.jep_sources(tmp_path)
        assert (made / native.FAST / "native.py").exists()


def test_links_of_the_readme_lead_nowhere_on_an_index_but_to_the_repository() -> None:
    readme = "[a](docs/a.md#b) [c](https://c.example/) [d](#d)"
    assert package.for_index(readme, "") == "a [c](https://c.example/) [d](#d)"
    named = package.for_index(readme, 'Repository = "https://r.example/s/"\n')
    assert named.startswith("[a](https://r.example/s/blob/HEAD/docs/a.md#b) ")
