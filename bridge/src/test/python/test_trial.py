"""Trials of sub-interpreters, with real child processes and an environment made of fakes."""

from __future__ import annotations

import os
import sys
from importlib.machinery import EXTENSION_SUFFIXES
from typing import TYPE_CHECKING, Any

import pytest

from conftest import NO_SUPPORT, needs_interpreters
from spvn_bridge.trial import memory as memory_module
from spvn_bridge.trial import trials as trials_module
from spvn_bridge.trial.extensions import find
from spvn_bridge.trial.memory import Memory
from spvn_bridge.trial.trials import NoAnswer, Time, Verdict, decide

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from spvn_bridge.settings import Settings

# What children find in place of the loader: modules behave as their names say.
LOADER = """
import os, signal, sys, time
from importlib.machinery import ExtensionFileLoader
real = ExtensionFileLoader.create_module
def create(loader, spec):
    if "/lib/site-packages/" not in loader.path:
        return real(loader, spec)
    name = loader.name.rpartition(".")[2]
    with open(os.environ["TRIED"], "a") as file:
        file.write(name + " ")
    if name.startswith("refuses"):
        raise ImportError(f"module {name} does not support loading in subinterpreters")
    if name.startswith("crashes"):
        os.kill(os.getpid(), signal.SIGSEGV)
    if name.startswith("exits"):
        os._exit(7)
    if name.startswith("hangs"):
        time.sleep(60)
    if name.startswith("lacks"):
        raise ImportError("libpq.so.5: cannot open shared object file")
    if name.startswith("odd"):
        raise SystemError("initialization failed")
    if name.startswith("second"):
        if open(os.environ["TRIED"]).read().split().count(name) > 1:
            raise ImportError("cannot load module more than once per process")
    if name.startswith("prints"):
        print("garbage")
    return None
if sys.argv[2:3] == ["probe"]:
    ExtensionFileLoader.create_module = create
"""


class Environment:
    """A folder of installed packages whose extension modules are not even libraries."""

    def __init__(self, folder: Path) -> None:
        self.site = folder / "lib" / "site-packages"
        self.site.mkdir(parents=True)
        self.tried_file = folder / "tried"
        self.memory = folder / "memory"
        self.steps: list[str] = []

    def add(self, *names: str, content: str | None = None) -> None:
        for name in names:
            *packages, last = name.split(".")
            parent = self.site.joinpath(*packages)
            parent.mkdir(parents=True, exist_ok=True)
            file = parent / f"{last}{EXTENSION_SUFFIXES[0]}"
            file.write_text(f"PyInit_{last}" if content is None else content)

    def tried(self) -> list[str]:
        """What was tried since this was asked last, in every interpreter."""
        names = self.tried_file.read_text().split() if self.tried_file.exists() else []
        self.tried_file.unlink(missing_ok=True)
        return names


@pytest.fixture
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Environment:
    made = Environment(tmp_path)
    loader = tmp_path / "loader"
    loader.mkdir()
    (loader / "sitecustomize.py").write_text(LOADER)
    monkeypatch.setenv("PYTHONPATH", str(loader))
    monkeypatch.setenv("TRIED", str(made.tried_file))
    standard = [each for each in sys.path if "site-packages" not in each]
    monkeypatch.setattr(sys, "path", [*standard, str(made.site)])
    return made


@pytest.fixture
def ask(environment: Environment, settings: Settings) -> Callable[..., Verdict]:
    def ask(seconds: float = 30, **changes: Any) -> Verdict:
        changed: Any = {**settings, "isolation": "subinterpreter", **changes}
        environment.steps.clear()
        memory = Memory(str(environment.memory))
        return decide(changed, memory, Time(seconds), environment.steps.append)

    return ask


class TestExtensions:
    def test_are_found_wherever_a_module_may_stand(self, environment: Environment) -> None:
        environment.add("top", "package._fast", "no_init.deep.inner", "libs-1.not_here")
        environment.add("package.libother", content="no module's symbol")
        (environment.site / "package" / "old.cpython-27-x86.so").write_text("PyInit_old")
        (environment.site / "package" / "loop").symlink_to(environment.site / "package")
        assert [each.name for each in find([str(environment.site)])] == [
            "no_init.deep.inner",
            "package._fast",
            "top",
        ]

    def test_of_an_app_stand_in_packages(self, environment: Environment, tmp_path: Path) -> None:
        environment.add("package._fast", "uploads.thing", "plain")
        (environment.site / "package" / "__init__.py").touch()
        app = tmp_path / "app"
        environment.site.rename(app)
        assert [each.name for each in find([str(app)])] == ["package._fast", "plain"]

    def test_folder_that_is_not_there_holds_none(self, tmp_path: Path) -> None:
        assert find([str(tmp_path / "nothing")]) == []


@needs_interpreters
class TestDecision:
    def test_refusal_speaks_against_them_and_the_app_is_not_imported(
        self, environment: Environment, ask: Callable[..., Verdict]
    ) -> None:
        environment.add("fine", "package.refuses_it", "zebra")
        assert ask(target="raises:app") == Verdict(
            safe=False, reason=f"package.refuses_it {NO_SUPPORT}"
        )
        (step,) = environment.steps
        assert step.startswith("trying whether sub-interpreters suit 3 extension modules of ")

    def test_nothing_speaks_against_them(
        self, environment: Environment, ask: Callable[..., Verdict]
    ) -> None:
        environment.add("fine", "lacks_library", "prints_something")
        verdict = ask()
        assert verdict == Verdict(
            safe=True,
            reason="the app and all 3 extension modules of its environment support "
            "sub-interpreters",
        )
        assert len(environment.steps) == 2

    @pytest.mark.parametrize(
        ("module", "words"),
        [
            ("crashes", "crashes (SIGSEGV) in a sub-interpreter"),
            ("exits", "ends the process (exit code 7) in a sub-interpreter"),
            ("odd", "raises SystemError in a sub-interpreter"),
            ("second", NO_SUPPORT),
        ],
    )
    def test_what_else_speaks_against_them(
        self, environment: Environment, ask: Callable[..., Verdict], module: str, words: str
    ) -> None:
        environment.add("a", module, "z")
        assert ask() == Verdict(safe=False, reason=f"{module} {words}")

    def test_module_that_hangs(
        self,
        environment: Environment,
        ask: Callable[..., Verdict],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setattr(trials_module, "PATIENCE", 1.0)
        environment.add("a", "hangs")
        assert ask() == Verdict(safe=False, reason="hangs takes too long in a sub-interpreter")

    def test_crash_costs_the_others_nothing(
        self, environment: Environment, ask: Callable[..., Verdict]
    ) -> None:
        environment.add("a", "crashes", "refuses")
        ask()
        assert environment.tried() == ["a", "a", "crashes", "crashes"]
        (environment.site / f"crashes{EXTENSION_SUFFIXES[0]}").unlink()
        assert ask().reason == f"refuses {NO_SUPPORT}"
        assert environment.tried() == ["refuses"] * 2

    @pytest.mark.parametrize(
        ("target", "reason"),
        [
            ("forks:app", "forks forks, which a sub-interpreter does not allow"),
            ("swallows:app", None),
            ("raises:app", "the app's import fails in a sub-interpreter: "),
            ("exits:app", "the app's import fails in a sub-interpreter: "),
        ],
    )
    def test_import_of_the_app_speaks_against_them(
        self, ask: Callable[..., Verdict], target: str, reason: str | None
    ) -> None:
        verdict = ask(target=target)
        if reason is None:
            assert verdict.safe
        else:
            assert not verdict.safe
            assert verdict.reason.startswith(reason)

    def test_app_that_ends_its_process(self, ask: Callable[..., Verdict], tmp_path: Path) -> None:
        (tmp_path / "ends.py").write_text("import os; os._exit(5)")
        with pytest.raises(NoAnswer, match=r"import of the app ends the process \(exit code 5\)"):
            ask(target="ends:app", app_dir=str(tmp_path))

    def test_app_whose_import_takes_too_long(
        self, ask: Callable[..., Verdict], tmp_path: Path
    ) -> None:
        (tmp_path / "slow.py").write_text("import time; time.sleep(60)")
        with pytest.raises(NoAnswer, match="takes longer than 2 s"):
            ask(target="slow:app", app_dir=str(tmp_path), seconds=2)

    def test_app_with_a_thread_and_much_to_say(
        self, ask: Callable[..., Verdict], tmp_path: Path
    ) -> None:
        (tmp_path / "busy.py").write_text(
            "import os, signal, threading, time\n"
            "print('x' * 100_000, flush=True)\n"
            "signal.signal(signal.SIGTERM, lambda *_: None)\n"
            "threading.Thread(target=time.sleep, args=(60,)).start()\n"
            "async def app(scope, receive, send): ...\n"
        )
        assert ask(target="busy:app", app_dir=str(tmp_path)).safe


@needs_interpreters
class TestMemory:
    def test_what_is_known_is_not_tried_again(
        self, environment: Environment, ask: Callable[..., Verdict]
    ) -> None:
        environment.add("fine")
        first = ask()
        assert environment.tried() == ["fine"] * 2
        assert ask() == first
        assert environment.tried() == []
        assert environment.steps == []

    def test_refusal_is_known_until_its_file_changes(
        self, environment: Environment, ask: Callable[..., Verdict]
    ) -> None:
        environment.add("refuses")
        first = ask()
        environment.tried()
        assert ask() == first
        assert environment.tried() == []
        environment.add("refuses", content="nothing but PyInit_refuses")
        assert ask() == first
        assert environment.tried() == ["refuses"] * 2

    def test_new_module_is_tried_alone(
        self, environment: Environment, ask: Callable[..., Verdict]
    ) -> None:
        environment.add("fine")
        ask()
        environment.tried()
        environment.add("another")
        assert ask().safe
        assert environment.tried() == ["another"] * 2

    def test_import_is_tried_again_when_the_app_has_changed(
        self, environment: Environment, ask: Callable[..., Verdict], tmp_path: Path
    ) -> None:
        app = tmp_path / "changing.py"
        app.write_text("async def app(scope, receive, send): ...")
        how = {"target": "changing:app", "app_dir": str(tmp_path)}
        assert ask(**how).safe
        assert ask(**how).safe
        assert environment.steps == []
        app.write_text("import os; os.fork()")
        assert not ask(**how).safe
        assert len(environment.steps) == 1

    def test_import_is_tried_again_when_something_is_installed(
        self, environment: Environment, ask: Callable[..., Verdict]
    ) -> None:
        ask()
        (environment.site / "new.py").touch()
        os.utime(environment.site, ns=(1, 1))
        ask()
        assert len(environment.steps) == 1

    @pytest.mark.parametrize("content", ["", "{", "[1]", '{"x": 3}', '{"x": [1]}', '[["a", 1]]'])
    def test_what_makes_no_sense_is_tried_again(
        self, environment: Environment, ask: Callable[..., Verdict], content: str
    ) -> None:
        environment.add("fine")
        first = ask()
        for file in environment.memory.iterdir():
            file.write_text(content)
        environment.tried()
        assert ask() == first
        assert environment.tried() == ["fine"] * 2
        assert len(environment.steps) == 2

    def test_is_bounded(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(memory_module, "MOST_FILES", 2)
        memory = Memory(str(tmp_path / "memory"))
        for number, name in enumerate(("a", "b", "c")):
            memory.keep(name, name)
            for file in (tmp_path / "memory").iterdir():
                if file.read_text() == f'"{name}"':
                    os.utime(file, ns=(number, number))
        assert [memory.recall(name) for name in ("a", "b", "c")] == [None, "b", "c"]

    def test_without_a_place_for_it_all_is_tried_each_time(
        self, environment: Environment, ask: Callable[..., Verdict]
    ) -> None:
        environment.memory.write_text("a file where a folder should be")
        environment.add("fine")
        assert ask().safe
        assert ask().safe
        assert environment.tried() == ["fine"] * 4
