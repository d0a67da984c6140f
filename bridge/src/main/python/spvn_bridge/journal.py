"""The server's log, as the worker writes to it. The app's own `logging` is left alone."""

from __future__ import annotations

import _spvn_host


def log(level: int, message: str) -> None:
    """Write one record; the levels are those of Python's logging."""
    _spvn_host.log(level, printable(message))


def waits_for(what: str, *, served: bool) -> None:
    """Tell Java what a stop waits for, and whether the app's lifespan is over."""
    _spvn_host.waits_for(printable(what), served)


def printable(text: str) -> str:
    """Make a text that UTF-8 can carry: half a surrogate pair may stand in what an app says."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
