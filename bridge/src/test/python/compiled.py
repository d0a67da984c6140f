"""The compiled part of a worker process, built for the Python that runs the tests."""

from __future__ import annotations

import functools
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from spvn_bridge.remote import native

if TYPE_CHECKING:
    from types import ModuleType


def compiled() -> Any:
    """The module; without a compiler the test is skipped."""
    found = _compiled()
    if isinstance(found, str):
        pytest.skip(found)
    return found


@functools.cache
def _compiled() -> ModuleType | str:
    """Nobody else finds it in `sys.modules`."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            native.build(Path(folder, native.FOLDER), "-Werror")
        except FileNotFoundError as error:
            return f"there is no C compiler: {error}"
        missing = native.load(str(Path(folder, "site")))
    assert missing is None, missing
    return sys.modules.pop(native.MODULE)
