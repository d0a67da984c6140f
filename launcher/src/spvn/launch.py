"""The command line of the Java that is the server, for a checkout and for the wheel."""

from __future__ import annotations

import os
import sys

from spvn import aot, limits
from spvn.failure import ENVIRONMENT, Missing

# Each start waits for what is imported here: not `typing`, `dataclasses`, `pathlib` or `re`.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import NoReturn

# Kilobytes of address space: what is enough for Java, and what it takes for granted.
LEAST_SPACE = 800_000
AMPLE_SPACE = 8_000_000

# Half of the heap is for what is young, and more when the collector takes over 1 % of the time:
# with less, requests that wait are taken for old, and its pauses grow with them. What has survived
# two collections is old, such as idle connections, and is not copied again.
COLLECTOR = (
    "-XX:+UseParallelGC",
    "-XX:NewRatio=1",
    "-XX:SurvivorRatio=6",
    "-XX:MaxTenuringThreshold=2",
)
ANY_COLLECTOR = {
    f"-XX:+Use{name}GC" for name in ("Serial", "Parallel", "G1", "Z", "Shenandoah", "Epsilon")
}

# The heap is half of the memory there is, at most 512 MB, and begins with at most 120 MB.
HEAP = ("-XX:InitialRAMPercentage=12", "-XX:MaxRAMPercentage=50")
# What was freed below Java's heap, such as by its compilers, goes back to the system now and then;
# not often, since meanwhile the app's own allocations wait. Not every C library can.
TRIM = ("-XX:TrimNativeHeapInterval=30000", "-Xlog:trimnative=off")
BASE = (
    *TRIM,
    "-XX:+UseCompactObjectHeaders",
    "-XX:+ExitOnOutOfMemoryError",
    "--enable-native-access=ALL-UNNAMED",
    "--add-opens",
    "java.base/sun.nio.ch=ALL-UNNAMED",
)
# What Java has learned to be much used is compiled quickly at first, and well after 2^14 calls: its
# own 2^11 would have its second compiler busy with what is used in a start alone.
SERVER = ("-XX:Tier2InvokeNotifyFreqLog=14",)
# A load test wants a generator that is soon at its speed and then stays out of the way of the
# server beside it: the first compiler is fast enough for it.
GENERATOR = ("-XX:TieredStopAtLevel=1",)
MAIN = "io.spvn.cli.Main"


class Python:
    """The Python whose packages the app sees, and a folder that has Jep for it."""

    def __init__(self, executable: str, library: str, version: str, support: str) -> None:
        self.executable = executable
        self.library = library
        self.version = version
        self.support = support


class Installation:
    """Where a checkout or the wheel has what.

    program: what the app sees as the first of `sys.argv`
    home: where spvn is
    app: has `spvn.jar`, and `libs` beside it
    state: what is made for longer than one run
    cache: what was found out about the app and its Python, and is anew when it is gone
    learned: what Java has learned in a run before; empty where it may not be kept
    """

    def __init__(
        self, program: str, home: str, app: str, state: str, cache: str, learned: str
    ) -> None:
        self.program = program
        self.home = home
        self.app = app
        self.state = state
        self.cache = cache
        self.learned = learned


class _Java:
    """What Java is told, and the environment that it starts with."""

    def __init__(self, options: list[str], environment: dict[str, str]) -> None:
        self.options = options
        self.environment = environment
        self.lent: list[str] = []
        self.tight = False

    def lend(self, name: str, value: str) -> None:
        """Java starts with this variable, and puts the caller's back before there is an app."""
        self.lent.append(f"-Dspvn.lent.{name}={self.environment.get(name, '')}")
        self.environment[name] = value

    def lend_locale(self) -> None:
        """Java takes names of files for ASCII unless the locale says UTF-8.

        cron, systemd and many containers have no locale, or name one that is not installed.
        """
        if not _locale_is_utf8():
            self.lend("LC_ALL", "C.UTF-8")

    def fit_address_space(self) -> None:
        """Where `ulimit -v` bounds it, Java reserves less, and the C library one arena."""
        limit = limits.address_space()
        if limit is None or limit >= AMPLE_SPACE:
            return
        if limit < LEAST_SPACE:
            raise Missing(
                f"the address space is limited to {limit} KB (ulimit -v), and Java needs"
                f" {LEAST_SPACE} KB of it: raise the limit"
            )
        self.lend("MALLOC_ARENA_MAX", "1")
        self.options[:0] = [
            "-XX:CompressedClassSpaceSize=64m",
            "-XX:ReservedCodeCacheSize=64m",
            f"-Xmx{limit // 5}k",
        ]
        self.tight = True


def become_server(
    java_home: str, installation: Installation, python: Python, arguments: Sequence[str]
) -> NoReturn:
    """Replace this process by the server; returns by an exception if at all."""
    if ":" in installation.app:
        raise Missing(
            f"Java cannot run from a folder with a colon in its name: move {installation.home}"
        )
    limits.open_streams()
    limits.raise_file_limit()
    java = _Java(_chosen(arguments), dict(os.environ))
    java.lend_locale()
    java.fit_address_space()
    own = os.environ.get("SPVN_JAVA_OPTS", "").split()
    learned = aot.options(java_home, installation.app, installation.learned, own)
    if not learned and not java.tight and not own and list(arguments[:1]) == ["serve"]:
        _learn(java_home, installation, python)
    start = [*_with_heap(java_home), *java.options, *learned, *java.lent]
    if java.tight:
        _try(start, java.environment)
    command = [*start, *_program(installation, python, arguments)]
    limits.restore_signals()
    try:
        os.execve(command[0], command, java.environment)
    except OSError as error:
        raise Missing(f"{command[0]} does not run: {error.strerror}") from error


def _chosen(arguments: Sequence[str]) -> list[str]:
    """Collector and compiler, and before all others what the user says about them."""
    own = os.environ.get("SPVN_JAVA_OPTS", "").split()
    collector = () if not ANY_COLLECTOR.isdisjoint(own) else COLLECTOR
    compiler = GENERATOR if list(arguments[:1]) == ["loadtest"] else SERVER
    return [*collector, *compiler, *own]


def _with_heap(java_home: str) -> list[str]:
    return [f"{java_home}/bin/java", f"-XX:MaxRAM={limits.memory()}", *HEAP, *BASE]


def _program(installation: Installation, python: Python, arguments: Sequence[str]) -> list[str]:
    classes = ["-cp", f"{installation.app}/spvn.jar", MAIN]
    return [*_properties(installation, python), *classes, *arguments]


def _learn(java_home: str, installation: Installation, python: Python) -> None:
    """Have what Java can learn ready for the next start."""
    if not installation.learned or not os.path.exists(f"{installation.app}/spvn.jar"):
        return
    from spvn import train

    begin = aot.base(java_home, installation.app, installation.learned)
    train.make_for_next(begin, command_of(java_home, installation, python))


def command_of(
    java_home: str, installation: Installation, python: Python
) -> Callable[[list[str], list[str]], list[str]]:
    """What runs a server as a start does: from more options for Java, and spvn's arguments.

    Without arguments it is what looks whether Java starts with these options.
    """

    def command(options: list[str], arguments: list[str]) -> list[str]:
        program = _program(installation, python, arguments)
        if not arguments:
            program = [*program[: program.index(MAIN)], "-version"]
        return [*_with_heap(java_home), *COLLECTOR, *options, *program]

    return command


def _properties(installation: Installation, python: Python) -> list[str]:
    values = {
        "spvn.program": installation.program,
        "spvn.home": installation.home,
        "spvn.state": installation.state,
        "spvn.cache": installation.cache,
        "spvn.python.executable": python.executable,
        "spvn.python.library": python.library,
        "spvn.python.version": python.version,
        "spvn.python.support": python.support,
    }
    return [f"-D{name}={value}" for name, value in values.items()]


def _locale_is_utf8() -> bool:
    """As Java will find it: one category that is not installed makes all of them ASCII."""
    import _locale as locale  # `locale` itself takes its time

    try:
        locale.setlocale(locale.LC_ALL, "")
    except locale.Error:  # type: ignore[attr-defined]
        return False
    return locale.nl_langinfo(locale.CODESET).upper().replace("-", "") == "UTF8"


def _try(command: list[str], environment: dict[str, str]) -> None:
    """Java's own words about a failure are not for users, so where it is likely it is tried."""
    import subprocess

    done = subprocess.run(
        [*command, "-version"],
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    if done.returncode != 0:
        words = done.stdout.decode(errors="replace").strip().splitlines() or ["no message"]
        raise Missing(f"Java does not start within ulimit -v {limits.address_space()}: {words[-1]}")


def fail(missing: Missing) -> NoReturn:
    print(f"spvn: {missing}", file=sys.stderr)
    sys.exit(ENVIRONMENT)
