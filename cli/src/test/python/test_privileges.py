"""--user and --group: the app, also its import, has their rights and no others."""

from __future__ import annotations

import ast
import os
import pwd
import signal
import sys
from pathlib import Path

import pytest

from conftest import Serve
from harness.command import APPS, searchable
from harness.encrypted import ask, connect, name_of
from harness.tls import Authority, Pair, put, trusting

NOBODY = "nobody"


pytestmark = [
    pytest.mark.own,
    pytest.mark.skipif(os.geteuid() != 0, reason="only root may become another user"),
    pytest.mark.skipif(not searchable(APPS / "x"), reason="nobody may read this checkout"),
]


# A Python of its own is started by the user; the one inside the server may have been before.
PYTHON_FOR_ALL = pytest.mark.skipif(
    not searchable(Path(sys.executable).resolve()), reason="nobody may not run this Python"
)


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


def test_key_that_the_user_may_not_read_leaves_the_certificate(
    serve: Serve, place: Path, authority: Authority
) -> None:
    here = Pair(place / "tls.crt", place / "tls.key")
    put(authority.pair("first", "one.test"), here)
    here.key.chmod(0o600)
    server = serve("whoami:app", *here.options, "--user", NOBODY)
    server.wait_log(f"--user nobody may not read {here.key}: certificates are not exchanged")
    put(authority.pair("second", "two.test"), here)
    here.key.chmod(0o600)
    mark = server.mark()
    server.signal(signal.SIGHUP)
    server.wait_log(f"{here.key}: permission denied; let the server's user read it")
    wrong = [line for line in server.log_since(mark).splitlines() if " INFO " not in line]
    assert len(wrong) == 1, wrong
    assert (
        "certificates asked for by SIGHUP and cannot be used, those from before go on" in wrong[0]
    )
    with connect(server, trusting()) as connection:
        assert name_of(connection) == "one.test"
        assert connection.tls.version() == "TLSv1.3"
    assert ask(server, trusting()).status == 200
