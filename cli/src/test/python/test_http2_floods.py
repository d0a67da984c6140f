"""Each flood of HTTP/2 is ended by the server, which neither grows nor lets others wait for it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from harness import frames
from harness.admin import ANY_PORT, Admin
from harness.command import Command
from harness.h2_flooding import Outcome, flooded
from harness.h2_floods import FLOODS, Flood
from harness.server import Server

pytestmark = [pytest.mark.own, pytest.mark.alone]

REFUSALS = "spvn_refusals_total"
AT_MOST = 8.0  # seconds of a flood; SETTINGS have to be acknowledged within 5
GROWN_MIB = 150.0
# Who is slow, or waits, is ended by a time-out.
SOON = (
    *("--timeout-header", "1s", "--timeout-body", "300ms"),
    *("--timeout-keep-alive", "1s", "--timeout-write", "1s"),
)
SLOW = (
    "slow preface",
    "half a preface",
    "slow head",
    "idle from the start",
    "idle after a request",
)
STREAMS = ("slow body", "stalled windows")  # whose streams end, and the connection with the last
NONE = "none"
BRISK = [
    flood
    for flood in FLOODS
    if flood.name not in (*SLOW, *STREAMS, NONE, "SETTINGS never acknowledged")
]


@pytest.fixture(scope="module")
def flooding(command: Command) -> Iterator[Server]:
    with Server(command, "multiplexed:app", *ANY_PORT, *SOON) as server:
        yield server


def named(name: str) -> Flood:
    return next(flood for flood in FLOODS if flood.name == name)


def run(server: Server, flood: Flood) -> Outcome:
    """A flood that disturbs nobody."""
    found = flooded(server, flood, AT_MOST)
    assert server.alive
    assert not found.wrong, found
    assert found.p99 < 500, found
    assert found.most_mib - found.before_mib < GROWN_MIB, found
    return found


def refusals(server: Server) -> float:
    seen = Admin.of(server).metrics()
    return sum(value for key, value in seen.items() if key.startswith(REFUSALS))


@pytest.mark.parametrize("flood", BRISK, ids=lambda flood: str(flood.name))
def test_flood_is_told_to_calm_down_and_counted(flooding: Server, flood: Flood) -> None:
    before = refusals(flooding)
    end = run(flooding, flood).end
    assert end.closed, end
    assert end.seconds < AT_MOST / 2, end
    assert end.goaway in (None, frames.ENHANCE_YOUR_CALM, frames.PROTOCOL_ERROR), end
    assert refusals(flooding) > before


@pytest.mark.parametrize("name", SLOW)
def test_slow_and_idle_clients_are_cut_by_a_timeout(flooding: Server, name: str) -> None:
    end = run(flooding, named(name)).end
    assert end.closed, end
    assert end.seconds > 0.9, end


@pytest.mark.parametrize("name", STREAMS)
def test_streams_that_stand_still_are_cut(flooding: Server, name: str) -> None:
    end = run(flooding, named(name)).end
    assert end.closed or end.resets, end


def test_settings_have_to_be_acknowledged(flooding: Server) -> None:
    end = run(flooding, named("SETTINGS never acknowledged")).end
    assert end.closed, end
    assert end.goaway == frames.SETTINGS_TIMEOUT, end
