"""`spvn`, and `python -m spvn`: becomes the server, on the Python that runs this."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from spvn import __version__, java, probe
from spvn.failure import Missing
from spvn.launch import Installation, Python, become_server, fail

HOME = Path(__file__).parent


def main() -> None:
    try:
        become_server(*found(), sys.argv[1:])
    except Missing as missing:
        fail(missing)


def found() -> tuple[str, Installation, Python]:
    """What runs the server; a Missing says what is not there."""
    told = probe.answer()
    if "refusal" in told:
        raise Missing(_refused(told["refusal"]))
    java_home = java.find()
    return str(java_home), _installation(), _python(told, java_home)


def _refused(why: str) -> str:
    return (
        f"{sys.executable} {why}; install spvn for a CPython 3.10 or newer with a shared libpython"
        " (a distribution's own, with its libpython package, or pyenv's with"
        " PYTHON_CONFIGURE_OPTS=--enable-shared)"
    )


def _python(found: dict[str, str], java_home: Path) -> Python:
    folder = HOME / "native" / found["abi"]
    if not (folder / "site").is_dir():
        from spvn import first_start

        folder = first_start.folder(found, java_home, cache())
    return Python(found["executable"], found["library"], found["version"], str(folder / "site"))


def _installation() -> Installation:
    program = os.path.abspath(sys.argv[0])
    own = str(cache())
    return Installation(program, str(HOME), str(HOME / "app"), own, own, own)


def cache() -> Path:
    """What is made after installation is here, and may be removed at any time."""
    base = os.environ.get("XDG_CACHE_HOME", "")
    if not os.path.isabs(base):
        base = os.path.expanduser("~/.cache")
    return Path(base, "spvn", __version__)


if __name__ == "__main__":
    main()
