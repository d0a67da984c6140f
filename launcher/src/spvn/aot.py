"""What a Java has learned about our classes in a run before, from which the next starts sooner.

Java itself looks whether the file is for it, and starts without where it is not. Its name says
which Java and which jars it was made with, so that one that does not fit is not there, and how
large it is, so that one that was cut off is none.
"""

from __future__ import annotations

import os
import time
import zlib

from spvn import own

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


# Options that reach each Java, such as the agents of whoever watches them.
VARIABLES = ("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS", "JDK_AOT_VM_OPTIONS")
_DAY = 86_400


def options(java_home: str, jars: str, folder: str, told: list[str]) -> list[str]:
    """What Java is told to use the file; empty if there is none, or the user says otherwise."""
    told = [*told, *(word for name in VARIABLES for word in os.environ.get(name, "").split())]
    if any(option.startswith(_USERS_OWN) for option in told):
        return []
    made = found(java_home, jars, folder)
    if ":" in made:  # which Java takes for two files
        return []
    return [f"-XX:AOTCache={made}", *_SILENT] if made else []


def base(java_home: str, jars: str, folder: str) -> str:
    """What the path of the file begins with, if it is in this folder."""
    return f"{folder}/spvn-{_stamp(java_home, jars):08x}"


def path(begin: str, size: int) -> str:
    return f"{begin}-{size}.aot"


def found(java_home: str, jars: str, folder: str) -> str:
    """The file, or nothing: one with the jars, made there such as for an image, before others.

    Who may write where the jars are may write what is run anyway.
    """
    begin = base(java_home, jars, folder)
    try:
        owner = os.stat(jars).st_uid
    except OSError:
        return ""
    for made in _all(f"{jars}/{os.path.basename(begin)}"):
        if not own.refusal(made, owner) and _is_whole(made):
            return made
    if not folder or own.refusal(folder):
        return ""
    for made in _all(begin):
        if not own.refusal(made):
            if _is_whole(made):
                _say_used(made)
                return made
            _remove(made)
    return ""


def _all(begin: str) -> list[str]:
    folder, name = os.path.split(begin)
    try:
        names = os.listdir(folder)
    except OSError:
        return []
    fitting = (each for each in names if each.startswith(f"{name}-") and each.endswith(".aot"))
    return [f"{folder}/{each}" for each in sorted(fitting)]


def _is_whole(made: str) -> bool:
    size = made.removesuffix(".aot").rpartition("-")[2]
    return size.isdigit() and os.stat(made).st_size == int(size)


def _say_used(made: str) -> None:
    """A file that none has used for long is removed; when it was made stays as it is."""
    status = os.stat(made)
    now = time.time()
    if now - status.st_atime > _DAY:
        try:
            os.utime(made, (now, status.st_mtime))
        except OSError:
            return  # it is root's


def _remove(made: str) -> None:
    try:
        os.unlink(made)
    except OSError:
        return  # it is root's, and not used either


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
