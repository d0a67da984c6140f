"""Bodies for the tests: a large GeoJSON document, and blocks of bytes that never repeat."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator

from harness.command import ROOT

BLOCK = 65_536
REAL_DOCUMENT = ROOT.parent / "shared" / "data" / "canada.json"


def geojson() -> bytes:
    """The real document where it is at hand, else one made of the same stuff."""
    if REAL_DOCUMENT.exists():
        return REAL_DOCUMENT.read_bytes()
    return _made_geojson()


def _made_geojson() -> bytes:
    """About 2.2 MB of polygons with coordinates of full length, the same in each run."""
    numbers = random.Random(2251051)
    rings = [
        [[numbers.uniform(-141, -52), numbers.uniform(41, 83)] for _ in range(1_150)]
        for _ in range(48)
    ]
    geometry = {"type": "Polygon", "coordinates": rings}
    feature = {"type": "Feature", "properties": {"name": "Canada"}, "geometry": geometry}
    return json.dumps({"type": "FeatureCollection", "features": [feature]}).encode()


def blocks(size: int) -> Iterator[bytes]:
    """So many bytes, in blocks that tell their number, so that none may be lost or swapped."""
    for number, at in enumerate(range(0, size, BLOCK)):
        block = number.to_bytes(8, "big") * (BLOCK // 8)
        yield block[: min(BLOCK, size - at)]
