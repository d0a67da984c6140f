"""What the probes found, for people (text, Markdown) and for programs (JSON)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from harness.probe_cases import CATEGORIES
from harness.probe_run import Verdict

Results = Mapping[str, Sequence[Verdict]]


def score(verdicts: Sequence[Verdict]) -> str:
    return f"{sum(verdict.passed for verdict in verdicts)}/{len(verdicts)}"


def text(verdicts: Sequence[Verdict], *, verbose: bool) -> str:
    """The score of each category, then each failure (or each case) in one line."""
    lines = [f"{category:14} {score(part)}" for category, part in _parts(verdicts)]
    lines.append(f"{'all':14} {score(verdicts)}")
    lines += [line(verdict) for verdict in verdicts if verbose or not verdict.passed]
    return "\n".join(lines)


def line(verdict: Verdict) -> str:
    case = verdict.case
    result = f"got {verdict.got}" if verdict.passed else verdict.wrong
    mark = "ok  " if verdict.passed else "FAIL"
    wanted = f"expected {case.expect_text}; {result}"
    return f"{mark} {case.id} [{case.level}, {case.section}] sent {case.sent}: {wanted}"


def markdown(results: Results) -> str:
    """One table, then each server's failures."""
    parts = {server: dict(_parts(verdicts)) for server, verdicts in results.items()}
    categories = [name for name in CATEGORIES.values() if any(name in p for p in parts.values())]
    head = ["server", *categories, "all", "failed: must", "should", "hardening"]
    rows = [head, ["---"] * len(head)]
    for server, verdicts in results.items():
        scores = [score(parts[server].get(name, [])) for name in categories]
        rows.append([server, *scores, score(verdicts), *_failed_by_level(verdicts)])
    table = "\n".join(f"| {' | '.join(row)} |" for row in rows)
    return "\n".join([table, "", *(_failures(*each) for each in results.items())])


def plain(results: Results) -> dict[str, Any]:
    return {
        server: [
            {
                "id": verdict.case.id,
                "category": verdict.case.category,
                "level": verdict.case.level,
                "section": verdict.case.section,
                "expected": verdict.case.expect_text,
                "got": verdict.got,
                "wrong": verdict.wrong,
            }
            for verdict in verdicts
        ]
        for server, verdicts in results.items()
    }


def _parts(verdicts: Sequence[Verdict]) -> list[tuple[str, list[Verdict]]]:
    parts = [
        (name, [v for v in verdicts if v.case.category == name]) for name in CATEGORIES.values()
    ]
    return [(name, part) for name, part in parts if part]


def _failed_by_level(verdicts: Sequence[Verdict]) -> list[str]:
    failed = [verdict.case.level for verdict in verdicts if not verdict.passed]
    return [str(failed.count(level)) for level in ("must", "should", "hardening")]


def _failures(server: str, verdicts: Sequence[Verdict]) -> str:
    failed = [verdict for verdict in verdicts if not verdict.passed]
    lines = [f"- {each.case.id} ({each.case.level}): {each.wrong}" for each in failed]
    return "\n".join([f"\n{server}: {len(failed)} failed", *lines])
