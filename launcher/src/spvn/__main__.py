"""`spvn`, and `python -m spvn`: becomes the server, on the Python that runs this."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from spvn import __version__, java, own, probe
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
    python = _python(told, java_home)
    return str(java_home), _installation(), python


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

        place, refused = cache()
        folder = first_start.folder(found, java_home, place, refused)
    return Python(found["executable"], found["library"], found["version"], str(folder / "site"))


def _installation() -> Installation:
    program = os.path.abspath(sys.argv[0])
    place, refused = cache()
    if sys.argv[1:2] in (["serve"], ["doctor"]) and not refused:
        own.make(str(place))  # or the server does, for more than this user
    kept, learned = (own.NOWHERE, "") if refused else (str(place), str(place))
    return Installation(program, str(HOME), str(HOME / "app"), kept, kept, learned)


def cache() -> tuple[Path, str]:
    """What is made after installation is here, and may be removed at any time.

    Second is why it may not be used; empty if it may.
    """
    base = os.environ.get("XDG_CACHE_HOME", "")
    if not os.path.isabs(base):
        base = os.path.expanduser("~/.cache")
    place = Path(base, "spvn", __version__)
    if not os.path.isabs(base):
        return place, "this user has no home directory: set XDG_CACHE_HOME to a folder of its own"
    there = (str(each) for each in (place.parent, place) if os.path.lexists(each))
    refused = next(filter(None, map(own.refusal, there)), "")
    return place, f"{refused}: set XDG_CACHE_HOME to a folder of your own" if refused else ""


if __name__ == "__main__":
    main()
