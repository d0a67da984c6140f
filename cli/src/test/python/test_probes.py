"""The HTTP/1.1 hygiene probes against the server: each must pass, whatever its level."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from harness.command import Command
from harness.probe_cases import CATEGORIES, LEVELS, Case, load
from harness.probe_run import Verdict, run
from harness.server import Server

CASES = load()

# What the conformance list asks for, and the cases that ask it.
ITEMS = {
    99: "SMUG-CL-TE-BOTH SMUG-CL-SAME SMUG-CL-DIFFERENT SMUG-CL-PLUS SMUG-CL-HEX "
    "SMUG-CL-SAME-LIST SMUG-TE-PREFIX SMUG-TE-CHUNKED-IDENTITY SMUG-TE-FOLDED SMUG-TE-VT "
    "SMUG-TE-FF SMUG-TE-NUL SMUG-TE-HTTP10",
    100: "SMUG-CHUNK-OVERFLOW-64 SMUG-CHUNK-MINUS SMUG-CHUNK-0X SMUG-CHUNK-UNDERSCORE "
    "SMUG-CHUNK-CR SMUG-CHUNK-LF SMUG-CHUNK-EXT-CR SMUG-CHUNK-NO-CRLF-AFTER-DATA "
    "SMUG-CHUNK-EXT-CTL SMUG-CHUNK-EXT-BARE-SEMICOLON",
    101: "MAL-HOST-MISSING MAL-HOST-TWICE MAL-HOST-EMPTY MAL-HOST-COMMA MAL-HOST-USERINFO "
    "MAL-FIELD-FOLDED MAL-FIELD-SPACE-COLON MAL-FIELD-NO-NAME MAL-FIELD-NUL MAL-FIELD-BEL",
    102: "LIM-URI LIM-VALUE LIM-HEAD LIM-FIELDS SMUG-TE-GZIP COMP-EXPECT-UNKNOWN "
    "MAL-LINE-VERSION-12 MAL-H2-PREFACE",
    103: "PIPE-UNREAD-LENGTH PIPE-UNREAD-CHUNKED PIPE-UNREAD-LATE PIPE-UNREAD-LARGE",
    104: "PIPE-TWO PIPE-MANY PIPE-SLOW-FIRST PIPE-CLOSE PIPE-CLOSE-UNREAD-BODY",
}


@pytest.fixture(scope="module")
def verdicts(command: Command, request: pytest.FixtureRequest) -> Iterator[dict[str, Verdict]]:
    """Of all cases that were asked for, since they are quick only when they run side by side."""
    asked = {item.callspec.id for item in request.session.items if hasattr(item, "callspec")}
    cases = [case for case in CASES if case.id in asked]
    with Server(command, "probe_app:app") as server, server.connect() as connection:
        assert connection.ask("/ready").status == 200
        address = server.address
        assert not isinstance(address, str)
        yield {verdict.case.id: verdict for verdict in run(cases, address)}
        assert server.alive, f"the probes ended the server\n{server.tail()}"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_probe(case: Case, verdicts: dict[str, Verdict]) -> None:
    verdict = verdicts[case.id]
    assert verdict.passed, (
        f"{verdict.wrong}; expected {case.expect_text}\n{case.section}: {case.why}\n{case.sent}"
    )


def test_every_category_and_level_has_cases() -> None:
    assert len(CASES) >= 180
    assert {case.category for case in CASES} == set(CATEGORIES.values())
    assert {case.level for case in CASES} == set(LEVELS)


def test_every_case_names_an_rfc() -> None:
    unnamed = [case.id for case in CASES if not re.fullmatch(r"RFC \d{4} [\d.]+", case.section)]
    assert not unnamed


@pytest.mark.parametrize("item", ITEMS)
def test_conformance_item_has_cases(item: int) -> None:
    missing = set(ITEMS[item].split()) - {case.id for case in CASES}
    assert not missing
