"""Quart, Flask, and apps in other forms than ASGI 3, driven by httpx."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from conftest import Serve
from harness.command import APPS, Command
from harness.server import Server

pytestmark = pytest.mark.kinds

PIECES = [f"piece {number}" for number in range(5)]


def shown(server: Server, path: str = "/") -> Any:
    return httpx.get(f"{server.url}{path}").json()


@pytest.fixture(scope="module")
def quart(command: Command) -> Iterator[httpx.Client]:
    with (
        Server(command, "frameworks.quart_app:app") as server,
        httpx.Client(base_url=server.url, timeout=10) as client,
    ):
        yield client


def test_quart_parameters_and_lifespan(quart: httpx.Client) -> None:
    found = quart.get("/users/7?q=a%20b").json()
    assert found == {"number": 7, "q": "a b", "happened": ["before serving"]}


@pytest.mark.parametrize("size", [0, 1, 65_536, 1_000_000])
def test_quart_body(quart: httpx.Client, size: int) -> None:
    assert quart.post("/echo", content=b"x" * size).content == b"x" * size


def test_quart_json(quart: httpx.Client) -> None:
    response = quart.post("/json", json={"a": [1, "ü"]})
    assert (response.status_code, response.json()) == (201, {"got": {"a": [1, "ü"]}})


def test_quart_form_and_file(quart: httpx.Client) -> None:
    response = quart.post("/form", data={"a": "1"}, files={"file": ("f", b"x" * 100_000)})
    assert response.json() == {"fields": {"a": "1"}, "sizes": {"file": 100_000}}


def test_quart_stream(quart: httpx.Client) -> None:
    with quart.stream("GET", "/stream") as response:
        assert list(response.iter_lines()) == PIECES


def test_quart_exception(quart: httpx.Client) -> None:
    assert quart.get("/boom").status_code == 500


@pytest.fixture(scope="module")
def flask(command: Command) -> Iterator[httpx.Client]:
    with (
        Server(command, "frameworks.flask_app:app", "--interface", "wsgi") as server,
        httpx.Client(base_url=server.url, timeout=10) as client,
    ):
        yield client


def test_flask_parameters(flask: httpx.Client) -> None:
    assert flask.get("/users/7?q=a%20b").json() == {"number": 7, "q": "a b", "root": ""}


@pytest.mark.parametrize("size", [0, 1, 65_536, 1_000_000])
def test_flask_body(flask: httpx.Client, size: int) -> None:
    assert flask.post("/echo", content=b"x" * size).content == b"x" * size


def test_flask_stream(flask: httpx.Client) -> None:
    with flask.stream("GET", "/stream") as response:
        assert list(response.iter_lines()) == PIECES


def test_flask_sees_no_name_with_an_underscore(flask: httpx.Client) -> None:
    sent = {"X_Forwarded_For": "198.51.100.1", "X-Forwarded-For": "192.0.2.9", "X_Real_Ip": "a"}
    seen = flask.get("/headers", headers=sent).json()
    assert seen["X-Forwarded-For"] == "192.0.2.9"
    assert "X-Real-Ip" not in seen


def test_flask_exception(flask: httpx.Client) -> None:
    assert flask.get("/boom").status_code == 500


@pytest.mark.own
def test_wsgi_app_found_by_itself(serve: Serve) -> None:
    server = serve("frameworks.flask_app:plain", "--root-path", "/api")
    response = httpx.post(f"{server.url}/a%20b?c=%20", content=b"body")
    assert response.headers["x-kind"] == "wsgi"
    assert response.json() == {
        "REQUEST_METHOD": "POST",
        "SCRIPT_NAME": "/api",
        "PATH_INFO": "/a b",
        "QUERY_STRING": "c=%20",
        "wsgi.url_scheme": server.scheme,
        "body": "body",
    }


@pytest.mark.parametrize("name", ["Asgi2", "asgi2_function"])
def test_asgi2_by_option(serve: Serve, name: str) -> None:
    server = serve(f"frameworks.other_forms:{name}", "--interface", "asgi2")
    assert shown(server)["text"].endswith("of ASGI 2")


@pytest.mark.own
@pytest.mark.parametrize("name", ["Asgi2", "asgi2_function"])
def test_asgi2_found_by_itself(serve: Serve, name: str) -> None:
    server = serve(f"frameworks.other_forms:{name}")
    assert shown(server)["text"].endswith("of ASGI 2")


def test_factory(serve: Serve) -> None:
    server = serve("frameworks.other_forms:create", "--factory")
    assert shown(server) == {"text": "made by a factory", "asgi": "3.0"}


def test_dotted_attribute(serve: Serve) -> None:
    server = serve("frameworks.other_forms:Holder.inner")
    assert shown(server)["text"] == "found by a dotted name"


@pytest.mark.own
def test_attribute_is_app_by_default(serve: Serve) -> None:
    assert shown(serve("frameworks.other_forms"))["text"] == "the default name"


@pytest.mark.own
def test_target_is_a_file(serve: Serve) -> None:
    server = serve(str(APPS / "frameworks" / "other_forms.py") + ":Holder.inner")
    assert shown(server)["text"] == "found by a dotted name"
