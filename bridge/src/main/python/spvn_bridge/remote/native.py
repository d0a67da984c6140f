"""The compiled part of a worker process, from `c/`: how it is built, found and loaded.

    python -I native.py FOLDER

builds it for this Python, and is how the launcher does so; it needs a C compiler and the headers of
Python. What is built has a name of its own for each source and each build of Python, so that none
is ever loaded by another one. Without it a worker process does the same by `host.Host` alone.
"""

from __future__ import annotations

import os
import shlex
import sys
import zlib
from importlib import machinery, util
from itertools import dropwhile
from pathlib import Path
from typing import TypeVar

Kind = TypeVar("Kind")

MODULE = "spvn_bridge.remote._fast"
SOURCES = [
    Path(__file__).with_name("c") / f"{name}.c"
    for name in ("module", "exchange", "host", "inlet", "outlet")
]
HEADER = SOURCES[0].with_name("fast.h")
# What is built is beside the folder of our dependencies, which is on the app's `sys.path`.
FOLDER = "fast"

_OPTIONS = ("-O2", "-DNDEBUG", "-fPIC", "-fno-strict-aliasing", "-fvisibility=hidden")
# It needs no library, and where they are here is nobody else's business.
_OF_THIS_MACHINE = ("-L", "-Wl,-rpath", "-Wl,-R")
_WARNINGS = ("-Wall", "-Wextra")
_LONGEST_BUILD = 120.0


def load(support: str) -> str | None:
    """Load what was built for this Python; return why there is none, or None."""
    path = Path(support).parent / FOLDER / _name()
    if not path.exists():
        return f"there is no {path}"
    loader = machinery.ExtensionFileLoader(MODULE, str(path))
    try:
        spec = util.spec_from_file_location(MODULE, path, loader=loader)
        module = util.module_from_spec(spec)  # type: ignore[arg-type]
        loader.exec_module(module)
    except Exception as error:
        return f"{path}: {error}"
    sys.modules[MODULE] = module
    return None


def best(kind: type[Kind]) -> type[Kind]:
    """Return what was compiled in the place of a class of Python, if it was loaded."""
    found: type[Kind] = getattr(sys.modules.get(MODULE), kind.__name__, kind)
    return found


def build(folder: Path, *options: str) -> Path:
    """Build the module in a folder of its own, and return it; an OSError says why it cannot be."""
    import subprocess  # noqa: PLC0415 - nothing is built in a worker process
    import tempfile  # noqa: PLC0415

    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder) as stage:
        built = Path(stage, _name())
        try:
            subprocess.run(  # noqa: S603 - the compiler of this Python
                [
                    *_compiler(),
                    *_OPTIONS,
                    *_WARNINGS,
                    *options,
                    *map(str, SOURCES),
                    "-o",
                    str(built),
                ],
                check=True,
                stdin=subprocess.DEVNULL,
                timeout=_LONGEST_BUILD,
            )
        except subprocess.SubprocessError as error:
            raise OSError(f"the compiler fails: {error}") from error
        for old in folder.glob("_fast-*"):
            old.unlink(missing_ok=True)
        return built.replace(folder / built.name)


def _name() -> str:
    read = __loader__.get_data  # type: ignore[name-defined] # as a rule they are in a jar
    source = b"".join(read(str(path)) for path in (HEADER, *SOURCES))
    return f"_fast-{zlib.crc32(source):08x}{machinery.EXTENSION_SUFFIXES[0]}"


def _compiler() -> list[str]:
    """Return the command that makes a shared object, with the headers of this Python.

    The compiler is this machine's; that of Python, of which there are the options, may be nowhere.
    """
    import sysconfig  # noqa: PLC0415

    words = shlex.split(sysconfig.get_config_var("LDSHARED") or "-shared")
    options = dropwhile(lambda word: not word.startswith("-"), words)
    linked = [word for word in options if not word.startswith(_OF_THIS_MACHINE)]
    compiler = shlex.split(os.environ.get("CC") or "cc")
    includes = {sysconfig.get_path("include"), sysconfig.get_path("platinclude")}
    return [*compiler, *linked, *(f"-I{each}" for each in sorted(includes))]


if __name__ == "__main__":
    build(Path(sys.argv[1]))
