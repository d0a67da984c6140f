"""Waiting for a condition, never for a time."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

PAUSE = 0.01


class Deadline:
    """A moment that may not be passed."""

    def __init__(self, within: float) -> None:
        self._within = within
        self._end = time.monotonic() + within

    @property
    def left(self) -> float:
        return max(0.0, self._end - time.monotonic())

    @property
    def passed(self) -> bool:
        return self.left == 0.0

    def __str__(self) -> str:
        return f"{self._within:g} s"


def eventually(probe: Callable[[], T], *, within: float = 5.0, what: str = "condition") -> T:
    """The first truthy value of the probe; fails with its last value when the time is over."""
    deadline = Deadline(within)
    while True:
        value = probe()
        if value:
            return value
        if deadline.passed:
            raise AssertionError(f"not within {deadline}: {what}; last seen: {value!r}")
        time.sleep(min(PAUSE, deadline.left))
