"""Spans of OpenTelemetry: what of a request is shown, and that nobody waits for their collector."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from conftest import Serve
from harness.admin import ANY_PORT, Admin
from harness.collector import ERROR, INTERNAL, SERVER, Collector, Span
from harness.command import Command, free_port
from harness.kinds import kinds_tried
from harness.server import Server
from harness.waiting import eventually
from harness.websocket import opened
from harness.wire import request

pytestmark = pytest.mark.own

DROPPED = "spvn_spans_dropped_total"
TRACE, CALLER = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
LIBRARY = "io.opentelemetry."


@pytest.fixture
def collector() -> Iterator[Collector]:
    with Collector() as collector:
        yield collector


def named(spans: list[Span], name: str) -> Span:
    (found,) = [span for span in spans if span.name == name]
    return found


@pytest.mark.parametrize("isolation", kinds_tried("main", "process"))
def test_request_has_spans(serve: Serve, collector: Collector, isolation: str) -> None:
    env = {
        "OTEL_SERVICE_NAME": "shop",
        "OTEL_RESOURCE_ATTRIBUTES": "deployment.environment.name=test",
        "OTEL_EXPORTER_OTLP_HEADERS": "authorization=Bearer%20t",
    }
    options = ("--isolation", isolation, "--trace-endpoint", collector.url)
    server = serve("traced:app", *options, env=env)
    given = f"traceparent: 00-{TRACE}-{CALLER}-01"
    before = time.time_ns()
    with server.connect() as connection:
        answer = connection.ask("/a%20b?secret", given, "tracestate: a=1", "User-Agent: t/1")
    after = time.time_ns()
    assert answer.json() == [f"00-{TRACE}-{CALLER}-01", "a=1"]

    spans = collector.spans(3)
    whole, queue, app = (named(spans, name) for name in ("GET", "spvn.queue", "spvn.app"))
    assert whole.attributes == {
        "http.request.method": "GET",
        "url.path": "/a%20b",
        "url.scheme": server.scheme,
        "http.response.status_code": 200,
        "server.address": "spvn.test",
        "client.address": "127.0.0.1",
        "network.protocol.version": "1.1",
        "user_agent.original": "t/1",
    }
    assert (whole.trace, whole.parent, whole.kind) == (TRACE, CALLER, SERVER)
    for part in (queue, app):
        assert (part.trace, part.parent, part.kind) == (TRACE, whole.id, INTERNAL)
    assert before <= whole.start <= queue.start <= queue.end
    assert queue.end == app.start
    # The last byte may be with the client a moment before its time is taken.
    assert app.start <= app.end <= whole.end
    assert app.end <= after
    assert whole.resource["service.name"] == "shop"
    assert whole.resource["deployment.environment.name"] == "test"
    assert collector.headers[0]["authorization"] == "Bearer t"


def test_wait_for_a_busy_worker_is_a_span(
    serve: Serve, collector: Collector, tmp_path: Path
) -> None:
    gate = tmp_path / "gate"
    options = ("--trace-endpoint", collector.url, *ANY_PORT)
    server = serve("traced:app", *options, env={"GATE": str(gate)})
    with server.connect() as blocking, server.connect() as waiting:
        blocking.send(request("/block"))
        server.wait_log("blocked")
        waiting.send(request("/", method="POST"))
        Admin.of(server).await_metrics(lambda seen: seen["spvn_queue_depth"] == 1, "it to wait")
        opened_at = time.time_ns()
        gate.touch()
        assert blocking.read_response().status == 200
        assert waiting.read_response("POST").status == 200
    spans = collector.spans(6)
    first, second = named(spans, "GET"), named(spans, "POST")
    busy = named([span for span in spans if span.parent == first.id], "spvn.app")
    queue = named([span for span in spans if span.parent == second.id], "spvn.queue")
    assert busy.start < queue.start < opened_at < busy.end
    assert queue.end >= opened_at


def test_request_that_waits_in_vain_has_no_span_of_the_app(
    serve: Serve, collector: Collector, tmp_path: Path
) -> None:
    gate = tmp_path / "gate"
    options = ("--trace-endpoint", collector.url, "--queue-timeout", "300ms")
    server = serve("traced:app", *options, env={"GATE": str(gate)})
    with server.connect() as blocking, server.connect() as waiting:
        blocking.send(request("/block"))
        server.wait_log("blocked")
        assert waiting.ask("/", method="POST").status == 503
        spans = collector.spans(2)
        gate.touch()
        assert blocking.read_response().status == 200
    whole, queue = named(spans, "POST"), named(spans, "spvn.queue")
    assert (whole.status, whole.attributes["error.type"]) == (ERROR, "503")
    assert queue.end - queue.start >= 300_000_000


def test_failure_is_marked(serve: Serve, collector: Collector) -> None:
    server = serve("traced:app", "--trace-endpoint", collector.url)
    with server.connect() as connection:
        assert connection.ask("/fails").status == 503
    whole = named(collector.spans(3), "GET")
    assert (whole.status, whole.attributes["error.type"]) == (ERROR, "503")


def test_websocket_has_a_span_for_its_connection(serve: Serve, collector: Collector) -> None:
    server = serve("traced:app", "--trace-endpoint", collector.url)
    with opened(server, "/") as client:
        assert client.read_frame().opcode == 8
    whole = named(collector.spans(3), "GET")
    assert whole.attributes["http.response.status_code"] == 101
    assert "error.type" not in whole.attributes


def test_caller_and_sampler_decide(serve: Serve, collector: Collector) -> None:
    env = {"OTEL_TRACES_SAMPLER": "parentbased_traceidratio", "OTEL_TRACES_SAMPLER_ARG": "0"}
    server = serve("traced:app", "--trace-endpoint", collector.url, env=env)
    told = rf"INFO +spans go to {collector.url}/v1/traces, by OTLP over HTTP, as callers say, else"
    server.wait_line(told + " a part of 0.0")
    with server.connect() as connection:
        assert connection.ask("/none").json() == []
        not_sampled, sampled = (f"00-{TRACE}-{CALLER}-0{flag}" for flag in (0, 1))
        assert connection.ask("/0", f"traceparent: {not_sampled}").json() == [not_sampled]
        assert connection.ask("/1", f"traceparent: {sampled}").json() == [sampled]
    assert named(collector.spans(3), "GET").attributes["url.path"] == "/1"


def test_spans_of_the_last_requests_are_sent_before_the_end(
    serve: Serve, collector: Collector
) -> None:
    server = serve("traced:app", "--trace-endpoint", collector.url)
    with server.connect() as connection:
        for _ in range(10):
            connection.ask("/")
    assert server.stop() == 0
    collector.spans(30)


@pytest.mark.parametrize(
    ("status", "why"), [(None, "the connection was refused"), (400, "its answer was 400")]
)
def test_collector_that_does_not_take_them(serve: Serve, status: int | None, why: str) -> None:
    with Collector(status or 200) as collector:
        url = collector.url if status else f"http://127.0.0.1:{free_port()}"
        # A collector that answers has time for it; one that is not there is tried again until then.
        env = {} if status else {"OTEL_EXPORTER_OTLP_TIMEOUT": "500"}
        server = serve("traced:app", "--trace-endpoint", url, *ANY_PORT, env=env)
        with server.connect() as connection:
            for _ in range(100):
                assert connection.ask("/").status == 200
        Admin.of(server).await_metrics(lambda seen: seen[DROPPED] == 300, "loss", within=20)
        told = rf"WARN +spans lost because {url}/v1/traces did not take them, {why}: \d+"
        server.wait_line(told)
        assert server.stop() == 0
    assert server.log.count("spans lost") <= 2  # and the rest of them at the end
    server.check_clean()


def test_collector_that_says_nothing_holds_nobody_up(serve: Serve) -> None:
    """Its system takes connections, which nobody accepts."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        server = serve("traced:app", "--trace-endpoint", url)
        with server.connect() as connection:
            for _ in range(100):
                assert connection.ask("/").status == 200
        assert server.stop(within=10) == 0
    server.wait_line(r"WARN +spans lost because http\S+ did not take them, .*: 300")


def test_certificate_that_cannot_be_read(command: Command, tmp_path: Path) -> None:
    env = {"OTEL_EXPORTER_OTLP_CERTIFICATE": str(tmp_path / "none.pem")}
    server = Server(command, "traced:app", "--trace-endpoint", "https://localhost", env=env)
    server.launch()
    assert server.wait_exit() == 4
    assert f"the certificate of the collector's signer cannot be used: {tmp_path}" in server.log


@pytest.mark.parametrize("on", [False, True])
def test_library_is_loaded_only_where_it_is_asked_for(
    serve: Serve, collector: Collector, tmp_path: Path, on: bool
) -> None:
    classes = tmp_path / "classes"
    env = {
        "SPVN_JAVA_OPTS": f"-Xlog:class+load:file={classes}",
        "OTEL_EXPORTER_OTLP_ENDPOINT": collector.url,
    }
    options = ("--trace-endpoint", collector.url) if on else ()
    server = serve("traced:app", "--access-log", *options, env=env)
    with server.connect() as connection:
        assert connection.ask("/").status == 200
    assert server.stop() == 0
    eventually(lambda: "io.spvn.server" in classes.read_text(), what="the list of classes")
    assert (LIBRARY in classes.read_text()) == on
