"""Start and end of the app: items 66 to 73."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from conftest import Serve
from harness.command import Command, free_port
from harness.server import Server
from harness.waiting import eventually
from harness.wire import request

pytestmark = pytest.mark.kinds


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the app leaves its files, and finds those that open its gates."""
    return tmp_path


def on_free_port(command: Command, folder: Path, *options: str, **env: str) -> Server:
    bind = f"127.0.0.1:{free_port()}"
    settings = {"FOLDER": str(folder), **env}
    return Server(command, "lifespans:app", *options, bind=bind, env=settings)


@pytest.fixture
def gated(command: Command, folder: Path) -> Iterator[Server]:
    """A server whose app has begun its start and waits there."""
    server = on_free_port(command, folder, MODE="gated")
    server.launch()
    eventually((folder / "startup").exists, within=30, what="lifespan.startup at the app")
    yield server
    (folder / "open").touch()
    server.wait_started()
    server.__exit__(None)


def test_nothing_served_before_startup_complete_item66(gated: Server, folder: Path) -> None:
    try:
        early = gated.connect(agreed=False)
    except ConnectionRefusedError:
        early = None
    if early is not None:
        with early:
            early.send(request("/"))
            assert early.silent(0.5) or early.ended()
    (folder / "open").touch()
    gated.wait_started()
    with gated.connect() as connection:
        assert connection.ask("/").json()["served"] in (1, 2)  # who waited is served, too


@pytest.mark.own
def test_clients_before_startup_complete_wait_item66(gated: Server, folder: Path) -> None:
    """They are in the system's queue, and nobody has to come again."""
    with gated.connect(agreed=False) as early:
        early.send(request("/"))
        assert early.silent(0.3)
        assert "://" not in gated.log
        (folder / "open").touch()
        assert early.read_response().json()["served"] == 1


@pytest.mark.core
@pytest.mark.parametrize("mode", ["raises", "returns", "raises-after-receive"])
def test_app_without_lifespan_is_served_item67_item69(
    serve: Serve, folder: Path, mode: str
) -> None:
    server = serve("lifespans:app", env={"FOLDER": str(folder), "MODE": mode})
    with server.connect() as connection:
        assert connection.ask("/").status == 200


@pytest.mark.parametrize("mode", ["raises", "raises-after-receive"])
def test_lifespan_on_makes_exception_fatal_item67(
    command: Command, folder: Path, mode: str
) -> None:
    server = on_free_port(command, folder, "--lifespan", "on", MODE=mode)
    server.launch()
    assert server.wait_exit(30) == 3
    assert "no lifespan here" in server.log
    server.check_clean()


@pytest.mark.core
def test_startup_failed_ends_with_its_message_item68(command: Command, folder: Path) -> None:
    server = on_free_port(command, folder, MODE="failed")
    server.launch()
    assert server.wait_exit(30) == 3
    assert server.log.count("the database is not there") == 1
    server.check_clean()


@pytest.mark.own
def test_lifespan_off_is_never_called_item69(serve: Serve, folder: Path) -> None:
    server = serve(
        "lifespans:app", "--lifespan", "off", env={"FOLDER": str(folder), "MODE": "failed"}
    )
    with server.connect() as connection:
        assert connection.ask("/").status == 200
    assert not (folder / "startup").exists()


@pytest.mark.core
def test_shutdown_after_last_response_item70(serve: Serve, folder: Path) -> None:
    server = serve("lifespans:app", env={"FOLDER": str(folder), "MODE": "plain"})
    with server.connect() as connection:
        connection.send(request("/slow"))
        eventually((folder / "slow").exists, what="the slow request at the app")
        assert server.stop() in (0, -15)
        assert connection.read_response().status == 200
    order = (folder / "order").read_text().split()
    assert order == ["startup", "slow-begins", "slow-ends", "shutdown", "shutdown-ends"]


@pytest.mark.own
def test_shutdown_wait_is_bounded_item70(serve: Serve, folder: Path) -> None:
    env = {"FOLDER": str(folder), "MODE": "stuck-shutdown"}
    server = serve("lifespans:app", "--graceful-timeout", "1", env=env)
    assert server.stop(within=10) == 0
    assert (folder / "order").read_text().split() == ["startup", "shutdown"]


@pytest.mark.own
@pytest.mark.alone
def test_request_that_hangs_ends_at_the_graceful_timeout_item70(serve: Serve, folder: Path) -> None:
    env = {"FOLDER": str(folder), "MODE": "plain"}
    server = serve("lifespans:app", "--graceful-timeout", "3", env=env)
    with server.connect() as connection:
        connection.send(request("/hang"))
        eventually((folder / "slow").exists, what="the request at the app")
        assert server.stop(within=10) == 0
        response = connection.read_response()
        assert (response.status, response.one("connection")) == (503, b"close")
        assert connection.ended()
    order = (folder / "order").read_text().split()
    assert order == ["startup", "hangs", "cancelled", "shutdown", "shutdown-ends"]


def test_shutdown_failed_is_logged_item70(serve: Serve, folder: Path) -> None:
    server = serve("lifespans:app", env={"FOLDER": str(folder), "MODE": "failed-shutdown"})
    server.stop()
    assert "could not flush" in server.log


@pytest.mark.core
def test_lifespan_in_loop_and_thread_of_requests_item71(serve: Serve, folder: Path) -> None:
    server = serve("lifespans:app", env={"FOLDER": str(folder), "MODE": "plain"})
    with server.connect() as connection:
        assert connection.ask("/").json()["same"] == {"loop": True, "thread": True, "task": False}
    assert (folder / "order").read_text().split() == ["startup"]


@pytest.mark.core
def test_lifespan_scope_item72(serve: Serve, folder: Path) -> None:
    serve("lifespans:app", env={"FOLDER": str(folder), "MODE": "plain"})
    scope: dict[str, Any] = json.loads((folder / "scope").read_text())
    assert scope["type"] == "lifespan"
    assert scope["asgi"] == {"version": "3.0", "spec_version": "2.0"}
    assert scope["state"] == {}


@pytest.mark.own
def test_startup_timeout_item73(command: Command, folder: Path) -> None:
    server = on_free_port(command, folder, "--startup-timeout", "1", MODE="gated")
    server.launch()
    assert server.wait_exit(30) == 3
    server.check_clean()
    assert (folder / "startup").exists()
    with pytest.raises(ConnectionRefusedError), socket.socket() as probe:
        probe.connect(server.address)
