"""What went wrong, in words: one line for the user and the app's own traceback."""

from __future__ import annotations

import importlib
import sysconfig
import traceback
from pathlib import PurePath
from typing import TYPE_CHECKING

from spvn_bridge.journal import printable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType

    from spvn_bridge.settings import Outcome, Result


class StartFailure(Exception):
    """The worker cannot serve the app; it ends with this outcome."""

    def __init__(
        self, outcome: Outcome, message: str, cause: BaseException | str = "", module: str = ""
    ) -> None:
        super().__init__(message)
        self._outcome = outcome
        self._message = printable(message)
        self._traceback = printable(cause) if isinstance(cause, str) else traceback_text(cause)
        self._module = module

    def result(self) -> Result:
        """Return the failure as Java wants to hear it."""
        return {
            "outcome": self._outcome,
            "message": self._message,
            "traceback": self._traceback,
            "module": self._module,
        }


def traceback_text(error: BaseException) -> str:
    """Format an exception without the frames that only carried the call to the app.

    Never raises, whatever the exception does when it is looked at.
    """
    try:
        report = traceback.TracebackException.from_exception(error)
        _trim(report)
        return printable(_bounded("".join(report.format())))
    except BaseException:
        return f"{_type_name(error)}: (its traceback cannot be formatted)\n"


def summary(error: BaseException) -> str:
    """Say type and message of an exception in one line."""
    try:
        lines = str(error).split("\n")
    except BaseException:
        lines = ["(its message cannot be formatted)"]
    first = next((line.strip() for line in lines if line.strip()), "")
    return f"{_type_name(error)}: {first}" if first else _type_name(error)


def shown(value: object) -> str:
    """Return the `repr` of a value, also of one that cannot be shown."""
    try:
        return repr(value)
    except BaseException:
        return f"<{type(value).__qualname__}, which cannot be shown>"


def inner_exceptions(error: BaseException) -> tuple[BaseException, ...]:
    """Return what an exception group holds; nothing for any other exception.

    Python 3.10 has no groups of its own, but anyio brings a class that looks like them.
    """
    try:
        group = getattr(error, "exceptions", ())
    except BaseException:
        return ()
    if type(group) is not tuple:
        return ()
    return tuple(each for each in group if isinstance(each, BaseException))


def app_frames(error: BaseException) -> list[tuple[str, int]]:
    """Return file and line of the frames between us and the exception that are the app's."""
    return [
        (frame.tb_frame.f_code.co_filename, frame.tb_lineno)
        for frame in _frames(error.__traceback__)
        if not _is_carrier(frame.tb_frame.f_code.co_filename)
    ]


def place(error: BaseException) -> str:
    """Say where the app's code raised this, as ` (file, line n)`; "" when it did not.

    What the app has called may have raised it, in a library or in a frozen module that has no file:
    the app's own line tells more.
    """
    frames = app_frames(error)
    if not frames:
        return ""
    own = [frame for frame in frames if not _is_library(frame[0])]
    with_file = [frame for frame in frames if not frame[0].startswith("<")]
    file, line = (own or with_file or frames)[-1]
    return f" ({file}, line {line})"


def _is_library(filename: str) -> bool:
    return filename.startswith(("<", _STANDARD_LIBRARY)) or any(
        part in _PACKAGES for part in PurePath(filename).parts
    )


def _frames(frame: TracebackType | None) -> Iterator[TracebackType]:
    while frame is not None:
        yield frame
        frame = frame.tb_next


def _trim(report: traceback.TracebackException) -> None:
    """Drop our frames from a report, and from those of all that led to it; chains may be long."""
    waiting, seen = [report], set[int]()
    while waiting:
        each = waiting.pop()
        if id(each) in seen:
            continue
        seen.add(id(each))
        each.stack[:] = [frame for frame in each.stack if not _is_carrier(frame.filename)]
        inner = (each.__cause__, each.__context__, *(getattr(each, "exceptions", None) or ()))
        waiting += [other for other in inner if other is not None]


def _bounded(text: str) -> str:
    """Leave out the middle of a text that is too long: it tells least of what happened."""
    left_out = len(text) - _LONGEST
    if left_out <= 0:
        return text
    half = _LONGEST // 2
    return f"{text[:half]}\n  [{left_out} characters left out]\n{text[-half:]}"


def _is_carrier(filename: str) -> bool:
    """Tell whether a file is ours or the import system's.

    Code objects know their files as the importer names them, also inside a jar.
    """
    return filename.startswith(_CARRIERS)


def _folder(filename: str) -> str:
    return filename[: len(filename) - len(PurePath(filename).name)]


def _type_name(error: BaseException) -> str:
    return type(error).__qualname__


_LONGEST = 65_536

_STANDARD_LIBRARY = sysconfig.get_path("stdlib") + "/"
_PACKAGES = {"site-packages", "dist-packages"}

_CARRIERS = (
    _folder(_folder.__code__.co_filename),
    "<frozen importlib",
    _folder(importlib.import_module.__code__.co_filename),
)
