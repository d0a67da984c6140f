"""The kinds of workers, and which of them this run is about."""

from __future__ import annotations

import os
import sys

# How every spvn is told the kind that its command line does not name.
ISOLATION = "SPVN_ISOLATION"
KINDS = ("main", "subinterpreter", "process")
OWN_GIL = sys.version_info >= (3, 13)


def kind_of_run() -> str | None:
    """The kind that all servers have whose tests choose none; None in a run of all tests."""
    return os.environ.get(ISOLATION) or None


def kinds_tried(*kinds: str) -> tuple[str, ...]:
    """What a test that names its kinds tries: these in a run of all tests, else the run's.

    Processes stand in where this Python has no sub-interpreters and nothing else is named.
    """
    if kind := kind_of_run():
        return (kind,)
    return tuple(kind for kind in kinds if OWN_GIL or kind != "subinterpreter") or ("process",)
