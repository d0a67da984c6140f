"""What the app's children are given; here the test's own interpreter stands for the worker's."""

from __future__ import annotations

import ctypes
import importlib
import logging
import os
import signal
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from fake_host import FakeHost


@pytest.fixture
def prepared(host: FakeHost) -> Iterator[FakeHost]:
    """A worker's thread whose signals the JVM has made what they are."""
    from spvn_bridge import children  # noqa: PLC0415 - needs the host

    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGQUIT})
    try:
        children.prepare()
        yield host
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def forked(body: Callable[[], object]) -> int:
    """The exit code of a child that does this; 0 stands for a true result."""
    child = os.fork()
    if child == 0:
        os._exit(0 if body() else 3)
    return ended(child)


def ended(child: int) -> int:
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


@pytest.mark.usefixtures("prepared")
def test_programs_do_not_inherit_blocked_signals() -> None:
    kill = "import os, signal; os.kill(os.getpid(), signal.SIGQUIT)"
    child = os.posix_spawn(sys.executable, [sys.executable, "-c", kill], os.environ)
    assert ended(child) == -signal.SIGQUIT


@pytest.mark.usefixtures("prepared")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGUSR2, signal.SIGQUIT])
def test_handlers_of_the_jvm_are_not_the_forked_childs(number: signal.Signals) -> None:
    handler = ctypes.CFUNCTYPE(None, ctypes.c_int)(lambda _number: None)
    c_signal = ctypes.CDLL(None).signal
    c_signal.restype = ctypes.c_void_p
    before = c_signal(number, handler)
    try:
        assert forked(lambda: os.kill(os.getpid(), number)) == -number
    finally:
        c_signal(number, ctypes.c_void_p(before))


@pytest.mark.usefixtures("prepared")
def test_handlers_of_the_app_are_the_forked_childs() -> None:
    seen: list[int] = []

    def told() -> bool:
        os.kill(os.getpid(), signal.SIGTERM)
        return seen == [signal.SIGTERM]

    before = signal.signal(signal.SIGTERM, lambda number, _frame: seen.append(number))
    try:
        assert forked(told) == 0
    finally:
        signal.signal(signal.SIGTERM, before)


@pytest.mark.usefixtures("prepared")
def test_interrupt_raises_in_the_forked_child() -> None:
    def interrupted() -> bool:
        try:
            os.kill(os.getpid(), signal.SIGINT)
        except KeyboardInterrupt:
            return True
        return False

    assert forked(interrupted) == 0


def test_forked_child_that_comes_back_ends(
    prepared: FakeHost, capfd: pytest.CaptureFixture[str]
) -> None:
    import _spvn_host  # noqa: PLC0415

    def serve() -> object:
        return _spvn_host.take()

    assert forked(serve) == 1
    assert "forked child" in capfd.readouterr().err
    assert prepared.calls == []


def test_forked_child_complains_to_standard_error(
    prepared: FakeHost, capfd: pytest.CaptureFixture[str]
) -> None:
    from spvn_bridge.journal import log  # noqa: PLC0415

    def complain() -> bool:
        log(logging.WARNING, "something")
        return True

    assert forked(complain) == 0
    assert "spvn: something" in capfd.readouterr().err
    assert prepared.logs == []


def test_threads_of_the_app_do_not_call_java(host: FakeHost) -> None:
    from spvn_bridge import children  # noqa: PLC0415

    class JepJavaImporter:
        """Asks Java about each import."""

        def find_spec(self, *_: object) -> None:
            host.calls.append("import")

    sys.meta_path.insert(0, JepJavaImporter())
    children.prepare()
    with pytest.raises(ModuleNotFoundError):
        importlib.import_module("no_such_module")
    assert host.calls == []
