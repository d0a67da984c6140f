"""Short forms of the drills for WebSockets: stops, floods, who does not read, who vanishes."""

from __future__ import annotations

import pytest

from harness import audience
from harness.admin import Admin
from harness.audience import Client, frame, handshake
from harness.churn import churn
from harness.command import Command
from harness.drill import Found, serving, told
from harness.floods import flood, floods
from harness.kinds import kinds_tried
from harness.lost_net import LostNet, NoNetwork
from harness.waiting import eventually
from websocket_drills import readers, stop, vanished

pytestmark = [pytest.mark.own, pytest.mark.kinds("process")]

FEW = 100


def good(found: Found) -> None:
    assert found.complaints == [], found.text


@pytest.fixture(params=kinds_tried("main"))
def kind(request: pytest.FixtureRequest) -> tuple[str, str]:
    return "--isolation", request.param


@pytest.mark.kinds
@pytest.mark.parametrize("polite", [True, False])
@pytest.mark.parametrize("path", ["/listen", "/deaf", "/lobby"])
def test_stop_tells_clients_and_apps_and_is_soon_over(
    command: Command, kind: tuple[str, str], path: str, polite: bool
) -> None:
    good(stop(command, "stop", path, FEW, polite, *kind))


def test_reload_tells_clients_of_the_old_worker(command: Command) -> None:
    good(stop(command, "reload", "/listen", FEW, True, "--isolation", "process"))


def test_clients_of_a_killed_worker_are_told(command: Command) -> None:
    good(stop(command, "killed", "/listen", FEW, True, "--isolation", "process"))


@pytest.mark.parametrize("name", floods())
def test_flood_is_bounded_and_leaves_nothing(
    command: Command, kind: tuple[str, str], name: str
) -> None:
    with serving(command, *kind) as server:
        good(flood(server, floods(100_000)[name]))


def test_who_reads_nothing_is_cut(command: Command, kind: tuple[str, str]) -> None:
    good(readers(command, 10, *kind))


def test_who_vanishes_is_given_up(command: Command, kind: tuple[str, str]) -> None:
    try:
        with LostNet():
            pass
    except NoNetwork as why:
        pytest.skip(str(why))
    good(vanished(command, 10, *kind))


def test_blocked_app_costs_no_client_its_connection(
    command: Command, kind: tuple[str, str]
) -> None:
    """It sends more than is kept for the app, so that its pongs are not read either."""
    pings = ("--ws-ping-interval", "0.2s", "--ws-ping-timeout", "0.4s")
    with serving(command, *pings, "--ws-max-queue", "4", *kind) as server:
        assert isinstance(server.address, tuple)
        client = Client(server.address, handshake("/echo?seconds=2"))
        eventually(lambda: client.read() is not None and client.open, what="the WebSocket")
        client.send(frame(audience.TEXT, b"first"))
        eventually(lambda: client.read() and client.heard[audience.TEXT], what="it blocks")
        client.send(frame(audience.PING, b"there?") + frame(audience.TEXT, b"more") * 20)
        eventually(lambda: client.read() and client.heard[audience.PONG], within=1.5, what="a pong")

        def all_echoed() -> bool:
            for opcode, data in client.read():
                if opcode == audience.PING:
                    client.send(frame(audience.PONG, data))
            return client.heard[audience.TEXT] == 22

        eventually(all_echoed, within=15, what=f"all to be said, {client.heard}, {client.code}")
        client.kill()
        eventually(lambda: told(server)["open"] == 0, what="the app's call to end")


def test_churn_leaves_nothing_and_is_counted(command: Command, kind: tuple[str, str]) -> None:
    good(churn(command, 0.1, *kind))


def test_pings_are_all_answered(command: Command, kind: tuple[str, str]) -> None:
    """Many in one piece, and one behind a message."""
    with serving(command, *kind) as server:
        assert isinstance(server.address, tuple)
        client = Client(server.address, handshake("/listen"))
        eventually(lambda: client.read() is not None and client.open, what="the WebSocket")
        pings = b"".join(frame(audience.PING, b"%d" % number) for number in range(50))
        client.send(pings + frame(audience.TEXT, b"said") + frame(audience.PING, b"last"))
        pongs: list[bytes] = []

        def all_answered() -> bool:
            pongs.extend(data for opcode, data in client.read() if opcode == audience.PONG)
            return len(pongs) == 51

        eventually(all_answered, what="51 pongs")
        assert pongs == [b"%d" % number for number in range(50)] + [b"last"]
        client.kill()
        Admin.of(server).await_metric("spvn_websockets_active", 0)
