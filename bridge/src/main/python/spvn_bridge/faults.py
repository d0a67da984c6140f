"""Keeps Python's faulthandler off the signals that the JVM works with.

The JVM uses SIGSEGV and its like for checks of its own, such as those for null and for safepoints,
and takes them for what they are; faulthandler takes the first of them for a crash and ends the
process. Java has turned off what the environment turned on (PYTHONFAULTHANDLER, PYTHONDEVMODE), but
many an app turns it on by itself. A real crash is reported by the JVM, in a file hs_err_pid*.log.
"""

from __future__ import annotations

import logging
from typing import Any

from spvn_bridge.journal import log


def keep_faulthandler_off() -> None:
    """Let nobody turn faulthandler on, in an interpreter that has it.

    What it does without these signals goes on working: `dump_traceback()`, `dump_traceback_later()`
    and `register()`.
    """
    import faulthandler  # noqa: PLC0415 - no sub-interpreter has it

    told: list[bool] = []

    def enable(*_args: Any, **_options: Any) -> None:
        if not told:
            told.append(True)
            log(logging.INFO, _STAYS_OFF)

    faulthandler.enable = enable


_STAYS_OFF = (
    "faulthandler.enable() of the app has no effect, because the JVM needs the signals of a crash"
    " for itself; a crash is reported by the JVM"
)
