"""Workers that are processes: how they are started, and how they end with the server."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import Any

import pytest

from conftest import Serve
from harness.command import APPS, Command
from harness.server import Server
from harness.waiting import eventually
from harness.wire import request

pytestmark = pytest.mark.own

TARGET = "forked:app"
PROCESS = ("--isolation", "process")
PRELOAD = ("--preload", "--workers", "2")


def found(server: Server) -> Any:
    with server.connect() as connection:
        return connection.ask("/").json()


def tree(server: Server) -> list[int]:
    """The processes that the server has started, and those that they have."""
    found, waiting = list[int](), [server.process.pid]
    while waiting:
        tasks = Path(f"/proc/{waiting.pop()}/task").glob("*/children")
        children = [int(each) for task in tasks for each in task.read_text().split()]
        found += children
        waiting += children
    return found


def running(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(") ")[2][0]
    except OSError:
        return False
    return state not in "ZX"


def test_a_worker_is_a_child_of_a_python(serve: Serve) -> None:
    server = serve(TARGET, *PROCESS)
    seen = found(server)
    assert seen["pid"] != server.process.pid != seen["parent"]
    assert set(tree(server)) == {seen["parent"], seen["pid"]}
    assert seen["imported_by"] == seen["pid"]
    assert seen["first_path"] == [str(APPS)]


def test_a_worker_has_the_callers_environment(serve: Serve) -> None:
    """Not what Java needs for itself."""
    mine = {"LC_ALL": "C", "PYTHONWARNINGS": "ignore", "MINE": "caf\u00e9"}
    seen = found(serve(TARGET, *PROCESS, env=mine))["environment"]
    assert {name: seen.get(name) for name in mine} == mine
    assert "MALLOC_ARENA_MAX" not in seen


def test_all_ends_with_a_server_that_is_killed(serve: Serve, tmp_path: Path) -> None:
    server = serve(TARGET, *PROCESS, "--workers", "2", "--proc-dir", str(tmp_path))
    assert found(server)
    processes = tree(server)
    assert len(processes) == 3
    server.signal(signal.SIGKILL)
    eventually(lambda: not any(map(running, processes)), within=10, what="the end of workers")
    eventually(
        lambda: [each.name for each in tmp_path.iterdir()] == ["spvn.pid"],
        what="no socket in the directory",
    )


def test_all_ends_with_a_server_that_is_stopped(serve: Serve, tmp_path: Path) -> None:
    server = serve(TARGET, *PROCESS, "--workers", "2", "--proc-dir", str(tmp_path))
    processes = tree(server)
    assert server.stop() == 0
    eventually(lambda: not any(map(running, processes)), what="the end of workers")
    assert list(tmp_path.iterdir()) == []


def test_ctrl_c_ends_requests_well(serve: Serve) -> None:
    """A terminal sends it to all processes of the group."""
    server = serve(TARGET, *PROCESS)
    with server.connect() as connection:
        connection.send(request("/slow"))
        server.wait_log("the slow request is here")
        os.killpg(server.process.pid, signal.SIGINT)
        assert connection.read_response().status == 200
    assert server.wait_exit() == 0


def test_a_signal_to_all_processes_ends_requests_well(serve: Serve) -> None:
    """As systemd sends it to all that are in the unit's control group."""
    server = serve(TARGET, *PROCESS)
    with server.connect() as connection:
        connection.send(request("/slow"))
        server.wait_log("the slow request is here")
        for process in (*tree(server), server.process.pid):
            os.kill(process, signal.SIGTERM)
        assert connection.read_response().status == 200
    assert server.wait_exit() == 0


def test_preload_imports_the_app_once(serve: Serve) -> None:
    server = serve(TARGET, *PRELOAD)
    assert ": 2 workers, process, Python " in server.start_line
    seen = found(server)
    assert seen["imported_by"] == seen["parent"] != seen["pid"]
    assert seen["first_path"] == [str(APPS)]


def test_preload_of_an_app_that_cannot_be_imported(command: Command, tmp_path: Path) -> None:
    (tmp_path / "broken.py").write_text("1 / 0\n")
    server = Server(command, "broken:app", *PRELOAD, app_dir=tmp_path)
    server.launch()
    assert server.wait_exit() == 3
    assert "cannot import 'broken': ZeroDivisionError" in server.log
    assert 'broken.py", line 1' in server.log
    server.check_clean()
