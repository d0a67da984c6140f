"""The drill of keep-alive behind nginx: many requests over connections that are kept for a second.

nginx does not try a request twice here, unless it is told to (`--retry`, its default otherwise),
which would hide what happens: each that meets the end of a connection is a 502. With `--pauses`
all clients pause together, about as long as connections are kept, so that the server lets them go
in the very moment in which nginx takes them for the next requests. Who closes first decides: with
`--nginx-keep-alive` below `--keep-alive` it is nginx, and none is lost. Not a part of the checks:

    python proxy_drill.py [--requests 100000] [--clients 32] [--pauses] [--retry] ...
"""

from __future__ import annotations

import argparse
import http.client
import random
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path

from harness.command import Command, free_port
from harness.proxied import nginx
from harness.server import Server

BURST = 50
SPREAD = 0.1


class Clients:
    """Threads that ask in bursts, and pause together."""

    def __init__(self, port: int, count: int, requests: int, pause: float) -> None:
        self._port = port
        self._rounds = max(1, requests // (count * BURST))
        self._between = pause
        self._barrier = threading.Barrier(count, self._pause)
        self._lock = threading.Lock()
        self._threads = [threading.Thread(target=self._run) for _ in range(count)]
        self.statuses: Counter[int | str] = Counter()

    def run(self) -> Counter[int | str]:
        for each in self._threads:
            each.start()
        for each in self._threads:
            each.join()
        return self.statuses

    def _pause(self) -> None:
        if self._between:
            time.sleep(self._between + random.uniform(-SPREAD, SPREAD))

    def _run(self) -> None:
        seen: Counter[int | str] = Counter()
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=30)
        for _ in range(self._rounds):
            for _ in range(BURST):
                seen[self._ask(connection)] += 1
            self._barrier.wait()
        connection.close()
        with self._lock:
            self.statuses += seen

    @staticmethod
    def _ask(connection: http.client.HTTPConnection) -> int | str:
        try:
            connection.request("GET", "/")
            response = connection.getresponse()
            response.read()
        except OSError as broken:
            connection.close()
            return type(broken).__name__
        return response.status


def http_block(port: int, path: str, options: argparse.Namespace) -> str:
    retry = "error timeout" if options.retry else "off"
    return (
        f"upstream app {{ server unix:{path}; keepalive 64; keepalive_requests 1000000;"
        f" keepalive_timeout {options.nginx_keep_alive}; }}"
        f"server {{ listen 127.0.0.1:{port}; keepalive_requests 1000000; location / {{"
        f" proxy_pass http://app; proxy_http_version 1.1; proxy_next_upstream {retry};"
        ' proxy_set_header Connection ""; } }'
    )


def drill(given: argparse.Namespace) -> int:
    port = free_port()
    pause = given.keep_alive if given.pauses else 0.0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        bind = f"unix:{folder}/s"
        options = ("--timeout-keep-alive", f"{round(given.keep_alive * 1000)}ms")
        with (
            Server(Command(), "conformance.main:app", *options, bind=bind, plain=True),
            nginx(folder, port, http_block(port, f"{folder}/s", given)),
        ):
            began = time.monotonic()
            statuses = Clients(port, given.clients, given.requests, pause).run()
            took = time.monotonic() - began
        errors = (folder / "error.log").read_text()
    total = sum(statuses.values())
    print(f"{total} requests in {took:.0f} s: {dict(statuses)}")
    if errors:
        print(errors[:2000])
    return 0 if statuses == Counter({200: total}) else 1


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=100_000)
    parser.add_argument("--clients", type=int, default=32)
    parser.add_argument("--keep-alive", type=float, default=1.0)
    parser.add_argument("--nginx-keep-alive", default="60s")
    parser.add_argument("--pauses", action="store_true")
    parser.add_argument("--retry", action="store_true")
    return drill(parser.parse_args())


if __name__ == "__main__":
    sys.exit(main())
