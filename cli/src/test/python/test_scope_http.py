"""What the scope of an HTTP request says: items 1 to 8, 10 and 11, 17 and 18."""

from __future__ import annotations

from typing import Any

import pytest

from harness.server import Server
from harness.wire import request

pytestmark = [pytest.mark.core, pytest.mark.kinds]


def scope_of(server: Server, target: str | bytes, *headers: str | bytes, **how: Any) -> Any:
    with server.connect() as connection:
        connection.send(request(target, *headers, **how))
        response = connection.read_response()
    assert response.status == 200, response
    return response.json()


def raw(text: str) -> dict[str, str]:
    return {"bytes": text}


def still_serves(server: Server) -> None:
    with server.connect() as connection:
        assert connection.ask("/after").json()["path"] == "/after"


def test_scope_is_dict_with_versions_item1(server: Server) -> None:
    scope = scope_of(server, "/")
    assert scope["type_of"]["scope"] == "dict"
    assert scope["type"] == "http"
    assert scope["asgi"]["version"] == "3.0"
    assert isinstance(scope["asgi"]["spec_version"], str)


@pytest.mark.own
def test_scope_claims_spec_2_5_item1(server: Server) -> None:
    assert scope_of(server, "/")["asgi"]["spec_version"] == "2.5"


def test_scope_parts_not_shared_between_requests_item1(server: Server) -> None:
    with server.connect() as connection:
        before = connection.ask("/scope").json()
        assert connection.ask("/spoil-scope").json() == "spoiled"
        after = connection.ask("/scope").json()
    assert "spoiled" not in after
    for key in ("asgi", "extensions", "state"):
        assert "spoiled" not in after.get(key, {}), key
    assert after["headers"] == before["headers"]


@pytest.mark.parametrize("version", ["1.0", "1.1"])
def test_http_version_item2(server: Server, version: str) -> None:
    assert scope_of(server, "/", version=version)["http_version"] == version


@pytest.mark.parametrize(
    "method", ["GET", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "PROPFIND", "QUERY", "M-SEARCH"]
)
def test_method_reaches_app_item3(server: Server, method: str) -> None:
    scope = scope_of(server, "/", method=method)
    assert scope["method"] == method
    assert scope["type_of"]["method"] == "str"


@pytest.mark.parametrize("method", ["post", "Head", "get"])
def test_method_in_lower_case_is_not_that_method_item3(server: Server, method: str) -> None:
    """Methods are case-sensitive (RFC 9110 9.1), while ASGI has them in upper case alone."""
    with server.connect() as connection:
        response = connection.ask("/", method=method)
    assert response.status in (400, 405, 501)


@pytest.mark.parametrize(
    ("method", "target"),
    [("CONNECT", "spvn.test:443"), ("CONNECT", "/path"), ("TRACE", "/"), ("PRI", "*")],
)
def test_unusual_method_answered_without_harm_item3(
    server: Server, method: str, target: str
) -> None:
    with server.connect() as connection:
        response = connection.ask(target, method=method)
    assert 200 <= response.status < 600
    still_serves(server)


def test_scheme_is_that_of_the_connection_item4(server: Server) -> None:
    scope = scope_of(server, "/")
    assert scope["scheme"] == server.scheme
    assert scope["type_of"]["scheme"] == "str"


def test_scheme_not_taken_from_untrusted_header_item4(server: Server) -> None:
    other = "http" if server.tls else "https"
    assert scope_of(server, "/", f"X-Forwarded-Proto: {other}")["scheme"] == server.scheme


def test_path_decoded_without_query_item5(server: Server) -> None:
    scope = scope_of(server, "/caf%C3%A9%20au%20lait/%E2%82%AC?x=%41")
    assert scope["path"] == "/café au lait/€"
    assert scope["type_of"]["path"] == "str"


@pytest.mark.parametrize(
    ("target", "path"),
    [
        ("/a%FFb", "/a\ufffdb"),
        ("/a%C3", "/a\ufffd"),
        ("/a%00b", "/a\0b"),
        ("/a%0d%0aX-Evil:%201", "/a\r\nX-Evil: 1"),
        ("/100%", "/100%"),
        ("/%zz%4", "/%zz%4"),
    ],
)
def test_odd_path_replaced_or_refused_item6(server: Server, target: str, path: str) -> None:
    with server.connect() as connection:
        response = connection.ask(target)
    assert response.one("x-evil") is None
    assert response.status == 400 or response.json()["path"] == path
    still_serves(server)


def test_overlong_utf8_never_becomes_a_slash_item6(server: Server) -> None:
    with server.connect() as connection:
        response = connection.ask("/a%C0%AFb")
    assert response.status == 400 or response.json()["path"] == "/a\ufffd\ufffdb"


@pytest.mark.parametrize("target", [b"/\xff\xfe", "/é".encode(), b"/a\x7fb"])
def test_raw_byte_in_target_kept_or_refused_item6(server: Server, target: bytes) -> None:
    with server.connect() as connection:
        response = connection.ask(target)
    assert response.status == 400 or response.json()["raw_path"] == raw(target.decode("latin-1"))
    still_serves(server)


@pytest.mark.parametrize(
    "target",
    ["/a%2Fb", "//a//b", "/a/../b/./c", "/%7Euser", "/A%2fB", "/a;b=c,d", "/a%20b+c"],
)
def test_raw_path_as_received_item7(server: Server, target: str) -> None:
    scope = scope_of(server, f"{target}?query=1")
    assert scope["raw_path"] == raw(target)


@pytest.mark.parametrize(
    ("target", "query"),
    [
        ("/", ""),
        ("/?", ""),
        ("/?a=%20b&c=+d", "a=%20b&c=+d"),
        ("/??x", "?x"),
        ("/?a=/b?c", "a=/b?c"),
    ],
)
def test_query_string_undecoded_item8(server: Server, target: str, query: str) -> None:
    scope = scope_of(server, target)
    assert scope["query_string"] == raw(query)
    assert scope["path"] == "/"


def test_query_string_of_raw_bytes_kept_or_refused_item8(server: Server) -> None:
    with server.connect() as connection:
        response = connection.ask(b"/?x=\xff")
    assert response.status == 400 or response.json()["query_string"] == raw("x=\xff")


def test_headers_in_order_with_duplicates_item10(server: Server) -> None:
    scope = scope_of(server, "/", "X-B: 1", "X-A: 2", "X-B: 3", "Cookie: a=1", "Cookie: b=2")
    assert scope["headers"] == [
        [raw("host"), raw("spvn.test")],
        [raw("x-b"), raw("1")],
        [raw("x-a"), raw("2")],
        [raw("x-b"), raw("3")],
        [raw("cookie"), raw("a=1")],
        [raw("cookie"), raw("b=2")],
    ]


def test_header_names_lower_values_exact_item11(server: Server) -> None:
    sent: list[bytes] = [
        b"X-MiXeD-Case: Value",
        b"X-Spaces: \t  a  b\tc \t ",
        b"X-Empty:",
        b"X-Blank:   ",
        b"X-High: \x80\xa0\xe9\xff",
        b"x-no-space:v",
        b"X_Under!#$%&'*+.^`|~: token",
    ]
    headers = scope_of(server, "/", *sent)["headers"]
    assert headers[1:] == [
        [raw("x-mixed-case"), raw("Value")],
        [raw("x-spaces"), raw("a  b\tc")],
        [raw("x-empty"), raw("")],
        [raw("x-blank"), raw("")],
        [raw("x-high"), raw("\x80\xa0\xe9\xff")],
        [raw("x-no-space"), raw("v")],
        [raw("x_under!#$%&'*+.^`|~"), raw("token")],
    ]


# By `test_extensions.py`.
PROVEN = {
    "http.response.pathsend",
    "http.response.zerocopysend",
    "http.response.early_hint",
    "http.response.trailers",
}


def test_extensions_are_only_what_is_proven_item17(server: Server) -> None:
    extensions = scope_of(server, "/").get("extensions", {})
    assert isinstance(extensions, dict)
    if server.tls:
        assert extensions.pop("tls")["tls_version"] == 0x0304
    assert set(extensions) <= PROVEN, "an extension is offered that no test of this suite proves"
    assert all(value == {} for value in extensions.values())


def test_absolute_form_gives_path_only_item18(server: Server) -> None:
    scope = scope_of(server, "http://spvn.test/a%20b?x=1")
    assert (scope["path"], scope["raw_path"]) == ("/a b", raw("/a%20b"))
    assert scope["query_string"] == raw("x=1")


def test_absolute_form_without_path_item18(server: Server) -> None:
    assert scope_of(server, "http://spvn.test")["path"] == "/"
    assert scope_of(server, "http://spvn.test?x=1")["query_string"] == raw("x=1")


def test_options_asterisk_item18(server: Server) -> None:
    scope = scope_of(server, "*", method="OPTIONS")
    assert (scope["path"], scope["method"]) == ("*", "OPTIONS")


@pytest.mark.parametrize("target", ["/a#fragment", "/a?b#fragment", "/#"])
def test_fragment_refused_item18(server: Server, target: str) -> None:
    with server.connect() as connection:
        response = connection.ask(target)
        assert response.status == 400
        assert connection.ended()
