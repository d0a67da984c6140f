"""Sees to it that a child runs the source as it is, however quickly it was edited.

CPython takes a .pyc for that of a source when it has the source's size and the second of its last
change. Two edits within a second may leave both alike: what was compiled after the first would run
after the second, and for ever. So a child, which may be there because of an edit:

- neither reads nor writes a .pyc for a source that has changed in this second or the one before:
  it might change once more, and no one could tell;
- reads none that was written in the second of the source's last change, by whomever, and writes it
  anew.

The methods of the loader's own class are replaced: finders of editable installs make loaders by
themselves, past `sys.path_hooks`.
"""

from __future__ import annotations

import time
from importlib.machinery import BYTECODE_SUFFIXES, SourceFileLoader
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

# Seconds after its last change in which a source may change again and nobody could tell.
UNSETTLED = 2

_path_stats = SourceFileLoader.path_stats
_get_data = SourceFileLoader.get_data


def install() -> None:
    """Do so from now on."""
    for name, method in {"path_stats": path_stats, "get_data": get_data}.items():
        setattr(SourceFileLoader, name, method)


def path_stats(loader: SourceFileLoader, path: str) -> Mapping[str, Any]:
    """Return what a .pyc must agree with; an OSError says that none does, and none is written."""
    stats = _path_stats(loader, path)
    if time.time() < int(stats["mtime"]) + UNSETTLED:
        raise OSError(f"{path} has just changed")
    return stats


def get_data(loader: SourceFileLoader, path: str) -> bytes:
    """Read a file; an OSError says that a .pyc is not to be used, and that one is written."""
    if path.endswith(tuple(BYTECODE_SUFFIXES)) and path != loader.path and _is_racy(loader, path):
        raise OSError(f"{path} may be older than its source")
    return _get_data(loader, path)


def _is_racy(loader: SourceFileLoader, pyc: str) -> bool:
    """Tell whether the source may have changed in the same second after this was written."""
    return Path(pyc).stat().st_mtime < int(Path(loader.path).stat().st_mtime) + 1
