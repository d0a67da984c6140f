from __future__ import annotations

import importlib
import sys
from typing import TYPE_CHECKING, Any

import pytest

from conftest import APPS
from spvn_bridge.failure import (
    StartFailure,
    app_frames,
    inner_exceptions,
    place,
    shown,
    summary,
    traceback_text,
)
from spvn_bridge.journal import log, printable

if TYPE_CHECKING:
    from fake_host import FakeHost
    from spvn_bridge.settings import Settings


def refuse(_self: object) -> str:
    raise ValueError("no")


Unspeakable: Any = type("Unspeakable", (Exception,), {"__str__": refuse})
Mute: Any = type("Mute", (), {"__repr__": refuse})
Unopenable: Any = type("Unopenable", (Exception,), {"exceptions": property(refuse)})


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (ValueError("one"), "ValueError: one"),
        (ValueError("one\ntwo"), "ValueError: one"),
        (ValueError("\n\n  IMPORTANT \n"), "ValueError: IMPORTANT"),
        (ValueError(), "ValueError"),
        (Unspeakable(), "Unspeakable: (its message cannot be formatted)"),
    ],
)
def test_summary_is_one_line(error: BaseException, line: str) -> None:
    assert summary(error) == line


def test_result_of_a_failure_has_its_traceback() -> None:
    failure = StartFailure("startup", "it failed", ValueError("why"), "shop.models")
    assert failure.result() == {
        "outcome": "startup",
        "message": "it failed",
        "traceback": "ValueError: why\n",
        "module": "shop.models",
    }


def test_result_can_always_be_encoded() -> None:
    failure = StartFailure("import", "half \udc80", "text \udc80")
    assert failure.result()["message"].encode() == b"half \\udc80"
    assert failure.result()["traceback"].encode() == b"text \\udc80"


def test_printable_keeps_what_utf8_can_say() -> None:
    assert printable("naïve 🎉 \ud83d") == "naïve 🎉 \\ud83d"


def test_frames_of_an_import_are_the_apps_own(settings: Settings) -> None:
    del settings
    sys.path.insert(0, str(APPS))
    with pytest.raises(ZeroDivisionError) as raised:
        importlib.import_module("raises")
    file = str(APPS / "raises.py")
    assert app_frames(raised.value)[1:] == [(file, 8), (file, 5)]
    assert place(raised.value) == f" ({file}, line 5)"
    assert "<frozen" not in traceback_text(raised.value)


@pytest.mark.parametrize("module", ["calls_frozen", "calls_library"])
def test_place_is_the_apps_own_line_when_what_it_calls_raises(
    settings: Settings, module: str
) -> None:
    del settings
    sys.path.insert(0, str(APPS))
    with pytest.raises((TypeError, ValueError)) as raised:
        importlib.import_module(module)
    file = str(APPS / f"{module}.py")
    assert app_frames(raised.value)[-1][0] != file
    assert place(raised.value) == f" ({file}, line 8)"
    assert f'File "{file}", line 8' in traceback_text(raised.value)


def test_error_without_frames_has_no_place() -> None:
    assert place(ValueError()) == ""


def test_only_groups_hold_exceptions() -> None:
    class Group(Exception):
        exceptions = (ValueError(), "no exception")

    class Odd(Exception):
        exceptions = 7

    assert [type(each) for each in inner_exceptions(Group())] == [ValueError]
    assert inner_exceptions(Odd()) == ()
    assert inner_exceptions(ValueError()) == ()
    assert inner_exceptions(Unopenable()) == ()


def test_log_takes_any_text(host: FakeHost) -> None:
    log(30, "half \ud800")
    assert host.logs == [(30, "half \\ud800")]


def test_traceback_of_a_long_chain_is_cut_in_its_middle() -> None:
    first = error = ValueError("the first")
    for number in range(5_000):
        later = ValueError(f"number {number}")
        later.__context__ = error
        error = later
    text = traceback_text(error)
    assert text.startswith(str(traceback_text(first)))
    assert text.endswith("ValueError: number 4999\n")
    assert " characters left out]\n" in text
    assert len(text) < 70_000


def test_traceback_of_a_circle_ends() -> None:
    error, other = ValueError("one"), ValueError("two")
    error.__context__, other.__context__ = other, error
    assert traceback_text(error).endswith("ValueError: one\n")


def test_traceback_of_what_has_no_words() -> None:
    assert traceback_text(Unspeakable()).endswith("Unspeakable: <exception str() failed>\n")


def test_shown_never_raises() -> None:
    assert shown([1]) == "[1]"
    assert shown(Mute()) == "<Mute, which cannot be shown>"
