from __future__ import annotations

import asyncio
import ctypes
import sys
from types import ModuleType, SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from spvn_bridge.failure import StartFailure
from spvn_bridge.loop import Selector, close_loop, new_loop

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fake_host import FakeHost
    from spvn_bridge.settings import Isolation, LoopKind


LOOP_ADDRESS = 4711


class TestNewLoop:
    @pytest.fixture(autouse=True)
    def _no_loop_is_left(self) -> Iterator[None]:
        yield
        asyncio.set_event_loop(None)

    @pytest.fixture
    def configured(self, monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, int]]:
        """A stand-in for uvloop, whose loops are asyncio's, and how its libuv was configured."""
        calls: list[tuple[int, int]] = []
        new_capsule = ctypes.pythonapi.PyCapsule_New
        new_capsule.restype = ctypes.py_object
        uvloop: Any = ModuleType("uvloop")
        uvloop.new_event_loop = asyncio.SelectorEventLoop
        uvloop.loop = ModuleType("uvloop.loop")
        uvloop.loop.__file__ = "loop.so"
        uvloop.loop.libuv_get_loop_t_ptr = lambda _loop: new_capsule(LOOP_ADDRESS, None, None)
        libuv = SimpleNamespace(
            uv_metrics_idle_time=ctypes.pythonapi.Py_IsInitialized,  # any function
            uv_loop_configure=lambda made, option: calls.append((made.value, option)),
        )
        monkeypatch.setitem(sys.modules, "uvloop", uvloop)
        monkeypatch.setattr(ctypes, "CDLL", {"loop.so": libuv}.get)
        return calls

    def test_is_the_current_one(self) -> None:
        current = new_loop("asyncio", "main")
        assert asyncio.get_event_loop() is current
        current.close()

    @pytest.mark.parametrize("kind", ["auto", "uvloop"])
    def test_uvloop_is_taken_where_it_is_and_tells_java_its_rest(
        self, kind: LoopKind, configured: list[tuple[int, int]], host: FakeHost
    ) -> None:
        current = new_loop(kind, "main")
        assert not is_asyncio(current)
        assert asyncio.get_event_loop() is current
        assert configured == [(LOOP_ADDRESS, 1)]
        ((function, address),) = host.idle_times
        assert function != 0
        assert address == LOOP_ADDRESS
        close_loop(current)
        assert host.idle_times[1:] == [(0, 0)]
        assert current.is_closed()

    @pytest.mark.parametrize(
        ("kind", "isolation"), [("asyncio", "main"), ("auto", "subinterpreter")]
    )
    def test_uvloop_is_left_alone(
        self, kind: LoopKind, isolation: Isolation, configured: list[tuple[int, int]]
    ) -> None:
        current = new_loop(kind, isolation)
        assert is_asyncio(current)
        assert configured == []
        current.close()

    def test_auto_does_without(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(sys.modules, "uvloop", None)
        current = new_loop("auto", "main")
        assert is_asyncio(current)
        current.close()

    def test_uvloop_that_is_missing_is_told(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(sys.modules, "uvloop", None)
        with pytest.raises(StartFailure) as failure:
            new_loop("uvloop", "main")
        result = failure.value.result()
        assert result["outcome"] == "missing"
        assert "install uvloop for " in result["message"]


def is_asyncio(current: asyncio.AbstractEventLoop) -> bool:
    """Our own selector tells asyncio's loop from the stand-in for uvloop's."""
    return isinstance(getattr(current, "_selector", None), Selector)
