"""FastAPI on the server, driven by httpx."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

import httpx
import pytest

from conftest import Serve
from harness.command import Command
from harness.server import Server
from harness.waiting import eventually

pytestmark = pytest.mark.kinds("main", "process")  # pydantic refuses sub-interpreters

TARGET = "frameworks.fastapi_app:app"


@pytest.fixture(scope="module")
def fastapi(command: Command) -> Iterator[Server]:
    with Server(command, TARGET) as server:
        yield server


@pytest.fixture
def client(fastapi: Server) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=fastapi.url, timeout=10) as client:
        yield client


@pytest.mark.own
def test_start_line_says_what_it_runs_in(fastapi: Server, isolation: str) -> None:
    assert f": 1 worker, {isolation}, Python " in fastapi.start_line


def test_path_and_query_parameters(client: httpx.Client) -> None:
    shown = client.get("/items/7", params={"q": "a b&c", "limit": 3}).json()
    assert shown == {"item_id": 7, "q": "a b&c", "limit": 3}


def test_wrong_path_parameter(client: httpx.Client) -> None:
    response = client.get("/items/seven")
    assert response.status_code == 422
    assert response.json()["detail"][0]["loc"] == ["path", "item_id"]


def test_json_body(client: httpx.Client) -> None:
    item = {"name": "Zoë", "price": 1.5, "tags": ["a", "b"]}
    response = client.post("/items", json=item)
    assert (response.status_code, response.json()) == (201, item)


def test_wrong_json_body(client: httpx.Client) -> None:
    response = client.post("/items", json={"name": "x", "price": -1})
    assert response.status_code == 422


def test_dependency_with_yield(client: httpx.Client) -> None:
    shown = client.get("/dependency").json()
    assert (shown["used"], shown["number"]) == ("a connection", 42)
    assert "opened" in shown["happened"]
    eventually(lambda: "closed" in client.get("/happened").json(), what="dependency closed")


def test_blocking_view(client: httpx.Client) -> None:
    assert client.get("/blocking").json() == "from a thread"


def test_streaming_response(client: httpx.Client) -> None:
    with client.stream("GET", "/stream") as response:
        assert list(response.iter_lines()) == [f"piece {number}" for number in range(5)]


@pytest.mark.parametrize("size", [0, 10, 3_000_000])
def test_upload_file(client: httpx.Client, size: int) -> None:
    data = bytes(range(250)) * (size // 250)
    files = {"file": ("data.bin", data)}
    assert client.post("/upload", files=files, data={"note": "Zoë"}).json() == {
        "name": "data.bin",
        "size": len(data),
        "sha256": hashlib.sha256(data).hexdigest(),
        "note": "Zoë",
    }


def test_background_tasks(client: httpx.Client) -> None:
    assert client.get("/background").json() == "begun"
    eventually(lambda: "background done" in client.get("/happened").json(), what="task done")


def test_lifespan_state(client: httpx.Client) -> None:
    assert client.get("/state").json() == "connected"


def test_http_exception(client: httpx.Client) -> None:
    response = client.get("/teapot")
    assert (response.status_code, response.headers["x-kind"]) == (418, "pot")


def test_exception_is_500_and_logged(fastapi: Server, client: httpx.Client) -> None:
    assert client.get("/boom").status_code == 500
    fastapi.wait_log("RuntimeError: boom in a FastAPI app")


def test_docs(client: httpx.Client) -> None:
    assert "/openapi.json" in client.get("/docs").text
    assert "/items/{item_id}" in client.get("/openapi.json").json()["paths"]


def test_docs_under_root_path_item9(serve: Serve) -> None:
    server = serve(TARGET, "--root-path", "/api/v1")
    with httpx.Client(base_url=server.url) as client:
        assert "'/api/v1/openapi.json'" in client.get("/docs").text
        described = client.get("/openapi.json").json()
        assert described["servers"] == [{"url": "/api/v1"}]
        assert client.get("/items/1").json()["item_id"] == 1
