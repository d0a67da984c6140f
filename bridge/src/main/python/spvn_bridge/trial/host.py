"""Stands in for what Java gives a worker, where there is no server and only an import is tried."""

from __future__ import annotations

import sys
from types import ModuleType


def install() -> None:
    """Enter a `_spvn_host` that says no to everything and forgets what it is told."""
    module = ModuleType("_spvn_host")
    for name in ("log", "waits_for", "idle_time", "signal", "refused"):
        setattr(module, name, _no)
    sys.modules["_spvn_host"] = module


def _no(*_arguments: object) -> bool:
    return False
