"""Batches on the two connections of a worker process, over real sockets."""

from __future__ import annotations

import asyncio
import marshal
import subprocess
import sys
import threading
from collections import deque
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from compiled import compiled
from conftest import in_loop, until
from remote_server import RemoteServer, batch, size
from spvn_bridge.remote import wire

if TYPE_CHECKING:
    from collections.abc import Iterator

SOURCES = Path(wire.__file__).parents[2]
TWO = batch((wire.LOOK,), (wire.BODY, 1, b"\x00" * 5, True)) + batch((wire.STOP, 1.5))
OF_TWO = [(wire.LOOK,), (wire.BODY, 1, b"\x00" * 5, True), (wire.STOP, 1.5)]


@pytest.fixture
def server() -> Iterator[RemoteServer]:
    made = RemoteServer()
    yield made
    made.close()


@pytest.fixture(params=["python", "compiled"])
def parts(request: pytest.FixtureRequest) -> Any:
    return wire if request.param == "python" else compiled()


@pytest.fixture
def inlet(parts: Any, server: RemoteServer) -> wire.Inlet:
    made: wire.Inlet = parts.Inlet(server.childs_down, deque())
    made.unblock()
    return made


@pytest.fixture
def outlet(parts: Any, server: RemoteServer) -> wire.Outlet:
    made: wire.Outlet = parts.Outlet(server.childs_up)
    return made


def todo(inlet: wire.Inlet) -> list[Any]:
    return list(inlet._todo)


# ---- from the server


@pytest.mark.parametrize("cut", range(len(TWO) + 1))
def test_batch_may_come_in_two_parts(server: RemoteServer, inlet: wire.Inlet, cut: int) -> None:
    for part in (TWO[:cut], TWO[cut:]):
        server.down.sendall(part)
        inlet.hush()
    assert todo(inlet) == OF_TWO
    assert not inlet.ended


def test_batch_may_come_byte_by_byte(server: RemoteServer, inlet: wire.Inlet) -> None:
    for at in range(len(TWO)):
        server.down.sendall(TWO[at : at + 1])
        inlet.hush()
    assert todo(inlet) == OF_TWO


def test_many_batches_are_taken_in_one_read(server: RemoteServer, inlet: wire.Inlet) -> None:
    server.down.sendall(TWO * 100)
    inlet.hush()
    assert todo(inlet) == OF_TWO * 100


@pytest.mark.parametrize("large", [wire._ROOM - 30, wire._ROOM, wire._ROOM + 1, 3 * wire._ROOM])
def test_batch_may_be_larger_than_the_buffer(
    server: RemoteServer, inlet: wire.Inlet, large: int
) -> None:
    body = bytes(range(256)) * (large // 256 + 1)
    data = memoryview(TWO + batch((wire.BODY, 7, body, False)) + TWO)
    server.down.settimeout(0)
    while data:
        data = data[server.down.send(data[:100_001]) :]
        inlet.hush()
    while len(todo(inlet)) < 2 * len(OF_TWO) + 1:
        inlet.hush()
    assert todo(inlet) == [*OF_TWO, (wire.BODY, 7, body, False), *OF_TWO]


def test_nothing_has_come(inlet: wire.Inlet) -> None:
    inlet.hush()
    assert not todo(inlet)
    assert not inlet.ended


def test_end_of_the_server_is_heard_behind_what_it_said(
    server: RemoteServer, inlet: wire.Inlet
) -> None:
    server.down.sendall(TWO)
    server.leave()
    inlet.hush()
    assert todo(inlet) == OF_TWO
    assert not inlet.ended
    inlet.hush()
    assert inlet.ended


def test_a_blocking_wait_ends_in_time_or_with_a_batch(
    server: RemoteServer, inlet: wire.Inlet
) -> None:
    left = 30.0
    inlet.block(lambda: left)
    threading.Timer(0.01, server.down.sendall, (TWO,)).start()
    inlet.hush()
    assert todo(inlet) == OF_TWO
    left = -1.0
    inlet.hush()
    assert inlet.ended


LISTEN = """
import socket, sys
from collections import deque
sys.path.insert(0, sys.argv[1])
from spvn_bridge.remote import wire
inlet = wire.Inlet(socket.socket(fileno=int(sys.argv[2])), deque())
while not inlet.ended:
    inlet.hush()
"""


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (size.pack(wire.LARGEST + 1), f"a batch of {wire.LARGEST + 1} bytes"),
        (size.pack(0xFFFFFFFF), f"a batch of {0xFFFFFFFF} bytes"),
        (size.pack(0), "EOF read where object expected"),
        (size.pack(3) + b"\xff\xff\xff", "bad marshal data"),
        (size.pack(9) + marshal.dumps(["abcdef"], 2)[:9], ""),
        (size.pack(5) + marshal.dumps(7, 2), "'int' object is not iterable"),
        (size.pack(1) + b"N", "'NoneType' object is not iterable"),
        (size.pack(5) + b"r\x00\x00\x00\x00", "bad marshal data"),
    ],
)
def test_garbage_ends_the_process(server: RemoteServer, data: bytes, reason: str) -> None:
    server.down.sendall(data)
    fd = server.childs_down.fileno()
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", LISTEN, str(SOURCES), str(fd)],
        pass_fds=(fd,),
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )
    assert done.returncode == wire.EXIT_LOST
    words = "spvn: a worker process ends: it does not understand the server: "
    assert done.stderr.startswith(words + reason)
    assert done.stderr.count("\n") == 1


# ---- to the server


def test_all_messages_are_one_batch(server: RemoteServer, outlet: wire.Outlet) -> None:
    outlet.messages += [[wire.SERVING], [wire.PART, 3, b"x", True]]
    outlet.begun = 2
    outlet.flush()
    server.read()
    assert (server.begun, server.batches) == (2, [[[wire.SERVING], [wire.PART, 3, b"x", True]]])


def test_what_was_begun_is_told_once_and_without_a_message(
    server: RemoteServer, outlet: wire.Outlet
) -> None:
    outlet.begun = 3
    outlet.flush()
    outlet.flush()
    server.read()
    assert (server.begun, server.batches) == (3, [[]])
    assert server.says_nothing()


def test_nothing_to_say_is_not_said(server: RemoteServer, outlet: wire.Outlet) -> None:
    outlet.flush()
    assert server.says_nothing()


def test_a_piece_follows_what_was_said_before_it(server: RemoteServer, outlet: wire.Outlet) -> None:
    outlet.messages.append([wire.SERVING])
    outlet.piece(5, memoryview(b"abc"))
    assert server.hear() == [wire.SERVING]
    assert server.hear_piece() == (5, b"abc")


def fill(outlet: wire.Outlet, count: int, length: int) -> None:
    for number in range(count):
        outlet.messages.append([wire.PART, number, bytes([number % 256]) * length, True])
        outlet.flush()
        outlet.piece(number, memoryview(bytes([number % 256]) * length))


async def read_all(server: RemoteServer, count: int) -> None:
    """Read on another thread, while the loop writes."""
    await asyncio.to_thread(read_some, server, 2 * count)


@pytest.mark.parametrize(("count", "length"), [(3, 1_000_000), (40, 30_000), (2_000, 500)])
def test_what_the_server_does_not_take_at_once_the_loop_writes_later(
    server: RemoteServer, outlet: wire.Outlet, count: int, length: int
) -> None:
    """However many chunks wait: the system takes a limited number at a time."""

    async def body() -> None:
        outlet.attach(asyncio.get_running_loop())
        fill(outlet, count, length)
        assert outlet._chunks, "this test is for more than a socket's buffer"
        await read_all(server, count)
        await until(lambda: not outlet._chunks)
        outlet.detach()

    in_loop(body)
    expected = [(number, bytes([number % 256]) * length) for number in range(count)]
    assert server.pieces == expected
    assert [(part[1], part[2]) for (part,) in server.batches] == expected


def test_without_a_loop_it_waits(server: RemoteServer, outlet: wire.Outlet) -> None:
    """Also for what the loop has left."""

    async def body() -> None:
        outlet.attach(asyncio.get_running_loop())
        fill(outlet, 10, 100_000)
        assert outlet._chunks
        outlet.detach()

    in_loop(body)
    reader = threading.Thread(target=read_some, args=(server, 21), daemon=True)
    reader.start()
    outlet.messages.append([wire.DEAF])
    outlet.flush()
    reader.join(10)
    assert not reader.is_alive()
    assert server.batches[-1] == [[wire.DEAF]]
    assert [number for number, _ in server.pieces] == list(range(10))


def test_other_threads_may_write_meanwhile(server: RemoteServer, outlet: wire.Outlet) -> None:
    """Nothing is lost, said twice or mixed."""
    threads, each = 4, 300

    def say(which: int) -> None:
        for number in range(each):
            outlet.messages.append([wire.LOG, which * each + number, "x" * 200])
            outlet.flush()

    async def body() -> None:
        outlet.attach(asyncio.get_running_loop())
        working = [asyncio.to_thread(say, which) for which in range(threads)]
        reading = asyncio.to_thread(read_messages, server, threads * each)
        await asyncio.gather(reading, *working)
        outlet.detach()

    in_loop(body)
    said = [message[1] for messages in server.batches for message in messages]
    assert sorted(said) == list(range(threads * each))


def read_some(server: RemoteServer, count: int) -> None:
    for _ in range(count):
        server.read()


def read_messages(server: RemoteServer, count: int) -> None:
    while sum(map(len, server.batches)) < count:
        server.read()


def test_a_server_that_has_gone_is_no_error(server: RemoteServer, outlet: wire.Outlet) -> None:
    """That it has is heard on the other connection."""
    server.leave()
    fill(outlet, 3, 100)
    assert not outlet._chunks


def test_what_cannot_be_written_down_for_want_of_memory_ends_the_process(
    outlet: wire.Outlet, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever flushes: somebody waits for what was said."""

    def no_memory(*_: object) -> bytes:
        raise MemoryError

    monkeypatch.setattr(wire, "_dumps", no_memory)
    monkeypatch.setattr(wire, "give_up", sys.exit)
    outlet.messages.append([wire.SERVING])
    with pytest.raises(SystemExit, match="there is no memory for answers"):
        outlet.flush()
