"""Which extension modules and which habits of an app a sub-interpreter does not allow.

Libraries wrap or swallow the ImportError of an extension module that refuses to load, and some of
these errors do not name the module. So the loader of extension modules is watched. What an app
imports only when it is asked for something is refused only then, and that is told once a module.
Java hears of it as well, and may have workers follow in which the module loads.
"""

from __future__ import annotations

import logging
import re
import sys
from importlib.machinery import ExtensionFileLoader
from typing import TYPE_CHECKING

import _spvn_host
from spvn_bridge.failure import StartFailure, inner_exceptions
from spvn_bridge.journal import log

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import TracebackType

    from typing_extensions import Self

    from spvn_bridge.settings import Isolation

_NO_SUCH_LOADING = re.compile(
    r"module (?P<name>\S+) does not support loading in subinterpreters"
    r"|PyO3 modules do not yet support subinterpreters"
    r"|may only be initialized once per interpreter process"
    r"|cannot load module more than once per process"
    r"|can only be loaded into one interpreter per process"
)
NO_SUPPORT = "does not support sub-interpreters"
_NO_SUCH_HABIT = {
    "daemon threads are disabled in this": "starts a daemon thread",
    "thread is not supported for isolated": "starts a thread",
    "fork not supported for": "forks",
    "exec not supported for": "replaces its process (exec)",
}


class ExtensionWatch:
    """Keeps the names of the extension modules that refused to load, for as long as it is entered.

    Where nothing is refused, in a main interpreter, it watches nothing.
    """

    def __init__(self, isolation: Isolation) -> None:
        self.refused: list[str] = []
        self._watches = isolation == "subinterpreter"
        self._starting = True

    def __enter__(self) -> Self:
        self._loads = (ExtensionFileLoader.create_module, ExtensionFileLoader.exec_module)
        if self._watches:
            create, execute = self._loads
            _set_loads(self._watched(create), self._watched(execute))
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        where: TracebackType | None,
    ) -> None:
        _set_loads(*self._loads)

    def started(self) -> None:
        """Say what the app goes on without; from now on each refusal is told as it comes."""
        self._starting = False
        if swallowed := self.swallowed():
            words = "the app goes on without modules that do not support sub-interpreters"
            told = [_spvn_host.refused(each) for each in swallowed]
            log(logging.WARNING, f"{words}: {', '.join(swallowed)}; {_way_out(all(told))}")

    def check(self, error: BaseException) -> None:
        """Raise a StartFailure when the sub-interpreter is behind this exception."""
        if not self._watches:
            return
        cause = error.__cause__ if isinstance(error, StartFailure) else None
        cause = cause or error
        for link in _chain(cause):
            culprit = self._extension(link) or _habit(link)
            if culprit:
                module, what = culprit
                raise StartFailure("refused", f"{module} {what}", cause, module) from error

    def swallowed(self) -> list[str]:
        """Return what refused without an error, apart from the standard library's own."""
        return [
            name
            for name in dict.fromkeys(self.refused)
            if name.partition(".")[0] not in sys.stdlib_module_names
        ]

    def _extension(self, error: BaseException) -> tuple[str, str] | None:
        found = _NO_SUCH_LOADING.search(_text(error))
        if found is None:
            return None
        name = found["name"] or ""
        full = [known for known in self.refused if f".{known}".endswith(f".{name}" if name else "")]
        return (full[-1] if full else name or "an extension module"), NO_SUPPORT

    def _watched(self, load: Callable[..., object]) -> Callable[..., object]:
        def watched(loader: ExtensionFileLoader, subject: object) -> object:
            try:
                return load(loader, subject)
            except ImportError as error:
                if is_refusal(_text(error)):
                    self._refuse(loader.name)
                raise

        return watched

    def _refuse(self, module: str) -> None:
        if not self._starting and module not in self.refused:
            way_out = _way_out(_spvn_host.refused(module))
            log(logging.ERROR, f"{module} {NO_SUPPORT}, and the app needs it: {way_out}")
        self.refused.append(module)


def is_refusal(text: str) -> bool:
    """Tell whether an error's message says that a module does not load in a sub-interpreter."""
    return _NO_SUCH_LOADING.search(text) is not None


def _way_out(others_follow: bool) -> str:  # noqa: FBT001 - Java's answer
    return "process workers follow" if others_follow else "use --isolation process"


def _set_loads(create: object, execute: object) -> None:
    ExtensionFileLoader.create_module = create  # type: ignore[method-assign, assignment]
    ExtensionFileLoader.exec_module = execute  # type: ignore[method-assign, assignment]


def _habit(error: BaseException) -> tuple[str, str] | None:
    text = _text(error)
    for sign, habit in _NO_SUCH_HABIT.items():
        if sign in text:
            return _culprit(error), f"{habit}, which a sub-interpreter does not allow"
    return None


def _culprit(error: BaseException) -> str:
    """Return the innermost module on the way to the error that is not the standard library's."""
    name = "the app"
    frame = error.__traceback__
    while frame is not None:
        module = str(frame.tb_frame.f_globals.get("__name__", ""))
        if module.partition(".")[0] not in _NOT_GUILTY:
            name = module
        frame = frame.tb_next
    return name


def _chain(error: BaseException) -> Iterator[BaseException]:
    """Yield an exception and all that led to it or stands in its groups."""
    waiting, seen = [error], set[int]()
    while waiting:
        link = waiting.pop()
        if id(link) in seen:
            continue
        seen.add(id(link))
        yield link
        causes = (link.__context__, link.__cause__, *inner_exceptions(link))
        waiting += [other for other in causes if other is not None]


def _text(error: BaseException) -> str:
    try:
        return str(error)
    except BaseException:
        return ""


_NOT_GUILTY = sys.stdlib_module_names | {__package__, ""}
