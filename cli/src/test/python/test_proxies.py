"""Clients behind proxies: forwarded headers, the PROXY protocol, and nginx in front."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from conftest import Serve
from harness.admin import ANY_PORT, Admin
from harness.command import Command, free_port
from harness.proxied import LOCAL, binary_header, nginx, text_header, unix_header
from harness.server import Server
from harness.tls import wrapped
from harness.waiting import eventually
from harness.websocket import opened
from harness.wire import Connection, Response, request

pytestmark = pytest.mark.own

TARGET = "conformance.main:app"
FOR = "X-Forwarded-For: 192.0.2.7"
HTTPS = "X-Forwarded-Proto: https"
ALL = "for,proto,host,prefix,forwarded"


def header(seen: dict[str, Any], name: str) -> str:
    return str(next(value["bytes"] for key, value in seen["headers"] if key["bytes"] == name))


# ---- headers


@pytest.fixture(scope="module")
def behind(command: Command) -> Iterator[Server]:
    options = ("--forwarded-headers", ALL, "-v")
    with Server(command, TARGET, *options) as server:
        yield server


def scope(server: Server, *headers: str) -> Any:
    with server.connect() as connection:
        return connection.ask("/", *headers).json()


def test_nobody_is_believed_by_default(server: Server) -> None:
    seen = scope(server, FOR, HTTPS)
    assert seen["client"][0] == "127.0.0.1"
    assert seen["scheme"] == server.scheme


def test_client_and_scheme_are_those_that_the_proxy_names(behind: Server) -> None:
    seen = scope(behind, FOR, HTTPS)
    assert seen["client"] == ["192.0.2.7", 0]
    assert seen["scheme"] == "https"
    assert seen["server"] == list(behind.address)
    assert header(seen, "x-forwarded-for") == "192.0.2.7", "what was sent stays"


def test_host_and_path_are_those_that_the_proxy_names(behind: Server) -> None:
    seen = scope(behind, HTTPS, "X-Forwarded-Host: example.test:8443", "X-Forwarded-Prefix: /outer")
    assert seen["server"] == ["example.test", 8443]
    assert header(seen, "host") == "example.test:8443"
    assert seen["root_path"] == "/outer"
    assert seen["path"] == "/outer/"
    assert seen["raw_path"] == {"bytes": "/"}


def test_forwarded_says_it_all_in_one(behind: Server) -> None:
    seen = scope(behind, 'Forwarded: for="[2001:db8::7]:47";proto=https;host=example.test')
    assert seen["client"] == ["2001:db8::7", 47]
    assert seen["scheme"] == "https"
    assert seen["server"] == ["example.test", 443]


def test_each_request_of_a_connection_has_its_own_client(behind: Server) -> None:
    with behind.connect() as connection:
        clients = [
            connection.ask("/", *headers).json()["client"][0]
            for headers in ([FOR], [], ["X-Forwarded-For: 192.0.2.8"])
        ]
    assert clients == ["192.0.2.7", "127.0.0.1", "192.0.2.8"]


def test_websocket_has_scheme_and_client_too(behind: Server) -> None:
    with opened(behind, "/ws/scope", FOR, HTTPS) as client:
        seen = json.loads(client.read())
    assert (seen["scheme"], seen["client"]) == ("wss", ["192.0.2.7", 0])


def test_refusal_is_logged_with_the_client(behind: Server) -> None:
    mark = behind.mark()
    with behind.connect() as connection:
        connection.send(
            request("/", FOR, "Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Key: x")
        )
        assert connection.read_response().status in (400, 426)
    eventually(lambda: "192.0.2.7" in behind.log_since(mark), what="the client in the log")


@pytest.mark.kinds("process")
def test_path_of_the_proxy_is_that_of_every_kind_of_worker(serve: Serve) -> None:
    server = serve(
        TARGET,
        *("--forwarded-headers", "prefix", "--root-path", "/app", "--isolation", "process"),
    )
    seen = scope(server, "X-Forwarded-Prefix: /outer", FOR)
    assert (seen["root_path"], seen["path"]) == ("/outer/app", "/outer/app/")
    assert seen["client"][0] == "127.0.0.1"


def test_strangers_are_not_believed(serve: Serve) -> None:
    environment = {"FORWARDED_ALLOW_IPS": "192.0.2.0/24, 2001:db8::/32"}
    server = serve(TARGET, "--proxy-headers", env=environment)
    seen = scope(server, FOR, HTTPS)
    assert seen["client"][0] == "127.0.0.1"
    assert seen["scheme"] == server.scheme


@pytest.mark.parametrize(("listed", "believed"), [((), True), (("127.0.0.1",), False)], ids=str)
def test_who_comes_through_a_unix_socket_is_believed_when_listed(
    serve: Serve, tmp_path: Path, listed: tuple[str, ...], believed: bool
) -> None:
    options = [word for each in listed for word in ("--forwarded-allow-ips", each)]
    server = serve(TARGET, "--proxy-headers", *options, bind=f"unix:{tmp_path}/s")
    assert scope(server, FOR)["client"] == (["192.0.2.7", 0] if believed else None)


# ---- the PROXY protocol


@pytest.fixture(scope="module")
def balanced(command: Command) -> Iterator[Server]:
    options = ("--proxy-protocol", "--timeout-header", "1s", *ANY_PORT)
    with Server(command, TARGET, *options) as server:
        yield server


@pytest.fixture(scope="module")
def believing(command: Command) -> Iterator[Server]:
    with Server(command, TARGET, "--proxy-protocol", "--proxy-headers") as server:
        yield server


def refused(server: Server) -> float:
    return Admin.of(server).metric('spvn_refusals_total{reason="proxy_header"}')


@pytest.mark.parametrize(
    ("preface", "client", "served"),
    [
        (text_header("192.0.2.7"), ["192.0.2.7", 1234], ["203.0.113.9", 443]),
        (text_header("2001:db8::7"), ["2001:db8::7", 1234], ["2001:db8:ffff::9", 443]),
        (binary_header("192.0.2.7"), ["192.0.2.7", 1234], ["192.0.2.7", 443]),
        (binary_header("2001:db8::7", b"\4\0\1x"), ["2001:db8::7", 1234], ["2001:db8::7", 443]),
    ],
    ids=["text", "text of IPv6", "binary", "binary of IPv6 with more"],
)
def test_connection_is_that_of_the_client_that_its_header_names(
    balanced: Server, preface: bytes, client: list[Any], served: list[Any]
) -> None:
    with balanced.connect() as connection:
        connection.send(preface, request("/"))
        seen = connection.read_response().json()
        assert (seen["client"], seen["server"]) == (client, served)
        assert connection.ask("/").json()["client"] == client, "all its requests are"


def test_header_may_come_in_pieces(balanced: Server) -> None:
    preface = binary_header("192.0.2.7")
    with balanced.connect() as connection:
        for at in range(len(preface)):
            connection.send(preface[at : at + 1])
        assert connection.ask("/").json()["client"] == ["192.0.2.7", 1234]


@pytest.mark.parametrize(
    "preface",
    [b"PROXY UNKNOWN\r\n", binary_header(None, command=LOCAL), binary_header(None, b"\1\2\3")],
    ids=["text", "check", "binary"],
)
def test_header_that_names_nobody_leaves_the_proxy_itself(balanced: Server, preface: bytes) -> None:
    with balanced.connect() as connection:
        connection.send(preface, request("/"))
        seen = connection.read_response().json()
        assert seen["client"] == ["127.0.0.1", connection.socket.getsockname()[1]]


NOBODY = [
    b"PROXY UNKNOWN\r\n",
    binary_header(None, command=LOCAL),
    binary_header(None, b"\1\2\3"),
    unix_header(b"/run/client", b"/run/server"),
]


@pytest.mark.parametrize("preface", NOBODY, ids=["text", "check", "binary", "unix"])
def test_who_is_not_named_is_not_believed_although_the_proxy_is(
    believing: Server, preface: bytes
) -> None:
    """The proxy may pass on what a client has written that it knows nothing of."""
    with believing.connect() as connection:
        connection.send(preface, request("/", FOR, HTTPS))
        seen = connection.read_response().json()
    assert seen["client"] is None or seen["client"][0] == "127.0.0.1"
    assert seen["scheme"] == believing.scheme


def test_trusted_proxy_that_is_named_is_believed(believing: Server) -> None:
    with believing.connect() as connection:
        connection.send(text_header("127.0.0.1"), request("/", FOR, HTTPS))
        seen = connection.read_response().json()
    assert (seen["client"], seen["scheme"]) == (["192.0.2.7", 0], "https")


@pytest.mark.parametrize(
    ("mode", "preface", "served"),
    [
        ("v1", text_header("192.0.2.7"), True),
        ("v1", binary_header("192.0.2.7"), False),
        ("v2", text_header("192.0.2.7"), False),
        ("v2", binary_header("192.0.2.7"), True),
        ("auto", text_header("192.0.2.7"), True),
        ("off", b"", True),
    ],
)
def test_version_of_the_header_can_be_fixed(
    serve: Serve, mode: str, preface: bytes, served: bool
) -> None:
    server = serve(TARGET, "--proxy-protocol", mode, *ANY_PORT)
    with server.connect() as connection:
        connection.send(preface, request("/"))
        if served:
            expected = "192.0.2.7" if preface else "127.0.0.1"
            assert connection.read_response().json()["client"][0] == expected
        else:
            assert connection.ended()
            assert refused(server) == 1


@pytest.mark.parametrize(
    "first",
    [request("/"), b"PROXY TCP4 nobody 1 2 3\r\n", binary_header("192.0.2.7", bytes(5000))],
    ids=["none", "wrong", "too long"],
)
def test_connection_without_a_right_header_is_closed(balanced: Server, first: bytes) -> None:
    before = refused(balanced)
    with balanced.connect() as connection:
        connection.send(first)
        assert connection.ended()
    assert refused(balanced) == before + 1


def test_header_has_a_deadline(balanced: Server) -> None:
    before = refused(balanced)
    with balanced.connect() as connection:
        connection.send(b"PROXY TCP4")
        assert connection.ended()
    assert refused(balanced) == before + 1


def test_connection_that_only_looks_is_no_refusal(balanced: Server) -> None:
    before = refused(balanced)
    balanced.connect().close()
    with balanced.connect() as connection:
        connection.send(text_header("192.0.2.7"), request("/"))
        assert connection.read_response().status == 200
    assert refused(balanced) == before


def test_proxy_that_is_not_trusted_is_refused(serve: Serve) -> None:
    options = ("--proxy-protocol", "--forwarded-allow-ips", "192.0.2.1", *ANY_PORT)
    server = serve(TARGET, *options)
    with server.connect() as connection:
        connection.send(text_header("192.0.2.7"))
        assert connection.ended()
    assert refused(server) == 1


def test_header_comes_before_tls_and_decides_who_is_believed(serve: Serve) -> None:
    """The proxy is trusted; the client that it names is not, whatever it writes itself."""
    server = serve(TARGET, "--proxy-protocol", "--proxy-headers", "--ssl-self-signed")
    with Connection(server.address) as connection:
        connection.send(text_header("192.0.2.7"))
        plain = connection.socket
        with Connection.over(wrapped(plain)) as encrypted:
            seen = encrypted.ask("/", "X-Forwarded-For: 198.51.100.1").json()
    assert seen["client"] == ["192.0.2.7", 1234]
    assert seen["scheme"] == "https"


# ---- nginx

HEADERS = """
    proxy_http_version 1.1; proxy_set_header Connection "";
    proxy_set_header Host $host:$server_port;
    proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
    proxy_set_header X-Forwarded-Proto https;
"""


def ask(port: int, path: str = "/", **headers: str) -> Response:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", path, headers=headers)
    response = connection.getresponse()
    body = response.read()
    connection.close()
    return Response("1.1", response.status, [], body)


def test_behind_nginx_over_tcp_and_a_unix_socket(serve: Serve, tmp_path: Path) -> None:
    path, port, other = tmp_path / "s", free_port(), free_port()
    server = serve(TARGET, "--proxy-headers", "--bind", f"unix:{path}", plain=True)
    upstreams = (
        f"upstream tcp {{ server 127.0.0.1:{server.address[1]}; keepalive 4; }}"
        f"upstream unix {{ server unix:{path}; keepalive 4; }}"
    )
    servers = "".join(
        f"server {{ listen 127.0.0.1:{at}; location / {{ proxy_pass http://{name}; {HEADERS} }} }}"
        for at, name in ((port, "tcp"), (other, "unix"))
    )
    with nginx(tmp_path, port, upstreams + servers):
        for at in (port, other):
            for _ in range(2):
                seen = ask(at, **{"X-Forwarded-For": "198.51.100.1"}).json()
                assert seen["client"] == ["198.51.100.1", 0], "nginx added one that is trusted"
                assert seen["scheme"] == "https"
                assert header(seen, "host") == f"127.0.0.1:{at}"


def test_behind_nginx_with_the_proxy_protocol(serve: Serve, tmp_path: Path) -> None:
    port = free_port()
    server = serve(TARGET, "--proxy-protocol", plain=True)
    stream = (
        f"server {{ listen 127.0.0.1:{port}; proxy_pass 127.0.0.1:{server.address[1]};"
        " proxy_protocol on; }"
    )
    with nginx(tmp_path, port, "", stream), Connection(("127.0.0.1", port)) as connection:
        own = connection.socket.getsockname()
        seen = connection.ask("/").json()
    assert seen["client"] == list(own)
    assert seen["server"] == ["127.0.0.1", port]
