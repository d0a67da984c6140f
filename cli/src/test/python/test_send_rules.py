"""What send() refuses and what it takes: items 34 to 37, 42, 43 and 48."""

from __future__ import annotations

from typing import Any

import pytest

from harness.notes import Notes
from harness.server import Server
from harness.wire import Response

pytestmark = [pytest.mark.core, pytest.mark.kinds]

HEADERS = [(b"x-a", b"1"), (b"x-b", b"2")]


def refusal(server: Server, notes: Notes, case: str) -> tuple[Any, Response]:
    """What send() raised in the app, and the response that the client saw all the same."""
    with server.connect() as connection:
        response = connection.ask(f"/illegal?case={case}&{notes.key}")
        assert response.one("x-name") is None
        assert response.one("set-cookie") is None
    with server.connect() as other:
        assert other.ask("/next").json()["path"] == "/next"
    raised = notes.wait(1)[0]
    assert raised is not None, f"send() took what {case} stands for"
    return raised[0], response


def with_headers(response: Response, *names: bytes) -> list[tuple[bytes, bytes]]:
    return [each for each in response.headers if each[0] in names]


@pytest.mark.parametrize(
    "case",
    [
        "body-before-start",
        "second-start",
        "second-start-after-body",
        "unknown-type",
        "unknown-type-after-start",
        "no-type",
        "missing-status",
    ],
)
def test_wrong_message_raises_out_of_send_item34(server: Server, notes: Notes, case: str) -> None:
    _, response = refusal(server, notes, case)
    assert response.status == 200
    assert response.body in (b"after", b"beforeafter")


@pytest.mark.parametrize("case", ["str-header-value", "str-header-name", "str-body", "int-body"])
def test_wrong_type_raises_out_of_send_item34(server: Server, notes: Notes, case: str) -> None:
    _, response = refusal(server, notes, case)
    assert (response.status, response.body) == (200, b"after")


@pytest.mark.own
@pytest.mark.parametrize(
    ("case", "error"),
    [
        ("body-before-start", "RuntimeError"),
        ("second-start", "RuntimeError"),
        ("unknown-type", "RuntimeError"),
        ("missing-status", "RuntimeError"),
        ("str-header-value", "TypeError"),
        ("str-body", "TypeError"),
        ("status-str", "TypeError"),
        ("status-1000", "ValueError"),
        ("header-crlf", "ValueError"),
        ("header-name-space", "ValueError"),
    ],
)
def test_error_class_says_what_was_wrong_item34(
    server: Server, notes: Notes, case: str, error: str
) -> None:
    assert refusal(server, notes, case)[0] == error


def test_unknown_keys_never_raise_item35(server: Server) -> None:
    with server.connect() as connection:
        response = connection.ask("/unknown-keys")
    assert (response.status, response.body) == (200, b"after")


def test_headers_are_optional_item36(server: Server) -> None:
    with server.connect() as connection:
        response = connection.ask("/no-headers")
    assert (response.status, response.body) == (200, b"ok")


@pytest.mark.parametrize(
    "kind",
    ["generator", "tuple-of-lists", "list-of-tuples", "list-of-lists", "iterator", "items"],
)
def test_headers_of_any_iterable_item36(server: Server, kind: str) -> None:
    with server.connect() as connection:
        response = connection.ask(f"/header-kinds?kind={kind}")
    assert with_headers(response, b"x-a", b"x-b") == HEADERS


@pytest.mark.parametrize(
    "case",
    [
        "header-cr",
        "header-lf",
        "header-crlf",
        "header-nul",
        "header-name-space",
        "header-name-crlf",
        "header-name-empty",
    ],
)
def test_illegal_header_raises_and_writes_nothing_item37(
    server: Server, notes: Notes, case: str
) -> None:
    _, response = refusal(server, notes, case)
    assert b"evil" not in b"".join(name + value for name, value in response.headers)


def test_messages_after_the_end_do_no_harm_item42(server: Server, notes: Notes) -> None:
    with server.connect() as connection:
        assert connection.ask(f"/after-the-end?{notes.key}").body == b"whole"
        notes.wait(3)
        for _ in range(3):
            assert connection.ask("/next").json()["path"] == "/next"


def test_messages_are_sent_by_name_item34(server: Server, notes: Notes) -> None:
    with server.connect() as connection:
        assert connection.ask(f"/by-name?{notes.key}").body == b"by name"
    refusals = notes.wait(3)
    assert all("send()" in each for each in refusals)


def test_missing_body_is_empty_item43(server: Server) -> None:
    with server.connect() as connection:
        response = connection.ask("/missing-body")
        assert (response.status, response.body) == (200, b"")
        assert connection.ask("/next").json()["path"] == "/next"


def test_bytearray_and_memoryview_copied_item43(server: Server) -> None:
    with server.connect() as connection:
        assert connection.ask("/buffers").body == b"bytearray,memoryview,"


def test_strided_memoryview_copied_item43(server: Server) -> None:
    with server.connect() as connection:
        assert connection.ask("/strided").body == b"step"


@pytest.mark.parametrize("status", ["99", "600", "1000", "negative", "str", "true", "none", "huge"])
def test_illegal_status_raises_item48(server: Server, notes: Notes, status: str) -> None:
    _, response = refusal(server, notes, f"status-{status}")
    assert (response.status, response.body) == (200, b"after")
