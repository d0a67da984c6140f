"""Takes back what Java has added to PYTHONWARNINGS, so that the app sees what its user wrote."""

from __future__ import annotations

import os
import sys

_VARIABLE = "PYTHONWARNINGS"
_OPTION = "ignore:builtin type PyJType:DeprecationWarning"


def forget_our_warning_option() -> None:
    """Restore the environment and `sys.warnoptions`, which child processes inherit."""
    if _OPTION in sys.warnoptions:
        sys.warnoptions.remove(_OPTION)
    value = os.environ.get(_VARIABLE, "")
    if value == _OPTION:
        del os.environ[_VARIABLE]
    elif value.endswith(f",{_OPTION}"):
        os.environ[_VARIABLE] = value.removesuffix(f",{_OPTION}")
