"""Which kind of worker `--isolation auto` takes, why, and what follows when that was wrong."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from conftest import Serve
from harness.command import APPS
from harness.server import Server
from harness.waiting import eventually

pytestmark = pytest.mark.own

TWO = ("--workers", "2")
LATE = "late_import:app"
OWN_GIL = pytest.mark.skipif(
    sys.version_info < (3, 13), reason="own-GIL interpreters need Python 3.13"
)


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """An environment without a single extension module."""
    folder = tmp_path_factory.mktemp("bare")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    return {
        "SPVN_PYTHON": str(folder / "bin" / "python"),
        "ELSEWHERE": sysconfig.get_path("platlib"),
    }


def choices(server: Server) -> list[str]:
    """What the log says of kinds that were chosen."""
    return re.findall(r" INFO +(\d+ \w+ workers?: .*)$", server.log, re.MULTILINE)


def pid(server: Server, path: str = "/") -> int:
    with server.connect() as connection:
        response = connection.ask(path)
        assert response.status == 200, server.tail(2000)
        return int(response.body)


def test_one_worker_says_nothing_of_its_kind(serve: Serve) -> None:
    server = serve(LATE)
    assert ": 1 worker, main, Python " in server.start_line
    assert choices(server) == []


@OWN_GIL
def test_environment_with_a_module_that_refuses_gets_processes(serve: Serve) -> None:
    pytest.importorskip("pydantic_core")
    server = serve(LATE, *TWO)
    assert ": 2 workers, process, Python " in server.start_line
    (choice,) = choices(server)
    assert re.fullmatch(r"2 process workers: \S+ does not support sub-interpreters", choice)
    assert pid(server) != server.process.pid
    assert "importing the app in a process that is thrown away" not in server.log


def test_fastapi_has_as_many_workers_as_were_asked_for(serve: Serve) -> None:
    pytest.importorskip("fastapi")
    server = serve("frameworks.fastapi_app:app", *TWO)
    assert ": 2 workers, process, Python " in server.start_line
    with server.connect() as connection:
        assert connection.ask("/openapi.json").status == 200


@pytest.mark.core
@pytest.mark.skipif(sys.version_info >= (3, 13), reason="this Python has own-GIL interpreters")
def test_older_python_gets_processes(serve: Serve) -> None:
    server = serve(LATE, *TWO)
    assert ": 2 workers, process, Python " in server.start_line
    (choice,) = choices(server)
    assert choice.startswith("2 process workers: sub-interpreters need Python 3.13 or newer, this")


@OWN_GIL
def test_environment_without_such_a_module_gets_sub_interpreters(
    serve: Serve, bare: dict[str, str]
) -> None:
    first = serve(LATE, *TWO, env=bare)
    assert ": 2 workers, subinterpreter, Python " in first.start_line
    assert choices(first) == [
        "2 subinterpreter workers: the app supports sub-interpreters, "
        "and its environment has no extension modules"
    ]
    assert first.stdout.text.count("importing late_import") == 2  # once a worker, no trial


@OWN_GIL
def test_trial_is_kept_until_the_app_changes(
    serve: Serve, bare: dict[str, str], tmp_path: Path
) -> None:
    app = tmp_path / "changing.py"
    app.write_text((APPS / "late_import.py").read_text())
    env = {**bare, "PYTHONPATH": str(APPS)}
    trial = "importing the app in a process that is thrown away"
    for tried in (1, 0):
        server = serve("changing:app", *TWO, env=env, app_dir=tmp_path)
        assert server.log.count(trial) == tried
        assert server.stop() == 0
    app.write_text(app.read_text() + "\n# changed\n")
    assert serve("changing:app", *TWO, env=env, app_dir=tmp_path).log.count(trial) == 1


@OWN_GIL
def test_app_that_does_not_import_in_a_sub_interpreter_gets_processes(
    serve: Serve, bare: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "forking.py").write_text(
        "import os\nif os.fork() == 0: os._exit(0)\nos.wait()\nfrom late_import import app\n"
    )
    env = {**bare, "PYTHONPATH": str(APPS)}
    server = serve("forking:app", *TWO, env=env, app_dir=tmp_path)
    assert ": 2 workers, process, Python " in server.start_line
    assert choices(server) == [
        "2 process workers: forking forks, which a sub-interpreter does not allow"
    ]


@OWN_GIL
def test_refusal_while_serving_brings_processes_in(serve: Serve, bare: dict[str, str]) -> None:
    pytest.importorskip("pydantic_core")
    server = serve(LATE, *TWO, env=bare)
    before = pid(server)
    with server.connect() as connection:
        assert connection.ask("/pydantic_core").status == 500
    eventually(lambda: "all workers are replaced" in server.log, what="the end of the roll")
    assert choices(server)[1:] == [
        "2 process workers: pydantic_core._pydantic_core does not support sub-interpreters"
    ]
    told = (
        "pydantic_core._pydantic_core does not support sub-interpreters, "
        "and the app needs it: process workers follow"
    )
    assert server.log.count(told) == 1
    after = {pid(server, "/pydantic_core") for _ in range(20)}
    assert before not in after
    assert all(Path(f"/proc/{number}").exists() for number in after)
    assert server.stop() == 0


@OWN_GIL
def test_refusal_while_serving_of_what_was_asked_for_is_told(
    serve: Serve, bare: dict[str, str]
) -> None:
    pytest.importorskip("pydantic_core")
    server = serve(LATE, *TWO, "--isolation", "subinterpreter", env=bare)
    before = pid(server)
    with server.connect() as connection:
        assert connection.ask("/pydantic_core").status == 500
    eventually(lambda: "and the app needs it: use --isolation process" in server.log, what="a line")
    assert pid(server) == before
    assert os.path.exists(f"/proc/{before}")
