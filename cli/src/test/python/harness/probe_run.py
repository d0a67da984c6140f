"""Runs probes against a server and judges what came back."""

from __future__ import annotations

import re
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from harness.probe_cases import Case
from harness.probe_talk import Answer, Conversation, Observation

AT_ONCE = 24


@dataclass(frozen=True)
class Verdict:
    """A case, what was got, and what is wrong with it: nothing, when the case has passed."""

    case: Case
    got: str
    wrong: str

    @property
    def passed(self) -> bool:
        return not self.wrong


def run(cases: Iterable[Case], address: tuple[str, int]) -> list[Verdict]:
    """All cases, many at a time, each on a connection of its own; in their order."""
    with ThreadPoolExecutor(AT_ONCE) as probes:
        return list(probes.map(lambda case: _verdict(case, address), cases))


def judge(case: Case, got: Observation) -> str:
    """What is wrong; nothing, when it is one of the outcomes that the case allows."""
    if not any(got.is_one(outcome) for outcome in case.expect):
        return f"got {got}"
    finals = [answer for answer in got.answers if answer.status >= 200]
    wrong = _fields(case.answer, finals[0].headers, "answered") if case.answer and finals else []
    for wanted, answer in zip(case.seen, finals, strict=False):
        if answer.status == 200:
            wrong += _seen(wanted, answer)
    return "; ".join(wrong)


def _verdict(case: Case, address: tuple[str, int]) -> Verdict:
    try:
        got = Conversation(case, address).observe()
    except OSError as refused:
        return Verdict(case, "nothing", f"no connection: {refused}")
    return Verdict(case, str(got), judge(case, got))


def _seen(wanted: dict[str, Any], answer: Answer) -> list[str]:
    told = answer.seen()
    plain = [
        f"the app saw {name} {told.get(name)!r}, not {value!r}"
        for name, value in wanted.items()
        if name != "headers" and told.get(name) != value
    ]
    return plain + _same(wanted.get("headers", {}), _joined(told.get("headers", [])))


def _joined(pairs: list[list[str]]) -> dict[str, str]:
    names = {name for name, _ in pairs}
    return {each: ", ".join(text for name, text in pairs if name == each) for each in names}


def _same(wanted: dict[str, str], headers: dict[str, str]) -> list[str]:
    return [
        f"the app saw {name}: {headers.get(name, '')!r}, not {text!r}"
        for name, text in wanted.items()
        if headers.get(name, "") != text
    ]


def _fields(wanted: dict[str, str], headers: dict[str, str], verb: str) -> list[str]:
    return [
        f"{verb} with {name}: {headers.get(name, '')!r}, not {pattern!r}"
        for name, pattern in wanted.items()
        if not re.fullmatch(pattern, headers.get(name, "").lower())
    ]
