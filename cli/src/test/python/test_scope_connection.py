"""What the scope says of the connection and the server: items 9, 13 to 16 and 59."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from conftest import Serve
from harness.command import Command
from harness.server import Server


def test_client_is_host_and_port_item13(server: Server) -> None:
    with server.connect() as connection:
        port = connection.socket.getsockname()[1]
        scope = connection.ask("/").json()
    assert scope["client"] == ["127.0.0.1", port]


def test_server_is_host_and_port_item14(server: Server) -> None:
    with server.connect() as connection:
        scope = connection.ask("/").json()
    assert scope["server"] == list(server.address)


@pytest.fixture(scope="module")
def unix_scope(command: Command, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The path of a Unix socket and the scope of a request that came through it."""
    path = tmp_path_factory.mktemp("uds") / "spvn.socket"
    with (
        Server(command, "conformance.main:app", bind=f"unix:{path}") as server,
        server.connect() as connection,
    ):
        return path, connection.ask("/").json()


def test_client_on_unix_socket_is_none_item13(unix_scope: tuple[Path, Any]) -> None:
    _, scope = unix_scope
    assert scope["client"] is None


def test_server_on_unix_socket_is_path_item14(unix_scope: tuple[Path, Any]) -> None:
    path, scope = unix_scope
    assert scope["server"] == [str(path), None]


@pytest.mark.own
def test_unix_socket_removed_at_the_end_item14(unix_scope: tuple[Path, Any]) -> None:
    path, _ = unix_scope
    assert not path.exists()


@pytest.mark.own
def test_stale_unix_socket_replaced_item14(serve: Serve, tmp_path: Path) -> None:
    path = tmp_path / "stale.socket"
    with socket.socket(socket.AF_UNIX) as left_behind:
        left_behind.bind(str(path))
    with serve("conformance.main:app", bind=f"unix:{path}").connect() as connection:
        assert connection.ask("/").status == 200


def test_ipv6_addresses_are_plain_pairs_item15(serve: Serve) -> None:
    if not _has_ipv6():
        pytest.skip("no IPv6 loopback address here")
    server = serve("conformance.main:app", bind="[::1]:0")
    with server.connect() as connection:
        port = connection.socket.getsockname()[1]
        scope = connection.ask("/").json()
    assert scope["client"] == ["::1", port]
    assert scope["server"] == ["::1", server.address[1]]


def test_state_is_a_copy_for_each_request_item16(server: Server) -> None:
    with server.connect() as connection:
        first = connection.ask("/state/set?key=one").json()
        second = connection.ask("/state/show").json()
    assert first["of_request"] == "one"
    assert "of_request" not in second
    assert second["started"] == "yes"


def test_state_shares_nested_objects_item16(server: Server) -> None:
    with server.connect() as connection:
        connection.ask("/state/set?key=nested")
    with server.connect() as other:
        assert "nested" in other.ask("/state/show").json()["shared"]


def test_context_variable_does_not_leak_item59(server: Server) -> None:
    with server.connect() as connection:
        found = [connection.ask("/context").json() for _ in range(3)]
    assert found == ["none"] * 3


def test_app_runs_in_a_task_of_its_own_item59(server: Server) -> None:
    with server.connect() as connection:
        first, second = (connection.ask("/task").json() for _ in range(2))
    assert first["wait_for"] is True
    assert first.get("timeout", True) is True
    assert first["task"]
    assert first["task"] != second["task"]


@pytest.fixture(scope="module")
def mounted(command: Command) -> Iterator[Server]:
    with Server(command, "conformance.main:app", "--root-path", "/api/v1") as server:
        yield server


def test_path_includes_root_path_item9(mounted: Server) -> None:
    with mounted.connect() as connection:
        scope = connection.ask("/users?x=1").json()
    assert scope["root_path"] == "/api/v1"
    assert scope["path"] == "/api/v1/users"


def test_raw_path_is_what_the_client_sent_item9(mounted: Server) -> None:
    with mounted.connect() as connection:
        assert connection.ask("/users%2F1").json()["raw_path"] == {"bytes": "/users%2F1"}


def test_root_path_empty_by_default_item9(server: Server) -> None:
    with server.connect() as connection:
        assert connection.ask("/").json()["root_path"] == ""


def _has_ipv6() -> bool:
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind(("::1", 0))
            return True
    except OSError:
        return False
