"""Streams that share a connection: none waits for another, and each has its end."""

from __future__ import annotations

import itertools
import statistics
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest

from conftest import Serve
from harness import frames
from harness.command import Command
from harness.h2_messages import GoneAway, Reset
from harness.http2 import Http2
from harness.notes import Notes
from harness.server import Server
from harness.waiting import eventually
from harness.wire import Response, WireError

TARGET = "multiplexed:app"
EXTRA = 0.005  # what a stalled neighbour may cost
ASKED = 200
TOO_MUCH = 64_000_000


@pytest.fixture(scope="module")
def multiplexed(command: Command) -> Iterator[Server]:
    with Server(command, TARGET) as server:
        yield server


def had(server: Server, name: str) -> int:
    with server.connect() as connection:
        found: int = connection.ask("/seen").json()["had"][name]
    return found


def still(server: Server, name: str) -> int:
    """How much an app has had, once that stays as it is for a while."""
    seen: list[int] = []

    def probe() -> bool:
        time.sleep(0.1)
        seen.append(had(server, name))
        return len(seen) > 3 and len(set(seen[-3:])) == 1

    eventually(probe, within=10, what=f"{name} to stand still")
    return seen[-1]


def test_streams_are_answered_in_the_order_in_which_they_are_ready(server: Server) -> None:
    many = [Notes(server) for _ in range(50)]
    with Http2.to(server) as client:
        streams = [client.request(f"/answer-at-gate?{each.key}") for each in many]
        for each, stream in reversed(list(zip(many, streams, strict=True))):
            each.open_gate()
            assert client.response(stream).body == b"answered"


def test_a_hundred_streams_at_once_are_whole(multiplexed: Server) -> None:
    with Http2.to(multiplexed, timeout=60) as client:
        count = min(100, client.await_settings().get(frames.MAX_CONCURRENT_STREAMS, 100))
        letters = [chr(ord("a") + number % 26) for number in range(count)]
        streams = [
            client.request(f"/sized?count=200000&letter={letter}&pieces=1") for letter in letters
        ]
        for stream, letter in zip(streams, letters, strict=True):
            assert client.response(stream).body == letter.encode() * 200_000


def test_uploads_side_by_side_are_whole(multiplexed: Server) -> None:
    with Http2.to(multiplexed, timeout=60) as client:
        streams = [client.request("/sink", method="POST", end=False) for _ in range(10)]
        for number in range(50):
            for stream in streams:
                client.data(stream, bytes([number, stream % 256]) * 4000)
        for stream in streams:
            client.data(stream, end=True)
        answers = [client.response(stream).json() for stream in streams]
    assert {count for count, _ in answers} == {400_000}
    assert len({digest for _, digest in answers}) == len(streams)


def test_response_waits_for_credit(multiplexed: Server) -> None:
    """The client's windows are all that goes out, and the app waits."""
    with Http2.to(multiplexed, settings={frames.INITIAL_WINDOW_SIZE: 1000}) as client:
        stream = client.request("/sized?count=5000", credit=False)
        found = client.streams[stream]
        client.until(lambda: len(found.body) == 1000, "a window")
        client.roundtrip()
        assert len(found.body) == 1000
        client.send(frames.window_update(stream, 1))
        client.until(lambda: len(found.body) == 1001, "a byte more")
        client.send(frames.window_update(stream, 10_000))
        assert client.response(stream).body == b"x" * 5000


def test_smaller_window_may_be_below_nothing(multiplexed: Server) -> None:
    """RFC 9113 6.9.2."""
    with Http2.to(multiplexed, settings={frames.INITIAL_WINDOW_SIZE: 1000}) as client:
        stream = client.request("/sized?count=3000", credit=False)
        found = client.streams[stream]
        client.until(lambda: len(found.body) == 1000, "a window")
        client.send(frames.settings({frames.INITIAL_WINDOW_SIZE: 100}))
        client.send(frames.window_update(stream, 900))
        client.roundtrip()
        assert len(found.body) == 1000
        client.send(frames.window_update(stream, 1))
        client.until(lambda: len(found.body) == 1001, "a byte more")
        client.send(frames.settings({frames.INITIAL_WINDOW_SIZE: 10_000}))
        assert client.response(stream).body == b"x" * 3000


def test_app_is_held_back_by_a_client_that_does_not_read(multiplexed: Server) -> None:
    with Http2.to(multiplexed) as client:
        stream = client.request("/endless", credit=False)
        client.until(lambda: len(client.streams[stream].body) >= frames.WINDOW, "a window")
        assert client.silent(0.2)
        assert still(multiplexed, "endless") < 20_000_000
        client.send(frames.reset(stream))
        client.roundtrip()
    with multiplexed.connect() as connection:
        eventually(
            lambda: connection.ask("/seen").json()["open"]["endless"] == 0, what="the app's end"
        )


def test_upload_is_held_back_by_an_app_that_does_not_read(multiplexed: Server) -> None:
    """Some credit comes without the app, but not without end."""
    with Http2.to(multiplexed) as client:
        stream = client.request("/unread", method="POST", end=False)
        assert client.head(stream).status == 200
        sent = 0
        with suppress(WireError):
            while sent < TOO_MUCH:
                client.until(lambda: client.credit(stream), "credit", within=1)
                count = min(client.credit(stream), client.largest_frame)
                client.data(stream, bytes(count))
                sent += count
        assert sent < TOO_MUCH
        assert client.ask("/").body == b"hello"


def one_after_the_other(client: Http2, count: int = ASKED) -> list[float]:
    """How long each of some requests takes."""
    times = []
    for _ in range(count):
        began = time.perf_counter()
        assert client.ask("/").body == b"hello"
        times.append(time.perf_counter() - began)
    return times


def stall_download(client: Http2) -> None:
    stream = client.request("/endless", credit=False)
    client.until(lambda: len(client.streams[stream].body) >= frames.WINDOW, "a window")


def stall_upload(client: Http2) -> None:
    """As much as there is credit for, to an app that reads none of it."""
    stream = client.request("/unread", method="POST", end=False)
    client.head(stream)
    sent = 0
    while sent < TOO_MUCH and (count := min(client.credit(stream), client.largest_frame)):
        client.data(stream, bytes(count))
        client.roundtrip()
        sent += count


def stall_small_frames(client: Http2) -> None:
    """As many frames of a byte as a prototype of another kind could not take."""
    stream = client.request("/unread", method="POST", end=False)
    client.head(stream)
    for _ in range(60):
        client.data(stream, b"x")


@pytest.mark.alone
@pytest.mark.parametrize("stall", [stall_download, stall_upload, stall_small_frames])
def test_stalled_stream_does_not_hold_up_its_neighbours(multiplexed: Server, stall: object) -> None:
    assert callable(stall)
    with Http2.to(multiplexed) as client:
        one_after_the_other(client, 500)  # the first are slower, whoever is beside them
        free = one_after_the_other(client)
        stall(client)
        beside = one_after_the_other(client)
    # The median: what else the machine does is in the slowest.
    assert statistics.median(beside) <= statistics.median(free) + EXTRA


@pytest.mark.alone
def test_large_response_leaves_room_for_small_ones(multiplexed: Server) -> None:
    """One is read all the while, and the others take their turns between its frames."""
    with Http2.to(multiplexed) as client:
        one_after_the_other(client, 500)
        client.request("/endless")
        beside = one_after_the_other(client)
        assert sum(count for _, count in client.received) > 1_000_000
    assert statistics.median(beside) < 0.05


def last_frames(client: Http2, streams: list[int]) -> list[int]:
    """The streams in the order of their ends."""
    for stream in streams:
        client.response(stream)
    ends = {stream: number for number, (stream, count) in enumerate(client.received) if count}
    return sorted(streams, key=lambda stream: ends[stream])


def held(client: Http2, targets: list[tuple[str, str]]) -> list[int]:
    """Responses that are all there before the first of them may go out."""
    streams = [client.request(target, ("priority", priority)) for target, priority in targets]
    for stream in streams:
        client.head(stream)
    client.roundtrip()
    return streams


def go_on(client: Http2, streams: list[int]) -> None:
    """Credit for all of them, in one moment."""
    credit = [frames.window_update(stream, SIZE) for stream in streams]
    client.send(*credit, frames.window_update(0, 10_000_000))


SIZE = 400_000


@pytest.mark.own
def test_urgent_response_goes_first(multiplexed: Server) -> None:
    """RFC 9218: of responses that wait for the connection, the most urgent goes on."""
    with Http2.to(multiplexed, window=frames.WINDOW, timeout=30) as client:
        target = f"/sized?count={SIZE}"
        streams = held(client, [(target, "u=5"), (target, "u=1"), (target, "u=3"), (target, "u=0")])
        go_on(client, streams)
        late, second, third, first = streams
        order = last_frames(client, streams)
    assert order == [first, second, third, late]


@pytest.mark.own
def test_incremental_responses_share_and_others_follow_one_another(multiplexed: Server) -> None:
    target = f"/sized?count={SIZE}"
    for priority, turns in (("u=3, i", True), ("u=3", False)):
        with Http2.to(multiplexed, window=frames.WINDOW, timeout=30) as client:
            streams = held(client, [(target, priority)] * 3)
            begun = len(client.received)
            go_on(client, streams)
            for stream in streams:
                client.response(stream)
            order = [stream for stream, count in client.received[begun:] if count]
        turns_taken = sum(1 for _ in itertools.groupby(order))
        if turns:
            assert turns_taken > 10, order
        else:
            assert turns_taken <= 6, order


@pytest.mark.own
def test_priority_may_be_updated(multiplexed: Server) -> None:
    with Http2.to(multiplexed, window=frames.WINDOW, timeout=30) as client:
        target = f"/sized?count={SIZE}"
        streams = held(client, [(target, "u=2"), (target, "u=5")])
        client.send(frames.priority_update(streams[1], "u=0"))
        client.roundtrip()
        go_on(client, streams)
        assert last_frames(client, streams) == streams[::-1]


def test_priority_may_be_said_ahead(multiplexed: Server) -> None:
    """RFC 9218 7.1: of a stream that is not open yet; it counts in place of the request's own."""
    with Http2.to(multiplexed, window=frames.WINDOW, timeout=30) as client:
        target = f"/sized?count={SIZE}"
        client.send(frames.priority_update(client.next_stream + 2, "u=0"))
        streams = held(client, [(target, "u=2"), (target, "u=5")])
        go_on(client, streams)
        assert last_frames(client, streams) == streams[::-1]


def test_stream_over_the_limit_is_refused_and_may_be_asked_again(multiplexed: Server) -> None:
    with Http2.to(multiplexed) as client:
        limit = client.await_settings()[frames.MAX_CONCURRENT_STREAMS]
        assert limit >= 100  # RFC 9113 6.5.2
        held = [client.request("/unread", credit=False) for _ in range(limit)]
        over = [client.request("/over") for _ in range(5)]
        for stream in over:
            assert client.reset_of(stream) == frames.REFUSED_STREAM
        client.send(frames.reset(held.pop()))
        assert client.ask("/again").body == b"hello"
        for stream in held:
            client.send(frames.reset(stream))
        assert "/over" not in client.ask("/seen").json()["paths"]


def test_trailers_of_a_response_end_it(multiplexed: Server) -> None:
    with Http2.to(multiplexed) as client:
        answer = client.ask("/trailers", ("te", "trailers"))
        assert (answer.status, answer.body) == (200, b"with trailers"), answer
        assert answer.trailers == [(b"x-checksum", b"one"), (b"x-checksum", b"two")]


def test_early_hint_comes_before_the_response(multiplexed: Server) -> None:
    with Http2.to(multiplexed) as client:
        stream = client.request("/hint")
        assert client.response(stream).body == b"hinted"
        (hint,) = client.streams[stream].interim
        assert hint.status == 103
        assert hint.one("link") == b"</style.css>; rel=preload; as=style"


def test_stop_says_goaway_and_ends_the_streams_in_hand(serve: Serve) -> None:
    server = serve(TARGET)
    with Http2.to(server, timeout=20) as client:
        stream = client.request("/sink", method="POST", end=False)
        client.data(stream, b"before,")
        client.roundtrip()
        with stopping(server):
            goaway = client.await_goaway()
            assert goaway.code == frames.NO_ERROR
            assert goaway.last >= stream
            assert handed_back(client) or goaway.last > stream
            client.data(stream, b"after", end=True)
            assert client.response(stream).json()[0] == len(b"before,after")
            client.await_end()


@contextmanager
def stopping(server: Server) -> Iterator[None]:
    """A stop that has begun, and has ended well in the end."""
    codes: list[int] = []
    thread = threading.Thread(target=lambda: codes.append(server.stop(within=30)))
    thread.start()
    yield
    thread.join(30)
    assert codes in ([0], [-15])


def handed_back(client: Http2) -> bool:
    """Whether a new stream is refused so that it may be asked again elsewhere."""
    try:
        found: Response = client.ask("/late")
    except Reset as reset:
        return reset.code == frames.REFUSED_STREAM
    except GoneAway:
        return True
    except WireError:
        return client.ended
    assert found.status in (200, 503)
    return False


def test_response_in_hand_is_whole_at_a_stop(serve: Serve) -> None:
    server = serve(TARGET)
    with Http2.to(server, settings={frames.INITIAL_WINDOW_SIZE: 10_000}, timeout=20) as client:
        stream = client.request("/sized?count=2000000&pieces=1", credit=False)
        found = client.streams[stream]
        client.until(lambda: found.body, "the response")
        with stopping(server):
            assert client.await_goaway().last >= stream
            found.credit = True
            client.send(frames.window_update(stream, len(found.body)))
            assert client.response(stream).body == b"x" * 2_000_000
            client.await_end()


def test_idle_connection_ends_at_once_at_a_stop(serve: Serve) -> None:
    server = serve(TARGET)
    with Http2.to(server) as client:
        assert client.ask("/").status == 200
        with stopping(server):
            client.await_end(within=5)
            assert client.goaway
            assert client.goaway.code == frames.NO_ERROR
