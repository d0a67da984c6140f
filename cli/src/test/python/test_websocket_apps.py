"""WebSockets of real clients with apps made with real frameworks."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from typing import Any

import aiohttp
import pytest
import socketio
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Subprotocol
from wsproto import ConnectionType, WSConnection
from wsproto.events import AcceptConnection, BytesMessage, CloseConnection, Request, TextMessage
from wsproto.extensions import PerMessageDeflate

from harness.command import Command
from harness.notes import Notes
from harness.server import Server
from harness.websocket import opened, steps
from harness.wire import WireError

# Not in sub-interpreters: what FastAPI and Litestar need of C cannot be imported there.
pytestmark = pytest.mark.kinds("main", "process")

FRAMEWORKS = ["starlette", "fastapi", "quart", "channels", "litestar"]
SIZES = [0, 1, 125, 126, 65_535, 65_536, 1_000_000]
WORDS = "caf\u00e9 \U0001f600 " * 100


@pytest.fixture(scope="module")
def apps(command: Command) -> Iterator[Server]:
    with Server(command, "frameworks.websockets_app:app") as server:
        yield server


def url(server: Server, path: str) -> str:
    return f"{server.url.replace('http', 'ws', 1)}{path}"


def client_of(server: Server, path: str, **how: Any) -> ClientConnection:
    client: ClientConnection = connect(url(server, path), max_size=2_000_000, proxy=None, **how)
    return client


# ---- frameworks


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_echo(apps: Server, framework: str) -> None:
    with client_of(apps, f"/{framework}/echo") as client:
        assert client.protocol.extensions, "compression was not agreed on"
        for size in SIZES:
            if size or framework != "quart":  # which takes no bytes for a text that is not there
                client.send(b"b" * size)
                assert client.recv() == b"b" * size
            client.send("t" * size)
            assert client.recv() == "t" * size
        client.send([WORDS, WORDS])  # in fragments
        assert client.recv() == WORDS * 2
        assert client.ping().wait(5)
    assert client.close_code == 1000


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_subprotocol(apps: Server, framework: str) -> None:
    offered = [Subprotocol("one"), Subprotocol("two")]
    with client_of(apps, f"/{framework}/echo", subprotocols=offered) as client:
        assert client.subprotocol == "one"


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_client_that_leaves_is_no_error(apps: Server, framework: str) -> None:
    """In the middle of a receive() of an app that does not look at how it ends."""
    mark = apps.mark()
    with client_of(apps, f"/{framework}/lets-out") as client:
        client.send("x")
        assert client.recv() == "x"
    with opened(apps, f"/{framework}/lets-out") as torn:
        torn.text("x")
        assert torn.read() == "x"
        torn.connection.reset()
    with pytest.raises(WireError):
        opened(apps, f"/not-{framework}/path")
    apps.wait_log(f"KeyError: 'not-{framework}'")
    assert apps.log_since(mark).count("Traceback") == 1


@pytest.mark.parametrize(
    ("framework", "status"),
    [("starlette", 401), ("fastapi", 401), ("quart", 401), ("channels", 403), ("litestar", 403)],
)
def test_refusal(apps: Server, framework: str, status: int) -> None:
    with pytest.raises(InvalidStatus) as refused, client_of(apps, f"/{framework}/refuses"):
        pass
    assert refused.value.response.status_code == status


@pytest.mark.parametrize("framework", ["starlette", "fastapi", "quart", "litestar"])
def test_unknown_path(apps: Server, framework: str) -> None:
    with pytest.raises(InvalidStatus) as refused, client_of(apps, f"/{framework}/nowhere"):
        pass
    assert refused.value.response.status_code in (403, 404)


# ---- Socket.IO


@pytest.mark.parametrize("transports", [["websocket"], ["polling", "websocket"]], ids=str)
def test_socket_io(apps: Server, transports: list[str]) -> None:
    asyncio.run(asyncio.wait_for(talk_socket_io(apps.url, transports), 20))


async def talk_socket_io(address: str, transports: list[str]) -> None:
    """Events both ways, an acknowledgement and bytes; the polling one goes over to a WebSocket."""
    client = socketio.AsyncSimpleClient()
    path = "socket.io"
    await client.connect(address, transports=transports, socketio_path=path)
    assert client.transport == "websocket"
    assert await client.call("say", "hello") == "heard"
    assert await client.receive() == ["said", "HELLO"]
    await client.emit("send_bytes", b"abc")
    assert await client.receive() == ["bytes_back", b"cba"]
    await client.disconnect()


# ---- clients


def test_aiohttp(server: Server) -> None:
    asyncio.run(asyncio.wait_for(talk_aiohttp(url(server, "/ws/echo")), 20))


async def talk_aiohttp(address: str) -> None:
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(address, compress=15) as client,
    ):
        assert client.compress, "compression was not agreed on"
        for size in SIZES:
            await client.send_bytes(b"b" * size)
            assert await client.receive_bytes() == b"b" * size
            await client.send_str("t" * size)
            assert await client.receive_str() == "t" * size
        await client.ping(b"there?")
        await client.send_str(WORDS)
        assert await client.receive_str() == WORDS
        await client.close(code=4000)
        assert client.close_code == 4000


@pytest.mark.parametrize("compressed", [False, True])
def test_wsproto(server: Server, compressed: bool) -> None:
    with server.connect().socket as wire:
        client = WSConnection(ConnectionType.CLIENT)
        extensions = [PerMessageDeflate()] if compressed else []
        asked = Request(host="spvn.test", target="/ws/echo", extensions=list(extensions))
        wire.sendall(client.send(asked))
        accepted = next_events(client, wire)[0]
        assert isinstance(accepted, AcceptConnection)
        assert bool(accepted.extensions) == compressed
        for size in SIZES:
            wire.sendall(client.send(BytesMessage(data=b"b" * size)))
            assert whole(client, wire) == b"b" * size
            wire.sendall(client.send(TextMessage(data="t" * size)))
            assert whole(client, wire) == "t" * size
        wire.sendall(client.send(CloseConnection(code=4000, reason="done")))
        closed = next_events(client, wire)[0]
        assert isinstance(closed, CloseConnection)
        assert closed.code == 4000


def next_events(client: WSConnection, wire: socket.socket) -> list[Any]:
    while not (found := list(client.events())):
        client.receive_data(wire.recv(65_536))
    return found


def whole(client: WSConnection, wire: socket.socket) -> Any:
    parts = next_events(client, wire)
    while not parts[-1].message_finished:
        parts += next_events(client, wire)
    return type(parts[0].data)().join(each.data for each in parts)


def test_websockets_hears_of_the_apps_close(server: Server, notes: Notes) -> None:

    told = steps(
        {"type": "websocket.accept"}, {"type": "websocket.close", "code": 4001, "reason": "over"}
    )
    with client_of(server, f"/ws/play?{notes.key}&{told}") as client:
        with pytest.raises(ConnectionClosed) as closed:
            client.recv(timeout=5)
        assert closed.value.rcvd is not None
        assert (closed.value.rcvd.code, closed.value.rcvd.reason) == (4001, "over")
