from __future__ import annotations

import asyncio
import os
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import spvn_bridge
from spvn_bridge import watch, worker
from spvn_bridge.loop import new_loop
from spvn_bridge.watch import Watch, stack_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from fake_host import FakeHost
    from spvn_bridge.asgi import Receive, Scope, Send
    from spvn_bridge.settings import Result

PATIENCE = 10


def names() -> set[str]:
    return {each.name for each in threading.enumerate()}


def nothing() -> int:
    """No request is at work."""
    return watch.UNKNOWN


def void(_value: object) -> None:
    """For callbacks that may return nothing."""


@pytest.fixture
def watched(host: FakeHost) -> Iterator[FakeHost]:
    with Watch(nothing):
        yield host


def wait_for_stack(host: FakeHost) -> str:
    assert host.stack_came.wait(PATIENCE)
    return host.stacks[-1]


class TestWatch:
    def test_shows_the_line_that_sleeps(self, watched: FakeHost) -> None:
        shown = threading.Event()

        def ask() -> None:
            limit = time.monotonic() + PATIENCE
            while time.monotonic() < limit and "# this line" not in "".join(watched.stacks):
                watched.ask_for_stack()
                wait_for_stack(watched)
            shown.set()

        def blocks() -> None:
            asking.start()
            shown.wait(2 * PATIENCE)  # this line

        asking = threading.Thread(target=ask)
        blocks()
        asking.join()
        text = watched.stacks[-1]
        assert text.startswith("Traceback (most recent call last):\n  File ")
        assert "in blocks\n    shown.wait(2 * PATIENCE)  # this line\n" in text
        assert text.count("in blocks\n") == 1

    def test_shows_a_loop_that_never_waits(self, watched: FakeHost) -> None:
        def spins() -> None:
            watched.ask_for_stack()
            limit = time.monotonic() + PATIENCE
            while not watched.stacks and time.monotonic() < limit:
                pass

        spins()
        assert "in spins\n" in watched.stacks[0]

    def test_answers_each_time(self, watched: FakeHost) -> None:
        for count in range(1, 4):
            watched.ask_for_stack()
            wait_for_stack(watched)
            assert len(watched.stacks) == count

    def test_thread_is_gone_afterwards_and_its_descriptor_closed(self, host: FakeHost) -> None:
        with Watch(nothing):
            assert "spvn-watch" in names()
            assert host.watch_fd is not None
            os.fstat(host.watch_fd)
        assert "spvn-watch" not in names()
        with pytest.raises(OSError, match="Bad file descriptor"):
            os.fstat(host.watch_fd)

    def test_ends_in_the_middle_of_a_question(self, host: FakeHost) -> None:
        for _ in range(50):
            with Watch(nothing):
                host.ask_for_stack()
        assert "spvn-watch" not in names()

    def test_ends_when_the_body_raises(self, host: FakeHost) -> None:
        del host
        with pytest.raises(SystemExit), Watch(nothing):
            raise SystemExit
        assert "spvn-watch" not in names()

    def test_stack_that_cannot_be_formatted_is_said(
        self, watched: FakeHost, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fail(_frame: object) -> str:
            raise MemoryError("none left")

        monkeypatch.setattr(watch, "stack_text", fail)
        watched.ask_for_stack()
        text = wait_for_stack(watched)
        assert text.startswith("(its stack cannot be formatted)\n")
        assert "MemoryError: none left" in text

    def test_worker_goes_on_without_it_where_no_thread_can_be_started(
        self, host: FakeHost, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fail(_thread: object) -> None:
            raise RuntimeError("can't start new thread")

        monkeypatch.setattr("spvn_bridge.watch.Thread.start", fail)
        with Watch(nothing):
            assert host.watch_fd is None
        assert host.said(30) == ["no stacks of blocked code: can't start new thread"]


class TestStackText:
    def test_loop_and_our_own_frames_are_left_out(self, host: FakeHost) -> None:
        del host
        seen: list[str] = []

        def callback() -> None:
            seen.append(stack_text(sys._getframe()))
            loop.stop()

        loop = new_loop("asyncio", "main")
        loop.call_soon(callback)
        loop.run_forever()
        asyncio.set_event_loop(None)
        loop.close()
        lines = seen[0].splitlines()
        assert lines[0] == "Traceback (most recent call last):"
        assert lines[1].endswith("in callback")
        assert len(lines) == 3

    def test_stack_of_the_loop_alone_is_shown_whole(self) -> None:
        seen: list[str] = []

        class Clock(asyncio.SelectorEventLoop):
            def time(self) -> float:
                frame = sys._getframe(1)
                if frame.f_code.co_name == "_run_once":
                    seen.append(stack_text(frame))
                return super().time()

        loop = Clock()
        loop.run_until_complete(asyncio.sleep(0.001))
        loop.close()
        assert "in run_until_complete\n" in seen[0]
        assert "in _run_once\n" in seen[0]

    def test_loop_that_has_no_frames_is_behind_our_own(self) -> None:
        namespace: dict[str, Any] = {}
        exec(compile("def _run(step): step()", worker.__file__, "exec"), namespace)  # noqa: S102
        seen: list[str] = []

        def step() -> None:
            seen.append(stack_text(sys._getframe()))

        namespace["_run"](step)
        assert seen[0].splitlines()[1].endswith("in step")
        assert len(seen[0].splitlines()) == 3

    def test_odd_source_is_printable(self) -> None:
        namespace: dict[str, Any] = {"sys": sys}
        exec(compile("frame = sys._getframe()", "od\udcffd", "exec"), namespace)  # noqa: S102
        stack_text(namespace["frame"]).encode()


class TestWorker:
    def block(self, host: FakeHost) -> Callable[..., Any]:
        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            del receive, send
            if scope["type"] == "http":
                host.ask_for_stack()
                host.stack_came.wait(PATIENCE)

        return app

    def serve(self, host: FakeHost, run: Callable[..., Result], monkeypatch: Any) -> None:
        from spvn_bridge import worker  # noqa: PLC0415 - after the fake host is there

        monkeypatch.setattr(worker, "load", lambda *_: self.block(host))
        host.on_serving = lambda: void(host.request())
        host.on_ended = lambda _number: host.stop()
        assert run(lifespan="off")["outcome"] == "stopped"

    def test_blocked_request_shows_the_app_alone(
        self, host: FakeHost, run_worker: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        host.hang_timeout = 1.0
        # The test's own frames would hide where the loop begins.
        thread = threading.Thread(target=lambda: self.serve(host, run_worker, monkeypatch))
        thread.start()
        thread.join(PATIENCE)
        [text] = host.stacks
        assert host.stack_numbers == [0]
        assert text.splitlines()[1].endswith("in app")
        assert "asyncio" not in text
        assert "spvn_bridge" + os.sep not in text
        assert "spvn-watch" not in names()

    def test_without_a_limit_there_is_no_thread(
        self, host: FakeHost, run_worker: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from spvn_bridge import worker  # noqa: PLC0415 - after the fake host is there

        seen: list[set[str]] = []

        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            del receive, send
            if scope["type"] == "http":
                seen.append(names())

        monkeypatch.setattr(worker, "load", lambda *_: app)
        host.on_serving = lambda: void(host.request())
        host.on_ended = lambda _number: host.stop()
        assert run_worker(lifespan="off")["outcome"] == "stopped"
        assert len(seen) == 1
        assert "spvn-watch" not in seen[0]
        assert host.watch_fd is None


def test_other_interpreters_are_not_looked_at(tmp_path: Path) -> None:
    """In a sub-interpreter with a GIL of its own, while another thread runs in the main one."""
    interpreters: Any = pytest.importorskip("_interpreters", reason="it came with Python 3.13")
    report = tmp_path / "report"
    script = f"""
import sys
sys.path[:0] = {[str(Path(__file__).parent), str(Path(spvn_bridge.__file__).parents[1])]!r}
from fake_host import FakeHost, install
host = FakeHost()
install(host)
from spvn_bridge.watch import Watch
def here():
    with Watch(lambda: -1):
        for _ in range(100):
            host.ask_for_stack()
            assert host.stack_came.wait({PATIENCE})
here()
open({str(report)!r}, "w").write(host.stacks[-1])
"""
    over = threading.Event()

    def runs_elsewhere() -> None:
        while not over.is_set():
            sum(range(1000))

    other = threading.Thread(target=runs_elsewhere)
    other.start()
    mine = interpreters.create("isolated")
    try:
        assert interpreters.exec(mine, script) is None
    finally:
        over.set()
        other.join()
        interpreters.destroy(mine)
    text = report.read_text()
    assert "in here\n" in text
    assert "runs_elsewhere" not in text
