"""Tells the launcher what it needs to know of the Python that runs this, in lines of NAME=VALUE.

A Python that cannot run apps tells why in one line, `refusal=...`. Any Python 3 gets that far: the
oldest understand what is written here, so there are no f-strings and no annotated variables.
"""

import os
import sys
import sysconfig

OLDEST = (3, 10)


def setting(name: str) -> str:
    """What this Python was built with; empty where it says nothing."""
    return str(sysconfig.get_config_var(name) or "")


def dotted(numbers: "tuple[object, ...]") -> str:
    return ".".join(map(str, numbers))


def refusal(library: str) -> str:
    """Why this Python cannot run apps; empty if it can."""
    version = sys.version_info
    if version < OLDEST:
        return "is Python " + dotted(version[:2]) + ", older than " + dotted(OLDEST)
    if setting("Py_GIL_DISABLED"):
        return "is a free-threaded build, which Jep does not know"
    if not library:
        return "has no shared libpython (" + setting("LDLIBRARY") + ")"
    return ""


def shared_library() -> str:
    """The file of libpython that is loaded into the server; empty if there is none."""
    for path in library_paths():
        if os.path.isfile(path) and not path.endswith(".a"):
            return os.path.abspath(path)
    return ""


def library_paths() -> "list[str]":
    """Where it may be, the likeliest first."""
    lib = os.path.join(sys.base_prefix, "lib")
    own = setting("LIBDIR")
    multiarch = os.path.join(own or lib, setting("MULTIARCH"))
    folders = [setting("PYTHONFRAMEWORKPREFIX"), own, multiarch, lib, setting("LIBPL")]
    names = [setting("INSTSONAME"), setting("LDLIBRARY")]
    return [os.path.join(folder, name) for name in names if name for folder in folders if folder]


def answer() -> "dict[str, str]":
    """
    executable: what was asked, such as the python of a virtual environment
    base: the Python that this environment is of, which makes others
    minor, version: such as 3.13 and 3.13.0
    abi: the build, for which Jep is compiled
    library: libpython
    """
    library = shared_library()
    refused = refusal(library)
    if refused:
        return {"refusal": refused}
    found = {
        "executable": sys.executable,
        "base": getattr(sys, "_base_executable", sys.executable),
        "minor": dotted(sys.version_info[:2]),
        "version": dotted(sys.version_info[:3]),
        "abi": setting("SOABI"),
        "library": library,
    }
    broken = any("\n" in value for value in found.values())
    return {"refusal": "has a line break in its path"} if broken else found


def main() -> None:
    # What a start-up has printed must not run into the first line.
    lines = [""] + [name + "=" + value for name, value in answer().items()]
    sys.stdout.flush()
    sys.stdout.buffer.write(b"".join(os.fsencode(line + "\n") for line in lines))


if __name__ == "__main__":
    main()
