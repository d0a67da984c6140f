from __future__ import annotations

import asyncio
import atexit
import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import spvn_bridge
from conftest import APPS
from spvn_bridge import ending
from spvn_bridge.deadline import Deadline

if TYPE_CHECKING:
    from fake_host import FakeHost


@pytest.fixture
def run(tmp_path: Path) -> Any:
    """Run a worker in a process of its own; return its report, output and the app's own notes."""

    def run(target: str, **changes: Any) -> tuple[dict[str, Any], str, list[str]]:
        notes, report = tmp_path / "notes", tmp_path / "report"
        environment = {
            **os.environ,
            "SPVN_RUN": json.dumps({"target": target, "app_dir": str(APPS), **changes}),
            "SPVN_RESULT": str(report),
            "SPVN_BRIDGE": str(Path(spvn_bridge.__file__).parents[1]),
            "LEAVES_THINGS_LOG": str(notes),
        }
        script = Path(__file__).with_name("run_one.py")
        done = subprocess.run(  # noqa: S603 - our own script
            [sys.executable, str(script)],
            env=environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        )
        return json.loads(report.read_text()), done.stdout, notes.read_text().splitlines()

    return run


def test_all_that_an_app_leaves_is_ended_in_order(run: Any) -> None:
    report, output, notes = run("leaves_things:app")
    assert report["result"]["outcome"] == "stopped"
    assert report["over"] == [[0, None]]
    assert notes == [
        "to_thread",
        "pool",
        "lifespan",
        "task",
        "generator",
        "thread",
        "exit handler, 1 thread",
    ]
    assert report["threads"] == ["MainThread"]
    assert output == "the end of standard output"


def test_thread_that_never_ends_holds_nobody(host: FakeHost) -> None:
    del host
    go = threading.Event()
    thread = threading.Thread(target=go.wait)
    thread.start()
    begun = time.monotonic()
    ending._join(ending._app_threads(), Deadline(0.05))
    assert time.monotonic() - begun < 5
    assert thread.is_alive()
    go.set()
    thread.join()


def test_pool_of_daemons_is_waited_for_a_moment_only(
    host: FakeHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    go, ran = threading.Event(), []
    pools = [go.wait]  # as where a pool's thread is at its work
    monkeypatch.setattr(threading, "_threading_atexits", pools)
    monkeypatch.setattr(atexit, "_run_exitfuncs", lambda: ran.append("exit handlers"))
    begun = time.monotonic()
    ending.end_interpreter(Deadline(60), shared=False)
    assert time.monotonic() - begun < 30
    assert ran == ["exit handlers"]
    assert host.logs == []
    assert pools == [], "the end of the process would wait for it again"
    go.set()


def test_task_that_ignores_its_end_holds_nobody(host: FakeHost) -> None:
    loop = asyncio.new_event_loop()
    go = asyncio.Event()

    async def stubborn() -> None:
        for _ in range(2):
            try:
                await go.wait()
            except asyncio.CancelledError:
                continue

    async def body() -> asyncio.Task[None]:
        task = asyncio.ensure_future(stubborn())
        await asyncio.sleep(0)
        return task

    task = loop.run_until_complete(body())
    loop.run_until_complete(ending._cancel_tasks(0.01))
    assert not task.done()
    go.set()
    loop.run_until_complete(task)
    loop.close()
    assert host.logs == []


def test_failing_step_is_logged_and_stops_nothing(host: FakeHost) -> None:
    def fail() -> None:
        raise SystemExit("no")

    ending._attempt(fail)
    [(level, message)] = host.logs
    assert level == 40
    assert message.startswith("exception while the worker ended\nTraceback")
    assert message.endswith("SystemExit: no\n")


def test_deadline_of_a_step_leaves_time_for_what_follows() -> None:
    passed, near, far = Deadline(0), Deadline(0.2), Deadline(60)
    assert passed.left() == 0
    assert passed.sooner(1).left() == 0
    assert 0.05 < near.sooner(1).left() <= 0.1
    assert 58 < far.sooner(1).left() <= 59
    assert 59 < far.left() <= 60


def test_end_tells_what_it_waits_for(host: FakeHost) -> None:
    go = threading.Event()
    thread = threading.Thread(target=go.wait, name="everlasting")
    thread.start()
    ending._join(ending._app_threads(), Deadline(0.05))
    assert host.waited_for == [("threads of the app: everlasting", True)]
    assert host.logs == [(30, "still alive at the end: threads of the app: everlasting")]
    go.set()
    thread.join()
