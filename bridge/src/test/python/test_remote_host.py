"""The functions of `_spvn_host` in a worker process, whose server is the test."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from conftest import until
from spvn_bridge.orders import CANCEL, DRAIN, STOP
from spvn_bridge.remote import wire
from spvn_bridge.remote.host import MOST_MESSAGES

if TYPE_CHECKING:
    from collections.abc import Awaitable

from remote_worker import DISCONNECT, LAST, START, Worker, offered, scope

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


def test_what_takes_long_is_handed_over_in_slices(worker: Worker) -> None:
    async def body() -> None:
        worker.host._slice = -1
        for number in range(4):
            worker.host.add([wire.WANT, number])
        assert [worker.server.hear()[1] for _ in range(4)] == list(range(4))
        assert [len(messages) for messages in worker.server.batches[-2:]] == [2, 2]

    worker.serve(body)


def test_a_batch_is_handed_over_when_it_is_long(worker: Worker) -> None:
    async def body() -> None:
        worker.host._slice = 1 << 60
        worker.request()
        for number in range(MOST_MESSAGES + 1):
            worker.host.add([wire.WANT, number])
        worker.server.read()
        assert len(worker.server.batches[-1]) == MOST_MESSAGES
        assert len(worker.outlet.messages) == 1

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
    worker.host._bodies._last = 0x7FFFFFFE
    for _ in range(3):
        worker.host.large(1, b"x", more=False)
    assert sorted(worker.host._bodies._left) == [0, 1, 0x7FFFFFFF]
