"""A headless Chromium, spoken to in its own DevTools protocol."""

from __future__ import annotations

import itertools
import json
import shutil
import subprocess
import tempfile
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from harness.command import OWN_GROUP, dying_with_us
from harness.waiting import eventually

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
OPTIONS = (
    "--headless=new",
    "--no-sandbox",
    "--no-first-run",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--ignore-certificate-errors",
    "--remote-debugging-port=0",
)
ANSWER_WITHIN = 30.0


def found() -> str | None:
    """The browser on PATH."""
    return next(filter(None, map(shutil.which, NAMES)), None)


class Refused(Exception):
    """The browser cannot do that now: the page may just be making way for another."""


class Browser:
    """A process of the browser with a profile of its own, which goes with it."""

    def __init__(self, program: str) -> None:
        self._profile = tempfile.TemporaryDirectory(prefix="browser-", ignore_cleanup_errors=True)
        line = [*dying_with_us(), program, *OPTIONS, f"--user-data-dir={self._profile.name}"]
        self._process = subprocess.Popen(
            [*line, "about:blank"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            **OWN_GROUP,
        )
        self._open = ExitStack()
        try:
            self._devtools = self._open.enter_context(self._connected())
        except BaseException:
            self._end()
            raise
        self._numbers = itertools.count(1)

    def __enter__(self) -> Browser:
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(ConnectionClosed, TimeoutError):
            self.command("Browser.close")
        self._open.close()
        self._end()

    def open(self, url: str) -> Page:
        """A page in a tab of its own; its document may not be there yet."""
        target = self.command("Target.createTarget", url=url)["targetId"]
        attached = self.command("Target.attachToTarget", targetId=target, flatten=True)
        return Page(self, target, attached["sessionId"])

    def command(self, method: str, session: str | None = None, **arguments: Any) -> dict[str, Any]:
        """Sends a command and waits for its answer; what else the browser tells is let go."""
        number = next(self._numbers)
        said = {"id": number, "method": method, "params": arguments}
        self._devtools.send(json.dumps({**said, "sessionId": session} if session else said))
        while True:
            heard = json.loads(self._devtools.recv(ANSWER_WITHIN))
            if heard.get("id") == number:
                if "error" in heard:
                    raise Refused(f"{method}: {heard['error']}")
                result: dict[str, Any] = heard["result"]
                return result

    def _connected(self) -> ClientConnection:
        """The browser leaves its port and the path of its socket in a file of the profile."""
        file = Path(self._profile.name, "DevToolsActivePort")

        def told() -> list[str] | None:
            assert self._process.poll() is None, f"the browser ended: {self._process.returncode}"
            lines = file.read_text().split() if file.exists() else []
            return lines if len(lines) == 2 else None

        lines = eventually(told, within=60, what="the browser")
        assert lines
        return connect(f"ws://127.0.0.1:{lines[0]}{lines[1]}", max_size=None, proxy=None)

    def _end(self) -> None:
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._profile.cleanup()


class Page:
    """A tab of the browser."""

    def __init__(self, browser: Browser, target: str, session: str) -> None:
        self._browser = browser
        self._target = target
        self._session = session

    def __enter__(self) -> Page:
        return self

    def __exit__(self, *_: object) -> None:
        self._browser.command("Target.closeTarget", targetId=self._target)

    def value(self, expression: str) -> Any:
        """What JavaScript makes of an expression, a promise's outcome included."""
        answer = self._browser.command(
            "Runtime.evaluate",
            self._session,
            expression=expression,
            awaitPromise=True,
            returnByValue=True,
        )
        assert "exceptionDetails" not in answer, f"{expression}: {answer['exceptionDetails']}"
        return answer["result"].get("value")

    def awaited(self, expression: str, within: float = 30.0) -> None:
        """Waits until JavaScript calls the expression true; what it raises is not that."""
        quiet = f"(() => {{ try {{ return !!({expression}) }} catch {{}} }})()"

        def true() -> Any:
            with suppress(Refused):
                return self.value(quiet)
            return None

        eventually(true, within=within, what=expression)
