"""Workers that are processes: what becomes of them, and of the requests meanwhile."""

from __future__ import annotations

import os
import re
import signal
import threading
from collections import Counter
from contextlib import suppress
from pathlib import Path

import pytest

from conftest import Serve
from harness.admin import ANY_PORT, Admin
from harness.server import Server
from harness.waiting import eventually
from harness.websocket import opened
from harness.wire import Connection, WireError, request

pytestmark = pytest.mark.own

TARGET = "supervised:app"
PROCESS = ("--isolation", "process", *ANY_PORT)
INFO = re.compile(r'spvn_worker_info\{kind="process",pid="(\d+)",worker="(\d+)"\}')


def pids(admin: Admin) -> dict[int, int]:
    """The process of each worker that serves, by its number."""
    metrics = admin.metrics()
    found = (INFO.fullmatch(key) for key in metrics)
    all_of_them = {int(each[2]): int(each[1]) for each in found if each}
    serving = 'spvn_worker_state{{state="serving",worker="{}"}}'
    return {n: pid for n, pid in all_of_them.items() if metrics[serving.format(n)] == 1}


def await_others(admin: Admin, before: dict[int, int], within: float = 15) -> dict[int, int]:
    """Waits until other processes serve in the place of all of those."""

    def others() -> dict[int, int]:
        now = pids(admin)
        replaced = now.keys() == before.keys() and not set(now.values()) & set(before.values())
        return now if replaced else {}

    return eventually(others, within=within, what=f"others in the place of {before}")


def await_other(admin: Admin, before: dict[int, int], worker: int, within: float = 15) -> int:
    """Waits until another process serves in the place of that worker's."""
    return eventually(
        lambda: (pids(admin).get(worker) or 0) not in (0, before[worker]) and pids(admin)[worker],
        within=within,
        what=f"another in the place of worker {worker}",
    )


def restarts(admin: Admin, reason: str) -> float:
    return admin.metric(f'spvn_worker_restarts_total{{reason="{reason}"}}')


def await_restarts(admin: Admin, reason: str, wanted: int) -> None:
    eventually(lambda: restarts(admin, reason) == wanted, within=15, what=f"{wanted} restarts")


def await_numbers(admin: Admin, wanted: list[int]) -> None:
    eventually(lambda: sorted(pids(admin)) == wanted, within=15, what=f"workers {wanted}")


def gone(pid: int) -> bool:
    return not Path(f"/proc/{pid}").exists()


class Clients:
    """Some that ask for one thing after the other, and what they got."""

    def __init__(self, server: Server, count: int) -> None:
        self._server = server
        self._over = threading.Event()
        self._threads = [threading.Thread(target=self._ask) for _ in range(count)]
        self.answers: Counter[str] = Counter()

    def _ask(self) -> None:
        while not self._over.is_set():
            with suppress(OSError, WireError), self._server.connect(timeout=30) as connection:
                self._ask_on(connection)

    def _ask_on(self, connection: Connection) -> None:
        while not self._over.is_set():
            try:
                response = connection.ask("/")
                answer = str(response.status)
            except (OSError, WireError) as failure:
                self.answers[type(failure).__name__] += 1
                raise
            self.answers[answer] += 1
            if response.status != 200:
                return

    @property
    def failed(self) -> dict[str, int]:
        return {answer: count for answer, count in self.answers.items() if answer != "200"}

    def await_more(self, count: int = 50) -> None:
        wanted = self.answers["200"] + count
        eventually(lambda: self.answers["200"] >= wanted, within=30, what="more answers")

    def __enter__(self) -> Clients:
        for thread in self._threads:
            thread.start()
        self.await_more()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join()


# ---- one ends by itself


@pytest.fixture
def two(serve: Serve) -> Server:
    return serve(TARGET, *PROCESS, "--workers", "2")


def test_a_killed_worker_is_followed_and_costs_only_its_own_requests(two: Server) -> None:
    admin = Admin.of(two)
    with Clients(two, 8) as clients:
        for _ in range(5):
            before = pids(admin)
            os.kill(before[0], signal.SIGKILL)
            await_other(admin, before, 0, within=5)
            clients.await_more()
    assert set(clients.failed) <= {"502"}, clients.failed
    assert sum(clients.failed.values()) <= 5 * 8
    await_restarts(admin, "crashed", 5)
    two.wait_line(r"worker 0 \(process \d+\) ended: signal 9 \(SIGKILL\), after \d+\.\d s;")


@pytest.mark.parametrize(
    ("path", "words", "reason"),
    [
        ("/segfault", r"signal 11 \(SIGSEGV\)", "crashed"),
        ("/exit", "exit code 3", "exited"),
        ("/garbage", "it sent what is not understood: [^;]+", "crashed"),
    ],
)
def test_a_worker_that_ends_is_told_of_and_followed(
    two: Server, path: str, words: str, reason: str
) -> None:
    admin = Admin.of(two)
    with two.connect(timeout=30) as connection:
        assert connection.ask(path).status == 502
    await_restarts(admin, reason, 1)
    eventually(lambda: len(pids(admin)) == 2, within=15, what="both workers")
    two.wait_line(rf"ERROR +worker \d \(process \d+\) ended: {words}, after \d+\.\d s; another")


def test_the_only_worker_ends_and_requests_wait_for_the_next(serve: Serve) -> None:
    server = serve(TARGET, *PROCESS, env={"START_SECONDS": "2"})
    admin = Admin.of(server)
    before = pids(admin)
    os.kill(before[0], signal.SIGKILL)
    eventually(lambda: admin.ready()[0] == 503, what="not ready")
    with server.connect(timeout=30) as connection:
        assert connection.ask("/").body == b"hello"
    assert admin.ready()[0] == 200
    assert pids(admin)[0] != before[0]


def test_a_worker_that_is_told_to_end_is_followed_without_a_failed_request(two: Server) -> None:
    admin = Admin.of(two)
    before = pids(admin)
    with Clients(two, 8) as clients:
        os.kill(before[1], signal.SIGTERM)
        await_other(admin, before, 1)
        clients.await_more()
    assert clients.failed == {}


def test_a_worker_that_stands_still_is_not_replaced(two: Server) -> None:
    """The other one serves meanwhile, and it goes on where it was."""
    admin = Admin.of(two)
    before = pids(admin)
    os.kill(before[0], signal.SIGSTOP)
    try:
        for _ in range(20):
            with two.connect(timeout=30) as connection:
                connection.send(request("/"))
    finally:
        os.kill(before[0], signal.SIGCONT)
    with two.connect() as connection:
        assert connection.ask("/").body == b"hello"
    assert pids(admin) == before


def test_workers_that_end_at_once_again_and_again_end_the_server(
    serve: Serve, tmp_path: Path
) -> None:
    broken = tmp_path / "broken"
    server = serve(TARGET, *PROCESS, env={"BROKEN_IF": str(broken)})
    broken.touch()
    os.kill(pids(Admin.of(server))[0], signal.SIGKILL)
    assert server.wait_exit(30) == 3
    last = re.findall(r"ERROR +no worker is left: (.*)", server.log)
    assert len(last) == 1, server.tail()
    assert "the app is broken" in last[0]
    assert "number 5 in a row" in last[0]
    assert "RuntimeError: the app is broken" in server.log


def test_a_worker_that_does_not_start_is_tried_again(serve: Serve, tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    server = serve(TARGET, *PROCESS, "--workers", "2", env={"BROKEN_IF": str(broken)})
    admin = Admin.of(server)
    before = pids(admin)
    broken.touch()
    os.kill(before[0], signal.SIGKILL)
    server.wait_line(
        r"worker 0 does not start: .*the app is broken.*; another starts in 0\.4 s", 30
    )
    broken.unlink()
    await_other(admin, before, 0)


# ---- recycling


def test_max_requests_replaces_workers_without_a_failed_request(serve: Serve) -> None:
    server = serve(
        TARGET, *PROCESS, "--workers", "2", "--max-requests", "200", "--max-requests-jitter", "20"
    )
    admin = Admin.of(server)
    before = pids(admin)
    with Clients(server, 8) as clients:
        await_others(admin, before, within=30)
        eventually(lambda: restarts(admin, "max_requests") >= 4, within=30, what="4 restarts")
    assert clients.failed == {}
    eventually(lambda: gone(before[0]) and gone(before[1]), what="the end of the old ones")


def test_auto_takes_processes_where_workers_are_to_be_replaced(serve: Serve) -> None:
    server = serve(TARGET, "--max-requests", "1000")
    assert ": 1 worker, process, " in server.start_line


def test_lifetime_replaces_workers(serve: Serve) -> None:
    server = serve(TARGET, *PROCESS, "--worker-lifetime", "1s")
    admin = Admin.of(server)
    await_others(admin, pids(admin))
    eventually(lambda: restarts(admin, "lifetime") >= 1, what="restarts")


@pytest.mark.parametrize("why", [("--max-requests", "2"), ("--worker-lifetime", "2s")])
def test_websockets_of_a_worker_that_is_replaced_are_closed_with_1012(
    serve: Serve, why: tuple[str, str]
) -> None:
    """One answers at once, one when the new worker has long been there: both in good time."""
    server = serve("conformance.main:app", *PROCESS, *why)
    admin = Admin.of(server)
    before = pids(admin)
    with opened(server, "/ws/echo") as polite, opened(server, "/ws/echo") as late:
        assert polite.read_end() == (1012, "")
        assert late.read_close() == (1012, "")
        await_others(admin, before)
        late.close(1012)
        assert late.connection.ended()
    with opened(server, "/ws/echo") as again:
        again.text("back")
        assert again.read() == "back"
    eventually(lambda: gone(before[0]), what="the end of the old one")


def test_memory_replaces_workers(serve: Serve) -> None:
    server = serve(TARGET, *PROCESS, "--worker-max-rss", "200M")
    admin = Admin.of(server)
    before = pids(admin)
    resident = 'spvn_worker_resident_bytes{worker="0"}'
    admin.await_metrics(lambda seen: seen.get(resident, 0) > 5_000_000, resident)
    for _ in range(4):
        with server.connect() as connection:
            assert connection.ask("/grow").json() == before[0]
    await_others(admin, before)
    await_restarts(admin, "rss", 1)
    admin.await_metrics(lambda seen: 0 < seen[resident] < 200 * 1024 * 1024, resident)


# ---- hanging

HANGS = ("--worker-hang-timeout", "1s")


def test_a_blocked_worker_is_killed_and_followed_where_that_is_asked_for(serve: Serve) -> None:
    server = serve(TARGET, *PROCESS, *HANGS, "--worker-hang-action", "restart")
    admin = Admin.of(server)
    before = pids(admin)
    with server.connect(timeout=30) as connection:
        assert connection.ask("/block").status == 502
    await_others(admin, before)
    await_restarts(admin, "hung", 1)
    server.wait_line(r"worker 0 has been blocked for \d+\.\d s.*\n(.*\n)*?.*time\.sleep\(60\)")
    server.wait_line(r"WARN +worker 0 \(process \d+\) is blocked and is killed")
    assert gone(before[0])


# ---- signals


def test_hangup_replaces_all_without_a_failed_request(serve: Serve) -> None:
    server = serve(TARGET, *PROCESS, "--workers", "2", env={"START_SECONDS": "1"})
    admin = Admin.of(server)
    with Clients(server, 8) as clients:
        for roll in range(1, 3):
            before = pids(admin)
            server.signal(signal.SIGHUP)
            await_others(admin, before, within=30)
            await_restarts(admin, "hangup", 2 * roll)
    assert clients.failed == {}
    assert server.log.count("SIGHUP: replacing all workers, one after the other") == 2


def test_hangup_of_a_broken_app_leaves_the_old_workers(serve: Serve, tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    server = serve(TARGET, *PROCESS, "--workers", "2", env={"BROKEN_IF": str(broken)})
    admin = Admin.of(server)
    before = pids(admin)
    broken.touch()
    server.signal(signal.SIGHUP)
    server.wait_line(r"worker 0 \(process \d+\) goes on, the one to follow it does not start: ")
    server.wait_log("RuntimeError: the app is broken")
    server.wait_log("the other workers are not replaced")
    assert pids(admin) == before
    broken.unlink()
    server.signal(signal.SIGHUP)
    await_others(admin, before)


def test_one_more_and_one_less(two: Server) -> None:
    admin = Admin.of(two)
    two.signal(signal.SIGTTIN)
    await_numbers(admin, [0, 1, 2])
    for left in ([0, 1], [0]):
        two.signal(signal.SIGTTOU)
        await_numbers(admin, left)
    two.signal(signal.SIGTTOU)
    two.wait_log("no worker leaves: no worker serves but worker 0")
    assert 'worker="1"' not in " ".join(admin.metrics())
    with two.connect() as connection:
        assert connection.ask("/").body == b"hello"


# ---- the end


def test_a_stop_during_a_roll_waits_for_no_start(serve: Serve, tmp_path: Path) -> None:
    slow = tmp_path / "slow"
    server = serve(TARGET, *PROCESS, "--workers", "2", env={"SLOW_IF": str(slow)})
    before = pids(Admin.of(server))
    slow.touch()
    server.signal(signal.SIGHUP)
    server.wait_line(r"worker 0 \(process \d+\) is replaced: ")
    assert server.stop(within=10) == 0
    assert all(gone(pid) for pid in before.values())
