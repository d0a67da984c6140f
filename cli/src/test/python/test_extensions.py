"""The extensions of ASGI, over real sockets and in every kind of worker: items 60 to 63."""

from __future__ import annotations

import gzip
import os
import random
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest

from conftest import Serve
from harness.command import APPS, Command
from harness.kinds import KINDS, kinds_tried
from harness.memory import descendants
from harness.server import Server
from harness.tls import Pair
from harness.waiting import eventually
from harness.wire import Response, Truncated, request

pytestmark = pytest.mark.own

TARGET = "extended:app"
DATA = random.Random(7).randbytes(1_000_003)
SMALL = b"a small file\n"
TE = "TE: trailers"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sent")
    (folder / "large").write_bytes(DATA)
    (folder / "small").write_bytes(SMALL)
    (folder / "empty").write_bytes(b"")
    (folder / "ü text").write_bytes(SMALL)
    os.mkfifo(folder / "pipe")
    return folder


@pytest.fixture(scope="module", params=kinds_tried(*KINDS))
def extended(request: pytest.FixtureRequest, command: Command) -> Iterator[Server]:
    with Server(command, TARGET, "--isolation", request.param) as server:
        yield server


def ask(server: Server, target: str, *headers: str, method: str = "GET", **asked: str) -> Response:
    with server.connect() as client:
        return client.ask(f"{target}?{urlencode(asked)}", *headers, method=method)


def holders(server: Server, path: Path) -> list[str]:
    """The descriptors of the server and its children that are open on a file."""
    found = []
    for pid in (server.process.pid, *descendants(server.process.pid)):
        for link in Path(f"/proc/{pid}/fd").iterdir():
            try:
                if link.readlink() == path:
                    found.append(str(link))
            except FileNotFoundError:
                continue
    return found


# ---- what is offered


def test_offered(extended: Server) -> None:
    files: dict[str, object] = {"http.response.pathsend": {}, "http.response.zerocopysend": {}}
    more: dict[str, object] = {"http.response.early_hint": {}, "http.response.trailers": {}}
    assert ask(extended, "/offered").json() == files | more
    with extended.connect() as client:
        assert client.ask("/offered", version="1.0").json() == files


# ---- pathsend


@pytest.mark.parametrize("name", ["large", "small", "empty", "ü text"])
def test_file_of_a_framework_is_sent_by_its_path_item61(
    extended: Server, folder: Path, name: str
) -> None:
    path = folder / name
    response = ask(extended, "/file", path=str(path))
    assert (response.status, response.body) == (200, path.read_bytes())
    assert response.one("content-length") == b"%d" % path.stat().st_size
    assert response.one("etag")
    assert ask(extended, "/sent").json() == ["http.response.start", "http.response.pathsend"]
    eventually(lambda: not holders(extended, path), what="closed files")


def test_head_of_a_file_has_no_body_item61(extended: Server, folder: Path) -> None:
    for path, length in (("/file", b"1000003"), ("/path", b"1000003")):
        response = ask(extended, path, method="HEAD", path=str(folder / "large"))
        assert (response.status, response.body) == (200, b"")
        assert response.one("content-length") == length
    eventually(lambda: not holders(extended, folder / "large"), what="closed files")


def test_length_that_the_app_does_not_say_is_that_of_the_file_item61(
    extended: Server, folder: Path
) -> None:
    with extended.connect() as client:
        for _ in range(3):
            response = client.ask(f"/path?{urlencode({'path': str(folder / 'large')})}")
            assert response.one("content-length") == b"1000003"
            assert response.body == DATA


@pytest.mark.parametrize("length", ["12", "14"])
def test_length_of_another_file_is_an_error_of_the_app_item61(
    extended: Server, folder: Path, length: str
) -> None:
    path = folder / "small"
    response = ask(extended, "/path", path=str(path), length=length)
    assert response.body.strip() == b"RuntimeError | N"[: int(length)].strip()
    eventually(lambda: not holders(extended, path), what="closed files")


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("gone", b"FileNotFoundError | 2 | [Errno 2] No such file or directory: '"),
        ("", b"IsADirectoryError | 21 | [Errno 21] Is a directory: '"),
        ("pipe", b"OSError | 22 | [Errno 22] not a regular file: '"),
        ("small/below", b"NotADirectoryError | 20 | "),
    ],
)
def test_file_that_cannot_be_sent_is_an_error_of_the_app_item61(
    extended: Server, folder: Path, name: str, error: bytes
) -> None:
    response = ask(extended, "/path", path=str(folder / name))
    assert response.body.startswith(error)


def test_path_that_is_none_is_an_error_of_the_app_item61(extended: Server) -> None:
    relative = ask(extended, "/path", path="extended.py")
    assert relative.body.startswith(b"ValueError | None | 'path' must be absolute")
    missing = ask(extended, "/path", path="none")
    assert missing.body == b"TypeError | None | 'path' must be a str"
    nul = ask(extended, "/path", path="/a\0b")
    assert nul.body.startswith(b"ValueError | None | ")


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/path-first", "Expected ASGI message 'http.response.start', but got "),
        ("/path-behind-body", "Expected ASGI message 'http.response.body', but got "),
        ("/trailers-unannounced", "Expected ASGI message 'http.response.body', but got "),
        ("/debug", "Unexpected ASGI message 'http.response.debug'"),
    ],
)
def test_event_out_of_order_is_an_error_of_the_app(extended: Server, path: str, said: str) -> None:
    with extended.connect() as client:
        client.send(request(path))
        outcome = client.read_outcome()
    begun = path in ("/path-behind-body", "/trailers-unannounced")
    assert isinstance(outcome, Truncated) if begun else outcome.status == 500  # type: ignore[union-attr]
    extended.wait_log(said)


def test_client_that_leaves_lets_the_file_go_item61(extended: Server, folder: Path) -> None:
    path = folder / "left"
    with path.open("wb") as sparse:
        sparse.truncate(64 << 20)
    for target in ("/path", "/zero"):
        with extended.connect(rcvbuf=16_384) as client:
            client.send(request(f"{target}?{urlencode({'path': str(path), 'parts': '0'})}"))
            client.read_head()
            assert holders(extended, path)
            client.reset()
        eventually(lambda: not holders(extended, path), what="closed files")


# ---- zerocopysend


@pytest.mark.parametrize("given", ["object", "number"])
def test_parts_of_a_descriptor_between_pieces_item62(
    extended: Server, folder: Path, given: str
) -> None:
    parts = {
        "10+200000": DATA[10:200_010],
        "+5": DATA[:5],
        "+70000": DATA[5:70_005],
        "999000": DATA[999_000:],
        "999000+5000": DATA[999_000:],
        "2000000": b"",
        "0+0": b"",
        "": DATA[70_005:],
    }
    response = ask(
        extended, "/zero", path=str(folder / "large"), parts=",".join(parts), **{"as": given}
    )
    assert response.body == b"<" + b"".join(parts.values()) + b">"
    eventually(lambda: not holders(extended, folder / "large"), what="closed files")


@pytest.mark.parametrize(
    ("what", "error"),
    [
        ("pipe", b"OSError | 22 | "),
        ("folder", b"IsADirectoryError | 21 | "),
        ("closed", b"OSError | 9 | "),
        ("text", b"TypeError | None | 'file' must be a file or a descriptor"),
        ("nothing", b"TypeError | None | 'file' must be a file or a descriptor"),
        ("negative", b"ValueError | None | 'offset' must not be negative"),
    ],
)
def test_descriptor_that_cannot_be_sent_is_an_error_of_the_app_item62(
    extended: Server, what: str, error: bytes
) -> None:
    assert ask(extended, "/wrong-file", what=what).body.startswith(error)


@pytest.mark.parametrize("target", ["/path", "/zero"])
def test_file_that_shrinks_breaks_the_connection_off(
    extended: Server, folder: Path, target: str
) -> None:
    path = folder / "shrinking"
    with path.open("wb") as sparse:
        sparse.truncate(64 << 20)
    with extended.connect(rcvbuf=16_384) as client:
        client.send(request(f"{target}?{urlencode({'path': str(path), 'parts': '0'})}"))
        head = client.read_head()
        client.read_exactly(100_000)
        os.truncate(path, 0)
        with pytest.raises(Truncated):
            client.read_body(head)
    assert ask(extended, "/offered").status == 200
    eventually(lambda: not holders(extended, path), what="closed files")


def test_files_through_tls_and_compressed(
    serve: Serve, folder: Path, pair: Pair, isolation: str
) -> None:
    kind = ("--isolation", isolation)
    server = serve(TARGET, *kind, *pair.options, "--compress")
    large, text = str(folder / "large"), folder / "text.txt"
    text.write_bytes(SMALL * 20_000)
    assert ask(server, "/file", path=large).body == DATA
    assert ask(server, "/zero", path=large, parts="1+900000").body == b"<" + DATA[1:900_001] + b">"
    coded = ask(server, "/file", "Accept-Encoding: gzip", path=str(text))
    assert coded.one("content-encoding") == b"gzip"
    assert len(coded.body) < len(SMALL) * 1000
    trailed = ask(server, "/trailers", TE, "Accept-Encoding: gzip", text="body" * 200)
    assert gzip.decompress(trailed.body) == b"body" * 200
    assert trailed.trailers == [(b"x-sum", b"1"), (b"x-more", b"2")]


# ---- early hints


def test_early_hints_of_a_framework_item63(extended: Server) -> None:
    with extended.connect() as client:
        client.send(request("/hints"))
        interim = client.read_head()
        assert interim.status == 103
        assert interim.headers == [
            (b"link", b"</style.css>; rel=preload; as=style"),
            (b"link", b"</script.js>; rel=preload; as=script"),
        ]
        assert client.read_response().json() == {"answer": "yes"}
        assert client.ask("/hints", version="1.0").json() == {"answer": "yes"}


@pytest.mark.parametrize("kind", kinds_tried("main", "process"))
def test_fastapi(serve: Serve, kind: str) -> None:
    server = serve("extended_fastapi:app", "--isolation", kind)
    with server.connect() as client:
        client.send(request("/hints"))
        interim = client.read_head()
        assert interim.status == 103
        assert interim.all("link") == [b"</style.css>; rel=preload; as=style"]
        assert client.read_response().json() == {"answer": "yes"}
        assert client.ask("/file").body == (APPS / "extended_fastapi.py").read_bytes()


def test_early_hints_until_the_body_begins_item63(extended: Server) -> None:
    with extended.connect() as client:
        client.send(request("/hints-between"))
        for link in (b"</1>", b"</2>"):
            interim = client.read_head()
            assert (interim.status, interim.headers) == (103, [(b"link", link)])
        assert client.read_response().body == b"onetwo"
        assert client.ask("/offered").status == 200
        assert client.ask("/hints-between", version="1.0").body == b"onetwo"


# ---- trailers


def test_trailers_for_a_client_that_wants_them_item60(extended: Server) -> None:
    with extended.connect() as client:
        for _ in range(2):
            response = client.ask("/trailers", TE)
            assert response.body == b"body"
            assert response.trailers == [(b"x-sum", b"1"), (b"x-more", b"2")]
        assert client.ask("/trailers", "TE: deflate;q=0.5, trailers").trailers
        for headers in ((), ("TE: deflate",)):
            response = client.ask("/trailers", *headers)
            assert (response.body, response.trailers) == (b"body", [])
        head = client.ask("/trailers", TE, method="HEAD")
        assert (head.body, head.trailers) == (b"", [])
        response = client.ask("/trailers", TE, version="1.0")
        assert (response.body, response.trailers) == (b"body", [])


def test_trailers_are_lost_behind_a_length_item60(extended: Server) -> None:
    with extended.connect() as client:
        response = client.ask("/trailers?length=1", TE)
        assert response.one("content-length") == b"4"
        assert (response.body, response.trailers) == (b"body", [])
        assert client.ask("/offered").status == 200


def test_trailers_behind_a_file_item60(extended: Server, folder: Path) -> None:
    response = ask(extended, "/trailers", TE, path=str(folder / "large"))
    assert response.body == DATA
    assert response.trailers == [(b"x-sum", b"1"), (b"x-more", b"2")]


def test_response_ends_with_its_trailers_item60(extended: Server) -> None:
    with extended.connect() as client:
        client.send(request("/trailers?wait=1", TE))
        client.read_head()
        assert [client.read_chunk() for _ in range(4)] == [b"b", b"o", b"d", b"y"]
        assert client.silent(0.2)
        assert ask(extended, "/go").status == 200
        assert client.read_exactly(3) == b"0\r\n"


def test_app_that_leaves_its_trailers_out_is_broken_off_item60(extended: Server) -> None:
    with extended.connect() as client:
        client.send(request("/trailers?leave=1", TE))
        assert isinstance(client.read_outcome(), Truncated)


@pytest.mark.parametrize("name", ["Content-Length", "transfer-encoding", "host"])
def test_field_that_cannot_be_a_trailer_is_an_error_of_the_app_item60(
    extended: Server, name: str
) -> None:
    response = ask(extended, "/trailers", TE, name=name)
    said = f"'{name.lower()}' cannot be a trailer".encode()
    assert response.trailers == [(b"x-error", said)]
