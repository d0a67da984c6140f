"""What is to be tried of an environment and an app, and what that says of sub-interpreters."""

from __future__ import annotations

import os
import sys
import time
from typing import TYPE_CHECKING, NamedTuple, cast

from spvn_bridge.refusal import NO_SUPPORT, is_refusal
from spvn_bridge.trial.extensions import find, places, stamp_of
from spvn_bridge.trial.memory import Memory, Verdicts
from spvn_bridge.trial.throwaway import Throwaway

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from spvn_bridge.settings import Settings
    from spvn_bridge.trial.extensions import Extension
    from spvn_bridge.trial.probe import Config
    from spvn_bridge.trial.rehearsal import Report

# Seconds for which a module that is loaded may be silent.
PATIENCE = 10.0

# Errors of modules that would not load under python either, such as for want of a library.
_BROKEN = ("ImportError: ", "ModuleNotFoundError: ", "OSError: ")


class NoAnswer(Exception):
    """A trial came to nothing; says why."""


class Verdict(NamedTuple):
    """Whether sub-interpreters are safe, and why or why not."""

    safe: bool
    reason: str


class Time:
    """The time that all trials have together."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._end = time.monotonic() + seconds

    def left(self) -> float:
        """Return the seconds that are left; raise NoAnswer when there are none."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise NoAnswer(self.up())
        return left

    def up(self) -> str:
        """Say that the time is up."""
        return f"a trial of sub-interpreters takes longer than {self._seconds:g} s"


class Modules:
    """The extension modules of this interpreter's environment, and what they say.

    What was found so far is kept whatever happens then, so that the next one goes on from there.
    """

    def __init__(self, memory: Memory, app_dir: str, time: Time) -> None:
        self._memory = memory
        self._time = time
        self._folders = list(dict.fromkeys([*places(), app_dir]))

    def known_refusal(self) -> tuple[str, str] | None:
        """Return name and words of one that is known to refuse, without a look at the others."""
        return Verdicts(self._memory, "own").first_refusal(self._folders)

    def all(self) -> list[Extension]:
        """Return all that there are."""
        return find(self._folders)

    def say(
        self, modules: Sequence[Extension], config: Config, tell: Callable[[int], None]
    ) -> Iterator[tuple[Extension, str]]:
        """Yield each with what it has against such interpreters; "" for nothing.

        @param tell is told how many have to be tried first, if any
        """
        verdicts = Verdicts(self._memory, config)
        unknown = []
        for each in modules:
            words = verdicts.of(each)
            if words is None:
                unknown.append(each)
            else:
                yield each, words
        if not unknown:
            return
        tell(len(unknown))
        try:
            for each, words in tried(unknown, config, self._time):
                verdicts.learn(each, words)
                yield each, words
        finally:
            verdicts.keep(modules)


def tried(
    modules: Sequence[Extension], config: Config, time: Time
) -> Iterator[tuple[Extension, str]]:
    """Load modules into sub-interpreters, in one process after the other.

    One that ends its process is tried once more in a process where it is the first, since another
    may have done the harm.
    """
    waiting = list(modules)
    while waiting:
        began = len(waiting)
        work = {"config": config, "modules": [(each.name, each.path) for each in waiting]}
        with Throwaway("probe", work, time.left()) as child:
            yield from _heard(child, waiting)
            how = child.how_it_ended() if waiting else ""
        if waiting and len(waiting) == began:
            time.left()
            yield waiting.pop(0), f"{how} in a sub-interpreter"


def _heard(child: Throwaway, waiting: list[Extension]) -> Iterator[tuple[Extension, str]]:
    """Yield what a child says of those that wait, and take them from the list."""
    said, begun = "", False
    try:
        for answer in child.answers(PATIENCE):
            begun = True
            said = said or _words(answer.get("says", ""))
            if "done" in answer:
                yield waiting.pop(0), said
                said = ""
    except (ValueError, AttributeError):
        raise NoAnswer("a trial of sub-interpreters prints what it should not") from None
    if not begun:
        raise NoAnswer(f"a trial of sub-interpreters {child.how_it_ended()}")


def _words(said: str) -> str:
    """Return what speaks against a module's use in sub-interpreters; "" for nothing."""
    if is_refusal(said):
        return NO_SUPPORT
    if not said or said.startswith(_BROKEN):
        return ""
    return f"raises {said.partition(':')[0]} in a sub-interpreter"


def rehearsed(settings: Settings, role: str, time: Time) -> Report:
    """Import the app in a process of its own."""
    with Throwaway(role, settings, time.left()) as child:
        try:
            answer = next(child.answers(), None)
        except ValueError:
            answer = None
        if child.late:
            raise NoAnswer(time.up())
        if not isinstance(answer, dict):
            raise NoAnswer(f"the import of the app {child.how_it_ended()} in a trial")
    return cast("Report", answer)


class Import:
    """The import of an app in a sub-interpreter, which is kept as long as no file has changed."""

    def __init__(self, settings: Settings, memory: Memory) -> None:
        self._settings = settings
        self._memory = memory
        target = (settings["target"], settings["app_dir"], settings["interface"])
        self._key = ("app", *target, str(settings["factory"]), *_python_environment())

    def known(self) -> bool:
        """Tell whether it is known to succeed."""
        kept = self._memory.recall(*self._key)
        try:
            return bool(kept) and all(stamp_of(path) == (a, b) for path, a, b in kept)
        except (TypeError, ValueError):
            return False

    def tried(self, time: Time) -> Verdict:
        """Say whether it succeeds."""
        report = rehearsed(self._settings, "rehearse", time)
        if report["outcome"] == "refused":
            return Verdict(safe=False, reason=report["message"])
        if report["outcome"] != "stopped":
            words = "the app's import fails in a sub-interpreter"
            return Verdict(safe=False, reason=f"{words}: {report['message']}")
        if report["swallowed"]:
            return Verdict(safe=False, reason=f"{report['swallowed'][0]} {NO_SUPPORT}")
        self._memory.keep([*report["files"], *_folder_stamps()], *self._key)
        return Verdict(safe=True, reason="")


def _python_environment() -> Iterable[str]:
    """Return what else an import depends on."""
    variables = sorted(name for name in os.environ if name.startswith("PYTHON"))
    return [*sys.path, *(f"{name}={os.environ[name]}" for name in variables)]


def _folder_stamps() -> list[tuple[str, int, int]]:
    """Return the folders of the environment: what is installed or removed changes them."""
    return [(path, *stamp) for path in places() if (stamp := stamp_of(path))]


def decide(settings: Settings, memory: Memory, time: Time, tell: Callable[[str], None]) -> Verdict:
    """Say whether sub-interpreters are safe for an app.

    The app is imported only where no extension module speaks against it: an import has effects.

    @param tell is told of each step that takes its time
    """
    modules = Modules(memory, settings["app_dir"], time)
    if known := modules.known_refusal():
        return Verdict(safe=False, reason=" ".join(known))
    there = modules.all()
    for each, words in modules.say(there, "own", lambda count: tell(_trying(count))):
        if words:
            return Verdict(safe=False, reason=f"{each.name} {words}")
    trial = Import(settings, memory)
    if not trial.known():
        tell(
            "importing the app in a process that is thrown away, to see if sub-interpreters suit it"
        )
        verdict = trial.tried(time)
        if not verdict.safe:
            return verdict
    return Verdict(safe=True, reason=_all_support(len(there)))


def _trying(count: int) -> str:
    what = "an extension module" if count == 1 else f"{count} extension modules"
    return f"trying whether sub-interpreters suit {what} of {sys.prefix}, once for each change"


def _all_support(count: int) -> str:
    if not count:
        return "the app supports sub-interpreters, and its environment has no extension modules"
    modules = "the extension module" if count == 1 else f"all {count} extension modules"
    return f"the app and {modules} of its environment support sub-interpreters"
