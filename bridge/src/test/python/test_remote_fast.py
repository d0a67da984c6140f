"""The compiled part of a worker process does what Python does: whatever comes, and word for word.

Two hosts, one of each, are told and asked the same, in an order of chance.
"""

from __future__ import annotations

import gc
import random
import sys
import tracemalloc
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

import pytest

from compiled import compiled
from remote_worker import LAST, START, Worker, scope
from spvn_bridge.http import SENT
from spvn_bridge.remote import response, wire
from spvn_bridge.remote.host import Host

if TYPE_CHECKING:
    from collections.abc import Iterator

LONG = 1 << 60


@pytest.fixture
def workers() -> Iterator[list[Worker]]:
    made = [Worker(), Worker(compiled())]
    module = sys.modules["_spvn_host"]
    before = dict(vars(module))
    for each in made:
        each.host.install(module)
        each.host.bind()
        each.host._slice = LONG
        each.outlet.attach(NoLoop())  # type: ignore[arg-type]
        each.host._asgi, each.host._state = {"version": "3.0", "spec_version": "2.5"}, {"a": 1}
    yield made
    vars(module).update(before)
    for each in made:
        each.server.close()


class NoLoop:
    """Nothing has to wait for room."""

    def remove_writer(self, descriptor: int) -> None:
        """Nothing is removed."""


class Number(int):
    """A status of an enumeration, such as HTTPStatus."""


class Text(str):
    __slots__ = ()


class Fussy:
    """What cannot be hashed, and has no length."""

    __hash__ = None  # type: ignore[assignment]

    def __bool__(self) -> bool:
        raise ZeroDivisionError("neither true nor false")


PAIRS: list[Any] = [
    (b"content-type", b"text/plain"),
    (b"Content-Length", b"5"),
    (b"content-length", b"0"),
    (b"content-length", b"x"),
    (b"set-cookie", b"a=b"),
    (b"bad name", b""),
    (b"a", b"\n"),
    (b"a", "b"),
    (b"a",),
    [b"b", b"c"],
    Fussy(),
    7,
]
STATUS = [200, 200, 200, 204, 304, 404, 599, 100, 99, 600, True, None, "200", Number(200), 10**30]
BODIES = [b"", b"12345", b"123456", bytes(70_000), bytes(65_536), bytearray(b"1"), "text", None]
MORE = [False, False, True, 0, 1, None, Fussy()]
TYPES = ["http.response.start", "http.response.body", Text("http.response.body"), "http.x", 7, None]


def event(chance: random.Random) -> Any:
    """An event, as most are, or of which each part may be wrong or missing."""
    if chance.random() < 0.4:
        body = {**LAST, "more_body": False} if chance.random() < 0.5 else LAST
        pairs = chance.choices(PAIRS[:3], k=chance.randrange(3))
        return chance.choice([{**START, "headers": pairs}, body])
    kind = chance.choice(TYPES[:2] * 8 + TYPES)
    pairs = chance.choices(PAIRS[:2] if chance.random() < 0.8 else PAIRS, k=chance.randrange(3))
    made = {
        "type": kind,
        "status": chance.choice(STATUS),
        "headers": chance.choice([pairs, pairs, tuple(pairs), None, 7]),
        "body": chance.choice(BODIES),
        "more_body": chance.choice(MORE),
    }
    for key in chance.sample(sorted(made), chance.choice((0, 0, 1, 2))):
        del made[key]
    return made if chance.random() < 0.98 else chance.choice([None, [], Text("x")])


def outcome(call: Callable[..., Any], *arguments: Any, **named: Any) -> object:
    """What a call returns or raises, in a form that can be compared."""
    try:
        result = call(*arguments, **named)
    except Exception as error:
        return type(error), str(error)
    if isinstance(result, tuple) and len(result) == 4:
        return result[:2]
    if result is SENT or not isinstance(result, Awaitable):
        return result
    result.close()  # type: ignore[attr-defined]
    return "waits"


class Play:
    """Tells and asks both hosts the same."""

    def __init__(self, workers: list[Worker], seed: int) -> None:
        self.workers = workers
        self.chance = random.Random(seed)  # noqa: S311 - to be the same each time
        self.sends: list[list[Any]] = [[], []]
        self.numbers: list[int] = []

    def step(self) -> None:
        step = self.chance.choice([self.begin, *[self.send] * 6, self.end, self.tell, self.other])
        done = step()
        one, other = self.workers
        assert done[0] == done[1]
        assert one.outlet.messages == other.outlet.messages
        assert one.outlet.begun == other.outlet.begun
        assert set(one.host._exchanges) == set(other.host._exchanges)
        for number, exchange in one.host._exchanges.items():
            twin = other.host._exchanges[number]
            assert isinstance(exchange, response.Exchange)
            assert isinstance(twin, response.Exchange)
            assert inside(exchange) == inside(twin)

    def both(self, call: Callable[[Worker], object]) -> list[object]:
        return [call(each) for each in self.workers]

    def begin(self) -> list[object]:
        """A request comes, perhaps behind another message."""
        number = len(self.numbers)
        self.numbers.append(number)
        method = self.chance.choice(["GET", "HEAD"])
        path = self.chance.choice(["/", "/", b"/\xff"])
        body, more = self.chance.choice([(b"", False), (b"x", True), (None, True)])
        before = self.chance.choice([(), (), ((wire.DROP, 1),)])
        taken: list[object] = []
        for each, sends in zip(self.workers, self.sends, strict=True):
            request = (wire.REQUEST, number, scope(method=method, path=path), body, more)
            each.tell(*before, request)
            work = each.take()
            taken.append((*work[:2], work[2].__self__, work[2].__func__))
            sends.append(work[3])
        return taken

    def send(self) -> list[object]:
        if not self.numbers:
            return self.begin()
        which = self.chance.choice(self.numbers[-3:])
        said = event(self.chance)
        if self.chance.random() < 0.2:
            return [outcome(sends[which], message=said) for sends in self.sends]
        return [outcome(sends[which], said) for sends in self.sends]

    def end(self) -> list[object]:
        if not self.numbers:
            return self.begin()
        number = self.chance.choice(self.numbers[-3:])
        words = self.chance.choice([None, None, "Traceback"])
        return self.both(lambda worker: outcome(worker.host.ended, number, words))

    def tell(self) -> list[object]:
        kind = self.chance.choice([wire.GONE, wire.DISCONNECT, wire.ROOM, wire.CANCEL])
        number = self.chance.choice(self.numbers[-3:] or [0])

        def tell(worker: Worker) -> object:
            worker.tell((kind, number))
            return worker.takes()

        return self.both(tell)

    def other(self) -> list[object]:
        number = self.chance.choice(self.numbers[-3:] or [0])
        call = self.chance.choice(["receive", "writable", "drain", "flush"])
        arguments = {"flush": (), "drain": (number, 0)}.get(call, (number,))

        def ask(worker: Worker) -> object:
            said = outcome(getattr(worker.host, call), *arguments)
            if call == "flush" and worker.server.begun < worker.outlet.begun:
                worker.server.read()
                worker.server.batches, batches = [], worker.server.batches
                return said, batches
            return said

        return self.both(ask)


def inside(exchange: response.Exchange) -> list[object]:
    """All that an exchange knows and may still need, but for whose it is."""
    values = {name: getattr(exchange, name) for name in response.Exchange.__slots__}
    start = values.pop("_start")
    del values["_post"]
    if exchange.state == response.COMPLETE:
        del values["_length"]
    return [values, start and (start[0], start[1].block, start[1].length)]


@pytest.mark.parametrize("seed", range(40))
def test_both_do_the_same(workers: list[Worker], seed: int) -> None:
    play = Play(workers, seed)
    for _ in range(200):
        play.step()
        for each in workers:
            del each.outlet.messages[:-60]


def test_what_is_refused_is_refused_by_name_of_argument(workers: list[Worker]) -> None:
    for each in workers:
        with pytest.raises(TypeError):
            each.host.ended(1)  # type: ignore[call-arg]


WRONG: list[tuple[tuple[Any, ...], dict[str, Any]]] = [
    ((), {}),
    ((START, START), {}),
    ((), {"event": START}),
    ((START,), {"message": START}),
    ((), {"message": START, "more": START}),
    ((), {"event": START, "more": START}),
]


@pytest.mark.parametrize(("arguments", "named"), WRONG)
def test_send_of_anything_but_a_message_is_an_error(
    workers: list[Worker], arguments: tuple[Any, ...], named: dict[str, Any]
) -> None:
    for each in workers:
        send = each.request().send
        with pytest.raises(TypeError, match=r"send\(\)"):
            send(*arguments, **named)
        send(START)


class Cycle:
    """Requests, from their first message to the last."""

    def __init__(self, worker: Worker) -> None:
        self.worker = worker
        self.number = 0
        self.start = {**START, "headers": [(b"content-length", b"2"), (b"a", b"b")]}

    def run(self, count: int) -> None:
        for _ in range(count):
            self.number += 1
            request = self.worker.request(self.number, more=bool(self.number % 2))
            request.send(dict(self.start))
            request.send(message=dict(LAST)) if self.number % 3 else request.send(dict(LAST))
            self.worker.host.ended(self.number, None)
            assert self.worker.heard()[0] == wire.ANSWERED
            self.worker.server.batches.clear()


def test_no_memory_is_kept(workers: list[Worker]) -> None:
    cycle = Cycle(workers[1])
    cycle.run(200)
    gc.disable()
    tracemalloc.start()
    try:
        cycle.run(200)
        before, references = tracemalloc.get_traced_memory()[0], counts(cycle)
        cycle.run(2_000)
        assert tracemalloc.get_traced_memory()[0] - before < 32_000, "an object of each"
        assert counts(cycle) == references
        assert not exchanges(cycle.worker)
    finally:
        tracemalloc.stop()
        gc.enable()


def exchanges(worker: Worker) -> list[object]:
    """All that there are of a worker's."""
    kind = worker.host.exchange
    found = [each for each in gc.get_objects() if type(each) is kind]
    return [each for each in found if each._post is worker.host]


def counts(cycle: Cycle) -> list[int]:
    host = cycle.worker.host
    own = [host, host._asgi, host._state, host._receive, host._exchanges, host._outlet]
    return [sys.getrefcount(each) for each in [*own, SENT, cycle.start["headers"], LAST["body"]]]


def test_an_exchange_in_a_cycle_is_collected(workers: list[Worker]) -> None:
    worker = workers[1]
    request = worker.request()
    request.scope["keeps"] = request.send
    request.send.__self__.events.append(request.scope)
    worker.host.ended(5, None)
    del request
    assert exchanges(worker)
    gc.collect()
    assert not exchanges(worker)


def test_it_is_a_host_like_any_other() -> None:
    module = compiled()
    assert issubclass(module.Host, Host)
    assert module.Host.exchange is module.Exchange
    assert Host.exchange is response.Exchange
    for kind in (module.Host, module.Exchange, module.Inlet, module.Outlet):
        with pytest.raises(TypeError):
            type("Derived", (kind,), {})
