from __future__ import annotations

import os
import sys

import pytest

from spvn_bridge.warned import forget_our_warning_option

OURS = "ignore:builtin type PyJType:DeprecationWarning"


@pytest.mark.parametrize(
    ("found", "left"),
    [
        (f"error,{OURS}", "error"),
        (f"error,once,{OURS}", "error,once"),
        (OURS, None),
        ("error", "error"),
        (None, None),
    ],
)
def test_what_java_has_added_is_gone(
    found: str | None, left: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "warnoptions", [] if found is None else found.split(","))
    if found is None:
        monkeypatch.delenv("PYTHONWARNINGS", raising=False)
    else:
        monkeypatch.setenv("PYTHONWARNINGS", found)
    forget_our_warning_option()
    assert os.environ.get("PYTHONWARNINGS") == left
    assert sys.warnoptions == ([] if left is None else left.split(","))
