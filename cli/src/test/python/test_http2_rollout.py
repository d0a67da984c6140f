"""Stops and replacements of workers under a load of HTTP/2: what an app has seen is answered."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from conftest import Serve
from harness import h2_pacer
from harness.apart import Apart
from harness.server import Server
from harness.waiting import eventually
from stop_under_load import seen

pytestmark = [pytest.mark.alone, pytest.mark.in_clear("the load says itself whether it is")]

RATE = 500
CONNECTIONS = 4


def load(server: Server, streams: int = 50) -> Apart:
    assert isinstance(server.address, tuple)
    how = ("--rate", RATE, "--connections", CONNECTIONS, "--streams", streams)
    return Apart("h2_pacer", *server.address, *how)


def judge(found: dict[str, object], folder: Path) -> None:
    became = found["became"]
    assert isinstance(became, dict)
    counts = {kind: len(numbers) for kind, numbers in became.items()}
    for kind in (h2_pacer.WRONG, h2_pacer.RESET, h2_pacer.LOST):
        assert not became[kind], (counts, found["examples"])
    saw = seen(folder)
    assert not set(saw) - set(became[h2_pacer.ANSWERED]), "seen by the app and not answered"
    assert len(saw) == len(set(saw)), "the app was called twice for one request"


@pytest.mark.parametrize("after", [0.5, 1.0])
def test_stop_answers_what_was_seen_and_hands_back_the_rest(
    serve: Serve, tmp_path: Path, after: float
) -> None:
    server = serve("ordeal:app", env={"FOLDER": str(tmp_path)})
    with load(server) as clients:
        eventually(lambda: len(seen(tmp_path)) >= RATE * after, within=30, what="load")
        assert server.stop() in (0, -15)
        found = clients.end()
    judge(found, tmp_path)


@pytest.mark.own
def test_replacement_of_all_workers_fails_nothing(serve: Serve, tmp_path: Path) -> None:
    options = ("--isolation", "process", "--workers", "2")
    server = serve("ordeal:app", *options, env={"FOLDER": str(tmp_path)})
    with load(server) as clients:
        for number in range(1, 4):
            server.signal(signal.SIGHUP)
            await_successors(tmp_path, 2 + 2 * number)
        found = clients.end()
    judge(found, tmp_path)
    became = found["became"]
    assert not became[h2_pacer.UNSENT], found["examples"]
    assert sum(map(len, became.values())) == len(became[h2_pacer.ANSWERED])
    assert found["connections"] == CONNECTIONS, "a connection was ended by a replacement"


def startups(folder: Path) -> int:
    return (folder / "lifespan").read_text().split().count("startup")


def await_successors(folder: Path, count: int) -> None:
    """So many workers have begun, and have had some of the load."""
    eventually(lambda: startups(folder) >= count, within=60, what="new workers")
    enough = len(seen(folder)) + RATE / 2
    eventually(lambda: len(seen(folder)) > enough, within=30, what="load")
