"""The log of the server and what the app says: as text, as JSON, in a file, configured by one."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from conftest import Serve
from harness.admin import ANY_PORT
from harness.command import APPS, Command, free_port
from harness.kinds import KINDS, kinds_tried
from harness.server import Server
from harness.waiting import eventually
from harness.wire import Connection

pytestmark = pytest.mark.own

LINES = 50


def objects(text: str) -> list[dict[str, Any]]:
    """Whole lines, each of which must be an object."""
    return [json.loads(line) for line in text.rpartition("\n")[0].splitlines()]


@pytest.fixture(scope="module", params=kinds_tried(*KINDS))
def as_json(request: pytest.FixtureRequest, command: Command) -> Iterator[Server]:
    options = ("--isolation", request.param, "--log-format", "json", "--request-id")
    with Server(command, "talks:app", *options) as server:
        yield server
    told = objects(server.stderr.text)
    assert all({"time", "level", "logger", "message"} <= set(line) for line in told), told
    assert any(line["message"].startswith("SIGTERM: stopping") for line in told)


def said(server: Server, path: str, logger: str, *headers: str) -> dict[str, Any]:
    """The one object of a logger that a request gives rise to."""
    mark = len(server.stderr.text)
    with server.connect() as connection:
        connection.ask(path, *headers)

    def found() -> list[dict[str, Any]]:
        return [line for line in objects(server.stderr.text[mark:]) if line.get("logger") == logger]

    (line,) = eventually(found, what=f"a record of {logger}")
    del line["time"]
    return line


def test_logging(as_json: Server) -> None:
    assert said(as_json, "/logs", "shop.cart") == {
        "level": "WARNING",
        "logger": "shop.cart",
        "message": "cart 7\nis full",
    }


def test_logged_exception(as_json: Server) -> None:
    line = said(as_json, "/logs-exception", "shop.cart")
    assert (line["level"], line["message"]) == ("ERROR", "failed")
    assert line["exception"].startswith("Traceback (most recent call last):\n")
    assert line["exception"].endswith("\nValueError: no cart")


def test_warning(as_json: Server) -> None:
    line = said(as_json, "/warns", "stderr")
    assert line["level"] == "WARNING"
    assert "UserWarning: old way" in line["message"]


def test_printed_traceback(as_json: Server) -> None:
    line = said(as_json, "/prints-exception", "stderr")
    assert line["message"].endswith("\nValueError: no cart")


def test_failed_request(as_json: Server) -> None:
    line = said(as_json, "/fails?x", "spvn.app", "X-Request-ID: r-1")
    assert line["exception"].endswith("\nValueError: no cart")
    assert (line["method"], line["path"], line["request_id"]) == ("GET", "/fails", "r-1")
    assert (line["level"], line["message"]) == ("ERROR", "exception in the app, GET /fails [r-1]")


def test_prints_in_order(as_json: Server) -> None:
    with as_json.connect() as connection:
        connection.ask("/prints")
    eventually(lambda: len(objects(as_json.stdout.text)) == LINES, what="all lines")
    told = objects(as_json.stdout.text)
    assert [line["message"] for line in told] == [f"printed {n}" for n in range(LINES)]
    assert {(line["logger"], line["level"]) for line in told} == {("stdout", "INFO")}


@pytest.mark.parametrize("isolation", kinds_tried(*KINDS))
def test_what_has_no_end_of_line_is_written_when_its_thread_or_worker_ends(
    serve: Serve, isolation: str
) -> None:
    server = serve("talks:app", "--isolation", isolation, "--log-format", "json")
    with server.connect() as connection:
        connection.ask("/begins")
    eventually(lambda: objects(server.stdout.text), what="the text of the thread that has ended")
    assert server.stop() == 0
    told = [line["message"] for line in objects(server.stdout.text)]
    assert told == ["begun on a thread", "begun here"]


@pytest.mark.parametrize("isolation", kinds_tried(*KINDS))
def test_text_of_an_app_without_configuration(serve: Serve, isolation: str) -> None:
    """As under uvicorn: warnings and worse are text on standard error, once; print is whole."""
    server = serve("talks:app", "--isolation", isolation)
    with server.connect() as connection:
        for path in ("/logs", "/logs-exception", "/prints"):
            connection.ask(path)
    server.wait_log("cart 7\nis full\n")
    server.wait_log("failed\nTraceback (most recent call last):\n")
    assert server.log.count("cart 7") == 1
    assert "not shown" not in server.log
    assert server.stop() == 0
    assert server.stdout.text == "".join(f"printed {number}\n" for number in range(LINES))


def test_failed_start_as_json(command: Command) -> None:
    server = Server(command, "no_such_module:app", "--log-format", "json")
    server.launch()
    assert server.wait_exit() == 3
    last = objects(server.stderr.text)[-1]
    assert last["level"] == "ERROR"
    assert last["message"].startswith("there is no module 'no_such_module'")


def test_log_file_is_opened_anew_on_sigusr1(command: Command, tmp_path: Path) -> None:
    file, old = tmp_path / "log", tmp_path / "log.1"
    port = free_port()
    options = ("--log-file", str(file))
    server = Server(command, "talks:app", *options, bind=f"127.0.0.1:{port}", plain=True)
    server.launch()
    try:
        eventually(lambda: "spvn 0" in _text(file), within=60, what="the start")
        file.rename(old)
        server.signal(signal.SIGUSR1)
        eventually(lambda: "opened anew" in _text(file), what="the new file")
        with Connection(("127.0.0.1", port)) as connection:
            connection.ask("/logs")
            connection.ask("/fails")
        eventually(lambda: "ValueError: no cart" in _text(file), what="the failure")
        assert server.stop() == 0
        assert "stopped" in _text(file)
        assert "\x1b" not in _text(file) + _text(old)
        assert server.stderr.text == "cart 7\nis full\n"  # that is the app's
    finally:
        server.kill()


def _text(file: Path) -> str:
    with suppress(FileNotFoundError):
        return file.read_text()
    return ""


@pytest.mark.parametrize(
    ("env", "options", "colored"),
    [({}, (), True), ({"NO_COLOR": "1"}, (), False), ({}, ("--no-use-colors",), False)],
    ids=["terminal", "no-color", "option"],
)
def test_colors_on_a_terminal(
    command: Command, env: dict[str, str], options: tuple[str, ...], colored: bool
) -> None:
    parent, child = pty.openpty()
    line = command.line("no_such_module:app", APPS, "127.0.0.1:0", (*ANY_PORT, *options))
    process = subprocess.Popen(
        [*line, "-v"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=child,
        env={**command.environment(env), "TERM": "xterm"},
        start_new_session=True,
    )
    os.close(child)
    seen = b""
    with suppress(OSError):
        while data := os.read(parent, 4096):
            seen += data
    os.close(parent)
    assert process.wait(20) == 3
    assert (b"\x1b[3" in seen) is colored, seen


CONFIG: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"short": {"format": "<%(levelname)s> %(message)s"}},
    "handlers": {
        "err": {
            "class": "logging.StreamHandler",
            "formatter": "short",
            "stream": "ext://sys.stderr",
        }
    },
    "root": {"handlers": ["err"], "level": "INFO"},
}
INI = """[loggers]
keys=root
[handlers]
keys=err
[formatters]
keys=short
[logger_root]
level=INFO
handlers=err
[handler_err]
class=StreamHandler
formatter=short
args=(sys.stderr,)
[formatter_short]
format=<%(levelname)s> %(message)s
"""


@pytest.mark.parametrize(
    ("isolation", "name", "text"),
    [
        *((kind, "log.json", json.dumps(CONFIG)) for kind in kinds_tried("subinterpreter")),
        ("main", "log.ini", INI),
        ("preload", "log.json", json.dumps(CONFIG)),
    ],
)
def test_log_config(serve: Serve, tmp_path: Path, isolation: str, name: str, text: str) -> None:
    file = tmp_path / name
    file.write_text(text)
    kind = ("process", "--preload") if isolation == "preload" else (isolation,)
    server = serve("talks:app", "--isolation", *kind, "--log-config", str(file))
    with server.connect() as connection:
        connection.ask("/logs")
    server.wait_log("<INFO> not shown by an app that configures nothing\n<WARNING> cart 7\nis full")


def test_log_config_that_names_what_is_not_there(command: Command, tmp_path: Path) -> None:
    file = tmp_path / "log.json"
    formatters = {"short": {"()": "uvicorn_of_another_world.logging.DefaultFormatter"}}
    file.write_text(json.dumps({**CONFIG, "formatters": formatters}))
    server = Server(command, "talks:app", "--isolation", "main", "--log-config", str(file))
    server.launch()
    assert server.wait_exit() == 3
    assert f"spvn: --log-config {file}: it names something of 'uvicorn_of_another_world'" in (
        server.log
    )
    assert "Traceback" not in server.log


def test_log_config_of_a_path_that_is_not_there(command: Command) -> None:
    server = Server(command, "talks:app", "--log-config", "/none.json")
    server.launch()
    assert server.wait_exit() == 2
    assert server.log == "spvn: --log-config: there is no file /none.json to read\n"
