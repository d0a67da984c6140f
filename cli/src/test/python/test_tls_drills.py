"""Short forms of the drills for TLS, which do not judge how long others wait."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.command import Command
from harness.drill import Found
from harness.tls import Pair
from harness.tls_pacer import Pace
from tls_drills import Exchange, Stalling, exchange, stalled

pytestmark = [pytest.mark.own, pytest.mark.alone]

FEW = Pace(rate=50, every=2, connections=8)


def good(found: Found) -> None:
    assert found.complaints == [], found.text


def test_clients_that_stop_in_the_handshake_are_cut_and_leave_nothing(
    command: Command, pair: Pair
) -> None:
    good(stalled(command, pair, Stalling(clients=200, seconds=2, timeout=2, over=1), FEW))


def test_certificates_are_exchanged_and_nobody_notices(command: Command, tmp_path: Path) -> None:
    good(exchange(command, tmp_path, Exchange(times=4, hangups=2, seconds=3), FEW))
