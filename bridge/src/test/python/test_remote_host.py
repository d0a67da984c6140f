"""The functions of `_spvn_host` in a worker process, whose server is the test."""

from __future__ import annotations

import asyncio
import re
import signal
import sys
import threading
from collections import deque
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

import _spvn_host
from conftest import in_loop, until
from remote_server import RemoteServer
from spvn_bridge.orders import CANCEL, DRAIN, STOP
from spvn_bridge.remote import host as host_module
from spvn_bridge.remote import wire
from spvn_bridge.remote.host import Host

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

DISCONNECT = {"type": "http.disconnect"}
START = {"type": "http.response.start", "status": 200}
LAST = {"type": "http.response.body", "body": b"ok"}


class Worker:
    """A host and its server."""

    def __init__(self) -> None:
        self.server = RemoteServer()
        todo: deque[Any] = deque()
        self.inlet = wire.Inlet(self.server.childs_down, todo)
        self.outlet = wire.Outlet(self.server.childs_up)
        self.host = Host(self.inlet, self.outlet, todo)
        self.server.childs_down.settimeout(0)
        self.tell = self.server.tell

    def serve(self, body: Callable[[], Awaitable[None]]) -> None:
        """Run something on a loop on which the host serves."""

        async def serving() -> None:
            self.host.serving(-1, {}, {"version": "3.0", "spec_version": "2.5"}, {"pool": 7})
            self.host.flush()
            assert self.server.hear() == [wire.SERVING]
            await body()
            self.host.deaf()

        in_loop(serving)

    def take(self) -> Any:
        self.inlet.hush()
        return self.host.take()

    def takes(self) -> list[Any]:
        """All that there is to do."""
        self.inlet.hush()
        return list(iter(self.host.take, None))

    def request(self, number: int = 5, body: bytes | None = b"", *, more: Any = False) -> Any:
        """A request comes; its scope, receive and send."""
        self.tell((wire.REQUEST, number, scope(), body, more))
        taken, *call = self.take()
        assert taken == number
        return SimpleNamespace(scope=call[0], receive=call[1], send=call[2])

    def heard(self) -> list[Any]:
        self.host.flush()
        return self.server.hear()


def scope(**changes: Any) -> dict[str, Any]:
    return {"type": "http", "method": "GET", "path": "/", **changes}


@pytest.fixture
def worker() -> Iterator[Worker]:
    made = Worker()
    module = sys.modules["_spvn_host"]
    before = dict(vars(module))
    made.host.install(module)
    made.host.bind()
    yield made
    vars(module).update(before)
    made.server.close()


# ---- taking


def test_work_is_taken_in_its_order(worker: Worker) -> None:
    async def body() -> None:
        worker.tell(
            (wire.REQUEST, 5, scope(), b"a", True),
            (wire.BODY, 5, b"b", False),
            (wire.LOOK,),
            (wire.REQUEST, 6, scope(), None, True),
            (wire.CANCEL, 5),
            (wire.PULSE,),
            (wire.BODY, 99, b"", False),
            (wire.STOP, 3.0),
        )
        first, wakes, look, second, cancel, stop = worker.takes()
        assert (first[0], second[0]) == (5, 6)
        assert (wakes, look, cancel, stop) == (5, DRAIN, CANCEL - 5, STOP)
        assert 2 < worker.host.grace() <= 3

    worker.serve(body)


def test_what_was_begun_is_told_with_the_batch(worker: Worker) -> None:
    async def body() -> None:
        worker.tell(*((wire.REQUEST, n, scope(), b"", False) for n in range(3)))
        assert len(worker.takes()) == 3
        worker.host.flush()
        worker.server.read()
        assert worker.server.begun == 3

    worker.serve(body)


def test_a_scope_has_what_only_the_worker_knows(worker: Worker) -> None:
    async def body() -> None:
        one, other = worker.request(1).scope, worker.request(2).scope
        assert one["asgi"] == {"version": "3.0", "spec_version": "2.5"}
        assert one["state"] == {"pool": 7}
        assert one["asgi"] is not other["asgi"]
        assert one["state"] is not other["state"]

    worker.serve(body)


@pytest.mark.parametrize(
    ("sent", "path"), [("/a", "/a"), ("/ü".encode(), "/ü"), (b"/\xff\xc3", "/\ufffd\ufffd")]
)
def test_a_path_is_text(worker: Worker, sent: Any, path: str) -> None:
    async def body() -> None:
        worker.tell((wire.REQUEST, 1, scope(path=sent), b"", False))
        assert worker.take()[1]["path"] == path

    worker.serve(body)


# ---- receive


def test_a_body_that_came_with_the_request_is_received(worker: Worker) -> None:
    async def body() -> None:
        request = worker.request(body=b"all")
        event = {"type": "http.request", "body": b"all", "more_body": False}
        assert await request.receive() == event
        worker.host.flush()
        worker.server.read()
        assert worker.server.batches[-1] == [], "nothing more is asked for"

    worker.serve(body)


async def wakes(worker: Worker, waiting: asyncio.Task[Any]) -> Any:
    """Let the loop do what the server has told, as `loop.Feed` does."""
    from spvn_bridge import http  # noqa: PLC0415 - after the host is there

    for number in worker.takes():
        http.wake(number)
    return await asyncio.wait_for(waiting, 5)


async def waits(awaitable: Awaitable[Any]) -> asyncio.Task[Any]:
    """A task that is where it waits."""

    async def wait() -> Any:
        return await awaitable

    task = asyncio.create_task(wait())
    for _ in range(3):
        await asyncio.sleep(0)
    assert not task.done()
    return task


def test_the_next_part_is_asked_for_ahead_of_the_app(worker: Worker) -> None:
    async def body() -> None:
        request = worker.request(body=b"a", more=True)
        assert (await request.receive())["body"] == b"a"
        assert worker.heard() == [wire.WANT, 5]
        worker.tell((wire.BODY, 5, b"b", True))
        assert worker.takes() == [5]
        assert (await request.receive())["body"] == b"b"
        assert worker.heard() == [wire.WANT, 5]
        worker.tell((wire.BODY, 5, b"c", False))
        assert worker.takes() == [5]
        event = {"type": "http.request", "body": b"c", "more_body": False}
        assert await request.receive() == event
        assert worker.server.says_nothing()

    worker.serve(body)


def test_an_app_that_waits_says_so_once_though_it_was_asked_for(worker: Worker) -> None:
    """A client that waits for leave to send its body gets it then."""

    async def body() -> None:
        request = worker.request(body=None, more=True)
        first, second = await waits(request.receive()), await waits(request.receive())
        assert worker.heard() == [wire.WANT, 5]
        assert worker.server.says_nothing()
        worker.tell((wire.BODY, 5, b"x", True), (wire.BODY, 5, b"y", False))
        assert (await wakes(worker, first))["body"] == b"x"
        assert (await second)["body"] == b"y"

    worker.serve(body)


def test_a_client_that_leaves_is_heard_behind_its_body_again_and_again(worker: Worker) -> None:
    async def body() -> None:
        request = worker.request(body=b"a", more=True)
        worker.tell((wire.DISCONNECT, 5))
        assert worker.takes() == [5]
        assert (await request.receive())["body"] == b"a"
        for _ in range(3):
            assert await request.receive() == DISCONNECT
        await request.send(START)
        await request.send(LAST)  # it may read on

    worker.serve(body)


def test_a_client_that_has_gone_reads_nothing(worker: Worker) -> None:
    from spvn_bridge.http import ClientDisconnected  # noqa: PLC0415 - after the host is there

    async def body() -> None:
        request = worker.request(body=b"a", more=True)
        worker.tell((wire.GONE, 5))
        assert worker.takes() == [5]
        assert await request.receive() == DISCONNECT
        with pytest.raises(ClientDisconnected):
            await request.send(START)

    worker.serve(body)


def test_a_task_that_receives_hears_of_the_end_of_the_response(worker: Worker) -> None:
    async def body() -> None:
        request = worker.request()
        await request.receive()
        await request.send(START)
        await request.send(LAST)
        assert await request.receive() == DISCONNECT

    worker.serve(body)


def test_a_receive_that_outlives_its_request_hears_of_no_other(worker: Worker) -> None:
    async def body() -> None:
        request = worker.request()
        worker.host.ended(5, None)
        worker.request(6, b"another's")
        assert await request.receive() == DISCONNECT

    worker.serve(body)


# ---- send


def test_a_response_and_the_end_of_its_app_are_one_message(worker: Worker) -> None:
    async def body() -> None:
        request = worker.request()
        await request.send(START)
        await request.send(LAST)
        worker.host.ended(5, None)
        assert worker.heard() == [wire.ANSWERED, 5, 200, b"", b"ok"]

    worker.serve(body)


def test_the_end_is_a_message_where_something_else_was_said_last(worker: Worker) -> None:
    async def body() -> None:
        for number in (1, 2):
            request = worker.request(number)
            await request.send(START)
            await request.send(LAST)
        worker.host.ended(1, None)
        worker.host.ended(2, "Traceback")
        assert worker.heard() == [wire.RESPONSE, 1, 200, b"", b"ok"]
        assert worker.heard() == [wire.RESPONSE, 2, 200, b"", b"ok"]
        assert worker.heard() == [wire.ENDED, 1, None]
        assert worker.heard() == [wire.ENDED, 2, "Traceback"]

    worker.serve(body)


def test_what_is_sent_later_goes_out_by_itself(worker: Worker) -> None:
    async def body() -> None:
        request = worker.request()
        worker.host.flush()
        worker.server.read()
        await request.send(START)
        await request.send(LAST)
        assert worker.server.says_nothing()
        await until(lambda: not worker.outlet.messages)
        assert worker.server.hear() == [wire.RESPONSE, 5, 200, b"", b"ok"]

    worker.serve(body)


def test_what_takes_long_is_handed_over_in_slices(
    worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def body() -> None:
        monkeypatch.setattr(host_module, "SLICE", -1)
        for number in range(4):
            worker.host.add([wire.WANT, number])
        assert [worker.server.hear()[1] for _ in range(4)] == list(range(4))
        assert [len(messages) for messages in worker.server.batches[-2:]] == [2, 2]

    worker.serve(body)


def test_send_waits_for_room(worker: Worker) -> None:
    async def body() -> None:
        request = worker.request()
        await request.send(START)
        piece = {"type": "http.response.body", "body": bytes(60_000), "more_body": True}
        await request.send(piece)
        waiting = await waits(request.send(piece))
        assert [worker.heard()[0] for _ in range(4)] == [
            wire.START,
            wire.PART,
            wire.PART,
            wire.FULL,
        ]
        worker.tell((wire.ROOM, 5))
        await wakes(worker, waiting)
        await request.send(piece)

    worker.serve(body)


def test_send_that_waits_hears_that_the_client_has_gone(worker: Worker) -> None:
    from spvn_bridge.http import ClientDisconnected  # noqa: PLC0415 - after the host is there

    async def body() -> None:
        request = worker.request()
        await request.send(START)
        piece = {"type": "http.response.body", "body": bytes(70_000), "more_body": True}
        waiting = await waits(request.send(piece))
        worker.tell((wire.GONE, 5))
        with pytest.raises(ClientDisconnected):
            await wakes(worker, waiting)

    worker.serve(body)


@pytest.mark.parametrize("length", [wire.PIECE_SIZE + 1, 2 * wire.PIECE_SIZE, 200_001])
def test_a_large_body_is_pulled_piece_by_piece(worker: Worker, length: int) -> None:
    data = bytes(range(251)) * (length // 251 + 1)
    data = data[:length]

    async def body() -> None:
        number = await offered(worker, data)
        got = b""
        while len(got) < length:
            worker.tell((wire.PULL, number))
            assert not worker.takes()
            which, piece = worker.server.hear_piece()
            assert which == number
            assert len(piece) == min(wire.PIECE_SIZE, length - len(got))
            got += piece
        assert got == data
        assert not worker.host._bodies
        worker.tell((wire.PULL, number), (wire.DROP, number))
        assert not worker.takes()
        assert worker.server.says_nothing()

    worker.serve(body)


async def offered(worker: Worker, data: bytes) -> int:
    request = worker.request()
    await request.send(START)
    await request.send({"type": "http.response.body", "body": data})
    worker.host.ended(5, None)
    assert worker.heard() == [wire.START, 5, 200, b""]
    kind, number, body, size, more = worker.heard()
    assert (kind, number, size, more) == (wire.LARGE, 5, float(len(data)), False)
    assert worker.heard() == [wire.ENDED, 5, None]
    which: int = body
    return which


def test_a_large_body_that_is_dropped_is_forgotten(worker: Worker) -> None:
    async def body() -> None:
        number = await offered(worker, bytes(300_000))
        worker.tell((wire.PULL, number), (wire.DROP, number), (wire.PULL, number))
        assert not worker.takes()
        assert len(worker.server.hear_piece()[1]) == wire.PIECE_SIZE
        assert worker.server.says_nothing()
        assert not worker.host._bodies

    worker.serve(body)


def test_numbers_of_bodies_are_positive_for_good(worker: Worker) -> None:
    worker.host._last_body = 0x7FFFFFFE
    for _ in range(3):
        worker.host.large(1, b"x", more=False)
    assert sorted(worker.host._bodies) == [0, 1, 0x7FFFFFFF]


# ---- the end


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

    def no_memory(*_: object, **__: object) -> None:
        raise MemoryError

    monkeypatch.setattr(host_module, "Exchange", no_memory)
    worker.tell((wire.REQUEST, 1, scope(), b"", False))
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
