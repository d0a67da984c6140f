"""Floods of WebSocket frames: what costs more to take than to make, from who does not read."""

from __future__ import annotations

import struct
import time
import zlib
from dataclasses import dataclass

from harness import audience
from harness.audience import Client, frame, handshake
from harness.drill import Found, Witness, address_of, left_behind, processor
from harness.server import Server
from harness.waiting import eventually

MILLION = 1_000_000


@dataclass(frozen=True)
class Flood:
    """What a client sends without reading, in one piece or again and again."""

    first: bytes
    piece: bytes
    times: int
    codes: tuple[int | None, ...]  # that the server may end it with; None for not at all
    extensions: str | None = None


def bomb(length: int) -> bytes:
    """A compressed message of so many zeros."""
    deflater = zlib.compressobj(9, zlib.DEFLATED, -15)
    data = deflater.compress(bytes(length)) + deflater.flush(zlib.Z_SYNC_FLUSH)
    return frame(audience.BINARY, data[:-4], audience.FIN | audience.COMPRESSED)


def floods(count: int = MILLION) -> dict[str, Flood]:
    part = frame(audience.CONTINUATION, b"a", 0)
    nothing = frame(audience.CONTINUATION, b"", 0)
    begun = frame(audience.TEXT, b"a", 0)
    times = count // 1000
    huge = struct.pack(">BBQ", audience.FIN | audience.BINARY, 0x80 | 127, 1 << 62) + bytes(4)
    return {
        "pings": Flood(b"", frame(audience.PING, bytes(100)) * 1000, times, (None,)),
        "fragments": Flood(begun, part * 1000, times, (1008, 1009)),
        "empty fragments": Flood(begun, nothing * 1000, times, (1008, 1009)),
        "empty messages": Flood(b"", frame(audience.TEXT) * 1000, times, (None,)),
        "bomb": Flood(b"", bomb(1 << 28), 1, (1009,), audience.DEFLATE),
        "huge frame": Flood(huge, bytes(100_000), 1, (1009,)),
    }


def flood(server: Server, kind: Flood, path: str = "/listen") -> Found:
    """One flood, while others are served."""
    client = Client(address_of(server), handshake(path, kind.extensions), rcvbuf=4096)
    eventually(lambda: client.read() is not None and client.open, what="the WebSocket")
    before, began, rss = processor(server), time.monotonic(), server.rss_mib()
    sent = client.offer(kind.first, within=5)
    with Witness(server) as witness:
        for _ in range(kind.times):
            taken = client.offer(kind.piece, within=5)
            sent += taken
            if taken < len(kind.piece):
                break
        grown = server.rss_mib() - rss
    seconds = time.monotonic() - began
    wanted = kind.first + kind.piece
    whole = sent == len(kind.first) + kind.times * len(kind.piece)
    eventually(
        lambda: (client.read() or True) and (client.ended or kind.codes == (None,)),
        within=10,
        what=f"the end of {wanted[:10]!r}",
    )
    client.kill()
    found = Found(
        f"{sent:,} bytes{'' if whole else ' and no more'} in {seconds:.1f} s,"
        f" processor {processor(server) - before:.1f} s, memory +{grown:.0f} MiB,"
        f" closed with {client.code}, others {witness.worst()}"
    )
    found.unless(client.code in kind.codes or client.reset, f"closed with {client.code}")
    found.unless(grown < 200, "too much memory")
    found.complaints += left_behind(server)
    return found
