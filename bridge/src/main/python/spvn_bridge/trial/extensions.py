"""Which extension modules there are in an environment, whether or not anything imports them."""

from __future__ import annotations

import mmap
import os
import sys
import sysconfig
from dataclasses import dataclass
from importlib.machinery import EXTENSION_SUFFIXES
from pathlib import Path
from typing import TYPE_CHECKING

from spvn_bridge.trial import SOURCE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Stamp = tuple[int, int]


@dataclass(frozen=True)
class Extension:
    """A file that holds an extension module, and what tells whether it has changed."""

    name: str
    path: str
    stamp: Stamp


def stamp_of(path: str) -> Stamp | None:
    """Return size and time of a file; None where there is none."""
    try:
        status = Path(path).stat()
    except (OSError, ValueError):
        return None
    return status.st_size, status.st_mtime_ns


def places() -> list[str]:
    """Return the folders of `sys.path` that are not the standard library's."""
    own = {SOURCE, sysconfig.get_path("stdlib"), sysconfig.get_path("platstdlib")}
    return [
        each
        for each in sys.path
        if each and each not in own and Path(each).name != "lib-dynload" and Path(each).is_dir()
    ]


def find(folders: Iterable[str]) -> list[Extension]:
    """Return the extension modules in these folders, in a lasting order."""
    found: dict[str, Extension] = {}
    for folder in folders:
        for name, path in _files(folder):
            stamp = stamp_of(path)
            if stamp is not None and name not in found and _is_module(name, path):
                found[name] = Extension(name, path, stamp)
    return [found[name] for name in sorted(found)]


def _files(folder: str) -> Iterator[tuple[str, str]]:
    """Yield name and path of each file that is called like an extension module.

    Packages without `__init__.py` are looked for among installed ones only: elsewhere, as in the
    folder of an app, there may be any number of folders with anything.
    """
    installed = Path(folder).name in _INSTALLED
    waiting, seen = [(folder, "")], set[tuple[int, int]]()
    while waiting:
        path, package = waiting.pop()
        for entry in _entries(path, seen):
            name = _module_name(entry.name)
            if name is not None:
                yield package + name, entry.path
            elif _is_package(entry, any_folder=installed):
                waiting.append((entry.path, f"{package}{entry.name}."))


def _entries(folder: str, seen: set[tuple[int, int]]) -> list[os.DirEntry[str]]:
    """Return what is in a folder; nothing when it was seen before or cannot be read."""
    try:
        status = Path(folder).stat()
        key = (status.st_dev, status.st_ino)
        if key in seen:
            return []
        seen.add(key)
        with os.scandir(folder) as entries:
            return list(entries)
    except OSError:
        return []


def _is_package(entry: os.DirEntry[str], *, any_folder: bool) -> bool:
    if not entry.name.isidentifier() or entry.name == "__pycache__":
        return False
    try:
        return entry.is_dir() and (any_folder or (Path(entry.path) / "__init__.py").is_file())
    except OSError:
        return False


def _module_name(file: str) -> str | None:
    for suffix in _SUFFIXES:
        if file.endswith(suffix):
            name = file[: -len(suffix)]
            return name if name.isidentifier() else None
    return None


def _is_module(name: str, path: str) -> bool:
    """Tell whether a shared library is a module at all: to load others may take long."""
    last = name.rpartition(".")[2]
    symbol = f"PyInit_{last}" if last.isascii() else "PyInitU_"
    try:
        with Path(path).open("rb") as file, mmap.mmap(file.fileno(), 0, access=1) as content:
            return content.find(symbol.encode()) >= 0
    except (OSError, ValueError):
        return False


_INSTALLED = {"site-packages", "dist-packages"}
_SUFFIXES = sorted(EXTENSION_SUFFIXES, key=len, reverse=True)
