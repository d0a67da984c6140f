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

    def sooner(self, seconds: float) -> Deadline:
        """Return one that leaves so many seconds to what follows, or half of what is left."""
        left = self.left()
        return Deadline(max(left - seconds, left / 2))
