"""The kinds of workers, and which of them this run is about."""

from __future__ import annotations

import os

# How every spvn is told the kind that its command line does not name.
ISOLATION = "SPVN_ISOLATION"
KINDS = ("main", "subinterpreter", "process")


def kind_of_run() -> str | None:
    """The kind that all servers have whose tests choose none; None in a run of all tests."""
    return os.environ.get(ISOLATION) or None


def kinds_tried(*kinds: str) -> tuple[str, ...]:
    """What a test that names its kinds tries: these in a run of all tests, else the run's."""
    kind = kind_of_run()
    return (kind,) if kind else kinds
