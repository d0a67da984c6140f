"""One probe's conversation with a server, and what came of it. Every read has a deadline."""

from __future__ import annotations

import json
import re
import socket
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from harness.probe_cases import Case, Outcome, shown
from harness.tls import run_options, wrapped
from harness.waiting import Deadline

# Silence for this long means that nothing comes. Where nothing but an answer is expected, a busy
# machine gets more time: only servers that fail are slow to probe.
SILENCE = 1.5
PATIENCE = 6.0
CANARY_SILENCE = 0.7
WHOLE_CASE = 25.0

CANARY_PATH = "/canary"
CANARY = f"GET {CANARY_PATH} HTTP/1.1\r\nHost: a\r\n\r\n".encode()

_HEAD = re.compile(rb"HTTP/1\.[01] ([1-9]\d\d)(?: [^\r\n]*)?\r\n((?:[^\r\n]+\r\n)*)\r\n")
_HTTP2_SETTINGS = re.compile(rb"\0..\x04", re.DOTALL)


@dataclass(frozen=True)
class Answer:
    """A response, final or interim."""

    status: int
    headers: dict[str, str]
    body: bytes

    def seen(self) -> dict[str, Any]:
        """What the app says that it has seen; nothing if it was not the app that answered."""
        try:
            told = json.loads(self.body)
        except ValueError:
            return {}
        return told if isinstance(told, dict) else {}


@dataclass(frozen=True)
class Observation:
    """The answers before the canary, and what became of the canary and the connection.

    `end` is `open` when the canary was answered, `closed`, `silent` when the connection is there
    but nothing comes, `h2`, or the bytes that are no HTTP.
    """

    answers: tuple[Answer, ...]
    end: str

    @property
    def statuses(self) -> tuple[int, ...]:
        return tuple(answer.status for answer in self.answers)

    def __str__(self) -> str:
        return " ".join([*map(str, self.statuses), self.end])

    def is_one(self, outcome: Outcome) -> bool:
        if len(self.statuses) != len(outcome.statuses) or not outcome.begins(self.statuses):
            return False
        match outcome.end:
            case "close":
                return self.end == "closed" or (self.end == "silent" and bool(self.statuses))
            case "wait":
                return self.end == "silent"
            case None:
                return self.end in ("open", "closed", "silent")
            case end:
                return self.end == end


class Garbled(Exception):
    """What the server sent is no HTTP/1 response."""


class Conversation:
    """Sends a case and listens; used once."""

    def __init__(self, case: Case, address: tuple[str, int]) -> None:
        self._case = case
        self._socket = socket.create_connection(address, timeout=5)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if run_options():  # a run through TLS
            self._socket = wrapped(self._socket)
        self._received = b""
        self._ended = False
        self._answers: list[Answer] = []
        self._deadline = Deadline(WHOLE_CASE)

    def observe(self) -> Observation:
        with self._socket:
            try:
                self._send()
                self._listen()
                end = self._end()
            except Garbled:
                settings = _HTTP2_SETTINGS.match(self._received)
                end = "h2" if settings else f"no HTTP: {shown(self._received, 60)}"
        return Observation(tuple(self._answers), end)

    def _send(self) -> None:
        for piece in self._case.pieces:
            self._write(piece.data, self._case.split or len(piece.data) or 1)
            if piece.wait:
                self._next_answer(SILENCE)
        if self._case.shutdown:
            with suppress(OSError):
                self._socket.shutdown(socket.SHUT_WR)

    def _write(self, data: bytes, size: int) -> None:
        """A server that has refused already may not take the rest."""
        with suppress(OSError):
            for at in range(0, len(data), size):
                self._socket.sendall(data[at : at + size])

    def _listen(self) -> None:
        """Until as many answers are there as any outcome has that is still possible."""
        while True:
            statuses = tuple(answer.status for answer in self._answers)
            possible = [outcome for outcome in self._case.expect if outcome.begins(statuses)]
            if not any(len(outcome.statuses) > len(statuses) for outcome in possible) and statuses:
                return
            complete = any(
                len(outcome.statuses) == len(statuses) and (statuses or outcome.end != "close")
                for outcome in possible
            )
            if not self._next_answer(SILENCE if complete else PATIENCE):
                return

    def _end(self) -> str:
        """Whether a further request is answered. One that is read as part of the last is not."""
        if self._ended or self._case.shutdown or not self._answers:
            return self._closed_or_silent(0.0 if not self._answers else SILENCE)
        self._write(CANARY, len(CANARY))
        while self._next_answer(self._canary_patience()):
            seen = self._answers[-1].seen()
            if (seen.get("method"), seen.get("path")) == ("GET", CANARY_PATH):
                self._answers.pop()
                return "open"
        return self._closed_or_silent(0.0)

    def _canary_patience(self) -> float:
        """Short, since refused connections may linger; not where an answer is a must."""
        statuses = tuple(answer.status for answer in self._answers)
        ends = [each.end for each in self._case.expect if each.begins(statuses)]
        return PATIENCE if ends and all(end == "open" for end in ends) else CANARY_SILENCE

    def _closed_or_silent(self, within: float) -> str:
        while not self._ended and self._fill(within):
            self._received = b""
        return "closed" if self._ended else "silent"

    def _next_answer(self, within: float) -> bool:
        """Whether one has come, which is kept."""
        silence = Deadline(min(within, self._deadline.left))
        while True:
            without_body = self._case.head and all(each.status < 200 for each in self._answers)
            found = parse(self._received, self._ended, without_body=without_body)
            if found is not None:
                answer, length = found
                self._received = self._received[length:]
                self._answers.append(answer)
                return True
            if self._ended or not self._fill(silence.left):
                return False

    def _fill(self, within: float) -> bool:
        """Waits for bytes or the end; False when neither comes in time."""
        self._socket.settimeout(max(within, 0.001))
        try:
            data = self._socket.recv(65_536)
        except TimeoutError:
            return False
        except OSError:
            data = b""
        self._received += data
        self._ended = not data
        return True


def parse(data: bytes, ended: bool, *, without_body: bool) -> tuple[Answer, int] | None:
    """The first response in the bytes and its length, None when it is not complete."""
    found = _HEAD.match(data)
    if not found:
        if (b"\r\n\r\n" in data or not b"HTTP/1."[: len(data)] == data[:7]) and data:
            raise Garbled
        return None
    status = int(found[1])
    headers = _headers(found[2])
    bodiless = without_body or status < 200 or status in (204, 304)
    framed = (b"", 0) if bodiless else _body(data[found.end() :], headers, ended)
    if framed is None:
        return None
    body, length = framed
    return Answer(status, headers, body), found.end() + length


def _headers(block: bytes) -> dict[str, str]:
    """In lower case, values of one name joined."""
    headers: dict[str, str] = {}
    for line in block.decode("latin-1").split("\r\n")[:-1]:
        name, _, text = line.partition(":")
        name, text = name.lower(), text.strip(" \t")
        headers[name] = f"{headers[name]}, {text}" if name in headers else text
    return headers


def _body(data: bytes, headers: dict[str, str], ended: bool) -> tuple[bytes, int] | None:
    if headers.get("transfer-encoding", "").lower() == "chunked":
        return _chunks(data)
    if "content-length" in headers:
        length = int(headers["content-length"])
        return (data[:length], length) if len(data) >= length else None
    return (data, len(data)) if ended else None


def _chunks(data: bytes) -> tuple[bytes, int] | None:
    body, at = b"", 0
    while found := re.compile(rb"([0-9a-fA-F]+)\r\n").match(data, at):
        size = int(found[1], 16)
        at = found.end() + size + 2
        if len(data) < at:
            return None
        body += data[found.end() : found.end() + size]
        if size == 0:
            return body, at
    return None
