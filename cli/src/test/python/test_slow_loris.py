"""Slow clients: a short run of slow_loris.py, which does not judge how long the others wait."""

from __future__ import annotations

import pytest

import slow_loris
from harness.beside import Load, others
from harness.command import Command
from harness.vitals import answers
from harness.waiting import eventually

TIMEOUT = 2.0


@pytest.mark.alone
@pytest.mark.in_clear("spvn loadtest has no TLS")
def test_slow_clients_are_cut_in_time_and_others_are_served(command: Command) -> None:
    counts = {"head": 200, "body": 40, "stalled": 40, "reader": 20}
    load = Load(rate=100, connections=8, warm=False)
    with slow_loris.serving(command, TIMEOUT) as server:
        with slow_loris.slow_clients(server, counts, TIMEOUT) as end:
            assert others(server, load, seconds=1).failures == {}
            slow = end()
        if command.own:
            assert list(slow.complaints(TIMEOUT)) == []
        gone = slow_loris.FEW
        eventually(lambda: server.open_sockets() < gone, within=20, what="slow clients to be gone")
        assert answers(server)
