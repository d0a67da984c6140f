"""What a launcher finds of the memory and the limits that there are."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from spvn import limits

SRC = Path(limits.__file__).parents[1]
MIB = 1 << 20
UNIFIED = "30 23 0:26 {shown} /sys/fs/cgroup rw,nosuid shared:9 - cgroup2 cgroup2 rw,nsdelegate\n"
OLD = "33 29 0:30 {shown} /sys/fs/cgroup/memory rw shared:15 - cgroup cgroup rw,memory\n"


class Machine:
    """What Linux tells under `/proc` and `/sys`."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.put("proc/meminfo", "MemFree: 1 kB\nMemTotal:       8000000 kB\n")

    def put(self, name: str, text: str) -> None:
        file = self.root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)

    def groups(self, own: str, mounted: str, shown: str = "/") -> None:
        self.put("proc/self/cgroup", own)
        self.put(
            "proc/self/mountinfo",
            "22 1 8:1 / / rw - ext4 /dev/sda rw\n" + mounted.format(shown=shown),
        )

    @property
    def memory(self) -> int:
        return limits.memory(str(self.root))


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_memory_is_at_most_a_gigabyte(machine: Machine) -> None:
    assert machine.memory == 1 << 30


def test_memory_of_a_small_machine(machine: Machine) -> None:
    machine.put("proc/meminfo", "MemTotal: 500000 kB\n")
    assert machine.memory == 500_000 * 1024


def test_nothing_is_known_of_a_machine(tmp_path: Path) -> None:
    assert limits.memory(str(tmp_path)) == 1 << 30


@pytest.mark.parametrize("limited", ["memory.max", "memory.high"])
def test_limit_of_the_own_group(machine: Machine, limited: str) -> None:
    machine.groups("0::/a/b\n", UNIFIED)
    machine.put(f"sys/fs/cgroup/a/b/{limited}", f"{300 * MIB}\n")
    assert machine.memory == 300 * MIB


def test_limit_of_a_group_around_it(machine: Machine) -> None:
    machine.groups("0::/a/b/c\n", UNIFIED)
    machine.put("sys/fs/cgroup/a/b/c/memory.max", "max\n")
    machine.put("sys/fs/cgroup/a/b/memory.max", f"{400 * MIB}\n")
    machine.put("sys/fs/cgroup/a/memory.max", f"{350 * MIB}\n")
    machine.put("sys/fs/cgroup/other/memory.max", f"{100 * MIB}\n")
    assert machine.memory == 350 * MIB


def test_limit_of_a_container_with_groups_of_its_own(machine: Machine) -> None:
    machine.groups("0::/\n", UNIFIED)
    machine.put("sys/fs/cgroup/memory.max", f"{512 * MIB}\n")
    assert machine.memory == 512 * MIB


@pytest.mark.parametrize("own", ["/docker/1234", "/docker/1234/child", "/elsewhere"])
def test_limit_where_only_the_groups_of_a_container_are_shown(machine: Machine, own: str) -> None:
    machine.groups(f"0::{own}\n", UNIFIED, shown="/docker/1234")
    machine.put("sys/fs/cgroup/memory.max", f"{256 * MIB}\n")
    assert machine.memory == 256 * MIB


def test_limit_of_the_older_version(machine: Machine) -> None:
    machine.groups("9:cpu:/x\n4:memory,hugetlb:/a/b\n0::/y\n", OLD)
    unlimited = "9223372036854771712\n"
    machine.put("sys/fs/cgroup/memory/memory.limit_in_bytes", unlimited)
    machine.put("sys/fs/cgroup/memory/a/memory.limit_in_bytes", f"{200 * MIB}\n")
    machine.put("sys/fs/cgroup/memory/a/b/memory.limit_in_bytes", unlimited)
    assert machine.memory == 200 * MIB


@pytest.mark.parametrize(("limit", "room"), [(1 << 30, False), (2 << 30, True)])
def test_room_is_by_the_real_limit_of_memory(machine: Machine, limit: int, room: bool) -> None:
    machine.groups("0::/a\n", UNIFIED)
    machine.put("sys/fs/cgroup/a/memory.max", f"{limit}\n")
    assert limits.has_room(str(machine.root)) == room


@pytest.mark.parametrize(
    ("quota", "room"), [("max", True), ("150000", False), ("200000", True)], ids=str
)
def test_room_is_by_the_quota_of_processors(machine: Machine, quota: str, room: bool) -> None:
    machine.groups("0::/a\n", UNIFIED)
    machine.put("sys/fs/cgroup/a/cpu.max", f"{quota} 100000\n")
    assert limits.has_room(str(machine.root)) == room


@pytest.mark.parametrize(("quota", "room"), [("-1", True), ("50000", False), ("200000", True)])
def test_room_is_by_the_older_quota(machine: Machine, quota: str, room: bool) -> None:
    machine.groups("3:cpu,cpuacct:/a\n", OLD.replace("memory", "cpu"))
    machine.put("sys/fs/cgroup/cpu/a/cpu.cfs_quota_us", f"{quota}\n")
    machine.put("sys/fs/cgroup/cpu/a/cpu.cfs_period_us", "100000\n")
    assert limits.has_room(str(machine.root)) == room


def run(code: str, shell: str = 'exec "$@"') -> subprocess.CompletedProcess[str]:
    """Runs a few lines in a process of its own, as a shell starts it."""
    lines = f"import sys; sys.path.insert(0, {str(SRC)!r}); from spvn import limits; {code}"
    return subprocess.run(
        ["sh", "-c", shell, "sh", sys.executable, "-I", "-S", "-B", "-c", lines],
        capture_output=True,
        text=True,
        timeout=60,
    )


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_closed_stream_gets_a_file_that_survives(closed: str) -> None:
    told = "limits.open_streams(); import os; os.execvp('sh', ['sh', '-c', sys.argv[-1]])"
    check = "for n in 0 1 2; do readlink /proc/self/fd/$n || exit 1; done >/dev/null"
    done = run(told.replace("sys.argv[-1]", repr(check)), f'exec "$@" {closed}')
    assert done.returncode == 0


def test_open_streams_stay_what_they_are() -> None:
    assert run("limits.open_streams(); print('here')").stdout == "here\n"


def test_file_limit_is_raised_as_far_as_it_may_be() -> None:
    told = "limits.raise_file_limit(); import resource; print(*resource.getrlimit(7))"
    soft, hard = map(int, run(told, 'ulimit -Sn 100; exec "$@"').stdout.split())
    assert hard == resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    assert soft == min(hard, limits.MAX_FILES)


@pytest.mark.skipif(not os.path.exists("/proc/self/status"), reason="there is no /proc")
def test_nothing_that_python_ignores_is_left_ignored() -> None:
    told = "limits.restore_signals(); print(open('/proc/self/status').read())"
    (line,) = (each for each in run(told).stdout.splitlines() if each.startswith("SigIgn"))
    of_python = 1 << signal.SIGPIPE - 1 | 1 << signal.SIGXFSZ - 1
    assert int(line.split()[1], 16) & of_python == 0


@pytest.mark.parametrize("kept", [signal.SIGHUP, signal.SIGUSR1])
@pytest.mark.parametrize("stopping", [signal.SIGINT, signal.SIGTERM])
def test_what_stops_a_server_is_not_left_ignored(
    stopping: signal.Signals, kept: signal.Signals
) -> None:
    told = (
        f"import signal; signal.signal({stopping:d}, signal.SIG_IGN);"
        f" signal.signal({kept:d}, signal.SIG_IGN); limits.restore_signals();"
        f" print(signal.getsignal({stopping:d}) == signal.SIG_DFL,"
        f" signal.getsignal({kept:d}) == signal.SIG_IGN)"
    )
    assert run(told).stdout.split() == ["True", "True"]
