"""How a worker process comes to its end, and what it says of itself besides requests."""

from __future__ import annotations

import asyncio
import re
import signal
import sys
import threading
from pathlib import Path
from types import ModuleType

import pytest

import _spvn_host
from remote_worker import DISCONNECT, START, Worker, offered, scope
from spvn_bridge.orders import STOP
from spvn_bridge.remote import host as host_module
from spvn_bridge.remote import wire


@pytest.mark.parametrize("pulled_before", [0, 1, 2])
def test_bodies_are_handed_over_when_the_loop_has_gone(worker: Worker, pulled_before: int) -> None:
    """Also what was asked for while the loop was there, and not looked at."""
    data = bytes(5 * wire.PIECE_SIZE)

    async def body() -> None:
        number = await offered(worker, data)
        worker.tell((wire.STOP, 10.0))
        assert worker.takes() == [STOP]
        for _ in range(pulled_before):
            worker.tell((wire.PULL, number))
        worker.inlet.hush()

    worker.serve(body)

    def pull() -> None:
        asked = pulled_before
        while sum(len(piece) for _, piece in worker.server.pieces) < len(data):
            if asked == len(worker.server.pieces):
                worker.tell((wire.PULL, 1))
                asked += 1
            worker.server.read()

    puller = threading.Thread(target=pull, daemon=True)
    puller.start()
    worker.host.hand_over()
    puller.join(10)
    assert not puller.is_alive()


def test_bodies_that_nobody_pulls_are_kept_for_the_grace_alone(worker: Worker) -> None:
    async def body() -> None:
        await offered(worker, bytes(100_000))
        worker.tell((wire.STOP, 0.0))
        assert worker.takes() == [STOP]

    worker.serve(body)
    worker.host.hand_over()
    worker.host.result("stopped", "", "", "")
    worker.server.childs_up.close()
    assert worker.server.all()[-1] == [wire.RESULT, "stopped", "", "", ""]


def test_look_tells_who_waits_and_how_the_response_begins(worker: Worker) -> None:
    """The server's rules of a stop ask for both."""

    async def body() -> None:
        await worker.request().send({**START, "headers": [(b"content-type", b"text/event-stream")]})
        for _ in range(2):
            assert worker.host.drain(5, 1) == 0
            worker.host.drain(77, 2)
        assert worker.heard() == [wire.START, 5, 200, b"content-type\0text/event-stream\0"]
        for _ in range(2):
            assert worker.heard() == [wire.LISTENS, 5, 1]
            assert worker.heard() == [wire.LISTENS, 77, 2]

    worker.serve(body)


def test_a_pulse_is_answered_with_the_time_of_rest(worker: Worker) -> None:
    async def body() -> None:
        _spvn_host.rests()
        _spvn_host.goes_on()
        worker.tell((wire.PULSE,))
        assert not worker.takes()
        kind, seconds = worker.heard()
        assert kind == wire.RESTED
        assert isinstance(seconds, float)
        assert 0 < seconds < 10

    worker.serve(body)


def test_the_end_of_the_server_ends_the_requests_and_the_worker(worker: Worker) -> None:
    from spvn_bridge.http import ClientDisconnected  # noqa: PLC0415 - after the host is there

    async def body() -> None:
        asyncio.get_running_loop().add_reader(worker.inlet.listens, lambda: None)
        request = worker.request(body=b"", more=True)
        worker.server.leave()
        assert worker.takes() == [STOP, 5]
        assert worker.takes() == []
        assert 0 < worker.host.grace() <= host_module.GRACE_ALONE
        assert await request.receive() == DISCONNECT
        with pytest.raises(ClientDisconnected):
            await request.send(START)

    worker.serve(body)


def test_what_was_told_before_the_end_of_the_server_comes_first(worker: Worker) -> None:
    async def body() -> None:
        asyncio.get_running_loop().add_reader(worker.inlet.listens, lambda: None)
        worker.tell((wire.REQUEST, 1, scope(), b"", False))
        worker.server.leave()
        worker.inlet.hush()
        (first, *_), *rest = worker.takes()
        assert (first, rest) == (1, [STOP, 1])

    worker.serve(body)


def test_a_signal_asks_the_server_for_the_end(worker: Worker) -> None:
    async def body() -> None:
        worker.host.leave(signal.SIGTERM, None)
        assert await asyncio.to_thread(worker.server.hear) == [wire.LEAVING, "SIGTERM"]

    with pytest.raises(SystemExit) as before:
        worker.host.leave(signal.SIGTERM, None)
    assert before.value.code == 128 + signal.SIGTERM
    worker.serve(body)


def test_other_threads_may_log(worker: Worker) -> None:
    async def body() -> None:
        words = [f"{thread} {line}" for thread in range(4) for line in range(50)]
        logs = [asyncio.to_thread(worker.host.log, 20, each) for each in words]
        await asyncio.gather(*logs)
        heard = await asyncio.to_thread(lambda: [worker.server.hear() for _ in words])
        assert sorted(heard) == sorted([wire.LOG, 20, each] for each in words)

    worker.serve(body)


def test_before_and_after_the_loop_all_is_said_at_once(worker: Worker) -> None:
    worker.host.log(30, "before")
    assert worker.server.hear() == [wire.LOG, 30, "before"]

    async def nothing() -> None:
        return

    worker.serve(nothing)
    assert worker.server.hear() == [wire.DEAF]
    worker.host.waits_for("an exit handler", served=True)
    assert worker.server.hear() == [wire.WAITS, "an exit handler", True]


def test_a_request_that_there_is_no_memory_for_ends_the_process(
    worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wire, "give_up", sys.exit)

    class Number(int):
        def __hash__(self) -> int:
            raise MemoryError

    worker.host._todo.append((wire.REQUEST, Number(1), scope(), b"", False))
    with pytest.raises(SystemExit, match="there is no memory for a request"):
        worker.take()


def test_the_module_has_all_that_the_stub_has(worker: Worker) -> None:
    """But for what only a worker in the server's process calls."""
    module = ModuleType("fresh")
    worker.host.install(module)
    names = {name for name in vars(module) if not name.startswith("__")}
    stub = Path(host_module.__file__).parents[2] / "_spvn_host.pyi"
    asked = set(re.findall(r"^def (\w+)", stub.read_text(), re.MULTILINE))
    assert asked - names == {"signal", "refused"}
