from __future__ import annotations

import asyncio
import gc
import signal
import sys
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, TypeVar

import pytest

from fake_host import FakeHost, install

install(FakeHost())  # before any test module imports the package

pytest_plugins = ["remote_worker", "remote_post"]  # fixtures; they import the package, too

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

    from fake_host import FakeExchange
    from spvn_bridge.asgi import App
    from spvn_bridge.settings import Result, Settings

T = TypeVar("T")

APPS = Path(__file__).parent / "apps"
needs_interpreters = pytest.mark.skipif(
    sys.version_info < (3, 13), reason="own-GIL interpreters need Python 3.13"
)
NO_SUPPORT = "does not support sub-interpreters"

# A shell has what it runs in the background ignore it, which is not what a user's app finds.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGQUIT, signal.SIG_DFL)


@pytest.fixture
def host() -> FakeHost:
    fake = FakeHost()
    install(fake)
    return fake


@pytest.fixture
def clean_process() -> Iterator[None]:
    """What a worker does to its interpreter is undone."""
    path, argv, modules = list(sys.path), list(sys.argv), set(sys.modules)
    threshold = gc.get_threshold()
    handlers = signal.signal, signal.getsignal
    yield
    signal.signal, signal.getsignal = handlers
    sys.path[:] = path
    sys.argv[:] = argv
    for name in set(sys.modules) - modules:
        if getattr(sys.modules[name], "__file__", None):
            del sys.modules[name]
    gc.set_threshold(*threshold)
    gc.unfreeze()


@pytest.fixture
def settings(clean_process: None) -> Settings:
    del clean_process
    return {
        "target": "plain:app",
        "app_dir": str(APPS),
        "interface": "auto",
        "factory": False,
        "lifespan": "auto",
        "startup_timeout": 5.0,
        "root_path": "",
        "argv": ["spvn", "serve", "plain:app"],
        "support": "",
        "worker": 0,
        "isolation": "main",
        "loop": "asyncio",
        "log_config": "",
        "log_json": False,
    }


@pytest.fixture
def run_worker(
    settings: Settings, host: FakeHost, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Result]:
    """Run a whole worker in this process, whose interpreter goes on to live."""
    from spvn_bridge import worker  # noqa: PLC0415 - after the fake host is there

    del host
    monkeypatch.setattr(worker, "end_interpreter", lambda _deadline, **_: None)
    monkeypatch.setattr(worker, "keep_faulthandler_off", lambda: None)

    def run(**changes: Any) -> Result:
        changed: Any = {**settings, **changes}
        return worker.main(changed)

    return run


@pytest.fixture
def serve(
    run_worker: Callable[..., Result], host: FakeHost, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Result]:
    """Run a worker for an app of the test; it is stopped when its one request has ended."""

    def run(app: App, **changes: Any) -> Result:
        module = ModuleType("inline")
        module.app = app  # type: ignore[attr-defined]
        monkeypatch.setitem(sys.modules, "inline", module)
        if not host.exchanges:
            host.request()
        return run_worker(**{"target": "inline:app", **changes})

    return run


def stop_after(host: FakeHost, count: int) -> None:
    host.on_ended = lambda _number: host.stop() if len(host.over) == count else None


async def until(condition: Callable[[], object], turns: int = 1_000) -> None:
    """Let the loop turn until something is true; fail when it never is."""
    for _ in range(turns):
        if condition():
            return
        await asyncio.sleep(0)
    pytest.fail("the condition never came true")


def in_loop(body: Callable[[], Awaitable[T]]) -> T:
    """Run the asynchronous part of a test."""

    async def main() -> T:
        return await asyncio.wait_for(body(), 30)

    return asyncio.run(main())


def answer(
    host: FakeHost, app: App, *, exchange: FakeExchange | None = None
) -> tuple[int, str | None]:
    """Run an app for one request and return what Java is told at its end."""

    from spvn_bridge.http import Requests  # noqa: PLC0415 - after the fake host is there

    async def body() -> None:
        requests = Requests(app, asyncio.get_running_loop())
        requests.start(*(exchange or host.request()).work())
        await until(lambda: host.over)

    in_loop(body)
    return host.over[-1]
