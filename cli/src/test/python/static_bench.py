"""Static files: spvn beside nginx and uvicorn with Starlette's StaticFiles.

    python static_bench.py --rivals VENV [--seconds 5] [--rounds 3] [--connections 32]

VENV is a virtual environment with uvicorn, uvloop, httptools and Starlette; nginx and wrk are those
of PATH. All of them serve the same files of 1 KiB, 100 KiB and 10 MiB, without a log, from one
address each, and are asked in turn, round by round, so that what else the machine does meets all of
them. nginx has a process for each processor and uvicorn as many, spvn is as it is by default.

Prints a table of requests a second and of MB/s, the median of the rounds, and how much of nginx's
each is. Ends with 1 when any response was not the whole file.
"""

from __future__ import annotations

import argparse
import os
import re
import statistics
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from harness.command import Command, dying_with_us, free_port
from harness.server import Server
from harness.waiting import eventually
from harness.wire import Connection

SIZES = {"1k": 1 << 10, "100k": 100 << 10, "10m": 10 << 20}
TARGET = "files_under_test:app"
APP = """
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

app = Starlette(routes=[Mount("/files", StaticFiles(directory={folder!r}))])
"""
UVICORN = (
    "{bin}/uvicorn --loop uvloop --http httptools --no-access-log --log-level warning"
    " --workers {cpus} --app-dir {{app_dir}} --host {{host}} --port {{port}} {{target}}"
)
NGINX = """
daemon off; master_process on; worker_processes auto; pid {home}/pid; error_log {home}/log;
events {{ worker_connections 1024; }}
http {{
    access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000000;
    types {{ }} default_type application/octet-stream;
    client_body_temp_path {home}/a; proxy_temp_path {home}/b; fastcgi_temp_path {home}/c;
    uwsgi_temp_path {home}/d; scgi_temp_path {home}/e;
    server {{ listen 127.0.0.1:{port}; location /files/ {{ alias {folder}/; }} }}
}}
"""
RATE = re.compile(r"Requests/sec:\s+([\d.]+)")
TROUBLE = re.compile(r"Socket errors.*|Non-2xx.*")


@contextmanager
def nginx(home: Path, folder: Path) -> Iterator[int]:
    port = free_port()
    config = home / "nginx.conf"
    config.write_text(NGINX.format(home=home, folder=folder, port=port))
    process = subprocess.Popen([*dying_with_us(), "nginx", "-p", str(home), "-c", str(config)])
    try:
        eventually(lambda: _answers(port), within=10, what="nginx")
        yield port
    finally:
        process.terminate()
        process.wait(10)


def _answers(port: int) -> bool:
    try:
        Connection(("127.0.0.1", port)).close()
    except OSError:
        return False
    return True


@contextmanager
def uvicorn(home: Path, folder: Path, rivals: Path) -> Iterator[int]:
    (home / "files_under_test.py").write_text(APP.format(folder=str(folder)))
    template = UVICORN.format(bin=rivals / "bin", cpus=os.cpu_count())
    with Server(Command(template), TARGET, app_dir=home) as server:
        yield int(server.address[1])


@contextmanager
def spvn(home: Path, folder: Path) -> Iterator[int]:
    (home / "beside.py").write_text("async def app(scope, receive, send): ...\n")
    options = ("--static", f"/files={folder}", "--lifespan", "off")
    with Server(Command(), "beside:app", *options, app_dir=home) as server:
        yield int(server.address[1])


def check(port: int, name: str, size: int) -> None:
    with Connection(("127.0.0.1", port), timeout=30) as client:
        response = client.ask(f"/files/{name}")
    assert (response.status, len(response.body)) == (200, size), f"{name} of port {port}"


def attack(port: int, name: str, connections: int, seconds: int) -> float:
    url = f"http://127.0.0.1:{port}/files/{name}"
    wrk = ["wrk", "-t", "1", "-c", str(connections), "-d", f"{seconds}s", "--timeout", "30s", url]
    said = subprocess.run(wrk, capture_output=True, text=True, check=True).stdout
    trouble = TROUBLE.search(said)
    assert not trouble, f"{url}: {trouble and trouble.group()}"
    rate = RATE.search(said)
    assert rate, said
    return float(rate[1])


def table(rates: dict[tuple[str, str], list[float]], servers: list[str]) -> str:
    lines = ["| file | server | requests/s | MB/s | of nginx |", "|---|---|---|---|---|"]
    for name, size in SIZES.items():
        base = statistics.median(rates[name, "nginx"])
        for server in servers:
            rate = statistics.median(rates[name, server])
            cells = (
                name,
                server,
                f"{rate:,.0f}",
                f"{rate * size / 1e6:,.0f}",
                f"{rate / base:.2f}",
            )
            lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--rivals", type=Path, required=True)
    parser.add_argument("--seconds", type=int, default=5)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--connections", type=int, default=32)
    asked = parser.parse_args()
    with ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="spvn-static-")))
        home.chmod(0o755)  # nginx's processes may be another user's
        folder = home / "files"
        folder.mkdir()
        for name, size in SIZES.items():
            (folder / name).write_bytes(os.urandom(size))
        ports = {
            "nginx": stack.enter_context(nginx(home, folder)),
            "spvn": stack.enter_context(spvn(home, folder)),
            "uvicorn": stack.enter_context(uvicorn(home, folder, asked.rivals)),
        }
        rates: dict[tuple[str, str], list[float]] = defaultdict(list)
        for number in range(asked.rounds + 1):
            for name, size in SIZES.items():
                for server, port in ports.items():
                    check(port, name, size)
                    seconds = asked.seconds if number else 2  # the first warms up
                    rate = attack(port, name, asked.connections, seconds)
                    if number:
                        rates[name, server].append(rate)
        print(table(rates, list(ports)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
