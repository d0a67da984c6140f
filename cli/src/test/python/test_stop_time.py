"""How long a stop takes at most, what it tells meanwhile, and how it ends."""

from __future__ import annotations

import signal
import subprocess
import time
from contextlib import ExitStack
from pathlib import Path

import pytest

from conftest import Serve
from harness.command import APPS, Command
from harness.server import Server
from harness.waiting import eventually
from harness.wire import request

pytestmark = [pytest.mark.own, pytest.mark.kinds("process")]

GRACEFUL = 2.0
# For the end of the process itself, on a machine that has other things to do.
MOMENT = 1.0

# What the app does, and the exit code: 1 when it was not served to the end of its lifespan.
MODES = {
    "request-waits": 0,
    "request-ignores": 0,
    "loop-blocks": 1,
    "shutdown-blocks": 1,
    "shutdown-waits": 0,
    "shutdown-ignores": 0,
    "thread": 0,
    "executor": 0,
    "atexit": 0,
}


@pytest.mark.parametrize("mode", MODES)
def test_graceful_timeout_is_the_whole_of_the_stop(serve: Serve, mode: str) -> None:
    server = serve("endings:app", "--graceful-timeout", f"{GRACEFUL:g}s", env={"MODE": mode})
    with ExitStack() as clients:
        if mode.startswith(("request", "loop")):
            clients.enter_context(server.connect()).send(request("/hold"))
            time.sleep(0.3)  # nothing can be asked of a loop that is blocked
        began = time.monotonic()
        code = server.stop()
        seconds = time.monotonic() - began
    assert code == MODES[mode]
    assert seconds <= GRACEFUL + 2 * MOMENT, server.tail()
    assert " stopped " in server.log.splitlines()[-1], "the log is whole"
    server.check_clean()


@pytest.mark.parametrize(
    ("mode", "waits_for"),
    [
        ("request-waits", r"1 connection, 1 request"),
        ("loop-blocks", r"1 connection, 1 request"),
        ("shutdown-waits", r"the app's lifespan\.shutdown"),
        ("thread", r"threads of the app: everlasting"),
        ("executor", r"threads of the app(: asyncio_0|'s executor)"),
        ("atexit", r"exit handlers of the app \(atexit\)"),
    ],
)
def test_stop_tells_what_it_waits_for(serve: Serve, mode: str, waits_for: str) -> None:
    server = serve("endings:app", "--graceful-timeout", "8s", env={"MODE": mode})
    with server.connect() as client:
        if mode.startswith(("request", "loop")):
            client.send(request("/hold"))
            time.sleep(0.3)  # nothing can be asked of a loop that is blocked
        server.signal(signal.SIGTERM)
        server.wait_line(rf"INFO +still stopping, for at most 3 s more: waiting for {waits_for}")
        assert "a second SIGTERM or SIGINT ends the server at once" in server.log
        began = time.monotonic()
        server.signal(signal.SIGTERM)
        assert server.wait_exit(5) == 1
        assert time.monotonic() - began < MOMENT
    assert "second signal (SIGTERM): ending at once" in server.log


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("stage", ["import", "startup"])
def test_signal_during_the_start_ends_it(
    command: Command, tmp_path: Path, number: signal.Signals, stage: str
) -> None:
    server = Server(
        command, "slow_start:app", env={"STAGE": stage, "REACHED": str(tmp_path / "reached")}
    )
    server.launch()
    try:
        eventually((tmp_path / "reached").exists, within=60, what="the start of the app")
        began = time.monotonic()
        server.signal(number)
        assert server.wait_exit(10) == 1
        assert time.monotonic() - began < MOMENT
    finally:
        server.kill()
    assert f"{number.name} during the start: ending at once" in server.log
    server.check_clean()


def test_end_of_the_terminal_ends_the_server(command: Command, isolation: str) -> None:
    """But for one whose workers can be replaced: that is what SIGHUP asks it for."""
    code, log = _lose_terminal(command, [])
    if isolation == "process":
        assert code == 0
        assert "SIGHUP: replacing all workers" in log
    else:
        assert code == 129
        assert "SIGHUP, the terminal has gone: ending at once" in log


def test_nohup_outlives_the_terminal(command: Command) -> None:
    code, log = _lose_terminal(command, ["nohup"])
    assert code == 0
    assert "SIGHUP" not in log


def _lose_terminal(command: Command, before: list[str]) -> tuple[int, str]:
    """Sends what the kernel sends when a terminal goes away; then SIGTERM if that ended nothing."""
    line = command.line("background:slow", APPS, "127.0.0.1:0", ())
    process = subprocess.Popen(
        [*before, *line],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=command.environment({}),
    )
    assert process.stderr is not None
    log = ""
    while " on http://" not in log:
        piece = process.stderr.readline().decode()
        assert piece, log
        log += piece
    process.send_signal(signal.SIGHUP)
    try:
        process.wait(1.5)
    except subprocess.TimeoutExpired:
        process.terminate()
    _, rest = process.communicate(timeout=20)
    return process.returncode, log + rest.decode()
