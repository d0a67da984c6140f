"""The wheel as a user has it: built, installed into a new environment, run there, and removed."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from harness.command import ROOT, Command, dying_with_us

# What the wheel asks for is kept, so that it is fetched once.
WHEELHOUSE = ROOT / ".spvn" / "wheelhouse"
# Where there is no Java that is new enough.
BARE_PATH = "/usr/bin:/bin"
PATIENCE = 600


def build(out: Path, *options: str, python: str = sys.executable) -> Path:
    """The wheel, as `./spvn package` builds it for this Python."""
    done = subprocess.run(
        [ROOT / "spvn", "package", *options, "--out", out],
        env={**os.environ, "SPVN_PYTHON": python},
        check=False,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    (wheel,) = out.glob("spvn-*.whl")
    return wheel


@dataclass(frozen=True)
class Installed(Command):
    """`spvn` of an environment that knows nothing else; `home` is that environment."""

    def line(self, target: str, app_dir: Path, bind: str, options: tuple[str, ...]) -> list[str]:
        own = [str(self.program), "serve", target, "--app-dir", str(app_dir), "--bind", bind]
        return [*dying_with_us(), *own, *options]

    def environment(self, extra: dict[str, str]) -> dict[str, str]:
        return {"PATH": BARE_PATH, "HOME": str(self.user), **extra}

    @property
    def program(self) -> Path:
        return self.home / "bin" / "spvn"

    @property
    def python(self) -> Path:
        return self.home / "bin" / "python"

    @property
    def user(self) -> Path:
        """The home directory of who runs it."""
        return self.home.with_name(f"{self.home.name}-user")

    def run(self, *command: object, **variables: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*map(str, command)],
            env=self.environment(variables),
            capture_output=True,
            text=True,
            timeout=PATIENCE,
        )

    def pip(self, *arguments: object) -> str:
        """What pip says; with the caller's settings, such as where an index is."""
        done = subprocess.run(
            [self.python, "-m", "pip", "--disable-pip-version-check", *map(str, arguments)],
            capture_output=True,
            text=True,
            timeout=PATIENCE,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def files(self) -> set[str]:
        """All there are in the environment but for what pip itself compiles when it is used."""
        found = (path.relative_to(self.home) for path in self.home.glob("**/*"))
        return {str(path) for path in found if "pip" not in path.parts}


def environment(folder: Path, python: str = sys.executable) -> Installed:
    """A new one, with nothing in it."""
    base = Path(os.path.realpath(python))
    made = Installed(home=folder)
    subprocess.run([base, "-m", "venv", made.home], check=True, timeout=PATIENCE)
    made.user.mkdir()
    return made


def install(into: Installed, wheel: Path, *packages: str) -> None:
    """From files alone, once what the wheel asks for is among them."""
    WHEELHOUSE.mkdir(parents=True, exist_ok=True)
    here = ("--find-links", WHEELHOUSE)
    into.pip("download", "-q", "-d", WHEELHOUSE, *here, wheel, *packages)
    into.pip("install", "-q", "--no-index", *here, wheel, *packages)
