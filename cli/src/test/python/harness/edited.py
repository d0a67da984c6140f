"""An app that is edited while it is served with --watch, and a client that wants its new code."""

from __future__ import annotations

import os
from pathlib import Path

from harness.waiting import Deadline
from harness.wire import Connection, Response

APP = '''\
"""Says which edit it is."""

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route


async def home(request: Request) -> PlainTextResponse:
    return PlainTextResponse("{edit:04}")


app = Starlette(routes=[Route("/", home)])
'''
BROKEN = "this is no Python: {edit:04}\n"


class EditedApp:
    """The file of the app. All edits have the same size, and may come within one second."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self._file = directory / "edited.py"
        self.write(0)

    def write(self, edit: int) -> None:
        """As an editor saves: another file takes its place."""
        self.save(APP.format(edit=edit))

    def break_it(self, edit: int) -> None:
        self.save(BROKEN.format(edit=edit))

    def save(self, text: str) -> None:
        beside = self._file.with_suffix(".tmp")
        beside.write_text(text)
        os.replace(beside, self._file)


def answered(connection: Connection, edit: int, within: float = 10.0) -> list[Response]:
    """Ask until the answer is that of an edit; all answers, in order."""
    deadline = Deadline(within)
    answers: list[Response] = []
    while not answers or answers[-1].body != b"%04d" % edit:
        assert not deadline.passed, f"edit {edit} is not served: {answers[-3:]}"
        answers.append(connection.ask("/"))
    return answers
