"""What an app may do with its interpreter, in each kind and on each loop; Python's own switches."""

from __future__ import annotations

import re
import signal
import sys
import time
from collections.abc import Iterator
from typing import Any

import pytest

from conftest import Serve
from harness.command import Command
from harness.server import Server
from harness.waiting import eventually

pytestmark = pytest.mark.own

TARGET = "interpreters:app"
SUB = ("--isolation", "subinterpreter")
SUBINTERPRETERS = pytest.mark.skipif(
    sys.version_info < (3, 13), reason="own-GIL interpreters need Python 3.13"
)
KINDS = pytest.mark.parametrize(
    ("target", "options"),
    [
        pytest.param(TARGET, (), id="main"),
        pytest.param("isolated:app", SUB, id="subinterpreter", marks=SUBINTERPRETERS),
    ],
)
MISSING_UVLOOP = 4


@pytest.fixture(scope="module")
def main(command: Command) -> Iterator[Server]:
    """With the default options."""
    with Server(command, TARGET) as server:
        yield server


def ask(server: Server, path: str) -> Any:
    with server.connect() as connection:
        response = connection.ask(path)
        assert response.status == 200, server.tail(2000)
        return response.json()


def warnings_in(log: str) -> list[str]:
    return re.findall(r"^\S+ \S+ (?:WARN|ERROR) +(.*)$", log, re.MULTILINE)


@pytest.mark.core
def test_one_worker_is_the_main_interpreter(main: Server) -> None:
    assert ": 1 worker, main, Python " in main.start_line


@pytest.mark.core
def test_app_is_imported_once(main: Server) -> None:
    assert main.stdout.text.count("importing interpreters") == 1


@pytest.mark.core
def test_app_may_run_a_loop_while_it_is_imported(main: Server) -> None:
    assert ask(main, "/switches")["loop at import"] == "asyncio"


@pytest.mark.core
@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/daemon-thread", "started"),
        ("/pool", 1024),
        ("/preexec", 0),
    ],
)
def test_app_may_do_what_it_may_elsewhere(main: Server, path: str, expected: object) -> None:
    assert ask(main, path) == expected


def test_import_while_serving(main: Server) -> None:
    assert ask(main, "/lazy-import") == "pydantic_core"


@pytest.mark.core
def test_signals_that_the_server_does_not_need_are_the_apps(serve: Serve) -> None:
    server = serve(TARGET)
    server.signal(signal.SIGUSR1)
    eventually(lambda: ask(server, "/switches")["signals"], what="the handler of SIGUSR1")
    (came,) = ask(server, "/switches")["signals"]
    assert came.startswith("SIGUSR1 on ")
    assert ask(server, "/loop-signal") == ["True", came]
    assert warnings_in(server.log) == [
        "the app's handler of SIGTERM is not used: the server handles this signal; "
        "to act at a stop, use the app's lifespan"
    ]
    assert server.stop(within=10) == 0  # though the app ignores SIGTERM


@SUBINTERPRETERS
def test_sub_interpreter_has_daemon_threads_but_no_signals(serve: Serve) -> None:
    server = serve("isolated:app", *SUB)
    with server.connect() as connection:
        assert connection.ask("/daemon-thread").body == b"ok"
    assert warnings_in(server.log) == [
        "the app's handler of SIGUSR1 is not used: signals do not reach a sub-interpreter; "
        "use --isolation process"
    ]
    began = time.monotonic()
    assert server.stop() == 0
    assert time.monotonic() - began < 5


@SUBINTERPRETERS
def test_import_refused_while_serving_is_one_line(serve: Serve) -> None:
    server = serve("isolated:app", *SUB)
    for _ in range(3):
        with server.connect() as connection:
            assert connection.ask("/lazy-import").status == 500
    lines = [line for line in warnings_in(server.log) if "--isolation process" in line]
    assert lines[1:] == [
        "pydantic_core._pydantic_core does not support sub-interpreters, and the app needs it: "
        "use --isolation process"
    ]


@KINDS
@pytest.mark.parametrize(
    "switches",
    [
        {"PYTHONWARNINGS": "error"},
        {"PYTHONWARNINGS": "error::DeprecationWarning", "PYTHONTRACEMALLOC": "5"},
        {"PYTHONDEVMODE": "1"},
        {"PYTHONFAULTHANDLER": "1"},
        {"PYTHONASYNCIODEBUG": "1", "PYTHONMALLOC": "debug"},
    ],
    ids=lambda switches: "-".join(switches),
)
def test_switches_of_python(
    serve: Serve, target: str, options: tuple[str, ...], switches: dict[str, str]
) -> None:
    server = serve(target, *options, env=switches)
    if target == TARGET:
        found = ask(server, "/switches")
        assert found["PYTHONWARNINGS"] == switches.get("PYTHONWARNINGS")
        if "PYTHONWARNINGS" in switches:
            assert found["warnings"] == [switches["PYTHONWARNINGS"]]
            assert found["first filter"] in ("error", "ignore")
        assert found["tracing"] == ("PYTHONTRACEMALLOC" in switches)
        assert found["dev mode"] == ("PYTHONDEVMODE" in switches)
        assert found["debug"] == ("PYTHONDEVMODE" in switches or "PYTHONASYNCIODEBUG" in switches)
        assert not found["faulthandler"]
    else:
        with server.connect() as connection:
            assert connection.ask("/").body == b"ok"
    told = server.log.count("faulthandler stays off")
    assert told == ("PYTHONFAULTHANDLER" in switches or "PYTHONDEVMODE" in switches)
    assert "Warning" not in server.log


def test_faulthandler_that_the_app_turns_on_is_told_once(main: Server) -> None:
    assert main.log.count("faulthandler.enable() of the app has no effect") == 1
    assert not ask(main, "/switches")["faulthandler"]


@pytest.mark.core
@pytest.mark.kinds("main", "process")
@pytest.mark.parametrize("path", ["/daemon-thread", "/daemon-pool", "/child"])
def test_what_nobody_waits_for_holds_no_stop_up(serve: Serve, path: str) -> None:
    server = serve(TARGET)
    assert ask(server, path) == "started"
    server.signal(signal.SIGTERM)
    assert server.process.wait(5) == 0
    server.kill()  # the child, which is in the server's group


@pytest.mark.core
def test_thread_that_does_not_end_holds_a_stop_up_for_the_graceful_timeout(serve: Serve) -> None:
    server = serve(TARGET, "--graceful-timeout", "2s")
    assert ask(server, "/thread") == "started"
    began = time.monotonic()
    server.stop()
    assert 1.5 < time.monotonic() - began < 10
    assert "still alive at the end: threads of the app: " in server.log


class TestLoops:
    def test_asyncio(self, serve: Serve) -> None:
        server = serve(TARGET, "--loop", "asyncio")
        assert ask(server, "/switches")["loop"] == "asyncio"

    def test_uvloop(self, serve: Serve) -> None:
        pytest.importorskip("uvloop")
        server = serve(TARGET, env={"SPVN_LOOP": "uvloop"})
        assert ask(server, "/switches")["loop"] == "uvloop"

    def test_default_is_uvloop_where_it_is(self, serve: Serve) -> None:
        pytest.importorskip("uvloop")
        assert ask(serve(TARGET), "/switches")["loop"] == "uvloop"

    @SUBINTERPRETERS
    def test_sub_interpreter_has_asyncio(self, serve: Serve) -> None:
        server = serve("isolated:app", *SUB)
        assert ", subinterpreter, " in server.start_line

    def test_uvloop_that_is_missing_is_told(self, command: Command, tmp_path: Any) -> None:
        (tmp_path / "uvloop.py").write_text("raise ImportError('no uvloop here')")
        server = Server(command, TARGET, "--loop", "uvloop", env={"PYTHONPATH": str(tmp_path)})
        server.launch()
        assert server.wait_exit(30) == MISSING_UVLOOP
        assert "--loop uvloop: ImportError: no uvloop here; install uvloop for " in server.log
        server.check_clean()
