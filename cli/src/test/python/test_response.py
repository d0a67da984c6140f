"""What a response is on the wire: items 38 to 40, 44 to 47 and 49 to 51."""

from __future__ import annotations

import pytest

from harness.notes import Notes
from harness.server import Server
from harness.wire import LAST_CHUNK, Connection, Response, Truncated, chunk, request

pytestmark = [pytest.mark.core, pytest.mark.kinds]


def next_is_served(connection: Connection) -> None:
    assert connection.ask("/next").json()["path"] == "/next"


@pytest.mark.parametrize("length", ["", "?length=1"], ids=["alone", "with-length"])
def test_transfer_encoding_of_app_ignored_item38(server: Server, length: str) -> None:
    with server.connect() as connection:
        response = connection.ask(f"/framed-by-app{length}")
        assert (response.status, response.body) == (200, b"hello")
        next_is_served(connection)


def test_transfer_encoding_of_app_not_sent_to_http_1_0_item38(server: Server) -> None:
    with server.connect() as connection:
        response = connection.ask("/framed-by-app", version="1.0")
        assert response.all("transfer-encoding") == []
        assert response.body == b"hello"


def test_exception_between_start_and_body_is_500_item39(server: Server) -> None:
    with server.connect() as connection:
        response = connection.ask("/raises?when=started&text=x")
        assert response.status == 500
        next_is_served(connection)


def test_piece_readable_without_another_send_item40(server: Server, notes: Notes) -> None:
    with server.connect() as connection:
        connection.send(request(f"/piece-at-gate?{notes.key}"))
        assert connection.read_head().status == 200
        assert connection.read_chunk() == b"data: first\n\n"
        notes.open_gate()
        assert connection.read_chunk() == b"data: second\n\n"
        assert connection.read_chunk() == b""


def test_no_length_means_chunked_item44(server: Server) -> None:
    with server.connect() as connection:
        response = connection.ask("/pieces")
        assert response.one("transfer-encoding") == b"chunked"
        assert response.body == b"one,two,three"
        next_is_served(connection)


@pytest.mark.parametrize("header", ["X-None: 1", "Connection: keep-alive"])
def test_no_length_to_http_1_0_ends_with_connection_item44(server: Server, header: str) -> None:
    with server.connect() as connection:
        response = connection.ask("/pieces", header, version="1.0")
        assert response.all("transfer-encoding") == []
        assert response.all("content-length") == []
        assert response.body == b"one,two,three"


def test_http_1_0_closes_unless_asked_to_stay_item44(server: Server) -> None:
    with server.connect() as connection:
        assert connection.ask("/", version="1.0").status == 200
        assert connection.ended()


def test_http_1_0_keeps_alive_only_when_it_says_so_item44(server: Server) -> None:
    with server.connect() as connection:
        response = connection.ask("/", "Connection: Keep-Alive", version="1.0")
        assert response.status == 200
        if (response.one("connection") or b"").lower() == b"keep-alive":
            assert connection.ask("/", version="1.0").status == 200
        assert connection.ended()


@pytest.mark.own
def test_only_body_gets_a_length_item44(server: Server) -> None:
    with server.connect() as connection:
        response = connection.ask("/own-headers")
    assert response.one("content-length") == b"5"
    assert response.all("transfer-encoding") == []


def test_length_larger_than_body_aborts_item45(server: Server) -> None:
    with server.connect() as connection:
        connection.send(request("/short-of-length"), request("/next"))
        with pytest.raises(Truncated) as end:
            connection.read_response()
    assert end.value.body in (b"only this", b"")


def test_length_smaller_than_body_raises_item45(server: Server, notes: Notes) -> None:
    with server.connect() as connection:
        connection.send(request(f"/illegal?case=longer-than-length&{notes.key}"))
        outcome = connection.read_outcome()
        if isinstance(outcome, Response):
            assert outcome.body == b"after"
            next_is_served(connection)
        else:
            assert len(outcome.body) <= 5
    assert notes.wait(1)[0] is not None


def test_head_has_headers_of_get_but_no_body_item46(server: Server) -> None:
    with server.connect() as connection:
        got = connection.ask("/own-headers", "X-Send-X-A: 1")
        head = connection.ask("/own-headers", "X-Send-X-A: 1", method="HEAD")
        assert _lasting(head) == _lasting(got)
        next_is_served(connection)


def test_head_keeps_length_of_app_item46(server: Server) -> None:
    with server.connect() as connection:
        head = connection.ask("/own-headers", "X-Send-Content-Length: 5", method="HEAD")
        assert head.one("content-length") == b"5"
        next_is_served(connection)


def test_head_of_pieces_has_no_body_item46(server: Server) -> None:
    with server.connect() as connection:
        assert connection.ask("/pieces", method="HEAD").status == 200
        next_is_served(connection)


def _lasting(response: Response) -> list[tuple[bytes, bytes]]:
    """The headers that tell of the resource; HEAD may leave out how its body is framed."""
    passing = (b"date", b"transfer-encoding")
    return [each for each in response.headers if each[0].lower() not in passing]


@pytest.mark.parametrize("pieces", ["", "&pieces=1"], ids=["whole", "pieces"])
@pytest.mark.parametrize("length", ["X-None: 1", "X-Send-Content-Length: 0"])
def test_204_has_no_body_and_no_framing_item47(server: Server, pieces: str, length: str) -> None:
    with server.connect() as connection:
        response = connection.ask(f"/own-headers?status=204{pieces}", length)
        assert response.status == 204
        assert response.all("content-length") == []
        assert response.all("transfer-encoding") == []
        next_is_served(connection)


@pytest.mark.parametrize("pieces", ["", "&pieces=1"], ids=["whole", "pieces"])
@pytest.mark.parametrize("length", ["X-None: 1", "X-Send-Content-Length: 5"])
def test_304_has_no_body_item47(server: Server, pieces: str, length: str) -> None:
    with server.connect() as connection:
        response = connection.ask(f"/own-headers?status=304{pieces}", length)
        assert response.status == 304
        assert response.all("transfer-encoding") == []
        if "Content-Length" in length:
            assert response.one("content-length") == b"5"
        next_is_served(connection)


def test_interim_status_is_never_framed_item47(server: Server) -> None:
    with server.connect() as connection:
        connection.send(request("/interim-status"))
        head = connection.read_head()
        if head.status < 200:
            assert head.all("content-length") + head.all("transfer-encoding") == []
            assert connection.ended()
        else:
            assert head.status == 500
    with server.connect() as other:
        next_is_served(other)


def test_set_cookie_kept_apart_in_order_item49(server: Server) -> None:
    cookies = [b"a=1", b"b=2; Path=/", b"a=3"]
    with server.connect() as connection:
        asked = [f"X-Send-Set-Cookie: {each.decode()}" for each in cookies]
        response = connection.ask("/own-headers", asked[0], asked[1], "X-Send-X-C: c", asked[2])
    assert response.all("set-cookie") == cookies


def test_date_and_server_of_app_not_doubled_item50(server: Server) -> None:
    date = "Mon, 01 Jan 2001 00:00:00 GMT"
    with server.connect() as connection:
        response = connection.ask(
            "/own-headers", f"X-Send-Date: {date}", "X-Send-Server: mine", "X-Send-Age: 5"
        )
    assert response.all("date") == [date.encode()]
    assert response.all("server") == [b"mine"]
    assert response.all("age") == [b"5"]


@pytest.mark.own
def test_date_and_server_sent_by_default_item50(server: Server) -> None:
    with server.connect() as connection:
        response = connection.ask("/own-headers")
    assert response.one("server") == b"spvn"
    assert (response.one("date") or b"").endswith(b" GMT")


@pytest.mark.parametrize(
    "header",
    ["Connection: close", "Connection: Close", "connection: foo, CLOSE", "CONNECTION:close"],
)
def test_close_of_client_honoured_item51(server: Server, header: str) -> None:
    with server.connect() as connection:
        response = connection.ask("/own-headers", header)
        assert response.status == 200
        assert (response.one("connection") or b"").lower() == b"close"
        assert connection.ended()


def test_close_of_client_honoured_for_chunked_item51(server: Server) -> None:
    with server.connect() as connection:
        response = connection.ask("/pieces", "Connection: close")
        assert (response.one("connection") or b"").lower() == b"close"
        assert response.body == b"one,two,three"
        assert connection.ended()


@pytest.mark.parametrize("value", ["close", "Close"])
def test_close_of_app_honoured_item51(server: Server, value: str) -> None:
    with server.connect() as connection:
        response = connection.ask("/own-headers", f"X-Send-Connection: {value}")
        assert (response.one("connection") or b"").lower() == b"close"
        assert connection.ended()


def test_request_after_close_ignored_item51(server: Server) -> None:
    with server.connect() as connection:
        connection.send(request("/own-headers", "Connection: close"), request("/own-headers"))
        assert connection.read_response().body == b"hello"
        assert connection.ended()


def test_pipelined_requests_answered_in_order_item42(server: Server) -> None:
    with server.connect() as connection:
        upload = request("/whole-body", "Transfer-Encoding: chunked", method="POST")
        connection.send(
            request("/one"), upload, chunk(b"two"), LAST_CHUNK, request("/three"), request("/four")
        )
        assert connection.read_response().json()["path"] == "/one"
        assert connection.read_response().body == b"two"
        assert connection.read_response().json()["path"] == "/three"
        assert connection.read_response().json()["path"] == "/four"
