from __future__ import annotations

import faulthandler
import logging
from typing import TYPE_CHECKING

from spvn_bridge.faults import keep_faulthandler_off

if TYPE_CHECKING:
    import pytest

    from fake_host import FakeHost


def test_enable_is_told_once_and_does_nothing(
    host: FakeHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(faulthandler, "enable", faulthandler.enable)  # put back at the end
    was_on = faulthandler.is_enabled()
    faulthandler.disable()
    keep_faulthandler_off()
    faulthandler.enable()
    faulthandler.enable(all_threads=False)
    assert not faulthandler.is_enabled()
    assert len(host.said(logging.INFO)) == 1
    monkeypatch.undo()
    if was_on:
        faulthandler.enable()
