"""Clients of WebSockets that come, talk and leave, each in one of many ways."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from harness import audience
from harness.admin import Admin
from harness.audience import Client, closing, frame, handshake
from harness.command import Command
from harness.drill import Found, address_of, left_behind, serving
from harness.server import CRASH, Server


@dataclass
class Counts:
    """What the clients have done."""

    opened: int = 0
    messages: int = 0
    echoed: int = 0
    kinds: Counter[str] = field(default_factory=Counter)


def churn(command: Command, minutes: float, *options: str) -> Found:
    """Clients come, talk and leave, each in one of many ways."""
    with serving(command, *options) as server:
        counts, chance = Counts(), random.Random(7)
        address = address_of(server)
        ends = time.monotonic() + minutes * 60
        rss: list[float] = []
        looked = 0.0
        while time.monotonic() < ends:
            _visit(address, chance, counts)
            if time.monotonic() - looked > max(1.0, minutes):
                looked = time.monotonic()
                rss.append(server.rss_mib())
        found = Found("")
        found.complaints += left_behind(server)
        found.text = (
            f"{counts.opened} opened, {counts.messages} messages, {dict(counts.kinds)};"
            f" memory {' '.join(f'{each:.0f}' for each in rss[:: max(1, len(rss) // 12)])} MiB"
        )
        if command.own:
            found.complaints += _disagreements(server, counts)
        found.unless(not CRASH.search(server.log), "a crash in the log")
        found.unless(" ERROR " not in server.log, "an error in the log")
        return found


def _disagreements(server: Server, counts: Counts) -> Iterator[str]:
    seen = Admin.of(server).metrics()
    closes = sum(n for key, n in seen.items() if key.startswith("spvn_websocket_closes_total"))
    received = seen['spvn_websocket_messages_total{direction="received"}']
    if closes != counts.opened:
        yield f"{counts.opened} opened, {closes:g} counted as closed"
    if not counts.echoed <= received <= counts.messages:
        yield f"{counts.messages} sent, {received:g} counted as received"


def _visit(address: tuple[str, int], chance: random.Random, counts: Counts) -> None:
    deflate = audience.DEFLATE if chance.random() < 0.5 else None
    client = Client(address, handshake("/echo", deflate))
    _until(client, lambda: client.open)
    counts.opened += 1
    for _ in range(chance.randrange(6)):
        size = int(10 ** chance.uniform(0, 5.5))
        before = client.heard[audience.BINARY]
        client.send(frame(audience.BINARY, chance.randbytes(size)))
        counts.messages += 1
        _until(client, lambda before=before: client.heard[audience.BINARY] > before)  # type: ignore[misc]
        counts.echoed += 1
    kind = chance.choice(sorted(LEAVE))
    counts.kinds[kind] += 1
    LEAVE[kind](client)


def _until(client: Client, done: Callable[[], bool]) -> None:
    client.socket.settimeout(30)
    while not done():
        client.read()
        assert not client.ended, f"ended: {client.code}"


def _leave_by(data: bytes, code: int) -> Callable[[Client], None]:
    def leave(client: Client) -> None:
        client.send(data)
        _to_the_end(client)
        assert client.code == code, client.code
        client.socket.close()

    return leave


def _to_the_end(client: Client) -> None:
    client.socket.settimeout(30)
    while not client.ended:
        client.read()


def _kill_within_a_frame(client: Client) -> None:
    client.send(frame(audience.BINARY, bytes(1000))[:500])
    client.kill()


LEAVE: dict[str, Callable[[Client], None]] = {
    "close": _leave_by(closing(1000, "bye"), 1000),
    "own code": _leave_by(closing(4321), 4321),
    "no code": _leave_by(frame(audience.CLOSE), 1005),
    "broken rule": _leave_by(frame(3), 1002),
    "bad text": _leave_by(frame(audience.TEXT, b"\xff"), 1007),
    "end": lambda client: client.socket.close(),
    "reset": Client.kill,
    "reset within a frame": _kill_within_a_frame,
}
