"""What the launcher needs and finds: Python, its library, Jep; and what the app then sees."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import Serve
from harness.command import APPS, ROOT, Command
from harness.server import CRASH, Server
from harness.surroundings import shown, version

pytestmark = pytest.mark.own

BAD_ENVIRONMENT = 4


def refused(env: dict[str, str], launcher: Path = ROOT / "spvn") -> str:
    """The one line that a start in such an environment ends with."""
    done = subprocess.run(
        [launcher, "serve", "surroundings:app", "--app-dir", APPS, "--bind", "127.0.0.1:0"],
        env={**os.environ, "SPVN_PYTHON": sys.executable, **env},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == BAD_ENVIRONMENT, done.stderr
    assert not CRASH.search(done.stderr), done.stderr
    lines = done.stderr.splitlines()
    assert len(lines) == 1, done.stderr
    return lines[0]


def pretender(folder: Path, setup: str) -> Path:
    """A Python that tells lies about itself."""
    script = folder / "python3"
    run = "exec(open(sys.argv[-1]).read(), {'__name__': '__main__'})"
    script.write_text(f"#!{os.path.realpath(sys.executable)}\nimport sys\n{setup}\n{run}\n")
    script.chmod(0o755)
    return script


def test_python_is_nowhere(tmp_path: Path) -> None:
    missing = str(tmp_path / "python3")
    assert missing in refused({"SPVN_PYTHON": missing})


def test_python_does_not_run(tmp_path: Path) -> None:
    shim = tmp_path / "python3"
    shim.write_text("#!/bin/sh\necho 'pyenv: python3.13: command not found' >&2\nexit 127\n")
    shim.chmod(0o755)
    assert str(shim) in refused({"SPVN_PYTHON": str(shim)})


def test_python_without_shared_library(tmp_path: Path) -> None:
    setup = (
        "import sysconfig\n"
        "names = dict.fromkeys(('LDLIBRARY', 'INSTSONAME'), 'libpython3.99.a')\n"
        "sysconfig.get_config_vars().update(names, Py_ENABLE_SHARED=0)"
    )
    python = pretender(tmp_path, setup)
    line = refused({"SPVN_PYTHON": str(python)})
    assert str(python) in line
    assert "libpython" in line


def test_python_is_too_old(tmp_path: Path) -> None:
    python = pretender(tmp_path, "sys.version_info = (3, 9, 18, 'final', 0)")
    line = refused({"SPVN_PYTHON": str(python)})
    assert "3.9" in line
    assert "3.10" in line


def test_python_whose_start_up_prints_is_none_the_worse(tmp_path: Path) -> None:
    python = pretender(tmp_path, "print('library=/nowhere', 'motd', sep='\\n', end='')")
    done = subprocess.run(
        [ROOT / "spvn", "--version"],
        env={**os.environ, "SPVN_PYTHON": str(python)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr


def test_python_that_says_nothing_of_itself(tmp_path: Path) -> None:
    silent = tmp_path / "python3"
    silent.symlink_to("/bin/true")
    assert str(silent) in refused({"SPVN_PYTHON": str(silent)})


def test_java_is_nowhere(tmp_path: Path) -> None:
    line = refused({"SPVN_JAVA_HOME": str(tmp_path)})
    assert str(tmp_path) in line
    assert "25" in line


@pytest.fixture
def pythons(server: Server, tmp_path: Path) -> Path:
    """Pythons in every place where a user's may be; those that were asked leave a mark."""
    for place in ("pyenv/versions/3.77/bin/python", "conda/bin/python", "path/python3"):
        script = tmp_path / place
        script.parent.mkdir(parents=True)
        script.write_text(
            f"#!/bin/sh\ntouch {tmp_path}/{place.partition('/')[0]}.asked\n"
            f'exec {sys.executable} "$@"\n'
        )
        script.chmod(0o755)
    return tmp_path


def asked(pythons: Path, *places: str) -> list[str]:
    """The places that were asked when these were to be found."""
    env = {name: value for name, value in os.environ.items() if name not in CHOICES}
    env |= {"PYENV_ROOT": str(pythons / "pyenv"), "PATH": f"{pythons}/path:{env['PATH']}"}
    if "conda" in places:
        env["CONDA_PREFIX"] = str(pythons / "conda")
    if "pyenv" in places:
        (pythons / ".python-version").write_text("# ours\n3.77\n")
    below = pythons / "below"
    below.mkdir()
    subprocess.run([ROOT / "spvn", "--version"], env=env, cwd=below, check=True, timeout=120)
    return sorted(mark.stem for mark in pythons.glob("*.asked"))


CHOICES = ("SPVN_PYTHON", "VIRTUAL_ENV", "PYENV_VERSION", "CONDA_PREFIX")


@pytest.mark.parametrize(
    ("places", "expected"),
    [(["pyenv", "conda"], "pyenv"), (["conda"], "conda"), ([], "path")],
    ids=str,
)
def test_python_of_the_directory_then_of_conda_then_on_path(
    pythons: Path, places: list[str], expected: str
) -> None:
    assert asked(pythons, *places) == [expected]


def test_python_that_is_passed_over_is_named(pythons: Path) -> None:
    old = pretender(pythons / "conda" / "bin", "sys.version_info = (3, 9, 18, 'final', 0)")
    old.rename(old.with_name("python"))
    env = {name: value for name, value in os.environ.items() if name not in CHOICES}
    env |= {"CONDA_PREFIX": str(pythons / "conda"), "PATH": f"{pythons}/path:{env['PATH']}"}
    done = subprocess.run(
        [ROOT / "spvn", "serve", "no_such_module", "--bind", "127.0.0.1:0"],
        env=env,
        capture_output=True,
        text=True,
        timeout=120,
    )
    first, *_ = done.stderr.splitlines()
    assert "passed over" in first
    assert f"{pythons}/conda/bin/python is Python 3.9, older than 3.10" in first


@pytest.mark.parametrize("kilobytes", [2_000_000, 800_000])
def test_address_space_may_be_limited(command: Command, kilobytes: int) -> None:
    limited = ["bash", "-c", f'ulimit -v {kilobytes}; exec "$@"', "bash"]
    done = subprocess.run(
        [*limited, ROOT / "spvn", "serve", "no_such_module", "--bind", "127.0.0.1:0"],
        env={**os.environ, "SPVN_PYTHON": sys.executable},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 3, done.stderr
    assert "no_such_module" in done.stderr


@pytest.mark.parametrize(("kilobytes", "options"), [(300_000, ""), (2_000_000, "-Xmx4g")], ids=str)
def test_too_little_address_space(server: Server, kilobytes: int, options: str) -> None:
    limited = ["bash", "-c", f'ulimit -v {kilobytes}; exec "$@"', "bash"]
    done = subprocess.run(
        [*limited, ROOT / "spvn", "serve", "surroundings:app", "--bind", "127.0.0.1:0"],
        env={**os.environ, "SPVN_PYTHON": sys.executable, "SPVN_JAVA_OPTS": options},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == BAD_ENVIRONMENT
    (line,) = done.stderr.splitlines()
    assert line.startswith("spvn: ")
    assert str(kilobytes) in line


@pytest.fixture
def kept(other_home: Path) -> Path:
    """What the second checkout has kept of its answer to a start."""
    for old in other_home.glob(".spvn/probes/*"):
        old.unlink()
    version(other_home)
    (found,) = other_home.glob(".spvn/probes/*")
    return found


def test_answer_of_a_python_is_kept(other_home: Path, kept: Path) -> None:
    """Proven by one that is not true, but might be: it is believed."""
    kept.write_text(kept.read_text().replace("version=3.", "version=3.99"))
    assert "Python 3.99" in version(other_home)


@pytest.mark.parametrize("share", [0.0, 0.5, 0.99])
def test_answer_that_is_cut_short_is_no_answer(other_home: Path, kept: Path, share: float) -> None:
    whole = kept.read_text()
    kept.write_text(whole[: int(len(whole) * share)])
    version(other_home)
    assert kept.read_text() == whole


def test_nothing_in_a_kept_answer_is_run(other_home: Path, kept: Path, tmp_path: Path) -> None:
    mark = tmp_path / "run"
    bad = f"$(touch {mark})`touch {mark}`';touch {mark};'"
    kept.write_text(
        kept.read_text().replace("minor=", f"touch {mark}\nminor={bad}\nhome={bad}\nminor=")
        + f"touch {mark}\nPATH=/nowhere\n{bad}\n"
    )
    version(other_home)
    assert not mark.exists()


def test_another_build_in_the_place_of_a_python_is_asked(other_home: Path, tmp_path: Path) -> None:
    """A script is asked each time, so this one stands for an interpreter by its name alone."""
    shims = tmp_path / "pyenv" / "shims"
    shims.mkdir(parents=True)
    asked = tmp_path / "asked"
    script = f'#!/bin/sh\necho >>{asked}\nexec {sys.executable} "$@"\n'
    env = {
        **os.environ,
        "SPVN_PYTHON": str(shims / "python3"),
        "PYENV_ROOT": str(tmp_path / "pyenv"),
    }
    for times, text in ((1, script), (1, script), (2, script + "# other\n")):
        if not (shims / "python3").exists() or (shims / "python3").read_text() != text:
            (shims / "python3").write_text(text)
            (shims / "python3").chmod(0o755)
        subprocess.run([other_home / "spvn", "--version"], env=env, check=True, timeout=60)
        assert len(asked.read_text().splitlines()) == times


def test_wrong_version_of_jep(other_home: Path) -> None:
    for site in other_home.glob(".spvn/python-*/site"):
        version = site / "jep" / "version.py"
        version.write_text(version.read_text().replace("4.3.1", "4.2.0"))
        for info in site.glob("jep-*.dist-info"):
            metadata = info / "METADATA"
            metadata.write_text(metadata.read_text().replace("Version: 4.3.1", "Version: 4.2.0"))
            info.rename(info.with_name("jep-4.2.0.dist-info"))
    line = refused({}, other_home / "spvn").lower()
    assert "jep" in line
    assert "4.3.1" in line


def test_jep_without_its_library(other_home: Path) -> None:
    for library in other_home.glob(".spvn/python-*/site/jep/*.so"):
        library.unlink()
    assert "jep" in refused({}, other_home / "spvn").lower()


def test_two_builds_of_one_python_share_no_jep(other_home: Path) -> None:
    script = """
        source "$1/spvn"
        spvn_state=$1/.spvn spvn_minor=3.11 spvn_abi=cpython-311
        for spvn_library in /usr/lib/libpython3.11.so.1.0 /opt/lib/libpython3.11.so.1.0; do
            support_is_ready || printf '%s\\n' "$spvn_support"
        done
    """
    told = subprocess.run(
        ["bash", "-c", script, "bash", other_home],
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert len(set(told.stdout.split())) == 2


def test_app_sees_packages_and_version_of_its_python(serve: Serve) -> None:
    server = serve("surroundings:app")
    found = shown(server)
    assert found["prefix"] == sys.prefix
    assert found["imported"] is True
    version = ".".join(map(str, sys.version_info[:3]))
    assert found["version"] == version
    assert server.start_line.endswith(f"Python {version}")


def test_app_sees_its_folder_and_variables(serve: Serve, tmp_path: Path) -> None:
    env = {"SPVN_TEST_VARIABLE": "Zoë = 1"}
    found = shown(serve("surroundings:app", env=env, cwd=tmp_path))
    assert found["variable"] == "Zoë = 1"
    assert found["cwd"] == str(tmp_path)
    assert found["path"][0] == str(APPS)
    assert Path(found["argv"][0]).name == "spvn"
    assert found["main"] == "__main__"
    assert found["stdout_encoding"] == "utf-8"


def test_app_in_current_folder_by_default(command: Command) -> None:
    server = Server(command, "surroundings:app", cwd=APPS, app_dir=Path("."))
    with server:
        assert shown(server)["cwd"] == str(APPS)


def test_print_goes_to_stdout_and_logging_to_stderr(serve: Serve) -> None:
    server = serve("surroundings:app")
    shown(server, "/?print=printed%20Zo%C3%AB&log=warned&error=complained")
    server.wait_log("warned")
    server.wait_log("complained")
    assert server.stdout.text == "printed Zoë\n"
    assert "complained\n" in server.stderr.text


def test_options_by_environment_variables(command: Command) -> None:
    env = {"SPVN_N_THREADS": "2", "SPVN_ISOLATION": "subinterpreter"}
    with Server(command, "surroundings:app", env=env) as server:
        assert ": 2 workers, subinterpreter, Python " in server.start_line


def test_address_by_environment_variable(tmp_path: Path) -> None:
    path = tmp_path / "by-variable.socket"
    done = subprocess.run(
        [ROOT / "spvn", "serve", "no_such_module", "--app-dir", APPS],
        env={**os.environ, "SPVN_PYTHON": sys.executable, "SPVN_BIND": f"nonsense:{path}"},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 2
    assert "nonsense" in done.stderr


@pytest.mark.parametrize("arguments", [["-h"], ["serve", "-h"], ["--version"]], ids=" ".join)
def test_help_and_version(arguments: list[str]) -> None:
    done = subprocess.run(
        [ROOT / "spvn", *arguments],
        env={**os.environ, "SPVN_PYTHON": sys.executable},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert done.stderr == ""
    if arguments == ["serve", "-h"]:
        for option in ("--bind", "--workers", "--isolation", "--root-path", "--check-config"):
            assert option in done.stdout
    assert ("0.1.0" in done.stdout) == (arguments == ["--version"])
