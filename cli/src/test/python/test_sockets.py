"""The sockets that the server listens on: whose they are, who may connect, and for how long."""

from __future__ import annotations

import socket
import stat
from contextlib import ExitStack
from pathlib import Path

import pytest

from conftest import Serve
from harness.command import Command, free_port
from harness.server import Server

pytestmark = pytest.mark.own

TARGET = "surroundings:app"
BAD_ENVIRONMENT = 4


def permissions(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ([], 0o666),
        (["--umask", "007"], 0o660),
        (["--uds-permissions", "600"], 0o600),
        (["--umask", "077", "--uds-permissions", "660"], 0o660),
    ],
    ids=str,
)
def test_who_may_connect_to_a_unix_socket(
    serve: Serve, tmp_path: Path, options: list[str], expected: int
) -> None:
    path = tmp_path / "s"
    serve(TARGET, *options, bind=f"unix:{path}")
    assert permissions(path) == expected


def test_socket_file_of_a_successor_stays(serve: Serve, tmp_path: Path) -> None:
    path = tmp_path / "s"
    first = serve(TARGET, bind=f"unix:{path}")
    path.unlink()
    second = serve(TARGET, bind=f"unix:{path}")
    assert first.stop() == 0
    with second.connect() as connection:
        assert connection.ask("/").status == 200
    assert second.stop() == 0
    assert not path.exists()


def test_socket_file_of_a_server_that_is_too_busy_to_accept_stays(
    command: Command, tmp_path: Path
) -> None:
    path = tmp_path / "s"
    with socket.socket(socket.AF_UNIX) as busy, ExitStack() as stack:
        busy.bind(str(path))
        busy.listen(0)
        for _ in range(2):
            waiting = stack.enter_context(socket.socket(socket.AF_UNIX))
            waiting.setblocking(False)
            waiting.connect_ex(str(path))
        server = Server(command, TARGET, bind=f"unix:{path}")
        server.launch()
        assert server.wait_exit(30) == BAD_ENVIRONMENT
        assert "in use" in server.log
        assert path.exists()


def test_socket_file_goes_with_a_start_that_fails(command: Command, tmp_path: Path) -> None:
    path = tmp_path / "s"
    server = Server(command, "no_such_module:app", bind=f"unix:{path}")
    server.launch()
    assert server.wait_exit(30) == 3
    assert not path.exists()


def reachable(server: Server, family: socket.AddressFamily, port: int) -> bool:
    host = "::1" if family == socket.AF_INET6 else "127.0.0.1"
    try:
        with server.connect((host, port)) as connection:
            client = connection.ask("/").json()["client"]
    except ConnectionRefusedError:
        return False
    assert client[0] == host, "an address of IPv4 is not shown as one of IPv6"
    return True


@pytest.mark.skipif(
    not socket.has_ipv6 or not Path("/proc/net/if_inet6").exists(), reason="IPv4 alone"
)
@pytest.mark.parametrize(
    ("binds", "options", "v4", "v6"),
    [
        (["0.0.0.0:{}"], [], True, False),
        (["[::]:{}"], [], False, True),
        (["0.0.0.0:{}", "[::]:{}"], [], True, True),
        (["[::]:{}", "0.0.0.0:{}"], [], True, True),
        (["[::]:{}"], ["--dual-stack"], True, True),
    ],
    ids=str,
)
def test_each_address_has_its_own_family(
    serve: Serve, binds: list[str], options: list[str], v4: bool, v6: bool
) -> None:
    port = free_port()
    first, *others = [bind.format(port) for bind in binds]
    more = [word for bind in others for word in ("--bind", bind)]
    server = serve("conformance.main:app", *more, *options, bind=first)
    assert reachable(server, socket.AF_INET, port) == v4
    assert reachable(server, socket.AF_INET6, port) == v6


def test_port_is_shared_by_servers_that_all_ask_for_it(serve: Serve, command: Command) -> None:
    bind = f"127.0.0.1:{free_port()}"
    first = serve(TARGET, "--reuse-port", bind=bind)
    alone = Server(command, TARGET, bind=bind)
    alone.launch()
    assert alone.wait_exit(30) == BAD_ENVIRONMENT
    second = serve(TARGET, "--reuse-port", bind=bind)
    assert first.stop() == 0
    with second.connect() as connection:
        assert connection.ask("/").status == 200
