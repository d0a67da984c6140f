"""Whatever an app raises, and wherever: its client learns of it, the log tells it, others go on."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from conftest import Serve
from harness.command import Command
from harness.kinds import kinds_tried
from harness.server import Server
from harness.waiting import eventually
from harness.wire import Truncated, request

pytestmark = [pytest.mark.own, pytest.mark.kinds("process")]

TARGET = "faults:app"
RECORD = re.compile(r"^(?=\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} )", re.MULTILINE)

# The last line of the traceback, by fault.
FAULTS = {
    "exit": r"SystemExit: struck on purpose",
    "interrupt": r"KeyboardInterrupt: struck on purpose",
    "cancelled": r"asyncio\.exceptions\.CancelledError: struck on purpose",
    "generator-exit": r"GeneratorExit: struck on purpose",
    "strange": r"faults\.Strange: struck on purpose",
    "unspeakable": r"faults\.Unspeakable: <exception str\(\) failed>",
    "recursion": r"RecursionError: maximum recursion depth exceeded",
    "recursion-json": r"RecursionError: maximum recursion depth exceeded.*",
    "recursion-repr": r"RecursionError: maximum recursion depth exceeded.*",
    "memory": r"MemoryError",
    "group": r"BaseExceptionGroup: struck on purpose \(2 sub-exceptions\)",
    "deep-group": r"BaseExceptionGroup: struck on purpose \(1 sub-exception\)",
    "chain": r"faults\.Strange: struck on purpose",
}

# What the client sees, by place.
REFUSED = ("before", "started", "receiving", "thread")
BROKEN = ("piece", "waited")
WHOLE = ("complete", "background", "task", "callback", "later")

# One more at a time, and the server is taken for one that cannot be helped.
ENDS = 4

# What asyncio and threading say nothing about, as in any other program.
SILENT = {("cancelled", "task"), ("exit")}


@pytest.fixture(scope="module", params=kinds_tried("main", "subinterpreter"))
def faulty(command: Command, request: pytest.FixtureRequest) -> Iterator[Server]:
    with Server(command, TARGET, "--isolation", request.param) as server:
        yield server
        assert "; another starts" not in server.log, "a worker has ended of it"


def ask_for(fault: str, where: str) -> bytes:
    return request(f"/fault?fault={fault}&where={where}")


def next_is_answered(server: Server) -> None:
    with server.connect() as connection:
        assert connection.ask("/next").body == b"next"


def records(text: str) -> list[str]:
    return [record for record in RECORD.split(text) if record.strip()]


def tracebacks(server: Server, mark: tuple[int, int], fault: str) -> list[str]:
    """The records that end with the fault's line; group members are framed by bars."""
    last = re.compile(rf"^(?:  \| )?{FAULTS[fault]}$", re.MULTILINE)
    return [each for each in records(server.log_since(mark)) if last.search(each)]


def logged_once(server: Server, mark: tuple[int, int], fault: str) -> None:
    """One block with the app's frames, and none of ours, once a later request is over."""
    found = eventually(lambda: tracebacks(server, mark, fault), what=f"{fault} in the log")
    next_is_answered(server)
    found = tracebacks(server, mark, fault)
    assert len(found) == 1, server.log_since(mark)
    assert "Traceback (most recent call last)" in found[0]
    assert "faults.py" in found[0]
    assert "spvn_bridge" not in found[0]
    assert len(found[0]) < 70_000
    server.check_clean()


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("where", REFUSED)
def test_fault_before_the_response_is_500(faulty: Server, fault: str, where: str) -> None:
    mark = faulty.mark()
    with faulty.connect() as connection:
        connection.send(ask_for(fault, where))
        assert connection.read_response().status == 500
        assert connection.ask("/next").body == b"next"
    logged_once(faulty, mark, fault)


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("where", BROKEN)
def test_fault_in_the_response_breaks_it_off(faulty: Server, fault: str, where: str) -> None:
    mark = faulty.mark()
    with faulty.connect() as connection:
        connection.send(ask_for(fault, where), request("/next"))
        with pytest.raises(Truncated) as end:
            connection.read_response()
    assert end.value.body == b"part"
    logged_once(faulty, mark, fault)


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("where", WHOLE)
def test_fault_beside_the_response_leaves_it_whole(faulty: Server, fault: str, where: str) -> None:
    mark = faulty.mark()
    with faulty.connect() as connection:
        connection.send(ask_for(fault, where), request("/next"))
        answers = [connection.read_response(), connection.read_response()]
    assert [(each.status, each.body) for each in answers] == [(200, b"whole"), (200, b"next")]
    if (fault, where) not in SILENT:
        logged_once(faulty, mark, fault)
    faulty.check_clean()


BROKEN_UPLOAD = (request("/read", "Content-Length: 1000000", method="POST"), bytes(400_000))


@pytest.mark.parametrize("sent", [BROKEN_UPLOAD, (request("/wait"),)], ids=["upload", "long-poll"])
def test_app_that_returns_when_its_client_has_left_is_not_blamed(
    faulty: Server, sent: tuple[bytes, ...]
) -> None:
    """Else whoever leaves early fills the log."""
    mark = faulty.mark()
    with faulty.connect() as connection:
        connection.send(*sent)
        connection.shutdown_write()
        assert connection.read_outcome()
    next_is_answered(faulty)
    assert faulty.log_since(mark) == ""


def in_lifespan(command: Command, fault: str, where: str) -> Server:
    return Server(command, TARGET, env={"WHERE": where, "FAULT": fault})


@pytest.mark.parametrize("fault", ["exit", "interrupt", "cancelled", "generator-exit", "strange"])
def test_no_exception_but_worse_at_startup_ends_the_server(command: Command, fault: str) -> None:
    server = in_lifespan(command, fault, "startup")
    server.launch()
    assert server.wait_exit(30) == 3
    assert "lifespan.startup raised" in server.log
    assert re.search(rf"^{FAULTS[fault]}$", server.log, re.MULTILINE)
    server.check_clean()


@pytest.mark.parametrize("fault", ["unspeakable", "recursion-json", "memory"])
def test_exception_at_startup_is_shown_and_the_app_is_served(command: Command, fault: str) -> None:
    with in_lifespan(command, fault, "startup") as server:
        next_is_answered(server)
        assert len(tracebacks(server, (0, 0), fault)) == 1


@pytest.mark.parametrize("where", ["serving", "shutdown"])
@pytest.mark.parametrize("fault", ["exit", "interrupt", "unspeakable", "recursion", "group"])
def test_fault_later_in_the_lifespan_is_logged(command: Command, fault: str, where: str) -> None:
    with in_lifespan(command, fault, where) as server:
        next_is_answered(server)
        assert server.stop() == 0
        assert len(tracebacks(server, (0, 0), fault)) == 1
        assert "exception in the app's lifespan" in server.log


def starve(server: Server, count: int) -> list[int]:
    """What two requests get, of which the first has that allocation fail."""
    with server.connect() as connection:
        new = f"X-Not-Known-{count}: {count}"
        connection.send(request(f"/?{count}", new), request("/", new, "Connection: close"))
        return [connection.read_response().status for _ in range(2)]


def feed(server: Server) -> int:
    """Has no allocation fail any more, if none has failed yet; what that request gets."""
    with server.connect() as connection:
        return connection.ask("/enough").status


def is_fed_again(server: Server) -> None:
    feed(server)
    with server.connect() as connection:
        response = connection.ask("/")
        assert (response.status, response.body) == (200, b"hello")


@pytest.mark.kinds("main")  # for processes, see below
@pytest.mark.parametrize("loop", ["asyncio", "auto"])
def test_no_allocation_is_the_last(serve: Serve, loop: str) -> None:
    """One after the other fails: in the app, in the loop, or in the server's own code."""
    pytest.importorskip("_testcapi", reason="this Python was built without it")
    server = serve("starved:app", "--loop", loop)
    for count in range(130):
        assert set(starve(server, count)) <= {200, 500}
    is_fed_again(server)


@pytest.mark.kinds("main")  # once: it names its kind
@pytest.mark.parametrize("first", [5, 45])
@pytest.mark.parametrize("loop", ["asyncio", "auto"])
def test_process_that_lacks_memory_for_its_own_part_is_followed_by_another(
    serve: Serve, loop: str, first: int
) -> None:
    """It says why it ends; what it had in hand is told so, and nothing waits for it in vain."""
    pytest.importorskip("_testcapi", reason="this Python was built without it")
    server = serve("starved:app", "--loop", loop, "--isolation", "process")
    told = ended = 0
    for count in range(first, first + 25):
        # No allocation is to fail in a later round; the first of these two may be what it hits.
        statuses = [*starve(server, count), feed(server), feed(server)]
        assert set(statuses) <= {200, 500, 502}
        told += statuses.count(502)  # at an end with nothing in hand there is nobody to tell
        ended = server.log.count("ended: exit code 70")
        if ended == ENDS:
            break
    is_fed_again(server)
    assert told <= ended
    assert ended > 0
    assert server.log.count("spvn: a worker process ends: there is no memory for") == ended
