"""The cases of the hygiene probes: what is sent, what may come back, and who says so."""

from __future__ import annotations

from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import tomllib  # type: ignore[import-not-found]  # newer than the oldest Python of the apps

FILE = Path(__file__).resolve().parents[1] / "probes" / "cases.toml"

CATEGORIES = {
    "SMUG": "smuggling",
    "MAL": "malformed",
    "LIM": "limits",
    "COMP": "compliance",
    "NORM": "normalisation",
    "PIPE": "pipelining",
}
LEVELS = ("must", "should", "hardening")
ENDS = ("close", "open", "wait", "h2")


class BadCase(ValueError):
    """A case that cannot be meant as it is written."""


@dataclass(frozen=True)
class Outcome:
    """One acceptable outcome: final and interim statuses in order, then how the connection ends.

    A status may be a class, as 4xx. Of the ends, `close` alone means: ended without an answer.
    After an answer it means that nothing that follows is taken for a request. `open`: the next
    request is answered. `wait`: no answer, and the connection is still there. `h2`: the answer was
    HTTP/2. Without an end, any will do.
    """

    statuses: tuple[str, ...]
    end: str | None

    @classmethod
    def of(cls, text: str) -> Outcome:
        words = text.split()
        end = words.pop() if words and words[-1] in ENDS else None
        if any(len(word) != 3 or not word[0].isdigit() for word in words) or not text:
            raise BadCase(f"not an outcome: {text!r}")
        return cls(tuple(words), end)

    def begins(self, statuses: tuple[int, ...]) -> bool:
        """Whether these statuses are the first ones of this outcome."""
        pairs = zip(self.statuses, statuses, strict=False)
        return len(statuses) <= len(self.statuses) and all(_is(*pair) for pair in pairs)


@dataclass(frozen=True)
class Piece:
    """Bytes, and whether an answer is waited for before the next ones are sent."""

    data: bytes
    wait: bool = False


@dataclass(frozen=True)
class Case:
    """One connection's worth of bytes."""

    id: str
    section: str
    level: str
    why: str
    pieces: tuple[Piece, ...]
    expect: tuple[Outcome, ...]
    expect_text: str
    # What the app must have seen, for each answer of status 200; a header that it must not have
    # seen has the value "".
    seen: tuple[dict[str, Any], ...] = ()
    # What the first answer's headers must match, in lower case; "" for absent.
    answer: dict[str, str] = field(default_factory=dict)
    head: bool = False  # the first answer has no body, whatever it says
    shutdown: bool = False  # the sending side is shut down after the last byte
    split: int = 0  # bytes in each write, 0 for all at once

    @property
    def category(self) -> str:
        return CATEGORIES[self.id.partition("-")[0]]

    @property
    def sent(self) -> str:
        whole = b"".join(piece.data for piece in self.pieces)
        return shown(whole, 160)


def load(file: Path = FILE, only: str = "*") -> list[Case]:
    """All cases whose id matches the pattern; a file that contradicts itself is refused."""
    with file.open("rb") as stream:
        rows = tomllib.load(stream)["case"]
    cases = [_case(row) for row in rows]
    ids = [case.id for case in cases]
    repeated = {each for each in ids if ids.count(each) > 1}
    if repeated:
        raise BadCase(f"more than one case named {', '.join(sorted(repeated))}")
    return [case for case in cases if fnmatchcase(case.id, only)]


def shown(data: bytes, limit: int) -> str:
    text = repr(data[:limit])[2:-1]
    return text if len(data) <= limit else f"{text}... ({len(data)} bytes)"


def _case(row: dict[str, Any]) -> Case:
    known = {"id", "section", "level", "why", "send", "expect"}
    further = {"seen", "answer", "head", "shutdown", "split"}
    if not known <= row.keys() <= known | further:
        raise BadCase(f"{row.get('id')}: keys {sorted(row.keys() ^ known - further)}")
    if row["level"] not in LEVELS or row["id"].partition("-")[0] not in CATEGORIES:
        raise BadCase(f"{row['id']}: unknown level or category")
    if not row["expect"] or not row["why"].endswith("."):
        raise BadCase(f"{row['id']}: nothing is expected, or why is no sentence")
    rest = {key: row[key] for key in row.keys() & {"answer", "head", "shutdown", "split"}}
    seen = row.get("seen", [])
    return Case(
        id=row["id"],
        section=row["section"],
        level=row["level"],
        why=row["why"],
        pieces=_pieces(row["send"]),
        expect=tuple(Outcome.of(text) for text in row["expect"]),
        expect_text=" | ".join(row["expect"]),
        seen=tuple([seen] if isinstance(seen, dict) else seen),
        **rest,
    )


def _pieces(send: Any) -> tuple[Piece, ...]:
    """Text, or a list of texts, of `{ repeat, times }`, and of `"<answer>"`, which waits."""
    pieces = [b""]
    for part in [send] if isinstance(send, str) else send:
        if part == "<answer>":
            pieces.append(b"")
        elif isinstance(part, dict):
            pieces[-1] += part["repeat"].encode("latin-1") * part["times"]
        else:
            pieces[-1] += part.encode("latin-1")
    last = len(pieces) - 1
    return tuple(Piece(data, wait=at < last) for at, data in enumerate(pieces))


def _is(pattern: str, status: int) -> bool:
    return pattern == str(status) or (pattern[1:] == "xx" and pattern[0] == str(status)[0])
