"""Real apps with default options: the same answers as under uvicorn, and no more complaints."""

from __future__ import annotations

import re
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from beside_uvicorn.cases import CASES, Case
from beside_uvicorn.sink import Sink
from beside_uvicorn.talk import Said, Talk
from harness.command import Command
from harness.server import Server

pytestmark = pytest.mark.own

OPTIONS = "--app-dir {app_dir} --host {host} --port {port}"
SEVERAL = ("--workers", "2")
UVICORN = f"{sys.executable} -B -m uvicorn {{target}} {OPTIONS}"

# The last line of a traceback, and what Python says on standard error by itself.
COMPLAINT = re.compile(
    r"^[\s|]*(?:\w+\.)*\w*(?:Error|Exception|Warning|Interrupt)\b.*$"
    r"|^.*(?:Exception ignored|was never (?:awaited|retrieved)|was destroyed|Warning:).*$",
    re.MULTILINE,
)


def cases() -> list[Any]:
    """Heavy apps are there where their packages are, which is not in ./check."""
    found = []
    for name, case in CASES.items():
        missing = [needed for needed in case.needs if not importable(needed)]
        if case.heavy and missing:
            continue
        skipped = pytest.mark.skipif(bool(missing), reason=f"needs {', '.join(missing)}")
        found.append(pytest.param(case, (), id=name, marks=skipped))
        if case.several:
            found.append(pytest.param(case, SEVERAL, id=f"{name}-workers", marks=skipped))
    return found


def importable(name: str) -> bool:
    try:
        return find_spec(name) is not None
    except ModuleNotFoundError:
        return False


@contextmanager
def served(command: Command, case: Case, folder: Path, *options: str) -> Iterator[Talk]:
    """Ends the server as a user does; what it says at its end is in its log, too."""
    folder.mkdir()
    target = case.spvn_target if command.own else case.uvicorn_target
    with (
        Sink() as sink,
        Server(command, target, *options, env=case.environment(folder, sink), cwd=folder) as server,
        Talk(server, sink, case.masks) as talk,
    ):
        yield talk
        assert server.alive, f"the server has ended\n{server.tail()}"
        code = server.stop()
        assert code in ((0,) if command.own else (0, -signal.SIGTERM)), server.tail()
        if command.own:
            server.check_clean()


def complaints(log: str) -> set[str]:
    return {line.strip(" |") for line in COMPLAINT.findall(log)}


@pytest.mark.in_clear("answers are compared with those of a server without TLS")
@pytest.mark.parametrize(("case", "options"), cases())
def test_same_answers_as_under_uvicorn(
    case: Case, options: tuple[str, ...], tmp_path: Path
) -> None:
    with served(Command(UVICORN), case, tmp_path / "uvicorn") as beside:
        case.talk(beside)
    with served(Command(), case, tmp_path / "spvn", *options) as ours:
        case.talk(ours)
    assert answers(ours) == answers(beside)
    assert sorted(ours.sink.events) == sorted(beside.sink.events)
    theirs = beside.server.stderr.text + beside.server.stdout.text
    more = complaints(ours.server.log) - complaints(theirs)
    assert not more, ours.server.tail()


def answers(talk: Talk) -> list[Said]:
    assert talk.said, "nothing was asked"
    return talk.said
