"""A folder of files that are served without the app, beside some that never are."""

from __future__ import annotations

import os
from pathlib import Path

from harness.server import Server
from harness.wire import Response

SECRET = b"SECRET: outside of every directory that is served"
LARGE = bytes(range(256)) * 4096  # 1 MiB
CHANGED = 1_700_000_000
TEXT = b"0123456789" * 10


def make(top: Path) -> Path:
    """Makes it below an empty folder, whose other files are outside of it."""
    (top / "secret.txt").write_bytes(SECRET)
    (top / "public-secret").mkdir()
    (top / "public-secret" / "secret.txt").write_bytes(SECRET)
    public = top / "public"
    write(public / "a.txt", TEXT)
    write(public / "large.bin", LARGE)
    write(public / "empty.css", b"")
    write(public / "app.js", b"alert('plain')")
    for suffix in ("br", "zst", "gz"):
        write(public / f"app.js.{suffix}", f"in {suffix}".encode())
    write(public / "with space.html", b"<p>")
    write(public / "\u00fc.svg", b"<svg/>")
    write(public / "unknown.zzz", b"?")
    for name in ("css", "module.MJS", "x.wasm", "site.webmanifest", "x.avif", "x.woff2"):
        write(public / name, b"?")
    write(public / "100% \u00e9?.txt", b"%")
    write(public / "docs" / "index.html", b"<h1>docs</h1>")
    write(public / "bare" / "x.txt", b"x")
    write(public / ".well-known" / "security.txt", b"Contact:")
    for hidden in (".env", ".git/config", "docs/.htpasswd"):
        write(public / hidden, SECRET)
    (public / "inside.txt").symlink_to("a.txt")
    (public / "outside.txt").symlink_to(top / "secret.txt")
    (public / "outside").symlink_to(top)
    (public / "hidden.txt").symlink_to(".env")
    (public / "loop").symlink_to("loop")
    os.mkfifo(public / "pipe")
    return public


def write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    os.utime(path, (CHANGED, CHANGED))


def options(public: Path) -> list[str]:
    """Has it served below a route, and a folder of it at the root."""
    return [
        *("--static", f"/assets={public}", "--static", f"/={public / 'docs'}"),
        *("--static-index", "index.html", "--static-max-age", "1h"),
    ]


def ask(server: Server, target: str | bytes, *headers: str, method: str = "GET") -> Response:
    with server.connect() as client:
        return client.ask(target, *headers, method=method)
