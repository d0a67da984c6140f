"""Loads extension modules into sub-interpreters, in a throw-away process."""

from __future__ import annotations

import json
import os
from importlib.machinery import ExtensionFileLoader, ModuleSpec
from typing import TYPE_CHECKING, Any, Literal, TypedDict

from spvn_bridge.trial import SOURCE

if TYPE_CHECKING:
    from types import ModuleType

    Config = Literal["own", "shared"]

# A module that the first interpreter loads may still refuse the second.
INTERPRETERS = 2


class Work(TypedDict):
    """What to load into which interpreters: those with a GIL of their own, or that share it."""

    config: Config
    modules: list[tuple[str, str]]


def main(work: Work, report: int) -> None:
    """Say of each module that it is its turn, then what it says: None for nothing."""
    interpreters: Any = __import__("_interpreters")
    numbers = [interpreters.create(config(work["config"])) for _ in range(INTERPRETERS)]
    for each in numbers:
        _run(interpreters, each, f"import sys; sys.path.insert(0, {SOURCE!r})")
        _run(interpreters, each, "from spvn_bridge.trial import probe")
    for number, (name, path) in enumerate(work["modules"]):
        _say(report, {"turn": number})
        for each in numbers:
            _run(interpreters, each, f"probe.load({name!r}, {path!r}, {report})")
        _say(report, {"done": number})


def config(kind: Config) -> Any:  # noqa: ANN401 - it has no name in the standard library
    """Return the settings of an interpreter; with a GIL of its own, those of our workers."""
    interpreters: Any = __import__("_interpreters")
    if kind == "shared":
        return interpreters.new_config("legacy")
    return interpreters.new_config("isolated", allow_daemon_threads=True, allow_exec=True)


def load(name: str, path: str, report: int) -> None:
    """In the sub-interpreter: make the module, and report what it says against that."""
    loader = ExtensionFileLoader(name, path)
    try:
        _made.append(loader.create_module(ModuleSpec(name, loader, origin=path)))
    except BaseException as error:
        _say(report, {"says": f"{type(error).__name__}: {error}"})


_made: list[ModuleType] = []  # what was never executed may not bear to be freed


def _run(interpreters: Any, number: int, code: str) -> None:  # noqa: ANN401
    failure = interpreters.exec(number, code)
    if failure is not None:
        raise RuntimeError(failure.formatted)


def _say(report: int, what: object) -> None:
    os.write(report, json.dumps(what).encode() + b"\n")
