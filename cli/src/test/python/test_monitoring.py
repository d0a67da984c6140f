"""What asks for metrics finds them: dashboard, alert rules, documentation, Prometheus."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import prometheus_drill
from harness.admin import ANY_PORT, Admin
from harness.command import ROOT, Command
from harness.kinds import kinds_tried
from harness.promtool import PROMTOOL, WHY_NOT, Known, promtool
from harness.server import Server
from harness.status import Node, hanging
from harness.wire import request
from prometheus_drill import PROMETHEUS

pytestmark = pytest.mark.own

DOCKER = ROOT / "docker"


@pytest.fixture(scope="module", params=kinds_tried("main", "process"))
def node(command: Command, request: pytest.FixtureRequest) -> Iterator[Node]:
    with hanging(command, request.param) as node:
        yield node


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
    text = (ROOT / "docs" / "operations.md").read_text()
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
