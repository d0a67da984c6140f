"""The status for people: the page, its JSON, and what they say of a blocked loop."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from blocked_loop_drill import LINE, drill
from conftest import Serve
from harness.admin import ANY_PORT
from harness.command import Command
from harness.kinds import kinds_tried
from harness.status import INNER, REQUEST, TOP, WORKER, Node, hanging
from harness.waiting import eventually
from harness.wire import request

pytestmark = pytest.mark.own


@pytest.fixture(scope="module", params=kinds_tried("main", "process"))
def node(command: Command, request: pytest.FixtureRequest) -> Iterator[Node]:
    with hanging(command, request.param) as node:
        yield node


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
