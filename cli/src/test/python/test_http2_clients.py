"""HTTP/2 of real clients, in clear with prior knowledge and through TLS."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from harness import browser, golang
from harness.command import Command
from harness.memory import descendants
from harness.server import Server
from harness.tls import Authority, Pair, trusting

pytestmark = pytest.mark.in_clear("each test says itself whether it is")

TARGET = "multiplexed:app"
CLIENTS = Path(__file__).resolve().parent / "clients"
IMAGES = 200
H2LOAD = re.compile(r"requests: (\d+) total, .* (\d+) succeeded, (\d+) failed")


@pytest.fixture(scope="module")
def clear(command: Command) -> Iterator[Server]:
    with Server(command, TARGET) as server:
        yield server


@pytest.fixture(scope="module")
def sealed(command: Command, authority: Authority) -> Iterator[Server]:
    pair: Pair = authority.pair("clients")
    if not command.own:
        pytest.skip("needs spvn's own command line")
    with Server(command, TARGET, *pair.options) as server:
        yield server


@pytest.fixture(params=["clear", "sealed"])
def either(request: pytest.FixtureRequest) -> Server:
    server = request.getfixturevalue(request.param)
    assert isinstance(server, Server)
    return server


def needs(program: str) -> pytest.MarkDecorator:
    return pytest.mark.skipif(shutil.which(program) is None, reason=f"there is no {program}")


def said(*line: str | Path, within: float = 120) -> str:
    done = subprocess.run([str(each) for each in line], capture_output=True, timeout=within)
    out = done.stdout.decode(errors="replace")
    assert done.returncode == 0, f"{line}: {out[-2000:]} {done.stderr.decode()[-2000:]}"
    return out


def curl(*options: str) -> str:
    """The version and status at the end of what it prints."""
    if "HTTP2" not in said("curl", "--version"):
        pytest.skip("this curl has no HTTP/2")
    return said("curl", "-s", "-k", "-m", "60", "-w", " %{http_version} %{http_code}", *options)


@needs("curl")
def test_curl_with_prior_knowledge(clear: Server) -> None:
    assert curl("--http2-prior-knowledge", f"{clear.url}/") == "hello 2 200"


@needs("curl")
def test_curl_through_tls(sealed: Server) -> None:
    assert curl("--http2", f"{sealed.url}/") == "hello 2 200"
    assert curl("--http1.1", f"{sealed.url}/") == "hello 1.1 200"


@needs("curl")
@pytest.mark.own
def test_upgrade_from_http1_is_declined(clear: Server) -> None:
    """RFC 9113 3.1: it is obsolete; the request is answered as it is."""
    assert curl("--http2", f"{clear.url}/") == "hello 1.1 200"


@needs("curl")
def test_curl_uploads(either: Server, tmp_path: Path) -> None:
    file = tmp_path / "upload"
    file.write_bytes(bytes(5_000_000))
    known = () if either.tls else ("--http2-prior-knowledge",)
    uploaded = curl(*known, "--data-binary", f"@{file}", f"{either.url}/sink")
    assert uploaded.startswith("[5000000,")
    assert uploaded.endswith(" 2 200")


@needs("curl")
def test_curl_asks_again_and_again(sealed: Server) -> None:
    """Not in clear, where curl 7.88 does not find its own connection again."""
    urls = f"{sealed.url}/sized?count=1000&number=[1-100]"
    assert curl(urls).count("x 2 200") == 100


@needs("h2load")
@pytest.mark.parametrize("clients", [1, 16])
def test_h2load(either: Server, clients: int) -> None:
    options = ("-n", "5000", "-c", str(clients), "-m", "50")
    out = said("h2load", *options, f"{either.url}/")
    assert (found := H2LOAD.search(out))
    assert found.groups() == ("5000", "5000", "0"), out
    assert "5000 2xx" in out


@needs("nghttp")
def test_nghttp(either: Server) -> None:
    out = said("nghttp", "-v", "-y", f"{either.url}/", f"{either.url}/sized?count=100000")
    assert out.count(":status: 200") == 2, out
    assert "hello" in out


async def _together(client: httpx.AsyncClient, url: str) -> None:
    targets = [f"{url}/sized?count={count}" for count in range(0, 100_000, 2000)]
    answers = await asyncio.gather(*map(client.get, targets))
    assert {answer.http_version for answer in answers} == {"HTTP/2"}
    assert [len(answer.content) for answer in answers] == list(range(0, 100_000, 2000))
    upload = await client.post(f"{url}/sink", content=bytes(5_000_000))
    assert upload.json()[0] == 5_000_000


def test_httpx(either: Server) -> None:
    async def asked() -> None:
        async with httpx.AsyncClient(
            http1=either.tls, http2=True, verify=trusting(), timeout=60
        ) as client:
            await _together(client, either.url)

    asyncio.run(asked())


@pytest.mark.skipif(golang.found() is None, reason="there is no Go")
def test_client_of_go(either: Server, tmp_path: Path) -> None:
    program = golang.built(CLIENTS / "h2client.go", tmp_path)
    assert said(program, either.url) == "ok\n"


@pytest.mark.own
def test_client_of_java(sealed: Server) -> None:
    """That of the JDK that runs spvn; in clear it knows the upgrade alone."""
    java = java_of(sealed)
    quiet = "-Djdk.internal.httpclient.disableHostnameVerification=true"
    source = CLIENTS / "H2Client.java"
    if not java.with_name("javac").exists():
        pytest.skip("spvn runs on a Java that cannot compile")
    assert said(java, quiet, source, sealed.url) == "ok\n"


def java_of(server: Server) -> Path:
    pid = server.process.pid
    programs = [Path(os.readlink(f"/proc/{each}/exe")) for each in [pid, *descendants(pid)]]
    return next(each for each in programs if each.name == "java")


@pytest.mark.skipif(browser.found() is None, reason="there is no Chromium on PATH")
def test_page_of_many_images_in_a_browser(sealed: Server) -> None:
    program = browser.found()
    assert program
    with browser.Browser(program) as opened, opened.open(f"{sealed.url}/page") as page:
        page.awaited(f"document.images.length === {IMAGES}")
        page.awaited("[...document.images].every(each => each.complete)", within=60)
        assert page.value(
            "[...document.images].filter(each => each.naturalWidth === 1).length"
        ) == (IMAGES)
        protocols = (
            "[...new Set(performance.getEntriesByType('resource').map(e => e.nextHopProtocol))]"
        )
        assert page.value(protocols) == ["h2"]
    with sealed.connect() as connection:
        assert connection.ask("/seen").json()["ports"] == 1
