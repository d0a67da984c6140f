"""Processes that the app starts: what they inherit, and how they end."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from typing import Any

import pytest

from conftest import Serve
from harness.admin import ANY_PORT
from harness.command import Command
from harness.server import Server

PROGRAMS = [
    "by_system",
    "by_popen",
    "by_popen_with_descriptors",
    "by_spawn",
    "by_fork_and_exec",
]


@pytest.fixture(scope="module")
def parent(command: Command, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with everything open that it can have."""
    path = tmp_path_factory.mktemp("uds") / "s"
    more = ("--isolation", "main", "--bind", f"unix:{path}", *ANY_PORT) if command.own else ()
    with Server(command, "children:app", *more) as server:
        yield server


def given(server: Server, way: str) -> Any:
    with server.connect() as idle, server.connect() as connection:
        assert idle.ask("/?way=by_popen").status == 200
        return connection.ask(f"/?way={way}").json()


@pytest.mark.parametrize("way", PROGRAMS)
@pytest.mark.parametrize("thread", ["", "&thread=1"], ids=["loop", "thread"])
def test_programs_inherit_the_standard_streams_alone(parent: Server, way: str, thread: str) -> None:
    inherited = given(parent, way + thread)["open"]
    assert set(inherited) == {"0", "1", "2"}, inherited


@pytest.mark.parametrize("way", [*PROGRAMS, "by_fork"])
def test_no_signal_is_blocked(parent: Server, way: str) -> None:
    assert given(parent, way)["SigBlk"] == 0
    assert given(parent, f"{way}&thread=1")["SigBlk"] == 0


@pytest.mark.own
def test_handlers_of_the_server_are_not_the_forked_childs(parent: Server) -> None:
    caught = given(parent, "by_fork")["SigCgt"]
    ours = {number for number in range(1, 32) if caught >> (number - 1) & 1}
    assert ours <= {signal.SIGINT}, ours


@pytest.mark.own
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGQUIT, signal.SIGHUP])
def test_forked_children_can_be_ended(serve: Serve, number: signal.Signals) -> None:
    server = serve("children:app", "--isolation", "main")
    with server.connect() as connection:
        assert connection.ask(f"/?end={int(number)}").json() == -number


@pytest.mark.own
def test_program_that_outlives_the_server_keeps_no_port(serve: Serve) -> None:
    """Also when the server cannot clean up."""
    server = serve("children:app", "--isolation", "main")
    with server.connect() as connection:
        helper = int(connection.ask("/?helper").body)
    try:
        server.signal(signal.SIGKILL)
        server.process.wait()
        assert isinstance(server.address, tuple)
        host, port = server.address
        with serve("children:app", bind=f"{host}:{port}").connect() as connection:
            assert connection.ask("/?way=by_popen").status == 200
    finally:
        os.kill(helper, signal.SIGKILL)


@pytest.mark.own
def test_children_that_do_not_end_are_left_at_stop(serve: Serve) -> None:
    server = serve("children:app", "--isolation", "main", "--graceful-timeout", "1s")
    with server.connect() as connection:
        helper = int(connection.ask("/?stubborn").body)
    try:
        server.signal(signal.SIGTERM)
        server.wait_exit(10)
    finally:
        os.kill(helper, signal.SIGKILL)
