"""The apps, what each needs, and what differs from run to run."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from beside_uvicorn import conversations, live
from beside_uvicorn.sink import Sink
from beside_uvicorn.talk import Talk
from harness.command import APPS

COOKIE = r"(?<=csrftoken=)\w+|(?<=sessionid=)\w+|(?<=messages=)[^;]+|expires=[^;]+"
ID = r"[0-9a-f]{32,}"
UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
SID = r'(?<="sid":")[\w-]+', r"(?<=sid=)[\w-]+"
DATE = r"\w{3}, \d\d \w{3} \d{4} [\d:]{8} GMT"

# What an app is started with: where it may write, and where its reports go.
Environment = Callable[[Path, Sink], dict[str, str]]


def nothing(folder: Path, sink: Sink) -> dict[str, str]:
    return {}


def with_sentry(folder: Path, sink: Sink) -> dict[str, str]:
    return {"SENTRY_DSN": sink.dsn}


def with_shop(folder: Path, sink: Sink) -> dict[str, str]:
    return {"SHOP_DB": str(folder / "shop.db")}


def without_network(folder: Path, sink: Sink) -> dict[str, str]:
    return {
        "GRADIO_ANALYTICS_ENABLED": "False",
        "GRADIO_TEMP_DIR": str(folder / "gradio"),
        "HF_HUB_OFFLINE": "1",
        "HOME": str(folder),
    }


def with_database(folder: Path, sink: Sink) -> dict[str, str]:
    """A database with its tables and a superuser in it."""
    environment = {
        "DJANGO_DB": str(folder / "db.sqlite3"),
        "DJANGO_SETTINGS_MODULE": "realapps.django_shop.settings",
    }
    _manage(environment, "migrate", "--run-syncdb")
    secret = {"DJANGO_SUPERUSER_PASSWORD": conversations.PASSWORD}
    user = ["--username", "admin", "--email", "admin@spvn.test"]
    _manage({**environment, **secret}, "createsuperuser", "--noinput", *user)
    return environment


def _manage(environment: dict[str, str], *arguments: str) -> None:
    done = subprocess.run(
        [sys.executable, "-B", "-m", "django", *arguments],
        env={**os.environ, **environment, "PYTHONPATH": str(APPS)},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr


@dataclass(frozen=True)
class Case:
    """An app of `../apps/realapps`; `heavy` ones take many packages, and ./check has them not."""

    target: str
    talk: Callable[[Talk], None]
    needs: tuple[str, ...]
    beside: str = ""  # the target for uvicorn, where that is another
    environment: Environment = nothing
    masks: tuple[str, ...] = ()
    heavy: bool = False
    several: bool = False  # whether it may have several processes, each for itself

    @property
    def uvicorn_target(self) -> str:
        return f"realapps.{self.beside or self.target}"

    @property
    def spvn_target(self) -> str:
        return f"realapps.{self.target}"


CASES = {
    "django": Case(
        "django_shop.asgi:application",
        conversations.django,
        ("django", "pydantic"),
        environment=with_database,
        masks=(r'(?<=csrfmiddlewaretoken" value=")\w+', COOKIE),
    ),
    "fastapi": Case("fastapi_app:app", conversations.fastapi, ("fastapi", "multipart")),
    "litestar": Case("litestar_app:app", conversations.litestar, ("litestar",)),
    "sentry-starlette": Case(
        "sentry_starlette:app",
        conversations.sentry_starlette,
        ("sentry_sdk", "starlette"),
        environment=with_sentry,
    ),
    "sentry-flask": Case(
        "sentry_flask:app",
        conversations.sentry_flask,
        ("sentry_sdk", "flask", "a2wsgi"),
        beside="sentry_flask:asgi",
        environment=with_sentry,
        masks=(r"(?<=session=)[^;]+",),
    ),
    "psycopg2": Case("psycopg_app:app", conversations.psycopg2, ("psycopg2", "starlette")),
    "apscheduler": Case(
        "apscheduler_app:app", conversations.apscheduler, ("apscheduler", "starlette")
    ),
    "opentelemetry": Case(
        "opentelemetry_app:app",
        conversations.opentelemetry,
        ("fastapi", "opentelemetry.instrumentation.fastapi", "opentelemetry.sdk"),
    ),
    "socketio": Case(
        "socketio_app:app",
        conversations.socketio,
        ("socketio",),
        masks=SID,
    ),
    "socketio-websocket": Case(
        "socketio_app:app", live.socketio, ("socketio",), masks=SID, several=True
    ),
    "socketio-upgrade": Case("socketio_app:app", live.socketio_upgrade, ("socketio",), masks=SID),
    "channels": Case(
        "channels_app:app",
        live.channels,
        ("channels", "django", "pydantic"),
        environment=with_database,
        masks=(r'(?<=csrfmiddlewaretoken" value=")\w+', COOKIE),
        several=True,
    ),
    "nicegui": Case("nicegui_app:app", live.nicegui, ("nicegui",), masks=(UUID, *SID), heavy=True),
    "marimo": Case(
        "marimo_app:app",
        live.marimo,
        ("marimo",),
        environment=without_network,
        masks=(UUID,),
        heavy=True,
    ),
    "streamlit": Case(
        "streamlit_app:app",
        live.streamlit,
        ("streamlit",),
        environment=without_network,
        masks=(ID, r"(?<=_streamlit_xsrf=)[^;]+"),
        heavy=True,
        several=True,
    ),
    "sse": Case("sse_app:app", conversations.sse, ("sse_starlette",), heavy=True),
    "quart": Case("quart_app:app", conversations.quart, ("quart",), masks=(r"(?<=session=)[^;]+",)),
    "strawberry": Case("strawberry_app:app", conversations.strawberry, ("strawberry",), heavy=True),
    "mcp": Case("mcp_app:app", conversations.mcp, ("mcp",), masks=(ID,), heavy=True),
    "datasette": Case(
        "datasette_app:app",
        conversations.datasette,
        ("datasette",),
        environment=with_shop,
        masks=(
            r"\d+\.\d+ ?ms",
            r'"query_ms": [\d.]+',
            r"Queries took [\d.]+",
            r"(?<=ds_csrftoken=)[^;]+",
        ),
        heavy=True,
    ),
    "gradio": Case(
        "gradio_app:app",
        conversations.gradio,
        ("gradio",),
        environment=without_network,
        masks=(ID, r"(?<=file=)\S+", DATE),
        heavy=True,
    ),
}
