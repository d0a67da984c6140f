"""SIGTERM under load: a short run of stop_under_load.py."""

from __future__ import annotations

import pytest

from harness.command import Command
from stop_under_load import stop_round


@pytest.mark.alone
@pytest.mark.parametrize("after", [0.2, 0.5])
def test_accepted_requests_are_answered_at_stop(command: Command, after: float) -> None:
    found = stop_round(command, rate=500, width=32, after=after)
    assert found.complaints == []
    assert found.saw >= 500 * after
