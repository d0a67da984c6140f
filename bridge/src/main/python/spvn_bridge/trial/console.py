"""How Java asks for trials: by the arguments of a process, which answers in lines.

A line is `spvn-trial`, a word that says what it is about and the fields, with tabs between them.
In fields, line breaks, tabs and backslashes are written as in Python. Other lines mean nothing.
"""

from __future__ import annotations

import sys
import sysconfig
from importlib import metadata, util
from typing import TYPE_CHECKING, cast

from spvn_bridge.trial import host

if TYPE_CHECKING:
    from spvn_bridge.settings import Settings
    from spvn_bridge.trial.memory import Memory
    from spvn_bridge.trial.trials import Modules, Time

OLDEST = (3, 13)


def main() -> None:
    """Do what the arguments say: `decide` or `examine`, memory, seconds, and the app's settings."""
    host.install()
    mode, folder, seconds, *app = sys.argv[1:]
    from spvn_bridge.trial.memory import Memory  # noqa: PLC0415 - once there is a host
    from spvn_bridge.trial.trials import NoAnswer, Time, decide  # noqa: PLC0415

    memory, time = Memory(folder), Time(float(seconds))
    if mode == "examine":
        _say_python()
        if not app:
            return
    settings = _settings(*app)
    try:
        if mode == "examine" and not _examine(settings, memory, time):
            return
        verdict = decide(settings, memory, time, _quiet if mode == "examine" else _say_step)
        say("verdict", "safe" if verdict.safe else "unsafe", verdict.reason)
    except NoAnswer as failure:
        say("verdict", "unsafe", str(failure))


def _say_step(step: str) -> None:
    say("step", step)


def say(word: str, *fields: str) -> None:
    """Write one line."""
    line = "\t".join(["spvn-trial", word, *map(_escaped, fields)]) + "\n"
    sys.stdout.buffer.write(line.encode("utf-8", "backslashreplace"))
    sys.stdout.buffer.flush()


def _escaped(field: str) -> str:
    for plain, written in (("\\", "\\\\"), ("\n", "\\n"), ("\t", "\\t"), ("\r", "\\r")):
        field = field.replace(plain, written)
    return field


def _settings(
    target: str, app_dir: str, interface: str, factory: str, support: str, *argv: str
) -> Settings:
    settings = {
        "target": target,
        "app_dir": app_dir,
        "interface": interface,
        "factory": factory == "true",
        "lifespan": "off",
        "startup_timeout": 0.0,
        "root_path": "",
        "argv": list(argv),
        "support": support,
        "worker": 0,
        "isolation": "subinterpreter",
        "loop": "asyncio",
        "log_config": "",
        "log_json": False,
    }
    return cast("Settings", settings)


def _say_python() -> None:
    version = sys.version.partition(" ")[0]
    threads = "free-threaded" if sysconfig.get_config_var("Py_GIL_DISABLED") else "with a GIL"
    say("python", sys.executable, version, threads)
    if util.find_spec("uvloop") is not None:
        try:
            say("uvloop", metadata.version("uvloop"))
        except metadata.PackageNotFoundError:
            say("uvloop", "")


def _examine(settings: Settings, memory: Memory, time: Time) -> bool:
    """Say how the app's import goes and which extension modules refuse which interpreters.

    @return whether there is more to find out
    """
    from spvn_bridge.trial.trials import Modules, rehearsed  # noqa: PLC0415 - once there is a host

    as_usual = cast("Settings", {**settings, "isolation": "main"})
    report = rehearsed(as_usual, "import", time)
    say("app", report["outcome"], report["message"], report["traceback"])
    if report["outcome"] != "stopped" or sys.version_info < OLDEST:
        return False
    for name in report["loaded"]:
        say("loaded", name)
    _say_refusals(Modules(memory, settings["app_dir"], time))
    return True


def _say_refusals(modules: Modules) -> None:
    there = modules.all()
    say("modules", str(len(there)))
    own = {each: words for each, words in modules.say(there, "own", _quiet) if words}
    shared = dict(modules.say(list(own), "shared", _quiet))
    for each, words in own.items():
        say("refuses", each.name, words, shared[each])


def _quiet(_step: object) -> None:
    """Be silent about what takes its time: it was asked for."""
