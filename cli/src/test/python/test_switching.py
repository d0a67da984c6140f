"""Command lines of uvicorn, gunicorn and granian, with only the name of the program changed.

Those that need no server are read by `SwitchingTest` in Java, from the same table, which shows as
well that others mean what one means that is served here.
"""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from pathlib import Path

import pytest

from harness.command import JAVA_OPTIONS, Command, dying_with_us, free_port
from harness.server import Server

pytestmark = pytest.mark.own

FILES = {"/static": "assets/static", "/media": "assets/media", "/docs": "generated/docs"}
TABLE = Path(__file__).with_name("switching.txt")
PORT = re.compile(r"(?<=--port )\d+|(?<=127\.0\.0\.1:)\d+")

MAIN = """\
import os

async def app(scope, receive, send):
    if scope["type"] == "lifespan":
        while True:
            message = await receive()
            await send({"type": message["type"] + ".complete"})
            if message["type"] == "lifespan.shutdown":
                return
    said = f"{os.environ.get('GREETING', 'served')} {scope['root_path']}".strip().encode()
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": said})

def create_app():
    return app
"""
# Each server answers one request: what is made ready for many of them would be most of its cost.
CHEAP = {JAVA_OPTIONS: "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"}

WSGI = """\
def app(environ, start_response):
    start_response("200 OK", [("content-length", "6")])
    return [b"served"]
"""


@dataclass(frozen=True)
class Case:
    how: str
    where: str
    line: str

    @property
    def program(self) -> str:
        return self.line.split(" ", 1)[0]


@dataclass(frozen=True)
class Switched(Command):
    """What is written behind the name of another server, behind `spvn serve`."""

    def line(self, target: str, app_dir: Path, bind: str, options: tuple[str, ...]) -> list[str]:
        return [*dying_with_us(), str(self.home / "spvn"), "serve", *options]


def cases(*kinds: str) -> list[Case]:
    rows = [
        Case(*(cell.strip() for cell in row.split(" | ", 2)))
        for row in TABLE.read_text().splitlines()
        if row and not row.startswith("#")
    ]
    return [case for case in rows if case.how in kinds]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A project as the documentation supposes it."""
    for name in ("src", *FILES.values()):
        (tmp_path / name).mkdir(parents=True)
    for name in FILES.values():
        (tmp_path / name / "index.html").write_text(name)
    (tmp_path / "main.py").write_text(MAIN)
    (tmp_path / "src" / "nested.py").write_text(MAIN)
    (tmp_path / "wsgi.py").write_text(WSGI)
    (tmp_path / "logging.json").write_text('{"version": 1, "disable_existing_loggers": false}')
    (tmp_path / ".env").write_text("export GREETING='hello' # from a file\n")
    return tmp_path


def body_and_head(server: Server, path: str = "/") -> tuple[bytes, bytes]:
    with server.connect() as client:
        client.send(b"GET " + path.encode() + b" HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n")
        head, _, body = client.read_to_end().partition(b"\r\n\r\n")
        return body, head.lower()


@pytest.mark.parametrize("case", cases("serve"), ids=lambda case: case.line)
def test_serves(command: Command, folder: Path, case: Case) -> None:
    words = shlex.split(PORT.sub(str(free_port()), case.line))[1:]
    bind = f"unix:{folder / 'uvicorn.sock'}" if "--uds" in words else "127.0.0.1:0"
    server = Server(
        Switched(home=command.home),
        "",
        *words,
        bind=bind,
        cwd=folder,
        env=CHEAP if fixed(words) else {**CHEAP, "SPVN_PORT": str(free_port())},
        plain=True,
    )
    with server:
        body, head = body_and_head(server)
        for route in (word for word in words if word in FILES):
            page = "/" if "--static-path-dir-to-file" in words else "/index.html"
            assert body_and_head(server, route + page)[0].decode() == FILES[route]
    assert head.startswith(b"http/1.1 200 ")
    greeted = "--env-file" in words or "--env" in words
    assert body.startswith(b"hello" if greeted else b"served")
    assert body.endswith(b"/api/v1") == ("--root-path" in words)
    assert (b"\r\nserver: " in head) == ("--no-server-header" not in words)
    assert (b"\r\ndate: " in head) == ("--no-date-header" not in words)
    assert (b"\r\nx-served: here" in head) == ("--header" in words)


def fixed(words: list[str]) -> bool:
    """Whether a command line says where to listen."""
    return any(word in words for word in ("--port", "--uds", "-b"))


def test_the_table_has_forty_of_documentations() -> None:
    told = [case for case in cases("serve", "same", "check") if case.where != "-"]
    assert len({case.line for case in told}) == len(told)
    asgi = ("asgi", "UvicornWorker")
    assert sum(case.program == "uvicorn" for case in told) >= 20
    workers = [case for case in told if case.program == "gunicorn"]
    assert sum(any(kind in case.line for kind in asgi) for case in workers) >= 10
    assert sum(case.program == "granian" for case in told) >= 10


@pytest.mark.parametrize("kind", ["main", "process"])
def test_variables_are_the_apps_in_every_kind_of_worker(
    command: Command, folder: Path, kind: str
) -> None:
    """`--env` counts more than what is there, and that more than `--env-file`."""
    (folder / "more.env").write_text('GREETING=file\nPLACE="here ${GREETING}"\n')
    (folder / "told.py").write_text(
        MAIN.replace(
            "os.environ.get('GREETING', 'served')",
            "[os.environ.get(name) for name in ('GREETING', 'PLACE', 'OTHER')]",
        )
    )
    server = Server(
        Switched(home=command.home),
        "",
        *("told:app", "--isolation", kind, "--bind", "127.0.0.1:0"),
        *("--env-file", "more.env", "--env", "OTHER=option"),
        cwd=folder,
        env={"GREETING": "outside", "OTHER": "outside"},
        plain=True,
    )
    with server:
        body, _ = body_and_head(server)
    assert body == b"['outside', 'here outside', 'option']"
