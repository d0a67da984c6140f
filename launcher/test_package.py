"""How wheels are built."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest

from package import alone


def test_one_build_at_a_time_has_what_is_kept(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    first_is_done = threading.Event()
    seen: list[bool] = []

    def other() -> None:
        with alone(tmp_path):
            seen.append(first_is_done.is_set())

    waiting = threading.Thread(target=other)
    told = ""
    with alone(tmp_path):
        waiting.start()
        deadline = time.monotonic() + 10
        while "waiting for another build" not in told:
            assert time.monotonic() < deadline, told
            told += capfd.readouterr().err
        assert seen == []
        first_is_done.set()
    waiting.join(10)
    assert seen == [True]
    with alone(tmp_path):
        assert capfd.readouterr().err == ""
