"""What the process that becomes the server has: its streams, its limits and its memory."""

from __future__ import annotations

import _signal as signal  # type: ignore[import-not-found] # `signal` itself takes its time
import os
import resource
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_FILES = 1_048_576
MEMORY_AT_MOST = 1 << 30
# What a server and another one beside it take.
MEMORY_OF_TWO = 2_000_000_000
PROCESSORS_OF_TWO = 2
# What a control group has set for each version of them.
LIMITS_OF_V2 = ("memory.max", "memory.high")
LIMITS_OF_V1 = ("memory.limit_in_bytes",)


def open_streams() -> None:
    """Give those standard streams a file that the caller has closed.

    Their number would go to the next file or socket that is opened, and the log with it.
    """
    for stream in (0, 1, 2):
        try:
            os.fstat(stream)
        except OSError:
            opened = os.open(os.devnull, os.O_RDWR)
            if opened == stream:
                os.set_inheritable(opened, True)
            else:
                os.dup2(opened, stream)
                os.close(opened)


def restore_signals() -> None:
    """Take back what Python ignores, or the server and the app's programs would.

    The same of the signals that stop a server: a shell has what it runs in the background ignore
    SIGINT, and Java then takes no handler for it. SIGHUP stays ignored, as `nohup` wants it.
    """
    for name in ("SIGPIPE", "SIGXFSZ", "SIGINT", "SIGTERM"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_DFL)


def raise_file_limit() -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = MAX_FILES if hard == resource.RLIM_INFINITY else min(hard, MAX_FILES)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
    except (OSError, ValueError):
        return  # it stays as it is


def address_space() -> int | None:
    """How many kilobytes `ulimit -v` leaves, None for as many as wanted."""
    soft, _ = resource.getrlimit(resource.RLIMIT_AS)
    return None if soft == resource.RLIM_INFINITY else soft // 1024


def memory(root: str = "/") -> int:
    """Bytes of memory there are, by the machine and by the control groups; at most 1 GB."""
    return min([MEMORY_AT_MOST, *_machine(root), *_control_groups(root)])


def _machine(root: str) -> Iterator[int]:
    for line in _lines(root + "/proc/meminfo"):
        if line.startswith("MemTotal:"):
            yield int(line.split()[1]) * 1024
            return


def has_room(root: str = "/") -> bool:
    """Whether there is enough for a second server beside this one for a while."""
    enough = all(each >= MEMORY_OF_TWO for each in (*_machine(root), *_control_groups(root)))
    return enough and all(each >= PROCESSORS_OF_TWO for each in _processors(root))


def _control_groups(root: str) -> Iterator[int]:
    """What each group sets that this process is in, and each that such a group is in."""
    for folder, unified in _folders(root, "memory"):
        for name in LIMITS_OF_V2 if unified else LIMITS_OF_V1:
            for line in _lines(f"{folder}/{name}"):
                if line.strip().isdigit():
                    yield int(line)


def _processors(root: str) -> Iterator[float]:
    """How many each group may keep busy that has a quota."""
    for folder, unified in _folders(root, "cpu"):
        if unified:
            told = " ".join(_lines(f"{folder}/cpu.max")).split()
        else:
            names = ("cpu.cfs_quota_us", "cpu.cfs_period_us")
            told = [line.strip() for name in names for line in _lines(f"{folder}/{name}")]
        if len(told) == 2 and all(each.isdigit() and int(each) for each in told):
            yield int(told[0]) / int(told[1])


def _folders(root: str, controller: str) -> Iterator[tuple[str, bool]]:
    """Of the groups around this process, and whether they are of the second version."""
    groups = [
        line.split(":", 2) for line in _lines(root + "/proc/self/cgroup") if line.count(":") > 1
    ]
    mounts = list(_mounts(root))
    for _, controllers, path in groups:
        unified = controllers == ""
        if not unified and controller not in controllers.split(","):
            continue
        for kind, options, shown, mounted in mounts:
            fits = kind == "cgroup2" if unified else kind == "cgroup" and controller in options
            if fits:
                for folder in _upwards(root + mounted, _below(path, shown)):
                    yield folder, unified


def _mounts(root: str) -> Iterator[tuple[str, list[str], str, str]]:
    """Kind, options, which group is shown, and where."""
    for line in _lines(root + "/proc/self/mountinfo"):
        mount, _, system = line.partition(" - ")
        words, (kind, *rest) = mount.split(" "), system.split(" ")
        if kind in ("cgroup", "cgroup2") and len(words) > 4:
            yield kind, rest[-1].split(","), words[3], words[4]


def _below(path: str, shown: str) -> str:
    """Where a group is below what is shown; what is in no sight stands for what is shown itself."""
    if shown == "/":
        return path
    inside = path == shown or path.startswith(shown + "/")
    return path[len(shown) :] if inside else "/"


def _upwards(mounted: str, path: str) -> Iterator[str]:
    parts = [part for part in path.split("/") if part and part != ".."]
    for depth in range(len(parts), -1, -1):
        yield "/".join([mounted, *parts[:depth]])


def _lines(name: str) -> list[str]:
    try:
        with open(name, encoding=sys.getfilesystemencoding(), errors="surrogateescape") as file:
            return file.read().splitlines()
    except OSError:
        return []
