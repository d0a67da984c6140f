"""The status for people: the page, its JSON, `spvn status`, the dashboard and the alert rules."""

from __future__ import annotations

import json
import os
import pty
import re
import select
import stat
import subprocess
import sys
import termios
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import prometheus_drill
from blocked_loop_drill import LINE, drill
from conftest import Serve
from harness.admin import ANY_PORT, Admin
from harness.command import ROOT, Command
from harness.kinds import kinds_tried
from harness.promtool import PROMTOOL, WHY_NOT, Known, promtool
from harness.server import Server
from harness.waiting import eventually
from harness.wire import Connection, request
from prometheus_drill import PROMETHEUS

pytestmark = pytest.mark.own

DOCKER = ROOT / "docker"
TOP = {
    "state",
    "ready",
    "ready_reason",
    "app",
    "spvn_version",
    "java_version",
    "python_version",
    "pid",
    "started_at",
    "uptime_seconds",
    "addresses",
    "admin_address",
    "settings",
    "requests",
    "latency",
    "queue",
    "connections_open",
    "websockets_open",
    "memory",
    "refusals_total",
    "restarts_total",
    "workers",
    "oldest_requests",
    "series",
}
INNER = {
    "requests": {"per_second", "total", "in_flight", "server_errors_total", "by_class_total"},
    "latency": {"window_seconds", "count", "p50_seconds", "p90_seconds", "p99_seconds"},
    "queue": {"depth", "bound"},
    "memory": {"resident_bytes", "heap_used_bytes", "heap_max_bytes", "held_bytes"},
    "series": {
        "step_seconds",
        "requests_per_second",
        "server_errors",
        "p50_seconds",
        "p90_seconds",
        "p99_seconds",
        "queue_depth",
        "in_flight",
        "loop_lag_seconds",
        "refusals",
    },
}
WORKER = {
    "worker",
    "kind",
    "pid",
    "state",
    "in_flight",
    "requests_taken",
    "loop_lag_seconds",
    "busy_ratio",
    "restarts",
    "resident_bytes",
    "blocked",
    "blocked_seconds",
    "blocked_by",
    "stack",
}
REQUEST = {"method", "path", "age_seconds", "worker", "worker_blocked", "blocks_worker"}


class Node:
    """A server that several tests use, and its admin address."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.admin = Admin.of(server)

    @property
    def url(self) -> str:
        return self.admin.url

    def status(self) -> dict[str, Any]:
        response = self.admin.ask("/status", timeout=1.0)
        assert response.status == 200
        assert response.one("content-type") == b"application/json; charset=utf-8"
        found = json.loads(response.body)
        assert isinstance(found, dict)
        return found


@pytest.fixture(scope="module", params=kinds_tried("main", "process"))
def node(command: Command, request: pytest.FixtureRequest) -> Iterator[Node]:
    options = ("--worker-hang-timeout", "500ms", "--isolation", request.param)
    with Server(command, "hangs:app", *ANY_PORT, *options) as server:
        yield Node(server)


def spvn(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(ROOT / "spvn"), *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        env=Command().environment({}),
        check=False,
    )


# ---------------------------------------------------------------- /status


def test_names_of_the_json_are_fixed(node: Node) -> None:
    with node.server.connect() as connection:
        connection.send(request("/sleep?seconds=0.4"))
        found = eventually(
            lambda: (seen := node.status())["oldest_requests"] and seen, within=5, what="a request"
        )
        assert connection.read_response().status == 200
    assert set(found) == TOP
    for name, names in INNER.items():
        assert set(found[name]) == names, name
    [worker] = found["workers"]
    assert set(worker) == WORKER
    assert set(found["oldest_requests"][0]) == REQUEST
    assert set(found["requests"]["by_class_total"]) == {f"{each}xx" for each in range(1, 6)}
    assert found["settings"]
    assert all(set(each) == {"option", "value"} for each in found["settings"])


def test_server_says_what_it_is(node: Node) -> None:
    found = node.status()
    assert (found["state"], found["ready"], found["ready_reason"]) == ("serving", True, "ok")
    assert found["app"] == "hangs:app"
    assert found["python_version"] == ".".join(map(str, sys.version_info[:3]))
    assert found["addresses"] == [node.server.url]
    assert found["admin_address"] == node.url
    assert found["pid"] == node.server.process.pid
    assert {"option": "--worker-hang-timeout", "value": "500ms"} in found["settings"]
    [worker] = found["workers"]
    apart = worker["kind"] == "process"
    assert (worker["pid"] != found["pid"]) is apart
    assert (worker["resident_bytes"] is not None) is apart


def test_requests_are_counted(node: Node) -> None:
    before = node.status()
    with node.server.connect() as connection:
        for _ in range(7):
            assert connection.ask("/threads").status == 200
    eventually(
        lambda: node.status()["requests"]["total"] == before["requests"]["total"] + 7,
        within=5,
        what="seven more requests",
    )
    found = node.status()
    taken = [each["workers"][0]["requests_taken"] for each in (before, found)]
    assert taken[1] - taken[0] == 7
    assert found["latency"]["count"] >= 7
    assert 0 < found["latency"]["p50_seconds"] <= found["latency"]["p99_seconds"] < 5
    assert found["requests"]["per_second"] > 0


def test_path_is_shown_without_its_query_and_cut(node: Node) -> None:
    with node.server.connect() as connection:
        mark = node.server.mark()
        connection.send(request("/sleep?seconds=1"))
        wait_report(node, mark, "/sleep begins")
        with node.server.connect() as second:
            second.send(request("/threads/" + "a" * 500 + "%1b<b>?token=secret"))

            def waits() -> Any:
                return [each for each in node.status()["oldest_requests"] if "aaa" in each["path"]]

            [found] = eventually(waits, within=5, what="the waiting request")
            assert second.read_response().status == 200
        assert connection.read_response().status == 200
    assert found["path"] == "/threads/" + "a" * 191 + "..."


def test_history_grows_a_step_at_a_time(node: Node) -> None:
    def steps() -> int:
        series = node.status()["series"]
        lengths = {len(each) for each in series.values() if isinstance(each, list)}
        assert len(lengths) == 1, series
        return lengths.pop()

    eventually(lambda: steps() >= 1, within=7, what="the first step")


# ---------------------------------------------------------------- the page


def test_page_is_one_answer_with_a_strict_policy(node: Node) -> None:
    page = node.admin.ask("/")
    assert page.status == 200
    assert page.one("content-type") == b"text/html; charset=utf-8"
    assert page.one("x-content-type-options") == b"nosniff"
    policy = (page.one("content-security-policy") or b"").decode()
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy
    text = page.body.decode()
    assert "<noscript><pre>spvn " in text
    data = re.search(r'id="data">(.*?)</script>', text, re.S)
    assert data
    assert set(json.loads(data[1])) == TOP
    head = node.admin.ask("/", method="HEAD")
    assert (head.status, head.body) == (200, b"")


# ---------------------------------------------------------------- a blocked loop


@pytest.mark.parametrize("kind", kinds_tried("main", "process"))
def test_blocked_loop_is_named_while_everything_answers(command: Command, kind: str) -> None:
    found = drill(command, 4.0, "--isolation", kind)
    assert found.complaints == []
    assert found.slower_than(1.0) == []


def wait_report(node: Node, mark: tuple[int, int], text: str) -> None:
    def said() -> bool:
        return text in node.server.log_since(mark)

    eventually(said, within=5, what=f"{text!r} in the log")


@pytest.mark.skipif(sys.version_info < (3, 12), reason="a task tells its context since 3.12")
def test_task_of_the_app_that_blocks_is_named_by_its_request(node: Node) -> None:
    mark = node.server.mark()
    with node.server.connect() as waits, node.server.connect() as blocks:
        waits.send(request("/wait?seconds=2"))
        blocks.send(request("/task?seconds=1.2"))
        wait_report(node, mark, " s by GET /task (")
        assert blocks.read_response().body == b"done"
        assert waits.read_response().body == b"done"


def test_callback_that_blocks_is_told_with_what_is_in_hand(node: Node) -> None:
    mark = node.server.mark()
    with node.server.connect() as waits, node.server.connect() as other:
        waits.send(request("/wait?seconds=2"))
        assert other.ask("/later?seconds=1.2").body == b"done"
        wait_report(node, mark, ", with GET /wait (")
        assert waits.read_response().body == b"done"


def test_request_id_is_told(node: Node) -> None:
    mark = node.server.mark()
    with node.server.connect() as connection:
        connection.send(request("/sleep?seconds=1.2", "X-Request-ID: abc-123"))
        wait_report(node, mark, " s by GET /sleep (request id abc-123, ")
        assert connection.read_response().body == b"done"


def test_blocked_loop_is_reported_without_any_option(serve: Serve) -> None:
    node = Node(serve("hangs:app", *ANY_PORT))
    with node.server.connect(timeout=30) as connection:
        connection.send(request("/sleep?seconds=7"))
        node.server.wait_log(" s by GET /sleep (", within=9)
        [worker] = node.status()["workers"]
        assert LINE in worker["stack"]
        assert node.admin.ready() == (503, "every worker is hung")
        assert connection.read_response().body == b"done"
    assert node.status()["workers"][0]["blocked"] is False


# ---------------------------------------------------------------- spvn status


def test_terminal_shows_the_same(node: Node) -> None:
    done = spvn("status", node.url)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("spvn ")
    assert "hangs:app  serving\n" in done.stdout
    assert re.search(r"^0 +(main|process|subinterpreter) +\d+ +serving", done.stdout, re.M)
    assert "--worker-hang-timeout  500ms\n" in done.stdout


def test_json_is_what_the_server_says(node: Node) -> None:
    done = spvn("status", node.url, "--json")
    assert done.returncode == 0
    assert set(json.loads(done.stdout)) == TOP


def test_nobody_there_is_one_line(command: Command) -> None:
    done = spvn("status", "127.0.0.1:1")
    assert done.returncode == 4
    assert done.stderr == (
        "spvn: nothing answers at http://127.0.0.1:1: connection refused;"
        " give the server's --admin-bind\n"
    )


def test_watch_redraws_in_place_until_q(node: Node) -> None:
    main, side = pty.openpty()
    before = termios.tcgetattr(side)
    with subprocess.Popen(
        [str(ROOT / "spvn"), "status", node.url, "--watch"],
        stdin=side,
        stdout=side,
        stderr=side,
        env=Command().environment({"TERM": "xterm"}),
        start_new_session=True,
    ) as watching:
        try:
            shown = read_until(main, lambda text: text.count("\x1b[H") >= 3)
            os.write(main, b"q")
            assert watching.wait(20) == 0
        finally:
            watching.kill()
    shown += read_rest(main)
    assert shown.index("\x1b[?1049h") < shown.index("hangs:app")
    assert shown.endswith("\x1b[?25h\x1b[?1049l")
    assert termios.tcgetattr(side) == before
    os.close(main)
    os.close(side)


def read_until(terminal: int, enough: Any) -> str:
    text, deadline = "", time.monotonic() + 30
    while not enough(text):
        assert time.monotonic() < deadline, text
        if select.select([terminal], [], [], 1)[0]:
            text += os.read(terminal, 65_536).decode()
    return text


def read_rest(terminal: int) -> str:
    text = ""
    while select.select([terminal], [], [], 0.2)[0]:
        text += os.read(terminal, 65_536).decode()
    return text


def test_watch_without_a_terminal_shows_one_after_the_other(node: Node) -> None:
    with subprocess.Popen(
        [str(ROOT / "spvn"), "status", node.url, "--watch"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        env=Command().environment({}),
        text=True,
    ) as watching:
        assert watching.stdout is not None
        heads = 0
        for line in watching.stdout:
            assert "\x1b" not in line
            heads += "hangs:app  serving" in line
            if heads == 2:
                break
        watching.terminate()
        assert watching.wait(20) == 143


# ---------------------------------------------------------------- a Unix socket


def test_admin_address_can_be_a_unix_socket(serve: Serve, tmp_path: Path) -> None:
    path = tmp_path / "admin"
    server = serve("hangs:app", "--admin-bind", f"unix:{path}")
    assert f"status, metrics and health on unix:{path}\n" in server.log
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with Connection(str(path)) as connection:
        assert connection.ask("/health/live").body == b"ok\n"
    shown = spvn("status", f"unix:{path}")
    assert (shown.returncode, "hangs:app  serving\n" in shown.stdout) == (0, True)
    assert server.stop() == 0
    assert not path.exists()


# ---------------------------------------------------------------- dashboard and rules


@pytest.fixture(scope="module")
def known(command: Command) -> Iterator[Known]:
    """All that there is to be measured: with TLS, worker processes, WebSockets."""
    options = ("--ssl-self-signed", "--isolation", "process")
    with Server(command, "sockets:app", *ANY_PORT, *options) as server:
        with server.connect() as connection:
            connection.ask("/told")
        with server.connect() as connection:
            key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="
            upgrade = ("Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13")
            connection.send(request("/echo", *upgrade, key))
            connection.read_head()
        collect_garbage(server)
        admin = Admin.of(server)
        admin.await_metrics(
            lambda seen: all(
                any(each.startswith(late) for each in seen)
                for late in ("spvn_websocket_closes", "jvm_gc_pause")
            ),
            "a close and a collection",
        )
        yield Known(admin.metrics())


def collect_garbage(server: Server) -> None:
    """Once, for its metrics are there from then on."""
    java = Path(f"/proc/{server.process.pid}/exe").resolve()
    subprocess.run([java.with_name("jcmd"), str(server.process.pid), "GC.run"], check=True)


def expressions(tree: Any) -> Iterator[str]:
    """Those of all panels and variables."""
    if isinstance(tree, dict):
        if isinstance(tree.get("expr"), str):
            yield tree["expr"]
        if isinstance(tree.get("query"), dict):
            yield tree["query"]["query"]
        for each in tree.values():
            yield from expressions(each)
    elif isinstance(tree, list):
        for each in tree:
            yield from expressions(each)


def test_dashboard_asks_for_what_there_is(known: Known) -> None:
    asked = list(expressions(json.loads((DOCKER / "grafana" / "spvn.json").read_text())))
    assert len(asked) > 30
    assert [wrong for each in asked for wrong in known.complaints(each)] == []


def test_alert_rules_ask_for_what_there_is(known: Known) -> None:
    text = (DOCKER / "prometheus" / "spvn.rules.yml").read_text()
    asked = re.findall(r"expr: (?:\|\n)?(.+?)\n +(?:for|labels):", text, re.S)
    assert len(asked) == text.count("- alert:")
    assert [wrong for each in asked for wrong in known.complaints(each)] == []


def test_readme_names_the_metrics_there_are(known: Known) -> None:
    text = (ROOT / "README.md").read_text()
    table = re.search(r"^\| metric \| type .*?\n\n", text, re.M | re.S)
    assert table
    named = re.findall(r"`(spvn_\w+)(?:\{([\w,]+)\})?`", table[0])
    assert len(named) > 15
    histograms = {"spvn_request_duration_seconds", "spvn_queue_wait_seconds"}
    for name, labels in named:
        real = f"{name}_bucket" if name in histograms else name
        by = f" by ({labels})" if labels else ""
        assert known.complaints(f"sum{by} ({real})") == []


@pytest.mark.skipif(PROMETHEUS is None, reason="prometheus is not installed")
def test_prometheus_counts_what_the_load_generator_counts(command: Command) -> None:
    assert prometheus_drill.drill(command, rate=200, seconds=3) == []


@pytest.mark.parametrize("name", ["spvn_nothing", 'spvn_worker_state{state="asleep"}'])
def test_what_there_is_not_is_noticed(known: Known, name: str) -> None:
    assert len(known.complaints(f"sum by (instance) ({name})")) == 1


@pytest.mark.skipif(PROMTOOL is None, reason=WHY_NOT)
class TestPromtool:
    def test_rules_are_clean(self) -> None:
        code, said = promtool("check", "rules", DOCKER / "prometheus" / "spvn.rules.yml")
        assert (code, "SUCCESS" in said) == (0, True), said

    def test_example_of_a_configuration_is_clean(self) -> None:
        code, said = promtool("check", "config", DOCKER / "prometheus" / "prometheus.yml")
        assert (code, "SUCCESS" in said) == (0, True), said

    def test_metrics_are_clean(self, node: Node) -> None:
        text = node.admin.ask("/metrics").body.decode()
        assert promtool("check", "metrics", text=text) == (0, "")
