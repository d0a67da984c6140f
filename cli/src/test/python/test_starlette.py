"""Starlette on the server, driven by httpx."""

from __future__ import annotations

import time
from collections.abc import Iterator

import httpx
import pytest

from conftest import Serve
from harness.command import Command
from harness.server import Server
from harness.waiting import eventually
from harness.wire import request

pytestmark = pytest.mark.kinds


@pytest.fixture(scope="module")
def starlette(command: Command) -> Iterator[Server]:
    with Server(command, "frameworks.starlette_app:app") as server:
        yield server


@pytest.fixture
def client(starlette: Server) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=starlette.url, timeout=10) as client:
        yield client


def happened(client: httpx.Client, what: str, times: int = 1) -> None:
    def enough() -> bool:
        return bool(client.get("/happened").json().count(what) >= times)

    eventually(enough, what=f"{what!r} {times} times")


def test_route_and_urls(client: httpx.Client) -> None:
    response = client.get("/")
    assert response.json() == {"url": str(response.url), "home": str(response.url)}
    assert response.headers["x-stamped"] == "yes"


def test_not_found(client: httpx.Client) -> None:
    assert client.get("/nowhere").status_code == 404


def test_method_not_allowed(client: httpx.Client) -> None:
    response = client.delete("/echo")
    assert response.status_code == 405
    assert set(response.headers["allow"].split(", ")) == {"POST", "PUT"}


def test_mount(client: httpx.Client) -> None:
    shown = client.get("/sub/users/caf%C3%A9").json()
    assert shown["user"] == "café"
    assert shown["root_path"] == "/sub"
    assert shown["url"].endswith("/sub/users/other")


def test_mount_under_root_path_item9(serve: Serve) -> None:
    server = serve("frameworks.starlette_app:app", "--root-path", "/api")
    shown = httpx.get(f"{server.url}/sub/users/me").json()
    assert shown["user"] == "me"
    assert shown["root_path"] == "/api/sub"
    assert shown["url"] == f"{server.url}/api/sub/users/other"


@pytest.mark.parametrize("path", ["/echo", "/stream-echo"])
@pytest.mark.parametrize("size", [0, 1, 65_536, 1_000_000])
def test_echo(client: httpx.Client, path: str, size: int) -> None:
    body = bytes(range(256)) * (size // 256 + 1)
    assert client.post(path, content=body[:size]).content == body[:size]


def test_streaming_response(client: httpx.Client) -> None:
    with client.stream("GET", "/stream") as response:
        lines = list(response.iter_lines())
    assert lines == [f"piece {number}" for number in range(5)]


def test_forms(client: httpx.Client) -> None:
    fields = {"name": "Zoë", "empty": ""}
    assert client.post("/form", data=fields).json() == fields


def test_background_task(client: httpx.Client) -> None:
    assert client.get("/background").text == "begun"
    happened(client, "background done")


def test_background_task_in_thread(client: httpx.Client) -> None:
    assert client.get("/threaded").text == "begun"
    happened(client, "from a thread")


def test_sessions(client: httpx.Client) -> None:
    assert [client.get("/session").json()["count"] for _ in range(3)] == [1, 2, 3]


def test_cookies(client: httpx.Client) -> None:
    assert client.get("/cookies").json() == {}
    assert client.get("/cookies").json() == {"first": "1", "second": "2"}


def test_lifespan_state(client: httpx.Client) -> None:
    assert client.get("/state").json() == {"greeting": "hello from lifespan"}


def test_static_files(client: httpx.Client) -> None:
    whole = client.get("/static/starlette_app.py")
    assert whole.text.startswith('"""Starlette')
    again = client.get("/static/starlette_app.py", headers={"if-none-match": whole.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    part = client.get("/static/starlette_app.py", headers={"range": "bytes=0-8"})
    assert (part.status_code, part.text) == (206, '"""Starle')
    head = client.head("/static/starlette_app.py")
    assert head.headers["content-length"] == str(len(whole.content))


def test_client_gone_while_app_reads(starlette: Server, client: httpx.Client) -> None:
    with starlette.connect() as connection:
        connection.send(request("/until-gone", "Content-Length: 10", method="POST"), b"part")
        happened(client, "reading")
    happened(client, "client gone")


@pytest.mark.parametrize("app", ["bare", "app"])
def test_endless_stream_stops_when_client_leaves_item56(
    serve: Serve, starlette: Server, app: str
) -> None:
    server = starlette if app == "app" else serve("frameworks.starlette_app:bare")
    mark = server.mark()
    with httpx.Client(base_url=server.url) as client:
        with server.connect() as connection:
            connection.send(request("/endless"))
            assert connection.read_head().status == 200
            assert connection.read_chunk().startswith(b"data: ")
        left = time.monotonic()
        happened(client, "endless ends")
        assert time.monotonic() - left <= 1.0
    assert "Traceback" not in server.log_since(mark)
