"""Fleets of clients that are killed: a short run of fleet.py."""

from __future__ import annotations

import pytest

import fleet
from harness.command import Command

ROUNDS = 5


@pytest.mark.alone
def test_server_is_back_at_its_base_after_fleets_were_killed(command: Command) -> None:
    with fleet.harbour(command) as place:
        crews = fleet.Fleet(processes=2, connections=24, warm_up=2)
        (settled,) = fleet.raids(place, ROUNDS, ROUNDS, crews, seed=1)
        assert settled.left > 0, "no client got as far as the app"
        assert place.server.stop() in (0, -15)
        if command.own:
            place.server.check_clean()
