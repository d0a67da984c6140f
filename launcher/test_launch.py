"""What Java is told, and the process that becomes it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from spvn import __version__, aot, launch

HERE = Path(__file__).parent
TELLS = """#!{python} -IS
import json, os, sys
if "-version" in sys.argv:
    sys.exit("Error: no room" if {fails} else 0)
print(json.dumps(dict(pid=os.getpid(), arguments=sys.argv[1:], environment=dict(os.environ))))
"""


class Told:
    def __init__(self, done: subprocess.CompletedProcess[str], pid: int) -> None:
        assert done.returncode == 0, done.stderr
        told = json.loads(done.stdout)
        self.same_process = told["pid"] == pid
        self.arguments: list[str] = told["arguments"]
        self.environment: dict[str, str] = told["environment"]

    def before_jar(self, prefix: str) -> list[str]:
        options = self.arguments[: self.arguments.index("-cp")]
        return [each for each in options if each.startswith(prefix)]


class Launcher:
    """`checkout.py` with a Java that says what it was told."""

    def __init__(self, folder: Path) -> None:
        self.java_home = folder
        self.app = "/app"
        self.java(fails=False)

    def java(self, *, fails: bool) -> None:
        (self.java_home / "bin").mkdir(exist_ok=True)
        java = self.java_home / "bin" / "java"
        java.write_text(TELLS.format(python=os.path.realpath(sys.executable), fails=fails))
        java.chmod(0o755)

    def run(
        self, *arguments: str, shell: str = 'exec "$@"', **variables: str
    ) -> tuple[subprocess.CompletedProcess[str], int]:
        fixed = [
            str(self.java_home),
            "/home",
            self.app,
            "/py",
            "/lib.so",
            "3.13.0",
            "/support/site",
        ]
        command = [sys.executable, "-I", "-S", "-B", HERE / "checkout.py", *fixed, *arguments]
        process = subprocess.Popen(
            ["sh", "-c", shell, "sh", *map(str, command)],
            env={"LC_ALL": "C.UTF-8", **variables},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        out, err = process.communicate(timeout=60)
        return subprocess.CompletedProcess([], process.returncode, out, err), process.pid

    def told(self, *arguments: str, shell: str = 'exec "$@"', **variables: str) -> Told:
        return Told(*self.run(*arguments, shell=shell, **variables))


@pytest.fixture
def launcher(tmp_path: Path) -> Launcher:
    return Launcher(tmp_path)


def test_process_is_the_server(launcher: Launcher) -> None:
    told = launcher.told("serve", "m:app", "--bind", "ünï")
    assert told.same_process
    assert told.arguments[-7:] == [
        "-cp", "/app/spvn.jar", launch.MAIN, "serve", "m:app", "--bind", "ünï",
    ]  # fmt: skip
    of_shell = {"PWD", "OLDPWD", "SHLVL", "_"}
    assert set(told.environment) - of_shell == {"LC_ALL"}


def test_folder_with_a_colon_is_refused_in_one_line(launcher: Launcher) -> None:
    launcher.app = "/home/a:b/app"
    done, _ = launcher.run("serve", "m:app")
    assert done.returncode == 4
    assert done.stderr == (
        "spvn: Java cannot run from a folder with a colon in its name: move /home\n"
    )


def test_java_is_told_what_was_found(launcher: Launcher) -> None:
    assert launcher.told().before_jar("-Dspvn.") == [
        "-Dspvn.program=/home/spvn",
        "-Dspvn.home=/home",
        "-Dspvn.state=/home/.spvn",
        "-Dspvn.cache=/support",
        "-Dspvn.python.executable=/py",
        "-Dspvn.python.library=/lib.so",
        "-Dspvn.python.version=3.13.0",
        "-Dspvn.python.support=/support/site",
    ]


def test_options_of_the_user_come_after_ours(launcher: Launcher) -> None:
    found = launcher.told("serve", SPVN_JAVA_OPTS=" -Xmx64m\t-Dx=y ").before_jar("-X")
    assert found[-1] == "-Xmx64m"
    assert "-XX:+UseParallelGC" in found


def test_collector_of_the_user_has_none_of_our_settings_beside_it(launcher: Launcher) -> None:
    found = launcher.told("serve", SPVN_JAVA_OPTS="-XX:+UseSerialGC").before_jar("-XX:")
    assert [each for each in found if "GC" in each] == ["-XX:+UseSerialGC"]
    assert "-XX:NewRatio=1" not in found


@pytest.mark.parametrize(("command", "quick"), [("loadtest", True), ("serve", False)])
def test_generator_of_load_is_compiled_quickly(
    launcher: Launcher, command: str, quick: bool
) -> None:
    assert ("-XX:TieredStopAtLevel=1" in launcher.told(command).arguments) == quick


def test_what_is_learned_is_compiled_well_when_it_is_used_for_longer_than_a_start(
    launcher: Launcher,
) -> None:
    after = "-XX:Tier2InvokeNotifyFreqLog="
    assert launcher.told("loadtest").before_jar(after) == []
    (own,) = launcher.told("serve").before_jar(after)
    users = f"{after}11"
    assert launcher.told("serve", SPVN_JAVA_OPTS=users).before_jar(after) == [own, users]


def test_java_takes_what_it_has_learned_unless_the_user_says_otherwise(
    launcher: Launcher, tmp_path: Path
) -> None:
    launcher.app = str(tmp_path)
    Path(launcher.app, "spvn.jar").touch()
    learned = Path(aot.path(aot.base(str(launcher.java_home), launcher.app, launcher.app), 0))
    learned.touch()
    assert launcher.told("serve").before_jar("-XX:AOT") == [f"-XX:AOTCache={learned}"]
    assert launcher.told("serve", SPVN_JAVA_OPTS="-Xshare:off").before_jar("-XX:AOT") == []


@pytest.mark.parametrize(
    "locale",
    [{"LC_ALL": "C"}, {"LC_ALL": "xx_XX.UTF-8"}, {"LC_ALL": "", "LANG": "xx_XX.UTF-8"}],
    ids=str,
)
def test_locale_is_lent_where_it_is_not_utf8(launcher: Launcher, locale: dict[str, str]) -> None:
    told = launcher.told(**locale)
    assert told.environment["LC_ALL"] == "C.UTF-8"
    assert told.before_jar("-Dspvn.lent.") == [f"-Dspvn.lent.LC_ALL={locale['LC_ALL']}"]


def test_bytes_of_arguments_and_variables_stay_what_they_are(launcher: Launcher) -> None:
    odd = os.fsdecode(b"caf\xe9")
    told = launcher.told(odd, ODD=odd)
    assert told.arguments[-1] == odd
    assert told.environment["ODD"] == odd


def test_little_address_space_is_divided(launcher: Launcher) -> None:
    told = launcher.told(shell='ulimit -v 2000000; exec "$@"', MALLOC_ARENA_MAX="7")
    assert told.environment["MALLOC_ARENA_MAX"] == "1"
    assert told.before_jar("-Dspvn.lent.") == ["-Dspvn.lent.MALLOC_ARENA_MAX=7"]
    assert "-Xmx400000k" in told.arguments


def test_java_that_does_not_start_in_it_is_told_in_one_line(launcher: Launcher) -> None:
    launcher.java(fails=True)
    done, _ = launcher.run(shell='ulimit -v 2000000; exec "$@"')
    assert done.returncode == 4
    assert done.stderr == "spvn: Java does not start within ulimit -v 2000000: Error: no room\n"


def test_too_little_address_space_is_told_in_one_line(launcher: Launcher) -> None:
    done, _ = launcher.run(shell='ulimit -v 500000; exec "$@"')
    assert done.returncode == 4
    (line,) = done.stderr.splitlines()
    assert "limited to 500000 KB" in line


def test_java_that_is_gone_is_told_in_one_line(launcher: Launcher) -> None:
    (launcher.java_home / "bin" / "java").unlink()
    done, _ = launcher.run()
    assert done.returncode == 4
    assert done.stderr.startswith(f"spvn: {launcher.java_home}/bin/java does not run: ")
    assert len(done.stderr.splitlines()) == 1


def test_version_is_that_of_the_server() -> None:
    pom = (HERE.parent / "pom.xml").read_text()
    assert f"<version>{__version__}</version>" in pom
