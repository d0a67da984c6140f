"""The admin address of a server: its metrics, read strictly, and its health."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from harness.waiting import eventually
from harness.wire import Address, Connection, Response

if TYPE_CHECKING:
    from harness.server import Server

ANY_PORT = ("--admin-bind", "127.0.0.1:0")
PLAIN_TEXT = b"text/plain; version=0.0.4; charset=utf-8"

_ADMIN_LINE = re.compile(r"metrics and health on http://(?P<host>\S+):(?P<port>[0-9]+)$", re.M)
_NAME = r"[a-zA-Z_:][a-zA-Z0-9_:]*"
_META = re.compile(rf"# (?P<kind>HELP|TYPE) (?P<name>{_NAME}) (?P<text>.+)")
_LABEL = r'[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\["\\n])*"'
_SAMPLE = re.compile(
    rf"(?P<key>(?P<name>{_NAME})(?:\{{{_LABEL}(?:,{_LABEL})*\}})?) (?P<value>[^ ]+)"
)
_LE = re.compile(r'[{,]le="(?P<bound>[^"]+)"')
_TYPES = ("counter", "gauge", "histogram", "summary", "untyped")
_SUFFIXES = {"histogram": ("_bucket", "_count", "_sum"), "summary": ("", "_count", "_sum")}


class Admin:
    """Asks a server's admin address; each question is a connection of its own."""

    def __init__(self, address: Address) -> None:
        self.address = address

    @classmethod
    def of(cls, server: Server, within: float = 30.0) -> Admin:
        """The address that the server has logged, which it does before it imports the app."""
        found = eventually(
            lambda: _ADMIN_LINE.search(server.log), within=within, what="the admin address"
        )
        assert found
        return cls((found["host"].strip("[]"), int(found["port"])))

    @property
    def url(self) -> str:
        assert not isinstance(self.address, str)
        return f"http://{self.address[0]}:{self.address[1]}"

    def ask(self, target: str, *headers: str, timeout: float = 10.0, **how: Any) -> Response:
        with Connection(self.address, timeout=timeout) as connection:
            return connection.ask(target, *headers, **how)

    def metrics(self, timeout: float = 10.0) -> dict[str, float]:
        """All samples, by their full text such as `spvn_refusals_total{reason="malformed"}`."""
        response = self.ask("/metrics", timeout=timeout)
        assert response.status == 200, response
        assert response.one("content-type") == PLAIN_TEXT, response.headers
        return parse(response.body.decode())

    def metric(self, key: str) -> float:
        return self.metrics()[key]

    def await_metric(self, key: str, wanted: float, within: float = 5.0) -> None:
        """Waits until a sample has a value: a response is counted once it has been written."""
        self.await_metrics(lambda seen: seen.get(key) == wanted, f"{key} to be {wanted:g}", within)

    def await_metrics(
        self, probe: Callable[[dict[str, float]], bool], what: str, within: float = 5.0
    ) -> None:
        eventually(lambda: probe(self.metrics()), within=within, what=what)

    def live(self, timeout: float = 10.0) -> tuple[int, str]:
        return self._health("/health/live", timeout)

    def ready(self, timeout: float = 10.0) -> tuple[int, str]:
        """Status and reason."""
        return self._health("/health/ready", timeout)

    def _health(self, path: str, timeout: float) -> tuple[int, str]:
        response = self.ask(path, timeout=timeout)
        return response.status, response.body.decode().rstrip("\n")


def parse(text: str) -> dict[str, float]:
    """Samples of Prometheus' text format 0.0.4; anything against its rules is an error."""
    assert text.endswith("\n"), "the last line does not end"
    samples: dict[str, float] = {}
    families: dict[str, str] = {}
    helped: set[str] = set()
    family = ""
    for line in text[:-1].split("\n"):
        if meta := _META.fullmatch(line):
            name = meta["name"]
            if meta["kind"] == "HELP":
                assert name not in helped, f"second HELP: {line}"
                helped.add(name)
            else:
                assert name not in families, f"second TYPE: {line}"
                assert meta["text"] in _TYPES, line
                families[name] = meta["text"]
                family = name
            continue
        sample = _SAMPLE.fullmatch(line)
        assert sample, f"not a sample: {line!r}"
        suffixes = _SUFFIXES.get(families.get(family, ""), ("",))
        assert sample["name"] in [family + suffix for suffix in suffixes], f"in {family}: {line}"
        assert sample["key"] not in samples, f"twice: {line}"
        samples[sample["key"]] = float(sample["value"])
    for name in (name for name, kind in families.items() if kind == "histogram"):
        _check_histogram(name, samples)
    for name in (name for name, kind in families.items() if kind == "counter"):
        assert name.endswith("_total"), name
        assert all(value >= 0 for key, value in samples.items() if key.startswith(name))
    return samples


def _check_histogram(name: str, samples: dict[str, float]) -> None:
    """Buckets grow with their bounds up to `+Inf`, which holds all; here without other labels."""
    buckets = [
        (float(bound["bound"]), value)
        for key, value in samples.items()
        if key.startswith(f"{name}_bucket") and (bound := _LE.search(key))
    ]
    assert buckets == sorted(buckets), buckets
    assert [value for _, value in buckets] == sorted(value for _, value in buckets), buckets
    assert buckets[-1] == (float("inf"), samples[f"{name}_count"]), buckets
    assert samples[f"{name}_sum"] >= 0
