"""Listening sockets that somebody else has bound: `fd://N`."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from harness.command import Command
from harness.server import Server
from harness.wire import Address, Connection

pytestmark = pytest.mark.own

TARGET = "conformance.main:app"
BAD_ENVIRONMENT = 4


def listening(family: socket.AddressFamily, address: Any) -> socket.socket:
    made = socket.socket(family)
    made.bind(address)
    made.listen()
    return made


@pytest.fixture(scope="module")
def sockets(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, socket.socket]]:
    """One of each kind; the first does not wait when nobody connects, as asyncio leaves it."""
    path = tmp_path_factory.mktemp("fd") / "s"
    with ExitStack() as stack:
        made = {
            "IPv4": listening(socket.AF_INET, ("127.0.0.1", 0)),
            "Unix": listening(socket.AF_UNIX, str(path)),
        }
        if Path("/proc/net/if_inet6").exists():
            made["IPv6"] = listening(socket.AF_INET6, ("::1", 0))
        made["IPv4"].setblocking(False)
        for each in made.values():
            stack.enter_context(each)
        yield made


@pytest.fixture(scope="module")
def server(command: Command, sockets: dict[str, socket.socket]) -> Iterator[Server]:
    first, *others = [each.fileno() for each in sockets.values()]
    options = [word for each in others for word in ("--bind", f"fd://{each}")]
    with Server(
        command,
        TARGET,
        *options,
        bind=f"fd://{first}",
        pass_fds=(first, *others),
    ) as server:
        yield server


def address_of(listener: socket.socket) -> Address:
    name = listener.getsockname()
    return name if isinstance(name, str) else name[:2]


def server_in_scope(server: Server, address: Address) -> Any:
    with Connection(address) as connection:
        return connection.ask("/").json()["server"]


@pytest.mark.parametrize("kind", ["IPv4", "IPv6", "Unix"])
def test_inherited_socket_is_served(
    server: Server, sockets: dict[str, socket.socket], kind: str
) -> None:
    if kind not in sockets:
        pytest.skip("no IPv6 here")
    address = address_of(sockets[kind])
    expected = [address, None] if isinstance(address, str) else list(address)
    assert server_in_scope(server, address) == expected


def test_the_log_names_their_addresses(server: Server, sockets: dict[str, socket.socket]) -> None:
    port = sockets["IPv4"].getsockname()[1]
    assert f"http://127.0.0.1:{port}" in server.start_line
    assert f"unix:{sockets['Unix'].getsockname()}" in server.start_line


def test_socket_of_another_outlives_the_server(command: Command, tmp_path: Path) -> None:
    """Who connects between two servers is served by the second; the file is not ours to remove."""
    path = tmp_path / "s"
    with listening(socket.AF_UNIX, str(path)) as listener:
        number = listener.fileno()
        with Server(command, TARGET, "--fd", str(number), bind="", pass_fds=(number,)) as first:
            first.stop()
        assert path.exists()
        with (
            Connection(str(path)) as waiting,
            Server(command, TARGET, bind=f"fd://{number}", pass_fds=(number,)),
        ):
            assert waiting.ask("/").status == 200


def complaint(command: Command, bind: str, *numbers: int) -> str:
    server = Server(command, TARGET, bind=bind, pass_fds=numbers)
    server.launch()
    assert server.wait_exit(30) == BAD_ENVIRONMENT, server.tail()
    assert server.log.count("\n") == 1, server.log
    return server.log


def test_descriptor_that_is_not_there(command: Command) -> None:
    assert "was started without this descriptor" in complaint(command, "fd://987")


def test_descriptor_that_is_no_socket(command: Command, tmp_path: Path) -> None:
    number = os.open(tmp_path, os.O_RDONLY)
    try:
        assert "is no socket" in complaint(command, f"fd://{number}", number)
    finally:
        os.close(number)


def test_socket_that_does_not_listen(command: Command) -> None:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        number = bound.fileno()
        assert "does not listen" in complaint(command, f"fd://{number}", number)


def test_socket_for_datagrams(command: Command) -> None:
    with socket.socket(type=socket.SOCK_DGRAM) as bound:
        number = bound.fileno()
        assert "neither of TCP nor" in complaint(command, f"fd://{number}", number)
