from __future__ import annotations

import json
import logging
from importlib.machinery import ExtensionFileLoader
from importlib.util import spec_from_loader
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import spvn_bridge.worker
from conftest import APPS
from spvn_bridge.failure import StartFailure
from spvn_bridge.refusal import ExtensionWatch
from spvn_bridge.trial import probe

if TYPE_CHECKING:
    from collections.abc import Callable

    from fake_host import FakeHost
    from spvn_bridge.settings import Isolation, Result

NO_LOADING = "does not support loading in subinterpreters"


def check(error: BaseException, *refused: str) -> Result | None:
    watch = ExtensionWatch("subinterpreter")
    watch.refused += refused
    try:
        watch.check(error)
    except StartFailure as failure:
        return failure.result()
    return None


def caused(outer: Exception, inner: BaseException) -> Exception:
    outer.__cause__ = inner
    return outer


def in_context(outer: Exception, inner: BaseException) -> Exception:
    outer.__context__ = inner
    return outer


class Group(Exception):
    def __init__(self, *exceptions: BaseException) -> None:
        super().__init__("several")
        self.exceptions = exceptions


REFUSED = ImportError(f"module pydantic_core._pydantic_core {NO_LOADING}")


@pytest.mark.parametrize(
    "error",
    [
        REFUSED,
        caused(ImportError("install it"), REFUSED),
        in_context(RuntimeError("broken"), caused(ValueError(), REFUSED)),
        Group(ValueError(), Group(REFUSED)),
        caused(StartFailure("import", "cannot import"), REFUSED),
        RuntimeError(f"Original error was: module pydantic_core._pydantic_core {NO_LOADING}"),
    ],
)
def test_refusal_is_found_wherever_it_stands(error: BaseException) -> None:
    result = check(error)
    assert result is not None
    assert result["outcome"] == "refused"
    assert result["module"] == "pydantic_core._pydantic_core"
    assert result["message"] == "pydantic_core._pydantic_core does not support sub-interpreters"
    assert NO_LOADING in result["traceback"] or isinstance(error, Group)


@pytest.mark.parametrize(
    ("text", "refused", "module"),
    [
        (f"module _core {NO_LOADING}", ["msgspec._core"], "msgspec._core"),
        (f"module _core {NO_LOADING}", ["orjson.orjson"], "_core"),
        (f"module _core {NO_LOADING}", [], "_core"),
        (
            "PyO3 modules do not yet support subinterpreters, see https://example.org",
            ["bcrypt._bcrypt"],
            "bcrypt._bcrypt",
        ),
        ("PyO3 modules do not yet support subinterpreters", [], "an extension module"),
        (
            "PyO3 modules may only be initialized once per interpreter process",
            ["rpds.rpds"],
            "rpds.rpds",
        ),
        ("cannot load module more than once per process", ["numpy._core.a"], "numpy._core.a"),
        (
            (
                "Interpreter change detected - this module can only be loaded into one interpreter"
                " per process."
            ),
            ["lxml.etree"],
            "lxml.etree",
        ),
    ],
)
def test_module_is_named_as_fully_as_it_is_known(
    text: str, refused: list[str], module: str
) -> None:
    result = check(ImportError(text), *refused)
    assert result is not None
    assert result["module"] == module


@pytest.mark.parametrize(
    ("text", "habit"),
    [
        ("daemon threads are disabled in this (sub)interpreter", "starts a daemon thread"),
        ("daemon threads are disabled in this interpreter", "starts a daemon thread"),
        ("fork not supported for isolated subinterpreters", "forks"),
        ("fork not supported for subinterpreters", "forks"),
        ("exec not supported for isolated subinterpreters", "replaces its process (exec)"),
        ("thread is not supported for isolated subinterpreters", "starts a thread"),
    ],
)
def test_habit_is_told_with_the_module_that_has_it(text: str, habit: str) -> None:
    with pytest.raises(RuntimeError) as raised:
        raise RuntimeError(text)
    result = check(raised.value)
    assert result is not None
    assert result["module"] == __name__
    assert result["message"] == f"{__name__} {habit}, which a sub-interpreter does not allow"


@pytest.mark.parametrize(
    "error", [ImportError("no such file"), RuntimeError("daemon"), ValueError(), SystemExit(1)]
)
def test_other_errors_are_not_refusals(error: BaseException) -> None:
    assert check(error) is None


def test_errors_in_a_circle_are_looked_at_once() -> None:
    error = ValueError()
    error.__cause__ = caused(TypeError(), error)
    assert check(error) is None


class TestWatch:
    @pytest.fixture(autouse=True)
    def _refusing_loader(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def create_module(loader: ExtensionFileLoader, _spec: object) -> None:
            name = loader.name.rpartition(".")[2]
            raise ImportError(f"module {name} {NO_LOADING}" if name[0] == "_" else "no such file")

        monkeypatch.setattr(ExtensionFileLoader, "create_module", create_module)

    def load(self, name: str) -> None:
        loader = ExtensionFileLoader(name, "/nowhere.so")
        spec = spec_from_loader(name, loader)
        assert spec is not None
        with pytest.raises(ImportError):
            loader.create_module(spec)

    def test_keeps_the_full_names_of_those_that_refused(self) -> None:
        with ExtensionWatch("subinterpreter") as watch:
            for name in ("quick._speed", "quick.other", "orjson._orjson", "quick._speed"):
                self.load(name)
        self.load("late._late")
        assert watch.swallowed() == ["quick._speed", "orjson._orjson"]

    def test_does_without_the_standard_library(self) -> None:
        with ExtensionWatch("subinterpreter") as watch:
            self.load("_tkinter")
        assert watch.refused == ["_tkinter"]
        assert watch.swallowed() == []

    def test_leaves_the_loader_as_it_was(self) -> None:
        before = ExtensionFileLoader.create_module, ExtensionFileLoader.exec_module
        with pytest.raises(ValueError, match="stop"), ExtensionWatch("subinterpreter"):
            raise ValueError("stop")
        assert (ExtensionFileLoader.create_module, ExtensionFileLoader.exec_module) == before

    def test_app_that_goes_on_without_is_served_with_a_warning(
        self, run_worker: Callable[..., Result], host: FakeHost
    ) -> None:
        host.on_serving = host.stop
        result = run_worker(target="swallows:app", lifespan="off", isolation="subinterpreter")
        assert result["outcome"] == "stopped"
        assert host.logs == [
            (
                logging.WARNING,
                (
                    "the app goes on without modules that do not support sub-interpreters: "
                    "quick._speed; use --isolation process"
                ),
            )
        ]

    def test_refusal_while_serving_is_told_once_a_module(self, host: FakeHost) -> None:
        with ExtensionWatch("subinterpreter") as watch:
            self.load("early._early")
            watch.started()
            host.logs.clear()
            for name in ("late._late", "other.no_refusal", "late._late", "more._more"):
                self.load(name)
        assert host.logs == [
            (
                logging.ERROR,
                (
                    f"{module} does not support sub-interpreters, and the app needs it: "
                    "use --isolation process"
                ),
            )
            for module in ("late._late", "more._more")
        ]

    def test_java_hears_of_a_refusal_and_may_have_others_follow(self, host: FakeHost) -> None:
        host.others_follow = True
        with ExtensionWatch("subinterpreter") as watch:
            self.load("early._early")
            watch.started()
            self.load("late._late")
            self.load("late._late")
        assert host.refused_modules == ["early._early", "late._late"]
        assert len(host.logs) == 2
        assert all(message.endswith("process workers follow") for _, message in host.logs)

    @pytest.mark.parametrize("isolation", ["main", "process"])
    def test_nothing_is_refused_where_there_is_no_sub_interpreter(
        self, isolation: Isolation, host: FakeHost
    ) -> None:
        with ExtensionWatch(isolation) as watch:
            self.load("quick._speed")
            watch.check(REFUSED)
            watch.started()
        assert host.logs == []


class TestRealInterpreter:
    """The same in sub-interpreters with a GIL of their own, whose refusals are CPython's."""

    @pytest.fixture
    def run(self, tmp_path: Path) -> Callable[[str], dict[str, Any]]:
        interpreters: Any = pytest.importorskip("_interpreters", reason="it came with Python 3.13")

        def run(target: str) -> dict[str, Any]:
            folders = [str(Path(spvn_bridge.__file__).parents[1]), str(Path(__file__).parent)]
            report = tmp_path / "report.json"
            changes = {
                "target": target,
                "app_dir": str(APPS),
                "isolation": "subinterpreter",
            }
            code = (
                f"import sys; sys.path[:0] = {folders!r}\n"
                "from pathlib import Path\n"
                f"import run_one; run_one.main({changes!r}, Path({str(report)!r}))\n"
            )
            interpreter = interpreters.create(probe.config("own"))
            failure = interpreters.exec(interpreter, code)
            interpreters.destroy(interpreter)
            assert failure is None
            seen: dict[str, Any] = json.loads(report.read_text())
            return seen

        return run

    def test_serves_an_app(self, run: Callable[[str], dict[str, Any]]) -> None:
        seen = run("plain:app")
        assert seen["result"]["outcome"] == "stopped"
        assert seen["over"] == [[0, None]]

    @pytest.mark.parametrize(
        ("target", "module", "message"),
        [
            ("uses_readline:app", "readline", "readline does not support sub-interpreters"),
            ("forks:app", "forks", "forks forks, which a sub-interpreter does not allow"),
        ],
    )
    def test_refuses_an_app(
        self, run: Callable[[str], dict[str, Any]], target: str, module: str, message: str
    ) -> None:
        if module == "readline":
            pytest.importorskip("readline", reason="this Python was built without it")
        result = run(target)["result"]
        assert (result["outcome"], result["module"]) == ("refused", module)
        assert result["message"] == message
        assert f"{module}.py" in result["traceback"] or module == "readline"
        assert "spvn_bridge" not in result["traceback"]
        assert "importlib" not in result["traceback"]
