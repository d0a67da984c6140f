"""What trials have found, kept in files, so that the next start need not try it again."""

from __future__ import annotations

import hashlib
import json
import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from spvn_bridge.trial.extensions import stamp_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from spvn_bridge.trial.extensions import Extension

# To be raised when what is found means something else.
EDITION = 1

MOST_FILES = 100


class Memory:
    """A folder of small files, each about one thing of one interpreter.

    What cannot be read or written, or makes no sense, is as good as nothing: it is tried again.
    """

    def __init__(self, folder: str) -> None:
        self._folder = Path(folder) if folder else None

    def recall(self, *thing: str) -> Any:  # noqa: ANN401 - whatever was kept
        """Return what was kept about a thing, None for nothing."""
        if self._folder is None:
            return None
        try:
            return json.loads(self._file(self._folder, thing).read_text("utf-8"))
        except (OSError, ValueError):
            return None

    def keep(self, value: object, *thing: str) -> None:
        """Keep this about a thing, in place of what was kept before."""
        if self._folder is None:
            return
        file = self._file(self._folder, thing)
        new = file.with_suffix(f".{os.getpid()}")
        with suppress(OSError, ValueError):
            self._folder.mkdir(mode=0o755, parents=True, exist_ok=True)
            new.write_text(json.dumps(value), "utf-8")
            new.replace(file)
            self._forget_oldest(self._folder)

    @staticmethod
    def _forget_oldest(folder: Path) -> None:
        files = sorted(folder.iterdir(), key=lambda file: file.stat().st_mtime_ns)
        for file in files[:-MOST_FILES]:
            file.unlink(missing_ok=True)

    @staticmethod
    def _file(folder: Path, thing: tuple[str, ...]) -> Path:
        key = json.dumps([EDITION, sys.version, sys.executable, sys.prefix, *thing])
        digest = hashlib.sha256(key.encode("utf-8", "backslashreplace")).hexdigest()
        return folder / f"{digest[:32]}.json"


class Verdicts:
    """What is known of the extension modules of this interpreter's environment, by their files.

    A file that has changed is unknown. "" says that a module has nothing against the interpreters.
    """

    def __init__(self, memory: Memory, config: str) -> None:
        self._memory = memory
        self._config = config
        self._known: dict[str, list[Any]] = {}
        kept = memory.recall("modules", config)
        if isinstance(kept, dict):
            self._known = {
                path: entry
                for path, entry in kept.items()
                if isinstance(entry, list) and list(map(type, entry)) == [str, int, int, str]
            }

    def first_refusal(self, folders: Iterable[str]) -> tuple[str, str] | None:
        """Return name and words of one that refuses and is still there, in one of these folders."""
        within = tuple(folder.rstrip(os.sep) + os.sep for folder in folders)
        for path, (name, size, time, words) in self._known.items():
            if words and path.startswith(within) and stamp_of(path) == (size, time):
                return name, words
        return None

    def of(self, extension: Extension) -> str | None:
        """Return what is known of one; None for nothing."""
        name, *stamp, words = self._known.get(extension.path, ["", 0, 0, ""])
        return words if name == extension.name and tuple(stamp) == extension.stamp else None

    def learn(self, extension: Extension, words: str) -> None:
        """Remember what was found about one."""
        self._known[extension.path] = [extension.name, *extension.stamp, words]

    def keep(self, present: Iterable[Extension]) -> None:
        """Write down what is known of those that there are."""
        paths = {each.path for each in present}
        self._known = {path: entry for path, entry in self._known.items() if path in paths}
        self._memory.keep(self._known, "modules", self._config)
