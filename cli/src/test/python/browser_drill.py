"""What a real browser makes of WebSockets over TLS, and of apps that live by them.

    python browser_drill.py [--minutes 10]           # all drills
    python browser_drill.py socket --minutes 10
    python browser_drill.py watch
    python browser_drill.py nicegui marimo

socket     a page's WebSocket that says nothing for minutes while the server pings it each second,
           in a process worker; then SIGHUP: it is closed with 1012 and connects again.
watch      the same page while its app is edited under --watch: 1012, and the new code answers.
nicegui    a button of a NiceGUI page is pressed, and its text changes; after SIGHUP, too.
marimo     a notebook's page opens its socket and shows what a cell has made.

Drives a headless Chromium of PATH, and says so where there is none. Prints a line for each drill,
and ends with 1 when something is not as it must be. The apps need the packages `nicegui` and
`marimo` beside those of the tests; without them their drills are passed over.
"""

from __future__ import annotations

import argparse
import importlib.util
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from harness import browser
from harness.admin import ANY_PORT, Admin
from harness.browser import Browser, Page
from harness.command import APPS, Command
from harness.drill import Found
from harness.server import Server

PING = 1.0
PINGS = ("--ws-ping-interval", f"{PING:g}s", "--ws-ping-timeout", "5s")
MESSAGE = 1_000_000
BYTES_IN = 'spvn_bytes_total{direction="in"}'
BYTES_OUT = 'spvn_bytes_total{direction="out"}'
PONG = 6  # an empty frame with its mask
LOOK_EVERY = 5.0


@contextmanager
def serving(target: str, *options: str, app_dir: Path = APPS, **more: str) -> Iterator[Server]:
    """An encrypted server; killed when something has failed."""
    all_options = ("--ssl-self-signed", *ANY_PORT, *options)
    server = Server(Command(), target, *all_options, app_dir=app_dir, env=more)
    try:
        server.start()
        yield server
    finally:
        server.kill()


@contextmanager
def visiting(program: str, server: Server) -> Iterator[Page]:
    with Browser(program) as chromium, chromium.open(f"{server.url}/") as page:
        yield page


# ---- a page with a WebSocket


def socket(program: str, minutes: float) -> Found:
    """Silence with pings, messages before and after it, then a reload."""
    with (
        serving("browsed:app", "--isolation", "process", *PINGS) as server,
        visiting(program, server) as page,
    ):
        page.awaited("seen.heard.length")
        found = Found("")
        before = _carried(server, page, found)
        began = time.monotonic()
        heard, lived = _silence(server, page, minutes * 60)
        found.unless(not page.value("seen.codes.length"), f"closed {page.value('seen.codes')}")
        found.unless(heard >= lived / PING / 2, "the browser was not pinged all the time")
        _carried(server, page, found)
        lived = time.monotonic() - began
        again = _comes_back(page, found, lambda: server.signal(signal.SIGHUP))
        _carried(server, page, found)
        found.text = (
            f"lived {lived:.0f} s, {heard} pongs; {page.value('seen.extensions')}:"
            f" {MESSAGE:,} bytes went out as {before:,}; SIGHUP: codes"
            f" {page.value('seen.codes')}, open again after {again:.2f} s"
        )
        _ended_well(server, found)
        return found


def _silence(server: Server, page: Page, seconds: float) -> tuple[int, float]:
    """How many pongs the page has answered meanwhile, and how long that was."""
    before, began = Admin.of(server).metric(BYTES_IN), time.monotonic()
    while (left := began + seconds - time.monotonic()) > 0 and not page.value("seen.codes.length"):
        time.sleep(min(LOOK_EVERY, left))
    heard = Admin.of(server).metric(BYTES_IN) - before
    return int(heard / PONG), time.monotonic() - began


def _carried(server: Server, page: Page, found: Found) -> int:
    """A message to the server and back; how many bytes it took to the browser."""
    before = Admin.of(server).metric(BYTES_OUT)
    count = page.value("seen.heard.length")
    page.value(f"socket.send('spvn '.repeat({MESSAGE // 5}))")
    page.awaited(f"seen.heard.length > {count}")
    same = page.value(f"seen.heard.at(-1) === 'spvn '.repeat({MESSAGE // 5})")
    took = int(Admin.of(server).metric(BYTES_OUT) - before)
    found.unless(same, "another message came back")
    found.unless("permessage-deflate" in page.value("seen.extensions"), "not compressed")
    found.unless(took < MESSAGE / 10, f"the server sent {took:,} bytes")
    return took


def _comes_back(page: Page, found: Found, strike: Callable[[], object]) -> float:
    """The seconds until the page's next WebSocket is open."""
    opened, closed = page.value("[seen.opened, seen.codes.length]")
    began = time.monotonic()
    strike()
    page.awaited(f"seen.opened > {opened}", within=60)
    took = time.monotonic() - began
    codes = page.value("seen.codes")[closed:]
    found.unless(codes[:1] == [1012], f"closed with {codes}")
    found.unless(page.value(f"seen.clean[{closed}]"), "the close was not clean")
    return took


def _ended_well(server: Server, found: Found) -> None:
    """The log is without errors and the server stops; what is left of a page hinders neither."""
    began = time.monotonic()
    code = server.stop()
    took = time.monotonic() - began
    found.unless(code == 0, f"exit code {code}")
    found.unless(took < 10, f"the stop took {took:.1f} s")
    server.check_clean()
    found.unless(" ERROR " not in server.log, f"an error in the log\n{server.tail()}")


# ---- an app that is edited


def watch(program: str, minutes: float) -> Found:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(shutil.copy(APPS / "browsed.py", folder))
        with (
            serving("browsed:app", "--watch", app_dir=Path(folder), PYTHONPATH=str(APPS)) as server,
            visiting(program, server) as page,
        ):
            found = Found("")
            page.awaited("seen.heard.at(-1) === 'edit 0'")
            times = []
            for edit in (1, 2, 3):
                text = file.read_text().replace(f"\nEDIT = {edit - 1}\n", f"\nEDIT = {edit}\n")
                times.append(_comes_back(page, found, lambda text=text: file.write_text(text)))  # type: ignore[misc]
                page.awaited(f"seen.heard.at(-1) === 'edit {edit}'")
            again = ", ".join(f"{each:.2f}" for each in times)
            found.text = f"codes {page.value('seen.codes')}, open again after {again} s"
            _ended_well(server, found)
            return found


# ---- apps


def nicegui(program: str, minutes: float) -> Found:
    transport = "socket.io.engine.transport"
    with (
        serving("realapps.nicegui_app:app", "--isolation", "process") as server,
        visiting(program, server) as page,
    ):
        found = Found("")
        page.awaited(f"{transport}.ws.extensions.includes('permessage-deflate')")
        _press(page, 3)
        began = time.monotonic()
        server.signal(signal.SIGHUP)
        page.awaited("document.querySelector('#said').textContent === 'pressed 0'")  # a new page
        page.awaited(f"{transport}.name === 'websocket' && socket.connected")
        _press(page, 3)
        found.text = f"pressed three times, and after SIGHUP, {time.monotonic() - began:.1f} s"
        _ended_well(server, found)
        return found


def _press(page: Page, times: int) -> None:
    for count in range(1, times + 1):
        page.value("document.querySelector('#press').click()")
        page.awaited(f"document.querySelector('#said').textContent === 'pressed {count}'")


def marimo(program: str, minutes: float) -> Found:
    with serving("realapps.marimo_app:app") as server, visiting(program, server) as page:
        found = Found("")
        began = time.monotonic()
        page.awaited("document.body.innerText.includes('the answer is 42')")
        active = Admin.of(server).metric("spvn_websockets_active")
        found.unless(active == 1, f"{active:g} WebSockets are open")
        found.text = f"the cell was there after {time.monotonic() - began:.1f} s"
        _ended_well(server, found)
        return found


# ---- the program

DRILLS: dict[str, Callable[[str, float], Found]] = {
    "socket": socket,
    "watch": watch,
    "nicegui": nicegui,
    "marimo": marimo,
}
NEEDED = ("nicegui", "marimo")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("drills", nargs="*", metavar="DRILL", help=f"of {', '.join(DRILLS)}")
    parser.add_argument("--minutes", type=float, default=10.0, help="that the socket is silent")
    wanted = parser.parse_args()
    if unknown := set(wanted.drills) - set(DRILLS):
        parser.error(f"there is no {', '.join(sorted(unknown))}")
    program = browser.found()
    if program is None:
        print(f"passed over: there is no browser on PATH ({', '.join(browser.NAMES)})")
        return 0
    bad = 0
    for name in wanted.drills or DRILLS:
        if name in NEEDED and importlib.util.find_spec(name) is None:
            print(f"{name}: passed over: the package is not installed", flush=True)
            continue
        found = DRILLS[name](program, wanted.minutes)
        print(f"{name}: {found.text}", flush=True)
        for complaint in found.complaints:
            print(f"  {complaint}", file=sys.stderr)
        bad += len(found.complaints)
    return int(bool(bad))


if __name__ == "__main__":
    sys.exit(main())
