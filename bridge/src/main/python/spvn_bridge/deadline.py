"""How long the worker's end may take."""

from __future__ import annotations

import time

LAST_WORDS = 0.5


class Deadline:
    """A point in time that several steps share."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def left(self) -> float:
        """Return the seconds left, zero when it has passed."""
        return max(0.0, self._end - time.monotonic())

    def grace(self) -> float:
        """Return the seconds a step may take: what is left, but always a moment."""
        return max(self.left(), LAST_WORDS)
