"""The status in a terminal: `spvn status`, also of an admin address that is a Unix socket."""

from __future__ import annotations

import json
import os
import pty
import re
import select
import stat
import subprocess
import termios
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from conftest import Serve
from harness.command import ROOT, Command
from harness.kinds import kinds_tried
from harness.status import TOP, Node, hanging
from harness.wire import Connection

pytestmark = pytest.mark.own


@pytest.fixture(scope="module", params=kinds_tried("main", "process"))
def node(command: Command, request: pytest.FixtureRequest) -> Iterator[Node]:
    with hanging(command, request.param) as node:
        yield node


def spvn(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(ROOT / "spvn"), *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        env=Command().environment({}),
        check=False,
    )


def test_terminal_shows_the_same(node: Node) -> None:
    done = spvn("status", node.url)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("spvn ")
    assert "hangs:app  serving\n" in done.stdout
    assert re.search(r"^0 +(main|process|subinterpreter) +\d+ +serving", done.stdout, re.M)
    assert "--worker-hang-timeout  500ms\n" in done.stdout


def test_json_is_what_the_server_says(node: Node) -> None:
    done = spvn("status", node.url, "--json")
    assert done.returncode == 0
    assert set(json.loads(done.stdout)) == TOP


def test_nobody_there_is_one_line(command: Command) -> None:
    done = spvn("status", "127.0.0.1:1")
    assert done.returncode == 4
    assert done.stderr == (
        "spvn: nothing answers at http://127.0.0.1:1: connection refused;"
        " give the server's --admin-bind\n"
    )


def test_watch_redraws_in_place_until_q(node: Node) -> None:
    main, side = pty.openpty()
    before = termios.tcgetattr(side)
    with subprocess.Popen(
        [str(ROOT / "spvn"), "status", node.url, "--watch"],
        stdin=side,
        stdout=side,
        stderr=side,
        env=Command().environment({"TERM": "xterm"}),
        start_new_session=True,
    ) as watching:
        try:
            shown = read_until(main, lambda text: text.count("\x1b[H") >= 3)
            os.write(main, b"q")
            assert watching.wait(20) == 0
        finally:
            watching.kill()
    shown += read_rest(main)
    assert shown.index("\x1b[?1049h") < shown.index("hangs:app")
    assert shown.endswith("\x1b[?25h\x1b[?1049l")
    assert termios.tcgetattr(side) == before
    os.close(main)
    os.close(side)


def read_until(terminal: int, enough: Any) -> str:
    text, deadline = "", time.monotonic() + 30
    while not enough(text):
        assert time.monotonic() < deadline, text
        if select.select([terminal], [], [], 1)[0]:
            text += os.read(terminal, 65_536).decode()
    return text


def read_rest(terminal: int) -> str:
    text = ""
    while select.select([terminal], [], [], 0.2)[0]:
        text += os.read(terminal, 65_536).decode()
    return text


def test_watch_without_a_terminal_shows_one_after_the_other(node: Node) -> None:
    with subprocess.Popen(
        [str(ROOT / "spvn"), "status", node.url, "--watch"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        env=Command().environment({}),
        text=True,
    ) as watching:
        assert watching.stdout is not None
        heads = 0
        for line in watching.stdout:
            assert "\x1b" not in line
            heads += "hangs:app  serving" in line
            if heads == 2:
                break
        watching.terminate()
        assert watching.wait(20) == 143


def test_admin_address_can_be_a_unix_socket(serve: Serve, tmp_path: Path) -> None:
    path = tmp_path / "admin"
    server = serve("hangs:app", "--admin-bind", f"unix:{path}")
    assert f"status, metrics and health on unix:{path}\n" in server.log
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with Connection(str(path)) as connection:
        assert connection.ask("/health/live").body == b"ok\n"
    shown = spvn("status", f"unix:{path}")
    assert (shown.returncode, "hangs:app  serving\n" in shown.stdout) == (0, True)
    assert server.stop() == 0
    assert not path.exists()
