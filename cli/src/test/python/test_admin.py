"""The admin address: metrics that count what happened."""

from __future__ import annotations

import re
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest

from conftest import Serve
from harness.admin import ANY_PORT, Admin
from harness.command import Command
from harness.kinds import kinds_tried
from harness.server import Server
from harness.watched import (
    OK,
    TARGET,
    Watch,
    Watched,
    assert_answers_soon,
    refusals,
    requests,
)
from harness.wire import Connection, request

pytestmark = pytest.mark.own


REASONS = [
    "malformed",
    "plain_http",
    "proxy_header",
    "client_connections",
    "client_rate",
    "handshake_timeout",
    "handshake_failed",
    "header_timeout",
    "body_timeout",
    "body_too_large",
    "line_too_long",
    "head_too_large",
    "too_many_fields",
    "app_failed",
    "app_broken",
    "worker_ended",
    "overload",
    "unsupported",
    "queue_full",
    "queue_timeout",
    "client_gone",
    "too_many_connections",
    "stopping",
    "write_timeout",
    "idle_timeout",
    "memory",
    "too_many_streams",
    "http2_flood",
    "http2_resets",
]
ALWAYS_THERE = [
    "spvn_held_bytes",
    "spvn_request_duration_seconds_count",
    "spvn_request_duration_seconds_sum",
    'spvn_request_duration_seconds_bucket{le="0.001"}',
    'spvn_request_duration_seconds_bucket{le="60.0"}',
    "spvn_queue_wait_seconds_count",
    "spvn_queue_depth",
    "spvn_requests_in_flight",
    "spvn_connections_active",
    'spvn_bytes_total{direction="in"}',
    'spvn_bytes_total{direction="out"}',
    'spvn_worker_state{state="serving",worker="0"}',
    'spvn_worker_loop_lag_seconds{worker="0"}',
    'spvn_worker_busy_ratio{worker="0"}',
    'spvn_worker_hung{worker="0"}',
    "process_files_open_files",
    "process_files_max_files",
    "process_cpu_usage",
    "process_uptime_seconds",
    "jvm_threads_live_threads",
    "jvm_classes_loaded_classes",
    *[f'spvn_refusals_total{{reason="{reason}"}}' for reason in REASONS],
]


@pytest.mark.kinds("process")
def test_all_metrics_are_there_before_the_first_request(watched: Watched) -> None:
    found = watched.admin.metrics()
    assert [name for name in ALWAYS_THERE if name not in found] == []
    assert {key for key in found if key.startswith("spvn_refusals_total")} == {
        refusals(reason) for reason in REASONS
    }
    assert [key for key in found if key.startswith("spvn_requests_total")] == []
    assert found["process_files_max_files"] > found["process_files_open_files"] > 0


@pytest.mark.kinds("process")
def test_responses_are_counted_by_method_and_status(watched: Watched) -> None:
    with watched.connect() as connection:
        for _ in range(5):
            assert connection.ask("/").status == 200
        assert connection.ask("/?404").status == 404
        assert connection.ask("/?201", method="POST", body=b"x").status == 201
        assert connection.ask("/", method="HEAD").status == 200
        assert connection.ask("/", method="BREW").status == 200
    watched.admin.await_metric(requests("other", 200), 1)
    found = watched.admin.metrics()
    assert {key: value for key, value in found.items() if key.startswith("spvn_requests_t")} == {
        requests("GET", 200): 5,
        requests("GET", 404): 1,
        requests("POST", 201): 1,
        requests("HEAD", 200): 1,
        requests("other", 200): 1,
    }
    assert found["spvn_request_duration_seconds_count"] == 9
    assert found["spvn_queue_wait_seconds_count"] == 9
    assert all(found[refusals(reason)] == 0 for reason in REASONS)


@pytest.mark.kinds("process")
@pytest.mark.alone
def test_durations_and_waits_are_what_the_client_has_seen(watched: Watched) -> None:
    began = time.monotonic()
    with watched.connect() as first, watched.connect() as second:
        watched.block(first)
        blocked = time.monotonic()
        second.send(request("/"))
        watched.admin.await_metric("spvn_queue_depth", 1)
        waiting = time.monotonic()
        assert second.silent(0.3)
        waited = time.monotonic() - waiting
        watched.open_gate()
        assert first.read_response().status == 200
        assert second.read_response().status == 200
    elapsed = time.monotonic() - began
    watched.admin.await_metric("spvn_request_duration_seconds_count", 2)
    found = watched.admin.metrics()
    assert 2 * waited <= found["spvn_request_duration_seconds_sum"] <= 2 * elapsed
    assert waited <= found["spvn_queue_wait_seconds_sum"] <= time.monotonic() - blocked + elapsed
    assert found['spvn_request_duration_seconds_bucket{le="0.25"}'] == 0
    assert found["spvn_queue_wait_seconds_count"] == 2


@pytest.mark.kinds("process")
def test_requests_in_flight_are_counted_while_they_are(watched: Watched) -> None:
    with ExitStack() as opened:
        clients = watched.crowd(opened, 4, waiting=3)
        found = watched.admin.metrics()
        assert found["spvn_requests_in_flight"] == 4
        assert found["spvn_connections_active"] == 4
        watched.release(clients)
        watched.admin.await_metric("spvn_requests_in_flight", 0)
        assert watched.admin.metric("spvn_queue_depth") == 0
    watched.admin.await_metric("spvn_connections_active", 0)


@pytest.mark.kinds("process")
def test_bytes_are_counted_in_both_directions(watched: Watched) -> None:
    sent = request("/", method="POST", body=bytes(100_000))
    with watched.connect() as connection:
        connection.send(sent)
        assert connection.read_response().status == 200
    watched.admin.await_metric('spvn_bytes_total{direction="in"}', len(sent))
    assert 0 < watched.admin.metric('spvn_bytes_total{direction="out"}') < 1000


def test_malformed_request_is_a_refusal(watched: Watched) -> None:
    with watched.connect() as connection:
        connection.send(b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n")
        assert connection.read_response().status == 400
    watched.admin.await_metric(refusals("malformed"), 1)
    found = watched.admin.metrics()
    assert sum(found[refusals(reason)] for reason in REASONS) == 1


@pytest.mark.kinds("process")
def test_app_that_raises_is_a_refusal_with_a_reason_of_its_own(watched: Watched) -> None:
    with watched.connect() as connection:
        assert connection.ask("/raise").status == 500
    watched.admin.await_metric(refusals("app_failed"), 1)
    assert sum(watched.admin.metrics()[refusals(reason)] for reason in REASONS) == 1


@pytest.mark.kinds("process")
def test_requests_that_wait_too_long_are_refusals(watch: Watch) -> None:
    watched = watch("--queue-timeout", "300ms")
    with watched.connect() as first, watched.connect() as second:
        watched.block(first)
        second.send(request("/"))
        assert second.read_response().status == 503
        watched.admin.await_metric(refusals("queue_timeout"), 1)
        watched.open_gate()
        assert first.read_response().status == 200
    found = watched.admin.metrics()
    assert sum(found[refusals(reason)] for reason in REASONS) == 1


@pytest.mark.kinds("process")
def test_two_workers_have_series_of_their_own(serve: Serve) -> None:
    options = ("--workers", "2", "--isolation", *kinds_tried("subinterpreter"))
    server = serve("workers:app", *ANY_PORT, *options)
    found = Admin.of(server).metrics()
    states = {key: value for key, value in found.items() if key.startswith("spvn_worker_state")}
    assert len(states) == 10
    assert {key for key, value in states.items() if value == 1} == {
        'spvn_worker_state{state="serving",worker="0"}',
        'spvn_worker_state{state="serving",worker="1"}',
    }
    assert 0 <= found['spvn_worker_busy_ratio{worker="1"}'] <= 1


def test_open_metrics_are_given_to_who_asks(watched: Watched) -> None:
    accept = "Accept: application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5"
    response = watched.admin.ask("/metrics", accept)
    kind = response.one("content-type")
    assert kind == b"application/openmetrics-text; version=1.0.0; charset=utf-8"
    assert response.body.endswith(b"\n# EOF\n")


# ---------------------------------------------------------------- HTTP


def test_only_reading_is_allowed(watched: Watched) -> None:
    for path in ("/", "/status", "/metrics", "/health/live", "/health/ready"):
        refused = watched.admin.ask(path, method="POST", body=b"x")
        assert (refused.status, refused.one("allow")) == (405, b"GET, HEAD")
        head = watched.admin.ask(path, method="HEAD")
        assert (head.status, head.one("cache-control")) == (200, b"no-store")
    assert watched.admin.ask("/nothing").status == 404


def test_hundred_scrapes_at_once_are_all_answered(watched: Watched) -> None:
    with ThreadPoolExecutor(100) as clients:
        found = list(clients.map(lambda _: watched.admin.metrics(timeout=30), range(100)))
    assert all(each[refusals("malformed")] == 0 for each in found)


def test_slow_clients_do_not_hold_others_up(watched: Watched) -> None:
    """More of them than the server keeps connections, each with a head that does not end."""
    with ExitStack() as opened:
        for _ in range(300):
            client = opened.enter_context(Connection(watched.admin.address))
            client.send(b"GET /metrics HT")
        assert_answers_soon(watched.admin)


# ---------------------------------------------------------------- the address


def test_address_is_logged_and_can_come_from_the_environment(serve: Serve) -> None:
    server = serve(TARGET, env={"SPVN_ADMIN_BIND": "127.0.0.1:0"})
    assert re.search(r"metrics and health on http://127\.0\.0\.1:[1-9]\d*$", server.log, re.M)
    assert Admin.of(server).ready() == OK


def refusal(command: Command, bind: str, admin_bind: str) -> tuple[int, str]:
    """Exit code and complaint of a server that must not start."""
    server = Server(command, TARGET, "--admin-bind", admin_bind, bind=bind)
    try:
        server.launch()
        code = server.wait_exit(30)
        server.check_clean()
        return code, server.log
    finally:
        server.kill()


def test_address_in_use_is_told_in_one_line(command: Command) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        code, said = refusal(command, "127.0.0.1:0", address)
    assert code == 4
    assert said == (
        f"spvn: cannot serve metrics and health on http://{address}: the address is in use;"
        " stop the other server or choose another --admin-bind\n"
    )


@pytest.mark.parametrize(
    ("bind", "admin_bind"),
    [
        ("127.0.0.1:{port}", "127.0.0.1:{port}"),
        ("localhost:{port}", "127.0.0.1:{port}"),
        ("0.0.0.0:{port}", "127.0.0.1:{port}"),
    ],
)
def test_address_of_the_server_itself_is_refused(
    command: Command, bind: str, admin_bind: str
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    code, said = refusal(command, bind.format(port=port), admin_bind.format(port=port))
    assert code == 2
    assert said.startswith("spvn: --admin-bind: ")
    assert said.endswith("give it a port of its own\n")
    assert said.count("\n") == 1


def test_unknown_host_is_told_in_one_line(command: Command) -> None:
    code, said = refusal(command, "127.0.0.1:0", "no-such-host.invalid:9090")
    assert code == 4
    assert said == (
        "spvn: cannot serve metrics and health on http://no-such-host.invalid:9090: unknown host;"
        " give an address of this machine to --admin-bind\n"
    )


@pytest.mark.parametrize(("options", "loaded"), [((), False), (ANY_PORT, True)])
def test_without_an_address_nothing_of_it_is_loaded(
    serve: Serve, tmp_path: Path, options: tuple[str, ...], loaded: bool
) -> None:
    classes = tmp_path / "classes.log"
    # What Java has learned before comes with its classes, whether they are used or not.
    env = {"SPVN_JAVA_OPTS": f"-XX:AOTMode=off -Xlog:class+load:file={classes}"}
    server = serve(TARGET, *options, env=env)
    with server.connect() as connection:
        assert connection.ask("/").status == 200
    assert server.stop() == 0
    assert ("io.micrometer." in classes.read_text()) is loaded
    assert ("io.spvn.server.observe.Metrics" in classes.read_text()) is loaded
    assert ("io.spvn.server.status.History" in classes.read_text()) is loaded
