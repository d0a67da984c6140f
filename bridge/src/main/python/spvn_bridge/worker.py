"""The worker's life from the inside: import, startup, requests, shutdown, result.

Java calls `main` once per interpreter, on the worker's own thread, and gets the thread back when
the worker is over.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import threading
import time
from collections import deque
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

import _spvn_host
from spvn_bridge.deadline import LAST_WORDS, Deadline
from spvn_bridge.ending import end_interpreter, end_loop
from spvn_bridge.failure import StartFailure, shown, traceback_text
from spvn_bridge.faults import keep_faulthandler_off
from spvn_bridge.http import Requests, only_disconnected, wake
from spvn_bridge.importer import load, prepare
from spvn_bridge.journal import log, waits_for
from spvn_bridge.lifespan import Lifespan
from spvn_bridge.logconfig import prepare_logging
from spvn_bridge.loop import Feed, new_bell, new_loop
from spvn_bridge.refusal import ExtensionWatch
from spvn_bridge.signals import Signals
from spvn_bridge.warned import forget_our_warning_option
from spvn_bridge.watch import Watch

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from spvn_bridge.asgi import App, Versions
    from spvn_bridge.importer import Target
    from spvn_bridge.loop import Bell
    from spvn_bridge.settings import Isolation, Result, Settings

YOUNG_OBJECTS = 10_000

# Failures of the loop, and the seconds in which they may not happen.
MOST_FAILURES = 100
WITHIN = 10.0

# Seconds of the time to stop that requests leave to the lifespan's end, and this to the rest.
FOR_LIFESPAN = 5.0
FOR_THE_END = 1.0

# Seconds for the end of an app that was not served.
TO_GIVE_UP = 3.0

_ASGI: Versions = {"version": "3.0", "spec_version": "2.5"}


def main(settings: Settings, bell: Bell | None = None, app: App | None = None) -> Result:
    """Run the app until Java says stop, and say how that went.

    Java rings the `bell`; it is given one where that is more than a descriptor. An `app` that is
    given is not imported.
    """
    shared = settings["isolation"] != "process"
    if shared:
        _enter_server(settings["isolation"])
    try:
        target = prepare(settings)
        loop = new_loop(settings["loop"], settings["isolation"])
    except StartFailure as failure:
        return failure.result()
    loop.set_exception_handler(_log_loop_error)
    worker = _Worker(target, settings, loop, bell or new_bell())
    try:
        return worker.run(app)
    finally:
        deadline = worker.deadline or Deadline(TO_GIVE_UP)
        end_loop(loop, deadline)
        end_interpreter(deadline, shared=shared)


class _Worker:
    """One app on one loop."""

    def __init__(
        self, target: Target, settings: Settings, loop: asyncio.AbstractEventLoop, bell: Bell
    ) -> None:
        self._target = target
        self._settings = settings
        self._loop = loop
        self._bell = bell
        self._refusals = ExtensionWatch(settings["isolation"])
        self._signals = Signals(loop, settings["isolation"])
        self.deadline: Deadline | None = None  # until the order to stop sets it

    def run(self, app: App | None) -> Result:
        """Import the app unless it is given, then run it.

        Its import finds no loop that runs, so it may run one itself, as under other servers. What
        asks for the thread's current loop gets the one that the app will run on.
        """
        self._signals.install()
        with self._refusals:
            try:
                app = app or self._import()
            except StartFailure as failure:
                return failure.result()
            asyncio.set_event_loop(self._loop)  # asyncio.run() leaves none
            return _run(self._loop, self._live(app))

    def _import(self) -> App:
        try:
            prepare_logging(self._settings)
            return load(self._target, self._settings)
        except StartFailure as failure:
            self._refusals.check(failure)
            raise

    async def _live(self, app: App) -> Result:
        """Start, serve, stop."""
        lifespan = Lifespan(app, self._settings["lifespan"])
        try:
            await lifespan.startup(self._settings["startup_timeout"], self._refusals.check)
        except StartFailure as failure:
            return failure.result()
        self._refusals.started()
        _settle_memory()
        deadline = await self._serve(app, lifespan.state)
        waits_for("the app's lifespan.shutdown", served=False)
        await lifespan.shutdown(deadline.sooner(FOR_THE_END))
        return {"outcome": "stopped", "message": "", "traceback": "", "module": ""}

    async def _serve(self, app: App, state: dict[str, Any]) -> Deadline:
        """Answer requests until Java says stop; then let those in progress come to their end."""
        requests = Requests(app, self._loop)
        feed = Feed(self._loop, self._bell, requests, wake, self._signals.came)
        template = {"type": "http", "root_path": self._settings["root_path"]}
        with Watch(requests.at_work) if _spvn_host.watched() else nullcontext():
            _spvn_host.serving(feed.wake_fd, template, _ASGI, state)
            feed.open()
            await feed.stopped
            self.deadline = Deadline(_spvn_host.grace())
            await self._finish(feed, requests, self.deadline.sooner(FOR_LIFESPAN))
            feed.close()
        return self.deadline

    async def _finish(self, feed: Feed, requests: Requests, deadline: Deadline) -> None:
        """Wait for the requests in progress, and cancel those that take too long."""
        cancel = deadline.sooner(LAST_WORDS)
        while (requests.pending or feed.more) and (left := cancel.left()):
            waits_for("requests whose app has not returned", served=False)
            await requests.some_time(left)
        if requests.pending:
            count = len(requests.pending)
            log(logging.WARNING, f"requests cancelled at the end of --graceful-timeout: {count}")
            await requests.cancel(deadline.left())
        if requests.pending:
            log(logging.ERROR, f"requests that ignored their cancellation: {len(requests.pending)}")


def _enter_server(isolation: Isolation) -> None:
    """Make Python get on with a process that is the JVM's, and the JVM's thread with Python."""
    from spvn_bridge import children  # noqa: PLC0415 - its import prepares each fork

    children.prepare()
    forget_our_warning_option()
    _adopt_thread()
    if isolation == "main":
        keep_faulthandler_off()


def _adopt_thread() -> None:
    """Have this thread, which Java has made, pass on what a program's first thread does.

    Python takes it for a daemon, and so would be each thread that the app starts from here: nobody
    would wait for their work at the end.
    """
    thread: Any = threading.current_thread()
    thread.name = threading.main_thread().name
    thread._daemonic = False  # noqa: SLF001 - `daemon` may be set before the start only


def _run(loop: asyncio.AbstractEventLoop, life: Coroutine[Any, Any, Result]) -> Result:
    """Run the worker's task to its end.

    asyncio lets SystemExit and KeyboardInterrupt out of the loop when a task or a callback of the
    app raises them, raises RuntimeError when the app stops the loop, and MemoryError when the loop
    itself finds no memory. The worker is not the app's to end, so the loop is entered again, unless
    it can do nothing but fail.

    It has to be a task that runs to completion: anyio ties its threads to such a task, and would
    start new ones for each request without it.
    """
    task = loop.create_task(life, name="spvn-worker")
    failures = deque[float](maxlen=MOST_FAILURES)
    while True:
        try:
            return loop.run_until_complete(task)
        except BaseException as error:
            if task.done() or loop.is_closed():
                raise
            failures.append(time.monotonic())
            if len(failures) == MOST_FAILURES and failures[-1] - failures[0] < WITHIN:
                raise
            log(logging.ERROR, f"ignored what the app raised\n{traceback_text(error)}")


def _settle_memory() -> None:
    """Spare the collector what start-up has made, and the young objects of ordinary requests."""
    gc.collect()
    gc.freeze()
    young, middle, old = gc.get_threshold()
    if 0 < young < YOUNG_OBJECTS:  # zero: the app has turned the collector off
        gc.set_threshold(YOUNG_OBJECTS, middle, old)


def _log_loop_error(_loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Log what the loop has to complain about; it is hardly ever about a request.

    What has left the loop was logged when it did (`_run`): a task that keeps it adds nothing.
    """
    lines = [str(context.get("message", "exception in the event loop"))]
    lines += [
        f"{key}: {shown(context[key])}" for key in ("task", "future", "handle") if key in context
    ]
    error = context.get("exception")
    if error is not None:
        lines.append(traceback_text(error))
    known = isinstance(error, (SystemExit, KeyboardInterrupt))
    quiet = known or (error is not None and only_disconnected(error))
    log(logging.DEBUG if quiet else logging.ERROR, "\n".join(lines))
