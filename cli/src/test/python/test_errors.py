"""Apps that fail: items 52 to 54."""

from __future__ import annotations

import itertools

import pytest

from harness.server import Server
from harness.waiting import eventually
from harness.wire import Response, Truncated, request

pytestmark = [pytest.mark.core, pytest.mark.kinds]

_numbers = itertools.count(1)


@pytest.fixture
def text() -> str:
    """The text of an error, found nowhere else in the log."""
    return f"marked-{next(_numbers)}-error"


def logged(server: Server, text: str) -> int:
    """How often the error is in the log, counted when a later request has been served."""
    eventually(lambda: f"RuntimeError: {text}" in server.log, what=f"{text} in the log")
    with server.connect() as connection:
        assert connection.ask("/raises?when=first&text=later").status == 500
    return server.log.count(f"RuntimeError: {text}")


def still_serves(server: Server) -> None:
    with server.connect() as connection:
        assert connection.ask("/next").json()["path"] == "/next"


@pytest.mark.parametrize("when", ["first", "started"])
def test_exception_before_response_is_500_logged_once_item52(
    server: Server, text: str, when: str
) -> None:
    mark = server.mark()
    with server.connect() as connection:
        response = connection.ask(f"/raises?when={when}&text={text}")
    assert response.status == 500
    assert text.encode() not in response.body
    assert logged(server, text) == 1
    assert "Traceback (most recent call last)" in server.log_since(mark)
    assert "in raises" in server.log_since(mark)


def test_exception_in_response_aborts_item52(server: Server, text: str) -> None:
    with server.connect() as connection:
        connection.send(request(f"/raises?when=middle&text={text}"), request("/next"))
        with pytest.raises(Truncated) as end:
            connection.read_response()
    assert end.value.body == b"part"
    assert logged(server, text) == 1


def test_return_without_response_is_500_item53(server: Server) -> None:
    with server.connect() as connection:
        assert connection.ask("/returns?when=first").status == 500
    still_serves(server)


def test_return_after_start_only_is_500_or_abort_item53(server: Server) -> None:
    with server.connect() as connection:
        connection.send(request("/returns?when=started"), request("/next"))
        outcome = connection.read_outcome()
    assert outcome.status == 500 if isinstance(outcome, Response) else outcome.body == b""
    still_serves(server)


def test_return_without_final_body_aborts_item53(server: Server) -> None:
    with server.connect() as connection:
        connection.send(request("/returns?when=middle"), request("/next"))
        with pytest.raises(Truncated) as end:
            connection.read_response()
    assert end.value.body == b"part"
    still_serves(server)


@pytest.mark.parametrize("when", ["first", "started", "middle"])
@pytest.mark.parametrize(
    "error", ["SystemExit", "KeyboardInterrupt", "CancelledError", "GeneratorExit"]
)
def test_base_exception_does_not_end_the_worker_item54(
    server: Server, error: str, when: str
) -> None:
    with server.connect() as connection:
        connection.send(request(f"/raises?when={when}&error={error}&text=x"))
        if when == "middle":
            with pytest.raises(Truncated):
                connection.read_response()
        else:
            assert connection.read_response().status == 500
    still_serves(server)


def test_deep_recursion_is_an_error_of_the_app_item54(server: Server) -> None:
    with server.connect() as connection:
        assert connection.ask("/endless-recursion").status == 500
    still_serves(server)
