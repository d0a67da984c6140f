"""One flood against a server: how it ends, and what the server and its other clients had of it."""

from __future__ import annotations

import select
import statistics
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from harness import frames
from harness.apart import Apart
from harness.frames import Frame, Parser
from harness.h2_floods import Flood, Piece
from harness.http2 import ALPN
from harness.server import Server
from harness.tls import trusting
from harness.wire import dial

WARM = 0.5
SAMPLE = 0.05


@dataclass
class End:
    """What the server has said and done."""

    seconds: float = 0.0
    sent: int = 0
    goaway: int | None = None
    closed: bool = False
    stuck: bool = False  # it takes no more, and says nothing
    resets: Counter[int] = field(default_factory=Counter)
    answers: Counter[str] = field(default_factory=Counter)

    def __str__(self) -> str:
        after = f"after {self.seconds:.1f} s and {self.sent:,} frames"
        resets = ", ".join(
            f"{count:,} x {frames.code_name(code)}" for code, count in self.resets.most_common(2)
        )
        said = f"; RST_STREAM {resets}" if resets else ""
        if self.goaway is not None:
            return f"GOAWAY {frames.code_name(self.goaway)} {after}{said}"
        if self.closed:
            return f"closed {after}{said}"
        held = "takes no more" if self.stuck else "served on"
        return f"{held}, {self.seconds:.0f} s and {self.sent:,} frames{said}"


@dataclass(frozen=True)
class Outcome:
    flood: str
    end: End
    before_mib: float
    most_mib: float
    p50: float
    p99: float
    wrong: list[str]

    @property
    def row(self) -> tuple[str, str, str, str]:
        wrong = f", {len(self.wrong)} failed" if self.wrong else ""
        others = f"p50 {self.p50:.1f}, p99 {self.p99:.1f} ms{wrong}"
        return self.flood, str(self.end), f"{self.before_mib:.0f} to {self.most_mib:.0f}", others


class Client:
    """Who floods: sends what it can, and looks at what comes.

    The flood begins once both sides have greeted, so that no acknowledgement gets in between.
    """

    def __init__(self, server: Server, flood: Flood) -> None:
        assert isinstance(server.address, tuple)
        context = trusting(alpn=(ALPN,)) if server.tls else None
        self._socket = dial(server.address, tls=context)
        self._flood = flood
        self._parser = Parser()
        self._out = bytearray()
        self._socket.setblocking(False)
        self.end = End()
        self._begun = not flood.greet
        if flood.greet:
            hello = {frames.ENABLE_PUSH: 0, **dict(flood.settings)}
            self._out += frames.PREFACE + frames.settings(hello)

    def run(self, seconds: float) -> End:
        """Until the server ends it, or the time is over."""
        began = time.monotonic()
        pieces = self._flood.pieces()
        due, moved = began, began
        while (now := time.monotonic()) < began + seconds and not self._over():
            ready = self._begun and not self._out and now >= due
            if ready and (piece := next(pieces, None)):
                due = self._take(piece, now)
            if self._step(min(max(due - now, 0.0), SAMPLE)):
                moved = now
        self.end.seconds = time.monotonic() - began
        self.end.stuck = bool(self._out) and time.monotonic() - moved > seconds / 2
        self._socket.close()
        return self.end

    def _over(self) -> bool:
        return self.end.closed

    def _take(self, piece: Piece, now: float) -> float:
        self._out += piece.data
        self.end.sent += piece.frames
        return now + piece.pause

    def _step(self, wait: float) -> bool:
        """Whether anything went out or came in."""
        writing = [self._socket] if self._out else []
        readable, writable, _ = select.select([self._socket], writing, [], wait)
        try:
            if readable:
                self._read()
            if writable and not self.end.closed:
                del self._out[: self._socket.send(self._out)]
        except BlockingIOError:
            return False
        except OSError:
            self.end.closed = True
        return bool(readable or writable)

    def _read(self) -> None:
        data = self._socket.recv(262_144)
        if not data:
            self.end.closed = True
            return
        self._parser.feed(data)
        while (found := self._parser.next()) is not None:
            self._hear(found)

    def _hear(self, found: Frame) -> None:
        self.end.answers[frames.KINDS.get(found.kind, "unknown")] += 1
        match found.kind:
            case frames.SETTINGS if not self._begun:
                self._begun = True
                if self._flood.acknowledge:
                    self._out += frames.frame(frames.SETTINGS, frames.ACK)
            case frames.RST_STREAM:
                self.end.resets[found.number] += 1
            case frames.GOAWAY:
                self.end.goaway = int.from_bytes(found.payload[4:8], "big")


class Watch:
    """The server's memory, looked at all the time."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look)
        self.before = self.most = server.rss_mib()

    def __enter__(self) -> Watch:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._over.wait(SAMPLE):
            self.most = max(self.most, self._server.rss_mib())


def flooded(server: Server, flood: Flood, seconds: float) -> Outcome:
    """The flood, while another client is served; that one has been for a while when it begins."""
    assert isinstance(server.address, tuple)
    options = ("--tls",) if server.tls else ()
    with Apart("h2_witness", *server.address, *options) as witness:
        witness.line()
        time.sleep(WARM)
        with Watch(server) as memory:
            end = Client(server, flood).run(seconds)
            if end.seconds < 1:
                time.sleep(1 - end.seconds)  # so that the other one has something to tell
        seen = witness.end()
    return outcome(flood, end, memory, seen)


def outcome(flood: Flood, end: End, memory: Watch, seen: dict[str, Any]) -> Outcome:
    times = seen["times"] or [float("inf")]
    p99 = statistics.quantiles(times, n=100)[-1] if len(times) > 1 else times[0]
    p50 = statistics.median(times)
    return Outcome(flood.name, end, memory.before, memory.most, p50, p99, seen["wrong"])
