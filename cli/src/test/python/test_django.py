"""Django on the server, driven by httpx."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from harness.command import APPS, Command
from harness.server import Server

pytestmark = pytest.mark.kinds

TARGET = "django_site.asgi:application"
PASSWORD = "not a secret"


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """A database with its tables and a superuser in it."""
    database: Path = tmp_path_factory.mktemp("django") / "db.sqlite3"
    environment = {"DJANGO_DB": str(database), "DJANGO_SETTINGS_MODULE": "django_site.settings"}
    _manage(environment, "migrate")
    secret = {"DJANGO_SUPERUSER_PASSWORD": PASSWORD}
    user = ["--username", "admin", "--email", "admin@spvn.test"]
    _manage({**environment, **secret}, "createsuperuser", "--noinput", *user)
    return environment


def _manage(environment: dict[str, str], *arguments: str) -> None:
    subprocess.run(
        [sys.executable, "-m", "django", *arguments],
        env={**os.environ, **environment, "PYTHONPATH": str(APPS)},
        check=True,
        capture_output=True,
        timeout=60,
    )


@pytest.fixture(scope="module")
def django(command: Command, environment: dict[str, str]) -> Iterator[Server]:
    with Server(command, TARGET, env=environment) as server:
        yield server


@pytest.fixture
def client(django: Server) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=django.url, timeout=10) as client:
        yield client


def token(page: str) -> str:
    found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    assert found, page[:500]
    return found[1]


def test_admin_login_page(client: httpx.Client) -> None:
    page = client.get("/admin/login/")
    assert page.status_code == 200
    assert "Django administration" in page.text
    assert "csrftoken" in page.cookies


def test_admin_login_needs_csrf_token(client: httpx.Client) -> None:
    client.get("/admin/login/")
    fields = {"username": "admin", "password": PASSWORD}
    assert client.post("/admin/login/", data=fields).status_code == 403


def test_admin_login_and_session(client: httpx.Client) -> None:
    page = client.get("/admin/login/?next=/admin/")
    fields = {
        "username": "admin",
        "password": PASSWORD,
        "csrfmiddlewaretoken": token(page.text),
        "next": "/admin/",
    }
    referer = {"Referer": str(page.url)}  # which Django asks for where it is https
    answer = client.post("/admin/login/", data=fields, headers=referer)
    assert (answer.status_code, answer.headers["location"]) == (302, "/admin/")
    inside = client.get("/admin/")
    assert inside.status_code == 200
    assert "Site administration" in inside.text


def test_orm_in_blocking_and_async_view(client: httpx.Client) -> None:
    names = [f"group {number}" for number in range(3)]
    for name in names:
        assert client.post("/groups", data={"name": name}).status_code == 200
    assert client.get("/groups").json() == {"groups": names}
    assert client.get("/groups-async").json() == {"groups": names, "count": 3}


@pytest.mark.parametrize("view", ["/stream-async", "/stream-blocking"])
def test_streaming(client: httpx.Client, view: str) -> None:
    with client.stream("GET", view) as response:
        assert list(response.iter_lines()) == [f"piece {number}" for number in range(5)]


@pytest.mark.parametrize("size", [0, 1, 65_536, 1_000_000])
def test_body(client: httpx.Client, size: int) -> None:
    assert client.post("/echo", content=b"x" * size).content == b"x" * size


def test_exception_is_500(client: httpx.Client) -> None:
    assert client.get("/boom").status_code == 500


def test_urls_under_root_path_item9(command: Command, environment: dict[str, str]) -> None:
    with Server(command, TARGET, "--root-path", "/site", env=environment) as server:
        shown = httpx.get(f"{server.url}/where").json()
        assert shown == {"path": "/site/where", "path_info": "/where", "url": "/site/where"}
        login = httpx.get(f"{server.url}/admin/")
        assert login.headers["location"] == "/site/admin/login/?next=/site/admin/"
