"""Which files are served without the app: none from outside, none that is hidden."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from conftest import Serve
from harness.command import APPS, Command, searchable
from harness.public import SECRET, TEXT, ask, make, options, write
from harness.server import Server

pytestmark = pytest.mark.own


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("static"))


@pytest.fixture(scope="module")
def files(command: Command, folder: Path) -> Iterator[Server]:
    with Server(command, "files_app:app", *options(folder)) as server:
        yield server


def _corpus() -> list[bytes]:
    """Ways out of a directory that servers have been fooled with."""
    ups = [
        *(b"..", b"%2e%2e", b"%2E%2E", b".%2e", b"%2e.", b"%252e%252e", b"%c0%ae%c0%ae"),
        *(
            b"%e0%80%ae%e0%80%ae",
            b"..;",
            b"..%00",
            b"%2e%2e%00",
            b"..%20",
            b"...",
            b"....",
            b"%00..",
        ),
        *(b"..%0a", b"..%09", b"%u002e%u002e", b"\xc0\xae\xc0\xae", b"..%ff", b". .", b"%2e%2e."),
    ]
    slashes = [b"/", b"%2f", b"%5c", b"\\"]
    corpus = [b"/assets/" + up + slash + b"secret.txt" for up in ups for slash in slashes]
    corpus += [
        b"/assets/../public-secret/secret.txt",
        b"/assets/-secret/secret.txt",
        b"/assets-secret/secret.txt",
        b"/assets//secret.txt",
        b"/assets/docs/../../secret.txt",
        b"/assets/docs/..%2f..%2fsecret.txt",
        b"/assets/docs/%2e%2e/%2e%2e/secret.txt",
        b"/assets/./.././secret.txt",
        b"/assets/outside.txt",
        b"/assets/outside/secret.txt",
        b"/assets/outside/public/../secret.txt",
        b"/assets/hidden.txt",
        b"/assets/.env",
        b"/assets/%2eenv",
        b"/assets/.git/config",
        b"/assets/%2egit%2fconfig",
        b"/assets/docs/.htpasswd",
        b"/assets/.env/",
        b"/assets/.env%00.txt",
        b"/assets/a.txt%00../secret.txt",
        b"/assets/loop",
        b"/assets/pipe",
        b"/assets/secret.txt%00",
        b"//secret.txt",
        b"/../secret.txt",
        b"/%2e%2e/secret.txt",
        b"/..%2fsecret.txt",
        b"/../public/.env",
        b"//assets/../secret.txt",
        b"/x/../../secret.txt",
        b"/assets/" + b"x/../" * 30 + b"../secret.txt",
        b"/assets/" + b"docs/" * 200 + b"secret.txt",
        b"/assets/" + b"a" * 5000,
    ]
    return corpus


class TestTraversal:
    def test_nothing_from_outside(self, files: Server, folder: Path) -> None:
        corpus = [*_corpus(), b"/assets" + str(folder.parent / "secret.txt").encode()]
        assert len(set(corpus)) >= 100
        for target in corpus:
            with files.connect() as client:
                client.send(b"GET " + target + b" HTTP/1.1\r\nHost: x\r\n\r\n")
                response = client.read_response()
            assert SECRET not in response.body, target
            assert response.status in (299, 400, 404), target
            below = target.startswith((b"/assets/", b"/assets%"))
            assert not (below and response.status == 299), target

    def test_absolute_form(self, files: Server) -> None:
        assert ask(files, "http://x/assets/../secret.txt").status == 404
        assert ask(files, "http://x/assets/a.txt").body == TEXT

    def test_no_open_redirect(self, files: Server) -> None:
        for target in (b"//docs", b"/assets//docs", b"//example.com/assets/docs"):
            with files.connect() as client:
                response = client.ask(target)
            assert response.one("location") is None

    def test_links_may_lead_out_where_allowed(self, serve: Serve, folder: Path) -> None:
        server = serve("files_app:app", "--static", f"/a={folder}", "--static-symlinks")
        assert ask(server, "/a/outside.txt").body == SECRET
        assert ask(server, "/a/outside/secret.txt").body == SECRET
        assert ask(server, "/a/hidden.txt").status == 404
        assert ask(server, "/a/../secret.txt").status == 404


def test_directory_itself_needs_its_slash(serve: Serve, folder: Path) -> None:
    options = ("--static", f"/a/b={folder / 'docs'}", "--static-index", "index.html")
    server = serve("files_app:app", *options)
    response = ask(server, "/a/b?c=1")
    assert (response.status, response.one("location")) == (301, b"./b/?c=1")
    assert ask(server, "/a/b/").body == b"<h1>docs</h1>"


@pytest.fixture
def guarded() -> Iterator[Path]:
    """A folder of root's that others may look through and not into, and one they may do neither."""
    with tempfile.TemporaryDirectory() as made:
        top = Path(made)
        for name in ("open", "shut"):
            write(top / "public" / name / "deep" / "a.txt", TEXT)
        write(top / "public" / "locked.txt", SECRET)
        (top / "public" / "locked.txt").chmod(0o600)
        write(top / "public" / "open" / "variant.txt", TEXT)
        write(top / "public" / "open" / "variant.txt.gz", b"locked")
        (top / "public" / "open" / "variant.txt.gz").chmod(0o600)
        (top / "secret.txt").write_bytes(SECRET)
        (top / "public" / "open" / "outside").symlink_to(top)
        for each in (top, top / "public", top / "public/open", top / "public/open/deep"):
            each.chmod(0o711)
        (top / "public" / "shut").chmod(0o700)
        yield top / "public"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may become another user")
@pytest.mark.skipif(not searchable(APPS / "x"), reason="nobody may read this checkout")
@pytest.mark.parametrize("links", [(), ("--static-symlinks",)])
def test_rights_are_those_of_the_user(serve: Serve, guarded: Path, links: tuple[str, ...]) -> None:
    """To enter a directory is enough, as for nginx."""
    server = serve("whoami:app", "--static", f"/a={guarded}", "--user", "nobody", *links)
    assert ask(server, "/a/open/deep/a.txt").body == TEXT
    assert ask(server, "/a/shut/deep/a.txt").status == 403
    assert ask(server, "/a/locked.txt").status == 403
    plain = ask(server, "/a/open/variant.txt", "Accept-Encoding: gzip")
    assert (plain.body, plain.one("content-encoding")) == (TEXT, None)
    assert ask(server, "/a/open/none.txt").status == 404
    outside = ask(server, "/a/open/outside/secret.txt")
    assert (outside.status, outside.body == SECRET) == ((200, True) if links else (404, False))
