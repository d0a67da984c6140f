"""What a Java has learned about our classes in a run before, from which the next starts sooner.

Java itself looks whether the file is for it, and starts without where it is not. Its name says
which Java and which jars it was made with, so that one that does not fit is not there.
"""

from __future__ import annotations

import os
import zlib

# What a Java is told that looks for no classes in a file, or in one that the user names.
_USERS_OWN = (
    "-XX:AOT",
    "-XX:+AOT",
    "-XX:-AOT",
    "-XX:SharedArchive",
    "-XX:ArchiveClasses",
    "-Xshare",
)
# A file that does not fit is none that a user should hear of.
_SILENT = ("-Xlog:aot=off", "-Xlog:cds=off")
_PARTS_OF_JAVA = ("release", "lib/modules", "lib/server/libjvm.so", "lib/server/libjvm.dylib")


def options(java_home: str, jars: str, folder: str, own: list[str]) -> list[str]:
    """What Java is told to use the file; empty if there is none, or `own` says otherwise."""
    if any(option.startswith(_USERS_OWN) for option in own):
        return []
    made = file(java_home, jars, folder)
    return [f"-XX:AOTCache={made}", *_SILENT] if os.path.exists(made) else []


def file(java_home: str, jars: str, folder: str) -> str:
    """Where the file is or would be: with the jars, if it was made there, such as for an image."""
    name = f"spvn-{_stamp(java_home, jars):08x}.aot"
    beside = f"{jars}/{name}"
    return beside if os.path.exists(beside) else f"{folder}/{name}"


def _stamp(java_home: str, jars: str) -> int:
    parts = [f"{java_home}/{part}" for part in _PARTS_OF_JAVA]
    parts += [entry.path for entry in _jars(jars)]
    return zlib.crc32("\n".join(map(_seen, parts)).encode())


def _jars(jars: str) -> list[os.DirEntry[str]]:
    found: list[os.DirEntry[str]] = []
    for folder in (jars, f"{jars}/libs"):
        try:
            found += [entry for entry in os.scandir(folder) if entry.name.endswith(".jar")]
        except OSError:
            continue
    return sorted(found, key=lambda entry: entry.path)


def _seen(path: str) -> str:
    """What Java compares: a jar that was installed anew is another, whatever is in it."""
    try:
        status = os.stat(path)
    except OSError:
        return ""
    return f"{os.path.basename(path)} {status.st_size} {int(status.st_mtime)}"
