"""docker/compose.yml brought up for real: an app behind nginx, and what the dashboard asks.

    SPVN_IMAGE=spvn python compose_drill.py

Needs a Docker engine (DOCKER_HOST, or the default one; `.ci/engine COMMAND` brings one), compose 2,
and an image of spvn. Everything is on the machine's network, for such an engine has none of its
own. nginx and Prometheus are those of this machine, each made an image of, for no registry can be
reached. Grafana is left out, and its queries are sent to Prometheus.

Judged bad: a service that does not come up; a request that fails, also while compose replaces one
server after the other; a server that Prometheus does not reach; a query of the dashboard that it
refuses, or that finds nothing where there has to be something. All is gone at the end.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import threading
import urllib.parse
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from harness.command import APPS, free_port
from harness.deployment import DOCKER, compose, documents, said
from harness.waiting import eventually

# Of TLS, worker processes and WebSockets there is nothing here, nor of what never went wrong.
MAY_BE_EMPTY = r"tls_|resident_bytes|restarts|refusals|websocket_|status=~|gc_pause|hung"
USED = 20


class Engine:
    """The Docker engine, and compose on it."""

    def __init__(self, project: str, files: list[Path], environment: dict[str, str]) -> None:
        self._environment = {**os.environ, **environment}
        of_files = [part for each in files for part in ("-f", str(each))]
        self._line = [*(compose() or []), "-p", project, *of_files]

    def compose(self, *arguments: str, within: float = 180) -> str:
        done = subprocess.run(
            [*self._line, *arguments],
            capture_output=True,
            text=True,
            timeout=within,
            env=self._environment,
            check=False,
        )
        assert done.returncode == 0, f"{' '.join(arguments)}: {done.stdout}{done.stderr}"
        return done.stdout


def image_of(name: str, program: str, more: tuple[str, ...], command: list[str]) -> str:
    """This machine's program as an image: it, its libraries, and what it reads."""
    libraries = re.findall(r"(/\S+) \(0x", said("ldd", program).text)
    accounts = ("/etc/passwd", "/etc/group", "/etc/nsswitch.conf")
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w", dereference=True) as tar:
        for path in (program, *libraries, *accounts, *more):
            if Path(path).exists():
                tar.add(path)
        for folder in ("tmp", "var/log/nginx", "var/lib/nginx", "run", "prometheus"):
            entry = tarfile.TarInfo(folder)
            entry.type, entry.mode = tarfile.DIRTYPE, 0o777
            tar.addfile(entry)
    changes = ["--change", f"CMD {json.dumps(command)}"]
    done = subprocess.run(
        ["docker", "import", *changes, "-", name],
        input=content.getvalue(),
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    return name


def stand_ins() -> dict[str, str]:
    nginx = shutil.which("nginx", path="/usr/sbin:/usr/bin")
    prometheus = shutil.which("prometheus")
    assert nginx, "nginx is not installed"
    assert prometheus, "prometheus is not installed"
    web = [nginx, "-g", "daemon off; error_log /dev/stderr;", "-c", "/etc/nginx/drill.conf"]
    store = "--storage.tsdb.path=/prometheus"
    scrape = [prometheus, "--config.file=/etc/prometheus/prometheus.yml", store]
    return {
        "NGINX_IMAGE": image_of("spvn-stand-in:nginx", nginx, ("/etc/nginx/mime.types",), web),
        "PROMETHEUS_IMAGE": image_of("spvn-stand-in:prometheus", prometheus, (), scrape),
    }


class Machine:
    """The files of compose, on the machine's network: there each service has a port of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.front, self.prometheus = free_port(), free_port()
        self.apps = [(free_port(), free_port()) for _ in range(2)]
        self._nginx()
        self._prometheus()
        self.override = folder / "override.yml"
        self.override.write_text(self._services())

    def _nginx(self) -> None:
        site = (DOCKER / "nginx" / "spvn.conf").read_text()
        site = site.replace("listen 8080;", f"listen 127.0.0.1:{self.front};")
        upstream = (DOCKER / "nginx" / "upstream.conf").read_text()
        for number, (port, _) in enumerate(self.apps, start=1):
            upstream = upstream.replace(f"app-{number}:8000 resolve", f"127.0.0.1:{port}")
        upstream = re.sub(r"^resolver .*$", "", upstream, flags=re.M)
        (self.folder / "drill.conf").write_text(
            f"user root; events {{}} http {{ access_log off; {upstream}\n{site} }}"
        )

    def _prometheus(self) -> None:
        (config,) = documents(DOCKER / "prometheus" / "compose.yml")
        config["global"] = {"scrape_interval": "1s", "evaluation_interval": "1s"}
        targets = [f"127.0.0.1:{admin}" for _, admin in self.apps]
        config["scrape_configs"][0]["static_configs"] = [{"targets": targets}]
        (self.folder / "prometheus.yml").write_text(json.dumps(config))

    def _services(self) -> str:
        """What is said in place of the file's own."""
        whole = {"network_mode": "host", "ports": [], "volumes": []}
        services = {
            f"app-{number}": {
                "network_mode": "host",
                "command": self._command(port, admin),
                "healthcheck": {"test": self._health(admin), "interval": "1s"},
            }
            for number, (port, admin) in enumerate(self.apps, start=1)
        }
        services["nginx"] = {
            **whole,
            "volumes": [f"{self.folder}/drill.conf:/etc/nginx/drill.conf:ro"],
        }
        services["prometheus"] = {
            **whole,
            "user": "0",
            "command": [
                str(shutil.which("prometheus")),
                "--config.file=/etc/prometheus/prometheus.yml",
                "--storage.tsdb.path=/prometheus",
                f"--web.listen-address=127.0.0.1:{self.prometheus}",
            ],
            "volumes": [
                f"{self.folder}/prometheus.yml:/etc/prometheus/prometheus.yml:ro",
                f"{DOCKER}/prometheus/spvn.rules.yml:/etc/prometheus/spvn.rules.yml:ro",
            ],
        }
        text = json.dumps({"services": services}, indent=1)
        return re.sub(r'"(ports|volumes)": \[', r'"\1": !override [', text)

    @staticmethod
    def _command(port: int, admin: int) -> list[str]:
        (document,) = documents(DOCKER / "compose.yml")
        given: list[str] = document["services"]["app-1"]["command"]
        moved = [f"--bind=127.0.0.1:{port}", f"--admin-bind=127.0.0.1:{admin}"]
        return [*(each for each in given if "bind=" not in each), *moved]

    @staticmethod
    def _health(admin: int) -> list[str]:
        (document,) = documents(DOCKER / "compose.yml")
        test: list[str] = document["services"]["app-1"]["healthcheck"]["test"]
        return [each.replace("9090", str(admin)) for each in test]


def ask(url: str) -> Any:
    with urllib.request.urlopen(url, timeout=10) as response:
        return json.load(response)


@contextmanager
def asked(url: str) -> Iterator[Counter[str]]:
    """A client that asks all the time, over a new connection each time."""
    over, became = threading.Event(), Counter[str]()

    def run() -> None:
        while not over.wait(0.005):
            try:
                with urllib.request.urlopen(url, timeout=30) as response:
                    response.read()
                    became[str(response.status)] += 1
            except OSError as wrong:
                became[str(wrong)] += 1

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield became
    finally:
        over.set()
        thread.join()


def expressions(tree: Any) -> Iterator[str]:
    if isinstance(tree, dict):
        if isinstance(tree.get("expr"), str):
            yield tree["expr"]
        for each in tree.values():
            yield from expressions(each)
    elif isinstance(tree, list):
        for each in tree:
            yield from expressions(each)


def answers(prometheus: str) -> list[str]:
    """What is wrong with what Prometheus says to the dashboard."""
    dashboard = json.loads((DOCKER / "grafana" / "spvn.json").read_text())
    complaints, found = [], Counter[str]()
    for each in expressions(dashboard):
        query = each.replace("$instance", ".*").replace("$__rate_interval", "30s")
        try:
            told = ask(f"{prometheus}/api/v1/query?{urllib.parse.urlencode({'query': query})}")
        except OSError as wrong:
            complaints.append(f"{wrong}: {query}")
            continue
        there = bool(told["data"]["result"])
        found["answered" if there else "empty"] += 1
        if not there and not re.search(MAY_BE_EMPTY, query):
            complaints.append(f"nothing found: {query}")
    print(f"queries of the dashboard: {dict(found)}")
    return complaints


def drill(image: str) -> list[str]:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="compose-")))
        machine = Machine(folder)
        environment = {
            **stand_ins(),
            "SPVN_IMAGE": image,
            "SPVN_TARGET": "replica:app",
            "SPVN_APP": str(APPS),
        }
        engine = Engine("spvn-drill", [DOCKER / "compose.yml", machine.override], environment)
        stack.callback(engine.compose, "down", "--volumes", "--timeout", "5")
        services = ("app-1", "app-2", "nginx", "prometheus")
        engine.compose(
            "up", "--detach", "--no-build", "--pull", "never", "--wait", *services, within=240
        )
        print(engine.compose("ps", "--format", "{{.Service}}: {{.Status}}"), end="")
        return _used(engine, machine)


def _used(engine: Engine, machine: Machine) -> list[str]:
    prometheus = f"http://127.0.0.1:{machine.prometheus}"
    eventually(lambda: _targets(prometheus) == ["up", "up"], within=60, what="both to be scraped")
    with asked(f"http://127.0.0.1:{machine.front}/") as became:
        for each in ("app-1", "app-2"):
            engine.compose(
                *("up", "--detach", "--no-build", "--pull", "never", "--no-deps"),
                *("--wait", "--force-recreate", each),
            )
        eventually(lambda: _targets(prometheus) == ["up", "up"], within=60, what="both again")
        eventually(lambda: _steps(prometheus) >= USED, within=60, what="enough to be told")
        complaints = answers(prometheus)
    print(f"requests while both were replaced: {dict(became)}")
    return complaints + [f"{n} requests: {how}" for how, n in became.items() if how != "200"]


def _targets(prometheus: str) -> list[str]:
    try:
        return [
            each["health"] for each in ask(f"{prometheus}/api/v1/targets")["data"]["activeTargets"]
        ]
    except OSError:
        return []


def _steps(prometheus: str) -> int:
    """How often the one that knows least has been read."""
    query = urllib.parse.quote("min(count_over_time(spvn_queue_depth[1m]))")
    result = ask(f"{prometheus}/api/v1/query?query={query}")["data"]["result"]
    return int(result[0]["value"][1]) if result else 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("--image", default=os.environ.get("SPVN_IMAGE", "spvn"))
    chosen = parser.parse_args()
    if compose() is None or said("docker", "version").code:
        print("a Docker engine and compose 2 are needed")
        return 4
    complaints = drill(chosen.image)
    print("\n".join(complaints or ["all is as it must be"]))
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
