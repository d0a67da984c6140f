"""Every timeout and limit: what the client gets, and the reason it is counted under.

A fixture starts the server with the limit in question and reads its metrics: each test says which
one reason must have been counted, and no other may have been.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

import pytest

from conftest import Serve
from harness.admin import ANY_PORT, Admin
from harness.command import Command
from harness.server import Server
from harness.waiting import eventually
from harness.wire import LAST_CHUNK, Connection, Response, Truncated, chunk, request

pytestmark = [pytest.mark.own, pytest.mark.kinds("process")]

TARGET = "limits:app"
REFUSALS = "spvn_refusals_total"
TIGHT = (
    *("--timeout-header", "500ms", "--timeout-keep-alive", "500ms"),
    *("--timeout-body", "500ms", "--limit-body", "1K"),
)

LARGE = 8_000_000  # more than the buffers of both systems hold

Limited = Callable[..., Server]


@pytest.fixture
def limited(serve: Serve) -> Limited:
    return lambda *options: serve(TARGET, *ANY_PORT, *options)


@pytest.fixture(scope="module")
def tight(command: Command) -> Iterator[Server]:
    """One server for all tests that need no more than limits which are soon reached."""
    with Server(command, TARGET, *ANY_PORT, *TIGHT) as server:
        yield server


@contextmanager
def counts(server: Server, reason: str, times: int = 1) -> Iterator[None]:
    """What happens inside is refused so often for this reason, and for no other."""
    admin = Admin.of(server)
    before = refusals(admin)
    yield
    wanted = {**before, reason: before[reason] + times}
    eventually(lambda: refusals(admin) == wanted, what=f"{times} x {reason}")


def refusals(admin: Admin) -> dict[str, float]:
    return {
        key.removeprefix(REFUSALS + '{reason="').removesuffix('"}'): value
        for key, value in admin.metrics().items()
        if key.startswith(REFUSALS)
    }


def seen(server: Server) -> list[str]:
    with server.connect() as connection:
        found = connection.ask("/seen").json()
    assert isinstance(found, list)
    return found


def assert_refused(connection: Connection, status: int) -> Response:
    """The server answers with this status and ends the connection."""
    response = connection.read_response()
    assert response.status == status, response
    assert response.one("connection") == b"close"
    assert connection.ended()
    return response


def test_slow_header_is_answered_408(tight: Server) -> None:
    with counts(tight, "header_timeout"), tight.connect() as connection:
        connection.send(b"GET / HTTP/1.1\r\nHost: a\r\nX: ")
        began = time.monotonic()
        assert_refused(connection, 408)
        assert time.monotonic() - began > 0.4


def test_trickled_header_does_not_extend_its_time(tight: Server) -> None:
    with counts(tight, "header_timeout"), tight.connect() as connection:
        connection.send(b"GET / HTTP/1.1\r\nHost: a\r\nX: ")
        began = time.monotonic()
        while connection.silent(0.1):
            connection.send(b"x")
            assert time.monotonic() - began < 5, "each byte has bought more time"
        assert_refused(connection, 408)


def test_slow_header_of_a_second_request_is_answered_408(tight: Server) -> None:
    with counts(tight, "header_timeout"), tight.connect() as connection:
        assert connection.ask("/").status == 200
        connection.send(b"GET / HT")
        assert_refused(connection, 408)


def test_silent_connection_is_closed_without_an_answer(tight: Server) -> None:
    with counts(tight, "idle_timeout"), tight.connect() as connection:
        assert connection.ended()


def test_idle_connection_is_closed_without_an_answer(tight: Server) -> None:
    with counts(tight, "idle_timeout"), tight.connect() as connection:
        assert connection.ask("/").status == 200
        assert connection.ended()


@pytest.mark.parametrize("framing", ["Content-Length: 100", "Transfer-Encoding: chunked"])
@pytest.mark.parametrize("path", ["/body", "/seen"])
def test_slow_body_is_answered_408(tight: Server, framing: str, path: str) -> None:
    """Also where the app does not read it, and the connection waits for what is left of it."""
    with counts(tight, "body_timeout"), tight.connect() as connection:
        connection.send(request(path, framing, method="POST"), b"1\r\n")
        if path == "/body":
            assert_refused(connection, 408)
        else:
            assert connection.read_response().status == 200
            assert connection.ended()
    assert_serves(tight)


def test_slow_body_after_the_answer_has_begun_cuts_the_connection(limited: Limited) -> None:
    server = limited("--timeout-body", "500ms")
    with counts(server, "body_timeout"), server.connect() as connection:
        connection.send(request("/early", "Content-Length: 100", method="POST"), b"1")
        assert connection.read_head().status == 200
        assert connection.read_chunk() == b"begun"
        with pytest.raises(Truncated):
            connection.read_chunk()
    eventually(lambda: "http.disconnect" in seen(server), what="disconnect")


def test_unread_body_beside_a_slow_reader_does_not_keep_the_connection(limited: Limited) -> None:
    """The body's time is up while the answer is still on its way."""
    server = limited("--timeout-body", "500ms", "--timeout-keep-alive", "1s")
    with server.connect(rcvbuf=4096) as connection:
        connection.send(request("/large", "Content-Length: 100000", method="POST"), b"1")
        eventually(lambda: "/large" in seen(server), what="the app to be done")
        time.sleep(1)  # the body's time, which passes while nothing is read
        assert len(connection.read_response().body) == LARGE
        assert connection.ended()


def test_small_body_that_comes_late_is_no_wait_for_a_worker(limited: Limited) -> None:
    server = limited("--queue-timeout", "100ms")
    with server.connect() as connection:
        connection.send(request("/body", "Content-Length: 2", method="POST"), b"a")
        assert connection.silent(0.3)
        connection.send(b"b")
        assert connection.read_response().body == b"2"


def test_a_body_that_keeps_coming_is_not_cut(tight: Server) -> None:
    with tight.connect() as connection:
        connection.send(request("/body", "Content-Length: 12", method="POST"))
        for _ in range(12):
            assert connection.silent(0.1)
            connection.send(b"x")
        assert connection.read_response().body == b"12"


def test_slow_reader_is_cut_off(limited: Limited) -> None:
    server = limited("--timeout-write", "500ms")
    with counts(server, "write_timeout"), server.connect(rcvbuf=4096) as connection:
        connection.send(request("/stream"))
        eventually(lambda: "ClientDisconnected" in seen(server), what="send() to raise")


def test_too_many_connections_are_told_so(limited: Limited) -> None:
    server = limited("--limit-connections", "3")
    with ExitStack() as stack:
        allowed = [stack.enter_context(server.connect()) for _ in range(3)]
        assert all(each.ask("/").status == 200 for each in allowed)
        with counts(server, "too_many_connections"), server.connect() as extra:
            extra.send(request("/?extra"))
            response = assert_refused(extra, 503)
            assert response.one("retry-after") == b"1"
        assert all(each.ask("/").status == 200 for each in allowed), "others are not affected"
    eventually(lambda: has_room(server), what="connections to be free again")
    assert "extra" not in seen(server)


def has_room(server: Server) -> bool:
    with server.connect() as connection:
        return connection.ask("/").status == 200


@pytest.mark.parametrize(
    ("head", "status", "reason"),
    [
        (b"GET /" + b"a" * 20_000 + b" HTTP/1.1\r\n\r\n", 414, "line_too_long"),
        (b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"a" * 70_000 + b"\r\n\r\n", 431, "head_too_large"),
        (b"GET / HTTP/1.1\r\nHost: a\r\n" + b"X: a\r\n" * 200 + b"\r\n", 431, "too_many_fields"),
        (b"GET / HTTP/1.1\r\nHost : a\r\n\r\n", 400, "malformed"),
        (b"GET / HTTP/2.0\r\nHost: a\r\n\r\n", 505, "unsupported"),
    ],
    ids=["line", "head", "fields", "malformed", "version"],
)
def test_head_that_breaks_a_rule(tight: Server, head: bytes, status: int, reason: str) -> None:
    with counts(tight, reason), tight.connect() as connection:
        connection.send(head)
        assert_refused(connection, status)


def test_body_of_the_allowed_size_is_taken(tight: Server) -> None:
    with tight.connect() as connection:
        assert connection.ask("/body", method="POST", body=bytes(1024)).body == b"1024"
        connection.send(request("/body", "Transfer-Encoding: chunked", method="POST"))
        connection.send(chunk(bytes(1000)), chunk(bytes(24)), LAST_CHUNK)
        assert connection.read_response().body == b"1024"


@pytest.mark.parametrize("headers", [[], ["Expect: 100-continue"]], ids=["plain", "expect"])
def test_announced_body_above_the_limit_is_answered_413(tight: Server, headers: list[str]) -> None:
    with counts(tight, "body_too_large"), tight.connect() as connection:
        connection.send(request("/body?big", *headers, "Content-Length: 1025", method="POST"))
        assert_refused(connection, 413)
    assert "big" not in seen(tight), "the app has seen it"


def test_413_reaches_a_client_that_is_still_sending(tight: Server) -> None:
    with counts(tight, "body_too_large"), tight.connect() as connection:
        connection.send(request("/body", method="POST", body=bytes(500_000)))
        assert_refused(connection, 413)


@pytest.mark.parametrize("pieces", [[1025], [1000, 25], [1] * 1025], ids=["one", "two", "many"])
def test_chunked_body_above_the_limit_is_answered_413(tight: Server, pieces: list[int]) -> None:
    with counts(tight, "body_too_large"), tight.connect() as connection:
        connection.send(request("/body", "Transfer-Encoding: chunked", method="POST"))
        connection.send(*(chunk(bytes(piece)) for piece in pieces), LAST_CHUNK)
        assert_refused(connection, 413)
    assert_serves(tight)


def test_chunked_body_above_the_limit_after_the_answer_has_begun(limited: Limited) -> None:
    server = limited("--limit-body", "1K")
    with counts(server, "body_too_large"), server.connect() as connection:
        connection.send(request("/early", "Transfer-Encoding: chunked", method="POST"))
        assert connection.read_head().status == 200
        assert connection.read_chunk() == b"begun"
        connection.send(chunk(bytes(1025)))
        with pytest.raises(Truncated):
            connection.read_chunk()
    eventually(lambda: "http.disconnect" in seen(server), what="disconnect")


def test_full_queue_is_answered_503(limited: Limited) -> None:
    server = limited("--queue-size", "1", "--queue-timeout", "300ms")
    with ExitStack() as stack:
        blocked, waits, late = (stack.enter_context(server.connect()) for _ in range(3))
        admin = Admin.of(server)
        block(blocked, admin, 2)
        waits.send(request("/?waits"))
        admin.await_metric("spvn_queue_depth", 1)
        late.send(request("/?late"))
        for each in (waits, late):
            response = each.read_response()
            assert response.status == 503
            assert response.one("retry-after") == b"1"
        assert blocked.read_response().body == b"blocked"
        counted = refusals(admin)
        assert counted["queue_timeout"] + counted["queue_full"] == 2
    assert not {"waits", "late"} & set(seen(server))


def test_request_that_waited_too_long_is_answered_503(limited: Limited) -> None:
    """By the front, while the app's loop is still blocked; the connection lives on."""
    server = limited("--queue-timeout", "300ms")
    with counts(server, "queue_timeout"), server.connect() as blocked, server.connect() as late:
        block(blocked, Admin.of(server), 2)
        late.send(request("/?late"))
        response = late.read_response()
        assert (response.status, response.one("retry-after")) == (503, b"1")
        assert blocked.silent(0), "answered only after the app was free again"
        assert blocked.read_response().status == 200
        assert late.ask("/").status == 200
    assert "late" not in seen(server)


@pytest.mark.parametrize(
    ("leave", "blocked_for"),
    [(Connection.reset, 1), (Connection.close, 2)],
    ids=["reset", "closed long ago"],
)
def test_request_whose_client_left_never_reaches_the_app(
    limited: Limited, leave: Callable[[Connection], None], blocked_for: float
) -> None:
    server = limited()
    with counts(server, "client_gone"), server.connect() as blocked:
        admin = Admin.of(server)
        block(blocked, admin, blocked_for)
        gone = server.connect()
        gone.send(request("/?gone"))
        admin.await_metric("spvn_queue_depth", 1)
        leave(gone)
        assert blocked.read_response().status == 200
    assert "gone" not in seen(server)


def test_half_closed_client_is_answered_though_it_had_to_wait(limited: Limited) -> None:
    server = limited()
    with server.connect() as blocked, server.connect() as half:
        admin = Admin.of(server)
        block(blocked, admin, 0.5)
        half.send(request("/?half"))
        half.shutdown_write()
        assert half.read_response().body == b"here"


def block(connection: Connection, admin: Admin, seconds: float) -> None:
    """Has the app's loop blocked for so long; it is when this returns."""
    connection.send(request(f"/block?{seconds:g}"))
    admin.await_metrics(
        lambda now: now["spvn_queue_depth"] == 0 and now["spvn_requests_in_flight"] == 1,
        "the request to be with the app",
    )


def assert_serves(server: Server) -> None:
    with server.connect() as connection:
        assert connection.ask("/").status == 200
