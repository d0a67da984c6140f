"""A worker process from its first message to its last: a real one, whose server is the test."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from conftest import APPS
from remote_server import RemoteServer
from spvn_bridge.remote import wire

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SOURCES = Path(wire.__file__).parents[2]
RUN = """
import socket, sys
sys.path.insert(0, sys.argv[1])
from spvn_bridge.remote import child
child.main(*(socket.socket(fileno=int(each)) for each in sys.argv[2:]), None)
"""
APP = """
async def app(scope, receive, send):
    await send({"type": "http.response.start", "status": 200})
    await send({"type": "http.response.body", "body": eval(scope["query_string"])})
"""


@pytest.fixture
def server() -> Iterator[RemoteServer]:
    made = RemoteServer()
    yield made
    made.close()


@pytest.fixture
def start(server: RemoteServer, tmp_path: Path) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    (tmp_path / "evaluates.py").write_text(APP)
    children: list[subprocess.Popen[str]] = []

    def begin(**changes: Any) -> subprocess.Popen[str]:
        ends = (server.childs_down, server.childs_up)
        numbers = [end.fileno() for end in ends]
        child = subprocess.Popen(  # noqa: S603
            [sys.executable, "-B", "-c", RUN, str(SOURCES), *map(str, numbers)],
            pass_fds=numbers,
            stderr=subprocess.PIPE,
            text=True,
        )
        for end in ends:
            end.close()
        children.append(child)
        server.tell((wire.SETTINGS, {**settings(tmp_path), **changes}))
        return child

    yield begin
    for child in children:
        child.kill()
        child.communicate()


def settings(directory: Path) -> dict[str, Any]:
    return {
        "target": "evaluates:app",
        "app_dir": str(directory),
        "interface": "auto",
        "factory": False,
        "lifespan": "auto",
        "startup_timeout": 5.0,
        "root_path": "",
        "argv": ["spvn"],
        "support": "",
        "worker": 0,
        "isolation": "process",
        "loop": "asyncio",
        "log_config": "",
        "log_json": False,
    }


def request(number: int, query: bytes) -> tuple[Any, ...]:
    scope = {
        "type": "http",
        "method": "GET",
        "path": "/",
        "query_string": query,
        "headers": [],
    }
    return (wire.REQUEST, number, scope, b"", False)


def said(server: RemoteServer, *kinds: int) -> list[Any]:
    """The next message of one of these kinds."""
    while (message := server.hear())[0] not in kinds:
        pass
    return message


def test_it_serves_until_it_is_told_to_stop(
    server: RemoteServer, start: Callable[..., subprocess.Popen[str]]
) -> None:
    child = start()
    said(server, wire.SERVING)
    server.tell(request(1, b"b'one'"), request(2, b"b'two'"))
    answers = [said(server, wire.ANSWERED) for _ in range(2)]
    assert answers == [[wire.ANSWERED, n, 200, b"", w] for n, w in ((1, b"one"), (2, b"two"))]
    assert server.begun == 2
    server.tell((wire.STOP, 5.0))
    assert server.all()[-1] == [wire.RESULT, "stopped", "", "", ""]
    assert child.wait(10) == 0


def test_an_app_that_raises_is_told_of_with_its_traceback(
    server: RemoteServer, start: Callable[..., subprocess.Popen[str]]
) -> None:
    start()
    said(server, wire.SERVING)
    server.tell(request(1, b"1 / 0"))
    kind, number, traceback = said(server, wire.ENDED)
    assert (kind, number) == (wire.ENDED, 1)
    assert traceback.endswith("ZeroDivisionError: division by zero\n")


def test_a_large_body_is_pulled_though_the_worker_has_stopped(
    server: RemoteServer, start: Callable[..., subprocess.Popen[str]]
) -> None:
    child = start()
    said(server, wire.SERVING)
    server.tell(request(1, b"b'x' * 200_000"))
    body = said(server, wire.LARGE)[2]
    said(server, wire.ENDED)
    server.tell((wire.STOP, 10.0))
    said(server, wire.DEAF)
    length = 0
    while length < 200_000:
        server.tell((wire.PULL, body))
        length += len(server.hear_piece()[1])
    assert said(server, wire.RESULT)[1] == "stopped"
    assert child.wait(10) == 0


@pytest.mark.parametrize("when", ["at its start", "while it serves"])
def test_it_ends_with_its_server(
    server: RemoteServer, start: Callable[..., subprocess.Popen[str]], when: str
) -> None:
    child = start()
    if when == "while it serves":
        said(server, wire.SERVING)
    server.leave()
    assert child.wait(15) == 0
    assert child.stderr is not None
    assert child.stderr.read() == ""


def test_a_signal_asks_for_the_end(
    server: RemoteServer, start: Callable[..., subprocess.Popen[str]]
) -> None:
    child = start()
    said(server, wire.SERVING)
    child.send_signal(signal.SIGTERM)
    assert said(server, wire.LEAVING) == [wire.LEAVING, "SIGTERM"]
    server.tell((wire.STOP, 5.0))
    assert said(server, wire.RESULT)[1] == "stopped"


@pytest.mark.parametrize(
    ("changes", "outcome", "words"),
    [
        ({"target": "missing_module:app"}, "import", "missing_module"),
        ({"target": "raises:app", "app_dir": str(APPS)}, "import", "cannot import 'raises'"),
    ],
)
def test_an_app_that_cannot_be_imported_is_the_result(
    server: RemoteServer,
    start: Callable[..., subprocess.Popen[str]],
    changes: dict[str, Any],
    outcome: str,
    words: str,
) -> None:
    start(**changes)
    result = said(server, wire.RESULT)
    assert result[1] == outcome
    assert words in result[2]
