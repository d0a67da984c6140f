"""A real Prometheus scrapes a node while that is under load, and is asked what it has seen.

    python prometheus_drill.py --rate 500 --seconds 30

Needs `prometheus` on PATH (Debian: apt-get install prometheus). Two nodes are scraped every second:
one under an attack of `spvn loadtest`, and one with TLS and WebSockets. Afterwards every metric
that the documentation names has to be there, the responses that Prometheus knows of have to be
those that the attack has counted, to the request, and each alert rule must be evaluated without an
error. Ends with 1 when something is not so.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import subprocess
import sys
import tempfile
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from harness.admin import ANY_PORT, Admin
from harness.attacks import Attack
from harness.command import OWN_GROUP, ROOT, Command, dying_with_us, free_port
from harness.server import Server
from harness.waiting import eventually
from harness.wire import request

PROMETHEUS = shutil.which("prometheus")
RULES = ROOT / "docker" / "prometheus" / "spvn.rules.yml"
HISTOGRAMS = ("spvn_request_duration_seconds", "spvn_queue_wait_seconds")
CONFIG = """
global: {{scrape_interval: 1s, scrape_timeout: 1s, evaluation_interval: 1s}}
rule_files: [{rules}]
scrape_configs:
  - job_name: spvn
    static_configs:
      - targets: [{targets}]
"""


class Prometheus:
    """A process of it, with a folder of its own."""

    def __init__(self, targets: list[str]) -> None:
        assert PROMETHEUS is not None
        self._folder = tempfile.TemporaryDirectory(prefix="prometheus-")
        folder = Path(self._folder.name)
        config = folder / "prometheus.yml"
        config.write_text(CONFIG.format(rules=RULES, targets=", ".join(map(json.dumps, targets))))
        self._port = free_port()
        self._log = (folder / "log").open("w+")
        self._process = subprocess.Popen(
            [
                *dying_with_us(),
                PROMETHEUS,
                f"--config.file={config}",
                f"--storage.tsdb.path={folder / 'data'}",
                f"--web.listen-address=127.0.0.1:{self._port}",
            ],
            stdout=self._log,
            stderr=self._log,
            **OWN_GROUP,
        )

    def __enter__(self) -> Prometheus:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()
        self._log.close()
        self._folder.cleanup()

    def ask(self, path: str, **arguments: str) -> Any:
        query = urllib.parse.urlencode(arguments)
        url = f"http://127.0.0.1:{self._port}/api/v1/{path}?{query}"
        with urllib.request.urlopen(url, timeout=10) as response:
            return json.load(response)["data"]

    def value(self, expression: str) -> float | None:
        """The one value of an expression; None while there is none."""
        try:
            result = self.ask("query", query=expression)["result"]
        except OSError:
            return None  # it starts
        return float(result[0]["value"][1]) if result else None

    def await_value(self, expression: str, wanted: float, within: float = 60.0) -> None:
        seen: list[float | None] = [None]

        def come() -> bool:
            seen[0] = self.value(expression)
            return seen[0] == wanted

        try:
            eventually(come, within=within, what=expression)
        except AssertionError as late:
            raise AssertionError(f"{late}: {seen[0]} and not {wanted}") from None


def documented() -> list[str]:
    """The names of the metrics in the documentation, as they are stored."""
    table = re.search(
        r"^\| metric \| type .*?\n\n", (ROOT / "docs" / "operations.md").read_text(), re.M | re.S
    )
    assert table
    names = re.findall(r"`(spvn_\w+)", table[0])
    return [f"{each}_bucket" if each in HISTOGRAMS else each for each in names]


def target(server: Server) -> str:
    return Admin.of(server).url.removeprefix("http://")


@contextmanager
def nodes(command: Command) -> Iterator[tuple[Server, Server]]:
    """One for the load, and one with what the load does not touch."""
    with (
        Server(command, "hangs:app", *ANY_PORT, plain=True) as loaded,
        Server(
            command, "sockets:app", *ANY_PORT, "--ssl-self-signed", "--isolation", "process"
        ) as other,
    ):
        with other.connect() as connection:
            key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="
            upgrade = ("Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13")
            connection.send(request("/echo", *upgrade, key))
            connection.read_head()
        yield loaded, other


def drill(command: Command, rate: int, seconds: int) -> list[str]:
    """What is not as it must be; prints what is seen."""
    with (
        nodes(command) as (loaded, other),
        Prometheus([target(loaded), target(other)]) as prometheus,
    ):
        prometheus.await_value('sum(up{job="spvn"})', 2)
        options = ("--rate", str(rate), "--duration", f"{seconds}s", "--json")
        attack = Attack(f"{loaded.url}/threads", *options, "--no-warmup", "--no-progress")
        with attack:
            report = attack.end(within=seconds + 60).report
        node = f'instance="{target(loaded)}"'
        answered = report["responses"]
        print(f"the attack has counted {answered} responses: {report['statuses']}")
        for status, count in report["statuses"].items():
            prometheus.await_value(
                f'sum(spvn_requests_total{{method="GET",status="{status}",{node}}})', count
            )
        prometheus.await_value(f"spvn_request_duration_seconds_count{{{node}}}", answered)
        prometheus.await_value(f"spvn_queue_wait_seconds_count{{{node}}}", answered)
        print("Prometheus has the same, to the request")
        names = set(prometheus.ask("label/__name__/values"))
        complaints = [f"{each} is not there" for each in documented() if each not in names]
        rules = [rule for group in prometheus.ask("rules")["groups"] for rule in group["rules"]]
        complaints += [
            f"rule {rule['name']}: {rule['health']} {rule.get('lastError', '')}"
            for rule in rules
            if rule["health"] != "ok"
        ]
        print(f"{len(documented())} documented metrics, {len(rules)} rules evaluated")
        return complaints if rules else [*complaints, "no rules"]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--rate", type=int, default=500, help="requests a second")
    parser.add_argument("--seconds", type=int, default=30)
    chosen = parser.parse_args()
    if PROMETHEUS is None:
        print("prometheus is not installed; Debian has it in a package of that name")
        return 4
    complaints = drill(Command(), chosen.rate, chosen.seconds)
    print("\n".join(complaints or ["all is as it must be"]))
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
