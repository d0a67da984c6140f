"""Runs a role of this package in a process that is thrown away, within a time."""

from __future__ import annotations

import json
import math
import os
import selectors
import signal
import subprocess
import sys
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from spvn_bridge.trial import SOURCE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from typing_extensions import Self


class Throwaway:
    """A process with a role: it gets what to do, and says what it finds, one JSON value a line.

    What it prints is nobody's business, and it outlives neither its time nor its `with` block; nor
    do the processes that it starts.
    """

    def __init__(self, role: str, work: object, seconds: float) -> None:
        self.late = False
        self._end = time.monotonic() + seconds
        reads, writes = os.pipe()
        self._pipe = os.fdopen(reads, "rb", buffering=0)
        try:
            self._process = subprocess.Popen(  # noqa: S603 - ourselves
                [sys.executable, "-c", _START, SOURCE, role, str(writes), str(int(seconds) + 2)],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                pass_fds=(writes,),
                start_new_session=True,
            )
        except BaseException:
            self._pipe.close()
            raise
        finally:
            os.close(writes)
        self._give(json.dumps(work).encode())

    def _give(self, work: bytes) -> None:
        stream = self._process.stdin
        if stream is not None:
            with suppress(BrokenPipeError), stream:
                stream.write(work)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._pipe.close()

    def answers(self, patience: float = math.inf) -> Iterator[Any]:
        """Yield what it says, until it ends, is silent for too long or its time is up."""
        rest = b""
        while chunk := self._read(min(patience, self._end - time.monotonic())):
            *lines, rest = (rest + chunk).split(b"\n")
            for line in lines:
                yield json.loads(line)

    def _read(self, seconds: float) -> bytes:
        with selectors.DefaultSelector() as selector:
            selector.register(self._pipe, selectors.EVENT_READ)
            if not selector.select(max(0.0, seconds)):
                self.late = True
                return b""
        return self._pipe.read(65_536) or b""

    def how_it_ended(self) -> str:
        """Say it in words that follow the name of what it did."""
        if self.late:
            return "takes too long"
        try:
            code = self._process.wait(max(1.0, self._end - time.monotonic()))
        except subprocess.TimeoutExpired:
            return "takes too long"
        if code < 0:
            return f"crashes ({_signal_name(-code)})"
        return f"ends the process (exit code {code})"


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


# A child that nobody ends any more ends by itself.
_START = """
import signal, sys
source, role, report, limit = sys.argv[1:5]
signal.alarm(int(limit))
sys.path[:] = [source] + [each for each in sys.path if each]
from spvn_bridge.trial.roles import play
play(role, int(report))
"""
