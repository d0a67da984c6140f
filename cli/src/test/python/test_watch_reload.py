"""--watch: an edit is served at once, a broken one is shown, and no client has to try again."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from conftest import Serve
from harness.edited import EditedApp, answered
from harness.server import Server
from harness.waiting import eventually
from harness.websocket import opened
from harness.wire import Connection, request

pytestmark = pytest.mark.own

EDITS = 20
BROKEN_EDIT = 10

PLAIN = """\
async def app(scope, receive, send):
    if scope["type"] == "lifespan":
        {lifespan}
        return
    {before}
    await send({{"type": "http.response.start", "status": 200, "headers": [{headers}]}})
    {body}


async def lifespan(receive, send):
    while True:
        event = (await receive())["type"]
        print(event, flush=True)
        await send({{"type": event + ".complete"}})
        if event == "lifespan.shutdown":
            return
"""


IF_WEBSOCKET = 'if scope["type"] == "websocket": return await talk(receive, send)'
TALK = """

async def talk(receive, send):
    await receive()
    await send({"type": "websocket.accept"})
    while (event := await receive())["type"] == "websocket.receive":
        await send({"type": "websocket.send", "text": event["text"]})
    print(event["code"], flush=True)
"""


def plain(
    answer: str,
    *,
    lifespan: str = "await lifespan(receive, send)",
    before: str = "",
    headers: str = "",
    body: str = "",
) -> str:
    whole = f'await send({{"type": "http.response.body", "body": b"{answer}"}})'
    return PLAIN.format(lifespan=lifespan, before=before, headers=headers, body=body or whole)


@pytest.fixture
def edited(tmp_path: Path) -> EditedApp:
    directory = tmp_path / "app"
    directory.mkdir()
    return EditedApp(directory)


@pytest.fixture
def watch(serve: Serve, edited: EditedApp) -> Callable[..., Server]:
    def start(*options: str) -> Server:
        return serve("edited:app", "--watch", *options, app_dir=edited.directory)

    return start


def ask(server: Server, *headers: str) -> tuple[int, bytes]:
    with server.connect() as connection:
        response = connection.ask("/", *headers)
        return response.status, response.body


def await_edit(server: Server, edit: int) -> None:
    with server.connect() as connection:
        answered(connection, edit)


class Clients:
    """Ask all the time, some on connections that they keep, some on new ones."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._over = threading.Event()
        self.failures: list[str] = []
        self.seen: dict[int, int] = {}
        self._threads = [threading.Thread(target=self._run, args=(keep,)) for keep in (0, 0, 1, 1)]

    def __enter__(self) -> Clients:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join()

    def _run(self, keep: int) -> None:
        while not self._over.is_set():
            try:
                with self._server.connect() as connection:
                    self._ask(connection, 20 if keep else 1)
            except Exception as failure:
                self.failures.append(repr(failure))

    def _ask(self, connection: Connection, times: int) -> None:
        for _ in range(times):
            status = connection.ask("/").status
            self.seen[status] = self.seen.get(status, 0) + 1
            time.sleep(0.002)


def test_edits_are_served_one_after_the_other_and_nobody_is_refused(
    watch: Callable[..., Server], edited: EditedApp
) -> None:
    """Many of them within a second of the one before, all of one size: no .pyc may deceive."""
    server = watch()
    with Clients(server) as clients:
        for edit in range(1, EDITS + 1):
            if edit == BROKEN_EDIT:
                edited.break_it(edit)
                shown = eventually(lambda: shows(server, b"SyntaxError"), what="the error page")
                assert b"no Python: 0010" in shown
                continue
            edited.write(edit)
            with server.connect() as connection:
                answers = answered(connection, edit)
            expect_no_step_back([answer.body for answer in answers if answer.status == 200])
    assert not clients.failures
    assert set(clients.seen) == {200, 503}, clients.seen
    assert server.log.count("reloaded in") == EDITS - 1


def shows(server: Server, text: bytes) -> bytes:
    status, body = ask(server)
    return body if status == 503 and text in body else b""


def expect_no_step_back(answers: list[bytes]) -> None:
    assert answers == sorted(answers), "an old worker answered after the new one"


def test_keep_alive_connection_lives_through_reloads(
    watch: Callable[..., Server], edited: EditedApp
) -> None:
    server = watch()
    with server.connect() as kept:
        for edit in range(1, 4):
            edited.write(edit)
            answered(kept, edit)
    assert server.log.count("edited.py changed: reloading") == 3
    assert re.search(r"reloaded in \d+\.\d s", server.log)


def test_requests_that_come_during_a_reload_wait_for_the_new_code(
    watch: Callable[..., Server], edited: EditedApp
) -> None:
    """Longer than they would wait in the queue of workers that are there."""
    server = watch("--queue-timeout", "500ms")
    edited.save("import time\ntime.sleep(2)\n" + plain("slow to start"))
    server.wait_log("changed: reloading")
    with ThreadPoolExecutor(20) as clients:
        answers = set(clients.map(lambda _: ask(server), range(20)))
    assert answers == {(200, b"slow to start")}


def test_broken_edit_is_shown_to_browsers_as_html_and_to_others_as_text(
    watch: Callable[..., Server], edited: EditedApp
) -> None:
    server = watch()
    edited.save("text = '<b>'\nraise RuntimeError(text)\n")
    server.wait_log("RuntimeError: <b>")
    with server.connect() as connection:
        for accept, kind, shown in (
            ("text/html,*/*;q=0.8", b"text/html; charset=utf-8", b"RuntimeError: &lt;b&gt;"),
            ("*/*", b"text/plain; charset=utf-8", b"RuntimeError: <b>"),
        ):
            response = connection.ask("/", f"Accept: {accept}")
            assert response.status == 503
            assert response.one("content-type") == kind
            assert response.one("cache-control") == b"no-store"
            assert shown in response.body
            assert b"edited.py" in response.body
        edited.write(7)
        eventually(lambda: connection.ask("/").body == b"0007")


def test_app_that_is_broken_at_the_start_is_served_once_it_is_mended(
    watch: Callable[..., Server], edited: EditedApp
) -> None:
    edited.break_it(0)
    server = watch()
    assert shows(server, b"SyntaxError")
    assert "SyntaxError" in server.log
    edited.write(1)
    await_edit(server, 1)


def test_lifespan_that_fails_is_shown(watch: Callable[..., Server], edited: EditedApp) -> None:
    server = watch()
    failing = 'await send({"type": "lifespan.startup.failed", "message": "no database"})'
    edited.save(plain("", lifespan=f"await receive()\n        {failing}"))
    eventually(lambda: shows(server, b"no database"))


def test_process_that_ends_in_the_import_is_shown(
    watch: Callable[..., Server], edited: EditedApp
) -> None:
    server = watch()
    edited.save("import os\nos._exit(7)\n")
    eventually(lambda: shows(server, b"exit code 7"))
    edited.write(1)
    await_edit(server, 1)


def test_old_app_shuts_down_before_the_new_one_starts(
    watch: Callable[..., Server], edited: EditedApp
) -> None:
    edited.save(plain("1"))
    server = watch()
    edited.save(plain("2"))
    eventually(lambda: ask(server) == (200, b"2"))
    eventually(lambda: server.stdout.text.count("lifespan.startup") == 2)
    events = ("startup", "shutdown", "startup")
    assert server.stdout.text.split() == [f"lifespan.{event}" for event in events]


def test_start_that_hangs_is_given_up_for_the_next_edit(
    watch: Callable[..., Server], edited: EditedApp
) -> None:
    server = watch()
    edited.save("import time\ntime.sleep(600)\n")
    server.wait_log("changed: reloading")
    edited.write(1)
    await_edit(server, 1)


def test_event_stream_is_ended_first_and_quickly(
    watch: Callable[..., Server], edited: EditedApp
) -> None:
    endless = 'import asyncio\n    while True:\n        await send({"type": "http.response.body", '
    endless += '"body": b"data: x\\n\\n", "more_body": True})\n        await asyncio.sleep(0.01)'
    edited.save(plain("", headers='(b"content-type", b"text/event-stream")', body=endless))
    server = watch()
    with server.connect() as stream:
        stream.send(request("/"))
        head = stream.read_head()
        began = time.monotonic()
        edited.write(1)
        assert stream.read_body(head).body.endswith(b"\n\n"), "the stream is whole"
        await_edit(server, 1)
        assert time.monotonic() - began < 5, "the stream held the reload up"


def test_websockets_are_closed_with_1012_first_and_quickly(
    watch: Callable[..., Server], edited: EditedApp
) -> None:
    """Nobody is waited for but a moment: the new code serves while one has not answered."""
    edited.save(plain("1", before=IF_WEBSOCKET) + TALK)
    server = watch()
    with opened(server, "/") as polite, opened(server, "/") as mute:
        edited.save(plain("2", before=IF_WEBSOCKET) + TALK)
        assert polite.read_end() == (1012, "")
        assert mute.read_close() == (1012, "")
        eventually(lambda: ask(server) == (200, b"2"))
        assert mute.connection.ended(within=10)
    eventually(lambda: server.stdout.text.split().count("1012") == 2, what="what the app is told")
    with opened(server, "/") as again:
        again.text("back")
        assert again.read() == "back"


def test_request_at_work_gets_a_short_grace(
    watch: Callable[..., Server], edited: EditedApp
) -> None:
    edited.save(
        plain(
            "done",
            before="print('at work', flush=True)\n    import asyncio; await asyncio.sleep(0.5)",
        )
    )
    server = watch()
    with server.connect() as at_work:
        at_work.send(request("/"))
        eventually(lambda: "at work" in server.stdout.text)
        edited.write(1)
        assert at_work.read_response().body == b"done"
    await_edit(server, 1)


def test_templates_count_on_request_and_other_files_do_not(
    watch: Callable[..., Server], edited: EditedApp
) -> None:
    edited.save(
        plain(
            "{}",
            body='page = open(__file__.replace("edited.py", "page.html"), "rb").read()\n'
            '    await send({"type": "http.response.body", "body": page})',
        )
    )
    (edited.directory / "page.html").write_text("one")
    server = watch("--watch-include", "*.html")
    (edited.directory / "notes.txt").write_text("x")
    (edited.directory / "page.html").write_text("two")
    server.wait_log("page.html changed: reloading")
    eventually(lambda: ask(server) == (200, b"two"))
    assert "notes.txt" not in server.log


def test_server_stops_at_once_while_a_reload_is_under_way(
    watch: Callable[..., Server], edited: EditedApp
) -> None:
    server = watch()
    edited.save("import time\ntime.sleep(600)\n")
    server.wait_log("changed: reloading")
    assert server.stop(within=10) == 0
