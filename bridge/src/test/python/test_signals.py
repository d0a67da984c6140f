from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
import threading
from typing import TYPE_CHECKING, Any

import pytest

from fake_host import STOP
from spvn_bridge.signals import Signals

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from fake_host import FakeHost
    from spvn_bridge.settings import Result

USR1 = signal.SIGUSR1


@pytest.fixture
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    current = asyncio.new_event_loop()
    yield current
    current.close()


@pytest.fixture
def signals(loop: asyncio.AbstractEventLoop, host: FakeHost) -> Iterator[Signals]:
    del host
    handlers = signal.signal, signal.getsignal
    made = Signals(loop, "main")
    made.install()
    yield made
    signal.signal, signal.getsignal = handlers


def come(signals: Signals, loop: asyncio.AbstractEventLoop, *numbers: int) -> None:
    for number in numbers:
        signals.came(number)
    loop.run_until_complete(asyncio.sleep(0))


def test_handler_runs_in_the_loop(
    signals: Signals, loop: asyncio.AbstractEventLoop, host: FakeHost
) -> None:
    seen: list[Any] = []
    before = signal.signal(USR1, lambda number, frame: seen.append((number, frame)))
    assert before == signal.SIG_DFL
    assert host.signals == {"USR1": "tell"}
    come(signals, loop, USR1)
    assert [number for number, _ in seen] == [USR1]
    assert seen[0][1] is not None


def test_each_call_returns_the_handler_before(signals: Signals) -> None:
    def first(*_: object) -> None: ...

    signal.signal(USR1, first)
    assert signals.get(USR1) is first
    assert signal.getsignal(USR1) is first
    assert signal.signal(USR1, signal.SIG_IGN) is first
    assert signal.signal(USR1, signal.SIG_DFL) == signal.SIG_IGN


def test_ignore_and_default_are_told_to_java(signals: Signals, host: FakeHost) -> None:
    del signals
    signal.signal(USR1, signal.SIG_IGN)
    assert host.signals == {"USR1": "ignore"}
    signal.signal(USR1, signal.SIG_DFL)
    assert host.signals == {"USR1": "default"}


def test_what_is_not_the_apps_is_a_warning_once(signals: Signals, host: FakeHost) -> None:
    for _ in range(3):
        before = signal.signal(signal.SIGTERM, lambda *_: None)
        assert before == signals.get(signal.SIGTERM) == signal.SIG_DFL
    assert host.said(logging.WARNING) == [
        (
            "the app's handler of SIGTERM is not used: the server handles this signal; "
            "to act at a stop, use the app's lifespan"
        )
    ]
    assert host.signals == {}


def test_sub_interpreter_gets_no_signals(loop: asyncio.AbstractEventLoop, host: FakeHost) -> None:
    signals = Signals(loop, "subinterpreter")
    signals.set(USR1, lambda *_: None)
    signals.add(signal.SIGTERM, lambda: None)
    assert host.signals == {}
    assert host.said(logging.WARNING) == [
        f"the app's handler of {name} is not used: signals do not reach a sub-interpreter; "
        "use --isolation process"
        for name in ("SIGUSR1", "SIGTERM")
    ]


def test_mistakes_are_those_of_python(signals: Signals) -> None:
    del signals
    with pytest.raises(TypeError, match="signal handler must be"):
        signal.signal(USR1, None)
    with pytest.raises(ValueError, match="signal number out of range"):
        signal.signal(4711, signal.SIG_DFL)
    with pytest.raises(OSError, match="Invalid argument"):
        signal.signal(signal.SIGKILL, signal.SIG_DFL)


def test_other_threads_may_set_none_as_under_python(signals: Signals) -> None:
    raised: list[BaseException] = []

    def other() -> None:
        try:
            signals.set(USR1, signal.SIG_DFL)
        except ValueError as error:
            raised.append(error)

    thread = threading.Thread(target=other)
    thread.start()
    thread.join()
    assert "main thread" in str(raised[0])


def test_loop_calls_back(signals: Signals, loop: asyncio.AbstractEventLoop, host: FakeHost) -> None:
    seen: list[str] = []
    loop.add_signal_handler(USR1, seen.append, "came")
    assert host.signals == {"USR1": "tell"}
    come(signals, loop, USR1, USR1)
    assert seen == ["came", "came"]
    assert loop.remove_signal_handler(USR1)
    assert host.signals == {"USR1": "default"}
    come(signals, loop, USR1)
    assert seen == ["came", "came"]
    assert not loop.remove_signal_handler(USR1)


def test_loop_refuses_what_asyncio_refuses(
    signals: Signals, loop: asyncio.AbstractEventLoop
) -> None:
    del signals

    async def handler() -> None: ...

    with pytest.raises(TypeError, match="coroutines"):
        loop.add_signal_handler(USR1, handler)
    with pytest.raises(RuntimeError, match="cannot be caught"):
        loop.add_signal_handler(signal.SIGKILL, print)


def test_last_one_who_asked_is_told(signals: Signals, loop: asyncio.AbstractEventLoop) -> None:
    seen: list[str] = []
    loop.add_signal_handler(USR1, seen.append, "loop")
    signal.signal(USR1, lambda *_: seen.append("signal"))
    come(signals, loop, USR1)
    loop.add_signal_handler(USR1, seen.append, "loop")
    come(signals, loop, USR1)
    assert seen == ["signal", "loop"]


def test_signals_of_an_app_are_no_reason_not_to_start(
    run_worker: Callable[..., Result], host: FakeHost
) -> None:
    def serving() -> None:
        host.submit(STOP - USR1)
        host.stop()

    host.on_serving = serving
    assert run_worker(target="handles_signals:app", lifespan="off")["outcome"] == "stopped"
    app = sys.modules["handles_signals"]
    assert app.before == signal.SIG_DFL
    assert app.stop_before == signal.SIG_DFL
    assert app.int_before is signal.default_int_handler
    assert app.came == [USR1]
    assert len(host.said(logging.WARNING)) == 2


def test_forked_child_has_the_functions_of_python(signals: Signals) -> None:
    signal.signal(USR1, lambda *_: os._exit(7))
    child = os.fork()
    if child == 0:
        os.kill(os.getpid(), USR1)
        os._exit(0 if signal.signal == signals.set else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
