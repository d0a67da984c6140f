"""Imports an app in a throw-away process, as a worker would, and tells how that went."""

from __future__ import annotations

import json
import os
import sys
import sysconfig
import threading
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any, TypedDict

from spvn_bridge.trial import SOURCE
from spvn_bridge.trial.extensions import stamp_of
from spvn_bridge.trial.probe import config

if TYPE_CHECKING:
    from spvn_bridge.settings import Outcome, Result, Settings

# As large as that of a worker's thread.
STACK_BYTES = 64 * 1024 * 1024


class Report(TypedDict):
    """How an import went.

    `outcome` is "stopped" when it succeeded; `swallowed` are the modules that refused without an
    error, `loaded` the extension modules that were imported. `files` are what was imported but for
    the standard library, with what tells whether it has changed.
    """

    outcome: Outcome
    message: str
    traceback: str
    module: str
    swallowed: list[str]
    loaded: list[str]
    files: list[tuple[str, int, int]]


def in_process(settings: Settings, report: int) -> None:
    """Import the app as it is imported under python."""
    _tell(settings, report)


def in_interpreter(settings: Settings, report: int) -> None:
    """Import the app in a sub-interpreter with a GIL of its own, on a thread like a worker's."""
    threading.stack_size(STACK_BYTES)
    thread = threading.Thread(target=_enter, args=(settings, report))
    thread.start()
    thread.join()


def _enter(settings: Settings, report: int) -> None:
    interpreters: Any = __import__("_interpreters")
    number = interpreters.create(config("own"))
    interpreters.exec(
        number,
        f"import sys; sys.path.insert(0, {SOURCE!r})\n"
        "from spvn_bridge.trial import rehearsal\n"
        f"rehearsal._tell({dict(settings)!r}, {report})\n",
    )


def _tell(settings: Any, report: int) -> None:  # noqa: ANN401 - through the text of a program
    from spvn_bridge.trial import host  # noqa: PLC0415 - what follows imports what it makes

    host.install()
    answer = json.dumps(rehearse(settings)).encode() + b"\n"
    while answer:
        answer = answer[os.write(report, answer) :]


def rehearse(settings: Settings) -> Report:
    """Do what a worker does until its app is imported."""
    from spvn_bridge.failure import StartFailure  # noqa: PLC0415 - once there is a host
    from spvn_bridge.importer import load, prepare  # noqa: PLC0415
    from spvn_bridge.refusal import ExtensionWatch  # noqa: PLC0415

    own = settings["isolation"] == "subinterpreter"
    result: Result = {"outcome": "stopped", "message": "", "traceback": "", "module": ""}
    watch = ExtensionWatch(settings["isolation"])
    with watch, _signals(settings) if own else nullcontext():
        try:
            try:
                load(prepare(settings), settings)
            except StartFailure as failure:
                watch.check(failure)
                raise
        except StartFailure as failure:
            result = failure.result()
    return {**result, "swallowed": watch.swallowed(), "loaded": _loaded(), "files": _files()}


def _signals(settings: Settings) -> nullcontext[None]:
    """Have the app's import find the event loop and the signal functions of a worker."""
    from spvn_bridge.loop import new_loop  # noqa: PLC0415 - once there is a host
    from spvn_bridge.signals import Signals  # noqa: PLC0415

    Signals(new_loop("asyncio", settings["isolation"]), settings["isolation"]).install()
    return nullcontext()


def _loaded() -> list[str]:
    """Return the names of the extension modules that are imported, but for the standard library."""
    names = (
        name
        for name, module in list(sys.modules.items())
        if type(getattr(module, "__loader__", None)).__name__ == "ExtensionFileLoader"
    )
    return sorted(name for name in names if name.partition(".")[0] not in sys.stdlib_module_names)


def _files() -> list[tuple[str, int, int]]:
    """Return what an import depends on, as far as it is files."""
    standard = tuple({sysconfig.get_path(name) + os.sep for name in ("stdlib", "platstdlib")})
    found = []
    for module in list(sys.modules.values()):
        path = getattr(module, "__file__", None)
        if not isinstance(path, str) or path.startswith(SOURCE):
            continue
        stamp = None if path.startswith(standard) and not _is_installed(path) else stamp_of(path)
        if stamp is not None:
            found.append((path, *stamp))
    return sorted(found)


def _is_installed(path: str) -> bool:
    return f"{os.sep}site-packages{os.sep}" in path or f"{os.sep}dist-packages{os.sep}" in path
