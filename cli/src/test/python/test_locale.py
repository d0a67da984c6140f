"""Languages and letters: what is for machines is in no language, and names have any letters."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from conftest import Serve
from harness.admin import ANY_PORT, Admin
from harness.command import APPS, Command
from harness.server import Server

pytestmark = pytest.mark.own

# As LC_ALL=fa_IR.UTF-8 would have it, where that locale is installed: digits of its own.
PERSIAN = {"SPVN_JAVA_OPTS": "-Duser.language=fa -Duser.country=IR"}
LOCALE_VARIABLES = ("LANG", "LC_ALL", "LC_CTYPE")


def test_metrics_and_health_have_plain_digits(serve: Serve) -> None:
    server = serve("surroundings:app", *ANY_PORT, env=PERSIAN)
    admin = Admin.of(server)
    assert admin.ask("/health/ready").status == 200
    assert admin.metrics()["spvn_connections_active"] == 0
    server.stop()
    assert server.log.isascii(), server.log


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with an app, with letters beyond ASCII in both names."""
    folder = tmp_path / "größe-汉字"
    folder.mkdir()
    for name in ("asgi_tools.py", "asgi_types.py"):
        shutil.copy(APPS / name, folder)
    shutil.copy(APPS / "surroundings.py", folder / "zähler.py")
    return folder


@pytest.mark.parametrize(
    "locale",
    [{}, {"LC_ALL": "C"}, {"LANG": "POSIX"}, {"LANG": "xx_XX.UTF-8"}, {"LC_ALL": "C.UTF-8"}],
    ids=str,
)
def test_names_beyond_ascii_in_every_locale(
    command: Command, folder: Path, locale: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in LOCALE_VARIABLES:
        monkeypatch.delenv(name, raising=False)
    proc_dir = folder / "verzeichnis-é"
    server = Server(
        command,
        "zähler.py:app",
        "--proc-dir",
        str(proc_dir),
        app_dir=folder,
        bind=f"unix:{folder / 'ß'}",
        env=locale,
        cwd=folder,
    )
    with server:
        with server.connect() as connection:
            found = connection.ask("/").json()
        assert found["cwd"] == str(folder)
        assert found["path"][0] == str(folder)
        assert str(proc_dir) in found["argv"]
        assert (proc_dir / "spvn.pid").read_text() == f"{server.process.pid}\n"
    assert os.listdir(proc_dir) == []


@pytest.mark.parametrize("locale", [{}, {"LC_ALL": "C"}, {"LANG": "C.UTF-8"}], ids=str)
def test_app_sees_the_locale_of_its_user(
    serve: Serve, locale: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """But for what Python itself does about a locale that is none (PEP 538)."""
    for name in LOCALE_VARIABLES:
        monkeypatch.delenv(name, raising=False)
    with serve("surroundings:app", env=locale).connect() as connection:
        seen = connection.ask("/").json()["locale"]
    assert seen == (locale or {"LC_CTYPE": "C.UTF-8"})
