"""--user and --group: the app, also its import, has their rights and no others."""

from __future__ import annotations

import ast
import os
import pwd
import stat
import sys
from pathlib import Path

import pytest

from conftest import Serve
from harness.command import APPS

NOBODY = "nobody"


def searchable(path: Path) -> bool:
    return all(each.stat().st_mode & stat.S_IXOTH for each in path.parents)


pytestmark = [
    pytest.mark.own,
    pytest.mark.skipif(os.geteuid() != 0, reason="only root may become another user"),
    pytest.mark.skipif(not searchable(APPS / "x"), reason="nobody may read this checkout"),
]


# A Python of its own is started by the user; the one inside the server may have been before.
PYTHON_FOR_ALL = pytest.mark.skipif(
    not searchable(Path(sys.executable).resolve()), reason="nobody may not run this Python"
)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder that is root's, and that others may look through."""
    for each in (tmp_path, *tmp_path.parents):
        if not each.stat().st_mode & stat.S_IXOTH:
            each.chmod(each.stat().st_mode | stat.S_IXOTH)
    return tmp_path


@pytest.mark.parametrize("isolation", ["main", pytest.param("process", marks=PYTHON_FOR_ALL)])
def test_app_is_imported_and_started_as_the_user(serve: Serve, place: Path, isolation: str) -> None:
    options = ("--isolation", isolation, "--proc-dir", str(place / "proc"))
    server = serve("whoami:app", "--user", NOBODY, *options)
    user = pwd.getpwnam(NOBODY)
    with server.connect() as connection:
        seen = ast.literal_eval(connection.ask("/").body.decode())
    rights = (user.pw_uid, user.pw_gid, [user.pw_gid])
    assert seen == [(when, *rights) for when in ("import", "startup", "request")]
    assert (place / "proc").stat().st_uid == user.pw_uid
    assert (place / "proc" / "spvn.pid").stat().st_uid == user.pw_uid
    assert server.stop() == 0
    assert list((place / "proc").iterdir()) == []


def test_unix_socket_is_the_users(serve: Serve, place: Path) -> None:
    place.chmod(0o777)
    path = place / "s"
    server = serve("whoami:app", "--user", NOBODY, bind=f"unix:{path}")
    user = pwd.getpwnam(NOBODY)
    assert (path.stat().st_uid, path.stat().st_gid) == (user.pw_uid, user.pw_gid)
    assert server.stop() == 0
    assert not path.exists()
