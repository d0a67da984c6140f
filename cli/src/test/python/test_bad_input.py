"""Bad input on the command line and in the app: one clear line, the right exit code, no Java."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import pytest

from harness.command import Command
from harness.server import Server

pytestmark = pytest.mark.own

BAD_OPTION, BAD_APP, BAD_ENVIRONMENT = 2, 3, 4
LOG_LINE = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} ")


class Refuse(Protocol):
    """Starts a server that must refuse to start; its exit code and all that it wrote."""

    def __call__(self, target: str, *options: str, bind: str = ...) -> tuple[int, str]: ...


@pytest.fixture
def refuse(command: Command) -> Iterator[Refuse]:
    launched: list[Server] = []

    def start(target: str, *options: str, bind: str = "127.0.0.1:0") -> tuple[int, str]:
        server = Server(command, target, *options, bind=bind)
        launched.append(server)
        server.launch()
        code = server.wait_exit(30)
        server.check_clean()
        assert server.stdout.text == ""
        return code, server.log

    yield start
    for server in launched:
        server.kill()


def complaint(text: str) -> str:
    """The one line that is no log record."""
    lines = [line for line in text.splitlines() if line and not LOG_LINE.match(line)]
    assert len(lines) == 1, f"not one line:\n{text}"
    return lines[0]


@pytest.mark.parametrize(
    ("target", "named"),
    [
        ("no_such_module:app", "no_such_module"),
        ("conformance.no_such_part:app", "conformance.no_such_part"),
        ("conformance.main:no_such_app", "no_such_app"),
        ("conformance.main:app.inner", "inner"),
        ("broken.attributes", "app"),
        ("broken.attributes:number", "number"),
        ("broken.attributes:text", "text"),
        ("broken.attributes:nothing", "nothing"),
        ("no/such/file.py:app", "no/such/file.py"),
    ],
)
def test_app_not_found_or_not_callable(refuse: Refuse, target: str, named: str) -> None:
    code, text = refuse(target)
    assert code == BAD_APP
    assert named in complaint(text)


def frames(text: str) -> list[str]:
    return re.findall(r'File "([^"]+)"', text)


@pytest.mark.parametrize(
    ("target", "error", "files"),
    [
        ("broken.raises:app", "ValueError: no such database: tests.example", ["raises.py"] * 3),
        (
            "broken.imports_missing:app",
            "ModuleNotFoundError: No module named 'a_module_that_is_not_installed'",
            ["imports_missing.py"],
        ),
        (
            "broken.imports_broken:app",
            "ValueError: no such database: tests.example",
            ["imports_broken.py", "raises.py", "raises.py", "raises.py"],
        ),
    ],
)
def test_error_in_app_shows_frames_of_app(
    refuse: Refuse, target: str, error: str, files: list[str]
) -> None:
    code, text = refuse(target)
    assert code == BAD_APP
    assert error in text
    assert [Path(name).name for name in frames(text)][: len(files)] == files
    assert "importlib" not in text
    assert "spvn_bridge" not in text
    assert target.partition(":")[0] in text.splitlines()[-1]


def test_syntax_error_in_app(command: Command, tmp_path: Path) -> None:
    """Written here, since no tool that reads the sources could take such a file."""
    source = tmp_path / "half_written.py"
    source.write_text("import sys\n\napp = (1 +\n")
    server = Server(command, "half_written:app", app_dir=tmp_path)
    server.launch()
    assert server.wait_exit(30) == BAD_APP
    server.check_clean()
    assert f'File "{source}", line 3' in server.log
    assert "SyntaxError: " in server.log
    assert len(frames(server.log)) == 1
    assert "half_written" in server.log.splitlines()[-1]


def test_app_that_exits_at_import(refuse: Refuse) -> None:
    code, text = refuse("broken.exits:app")
    assert code == BAD_APP
    assert "the app gave up" in text


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("factory", "the factory has no material"),
        ("barren_factory", "barren_factory"),
        ("needy_factory", "needy_factory"),
    ],
)
def test_factory_that_fails(refuse: Refuse, name: str, said: str) -> None:
    code, text = refuse(f"broken.attributes:{name}", "--factory")
    assert code == BAD_APP
    assert said in text
    assert "spvn_bridge" not in text


def test_port_in_use(refuse: Refuse) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        bind = f"127.0.0.1:{taken.getsockname()[1]}"
        code, text = refuse("surroundings:app", bind=bind)
    assert code == BAD_ENVIRONMENT
    line = complaint(text)
    assert bind in line
    assert "in use" in line


@pytest.mark.parametrize(
    ("bind", "codes"),
    [
        ("nonsense", [BAD_OPTION]),
        ("127.0.0.1:99999", [BAD_OPTION]),
        ("127.0.0.1:-1", [BAD_OPTION]),
        ("127.0.0.1:http", [BAD_OPTION]),
        ("999.1.2.3:8000", [BAD_OPTION, BAD_ENVIRONMENT]),
        ("no-such-host.invalid:8000", [BAD_OPTION, BAD_ENVIRONMENT]),
        ("203.0.113.1:8000", [BAD_ENVIRONMENT]),
        ("unix:/no/such/folder/spvn.socket", [BAD_ENVIRONMENT]),
        ("unix:", [BAD_OPTION]),
    ],
)
def test_bad_bind_address(refuse: Refuse, bind: str, codes: list[int]) -> None:
    code, text = refuse("surroundings:app", bind=bind)
    assert code in codes
    assert bind.removeprefix("unix:") in complaint(text)


@pytest.mark.parametrize(
    "options",
    [
        ["--no-such-option"],
        ["--workers", "0"],
        ["--workers", "many"],
        ["--isolation", "none"],
        ["--isolation", "main", "--workers", "2"],
        ["--interface", "cgi"],
        ["--lifespan", "maybe"],
        ["--startup-timeout", "soon"],
        ["another:app"],
    ],
    ids=lambda options: " ".join(options),
)
def test_bad_option(refuse: Refuse, options: list[str]) -> None:
    code, text = refuse("surroundings:app", *options)
    assert code == BAD_OPTION
    assert options[0].removeprefix("--") in complaint(text)


def test_app_dir_does_not_exist(command: Command, tmp_path: Path) -> None:
    missing = tmp_path / "missing"
    server = Server(command, "surroundings:app", app_dir=missing)
    server.launch()
    assert server.wait_exit(30) in (BAD_OPTION, BAD_APP)
    assert str(missing) in complaint(server.log)
    server.check_clean()


def test_fastapi_in_subinterpreter(refuse: Refuse) -> None:
    code, text = refuse("frameworks.fastapi_app:app", "--isolation", "subinterpreter")
    assert code == BAD_APP
    line = complaint(text)
    assert "pydantic_core" in line
    assert line.endswith("use --isolation process")
