"""What is asked of each app. Every step says the status that the app means; none may be chance."""

from __future__ import annotations

import json
import re
from typing import Any

import httpx

from beside_uvicorn.talk import Talk
from harness.waiting import eventually

PASSWORD = "not a secret"
SMALL = b"x" * 100
LARGE = b"y" * 1_000_000
EVENT_STREAM = {"Accept": "application/json, text/event-stream"}


def django(talk: Talk) -> None:
    """The admin, sessions and the ORM; the first request imports the URLconf, and pydantic."""
    page = talk.get("/admin/login/?next=/admin/")
    refused = {"username": "admin", "password": PASSWORD}
    talk.post("/admin/login/", 403, data=refused)
    fields = {**refused, "next": "/admin/", "csrfmiddlewaretoken": _token(page)}
    talk.post("/admin/login/", data={**fields, "password": "wrong"})
    assert talk.post("/admin/login/", 302, data=fields).headers["location"] == "/admin/"
    assert "Site administration" in talk.get("/admin/").text
    talk.post("/order", 422, content=b'{"name": "bolt", "count": "many"}')
    talk.post("/order", 201, content=b'{"name": "bolt", "count": 3}')
    form = talk.get("/admin/django_shop/product/add/")
    nut = {"name": "nut", "price": "0.50", "csrfmiddlewaretoken": _token(form)}
    talk.post("/admin/django_shop/product/add/", 302, data=nut)
    assert "4 products" in talk.get("/admin/django_shop/product/").text
    assert "1 product" in talk.get("/admin/django_shop/product/?q=nut").text
    assert talk.get("/products-async").json()["count"] == len(
        talk.get("/products").json()["products"]
    )
    assert talk.get("/threads").json() == {"found": [4]}
    assert talk.get("/gathered").json() == {"counts": [4] * 4}
    assert talk.get("/streamed").text == "bolt 0\nbolt 1\nbolt 2\nnut\n"
    for visits in (1, 2):
        assert talk.get("/visits").json() == {"visits": visits}
    assert talk.post("/upload", files={"file": ("large", LARGE)}).json()["size"] == len(LARGE)
    talk.get("/static/admin/css/base.css")
    talk.get("/static/admin/missing.css", 404)
    talk.get("/boom", 500)
    talk.get("/nowhere", 404)
    talk.ask("HEAD", "/products")


def sign_in(talk: Talk) -> None:
    """As the superuser, in the admin."""
    page = talk.get("/admin/login/?next=/admin/")
    fields = {"username": "admin", "password": PASSWORD, "next": "/admin/"}
    fields["csrfmiddlewaretoken"] = _token(page)
    assert talk.post("/admin/login/", 302, data=fields).headers["location"] == "/admin/"


def _token(page: httpx.Response) -> str:
    found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.text)
    assert found, page.text[:500]
    return found[1]


def fastapi(talk: Talk) -> None:
    assert talk.get("/items/7?q=a%20b").json()["state"] == "connected"
    talk.get("/items/seven", 422)
    talk.post("/items", 201, json={"name": "bolt", "price": 1.5, "tags": ["ü"]})
    talk.post("/items", 422, json={"name": "bolt", "price": -1})
    talk.post("/items", 422, content=b"{not json", headers={"Content-Type": "application/json"})
    assert talk.get("/session").json() == ["a session", "a blocking session"]
    assert talk.get("/refused", 409).headers["x-reason"] == "refused"
    eventually(lambda: talk.client.get("/happened").json().count("closed") == 2, what="clean up")
    assert "rolled back" in talk.client.get("/happened").json()
    talk.get("/blocking")
    talk.post("/background", 202, data={"text": "written in the background"})
    assert talk.get("/written").json() == "written in the background"
    assert len(talk.get("/stream").text.splitlines()) == 20
    files = [("files", ("a", SMALL)), ("files", ("b", LARGE))]
    sizes = {"a": len(SMALL), "b": len(LARGE)}
    assert talk.post("/upload", files=files, data={"note": "two"}).json()["files"] == sizes
    assert talk.get("/large").headers["content-encoding"] == "gzip"
    preflight = {"Origin": "https://shop.test", "Access-Control-Request-Method": "POST"}
    talk.ask("OPTIONS", "/items", headers=preflight)
    talk.get("/openapi.json")
    talk.get("/docs")
    talk.get("/boom", 500)
    talk.ask("DELETE", "/items", 405)
    talk.get("/nowhere", 404)


def litestar(talk: Talk) -> None:
    """A validation error is the client's: 400, not 500."""
    talk.get("/users/7")
    talk.get("/users/7?active=perhaps", 400)
    talk.get("/me", headers={"X-User": "3"})
    talk.post("/items", 201, json={"name": "bolt", "price": 1.5})
    talk.post("/items", 400, json={"name": "bolt", "price": "dear"})
    talk.post("/items", 400, content=b"{not json", headers={"Content-Type": "application/json"})
    talk.get("/blocking")
    assert len(talk.get("/stream").text.splitlines()) == 20
    assert talk.post("/upload", 201, files={"data": ("f", LARGE)}).json()["size"] == len(LARGE)
    talk.get("/schema/openapi.json")
    talk.get("/boom", 500)
    talk.ask("DELETE", "/items", 405)
    talk.get("/nowhere", 404)


def sentry_starlette(talk: Talk) -> None:
    for _ in range(3):
        assert talk.get("/").text == "ok"
    talk.get("/blocking")
    talk.get("/message")
    talk.get("/boom", 500)
    talk.get("/")
    talk.sink.wait("said in the background", "ZeroDivisionError")


def sentry_flask(talk: Talk) -> None:
    assert talk.get("/").text == "ok"
    talk.get("/users/7?q=a%20b")
    assert talk.post("/form", data={"a": "1"}, files={"file": ("f", LARGE)}).json()["sizes"] == {
        "file": len(LARGE)
    }
    for visits in (1, 2):
        assert talk.get("/visits").json() == {"visits": visits}
    assert len(talk.get("/stream").text.splitlines()) == 20
    talk.get("/message")
    talk.get("/boom", 500)
    talk.get("/nowhere", 404)
    talk.sink.wait("said by a view", "ZeroDivisionError")


def psycopg2(talk: Talk) -> None:
    assert talk.get("/").json()["quoted"] == "'it''s'"
    assert talk.get("/connect", 503).json() == {"refused": "OperationalError"}


def apscheduler(talk: Talk) -> None:
    assert talk.get("/ticked").json() == {"thread": True, "loop": True}
    assert talk.get("/threads").json() == {"threads": ["APScheduler"]}


def opentelemetry(talk: Talk) -> None:
    talk.get("/items/7")
    talk.get("/items/seven", 422)
    talk.get("/blocking")
    talk.get("/missing", 404)
    talk.get("/boom", 500)
    talk.get("/plain/")
    names = [span["name"] for span in talk.get("/spans").json()]
    assert {"look up", "in a thread", "GET /items/{item_id}", "GET /boom"} <= set(names)


def socketio(talk: Talk) -> None:
    """Engine.IO's long polling: a packet's first digit is its type, \\x1e stands between two."""
    handshake = talk.get("/socket.io/?EIO=4&transport=polling").text
    assert handshake.startswith("0")
    path = f"/socket.io/?EIO=4&transport=polling&sid={json.loads(handshake[1:])['sid']}"
    talk.post(path, content=b"40")
    assert '42["welcome",{"path":"/socket.io/"}]' in _polled(talk, path, 2)
    talk.post(path, content='427["say","hellö"]'.encode())
    assert set(_polled(talk, path, 2)) == {'42["said","HELL\\u00d6"]', '437["heard"]'}
    talk.post(path, content=b'42["later"]')
    assert _polled(talk, path, 1) == ['42["told"]']
    talk.post(path, content=b'451-["send_bytes",{"_placeholder":true,"num":0}]\x1ebAQID')
    assert _polled(talk, path, 2)[1] == "bAwIB"
    talk.post(path, content=b"41")
    talk.get("/socket.io/?EIO=4&transport=polling&sid=unknown", 400)
    talk.get("/socket.io/?EIO=3&transport=polling", 400)


def _polled(talk: Talk, path: str, count: int) -> list[str]:
    """So many packets, in as many polls as the server likes; so the polls are not noted."""
    packets: list[str] = []
    while len(packets) < count:
        response = talk.client.get(path)
        assert response.status_code == 200, response.text
        packets += response.text.split("\x1e")
    assert len(packets) == count, packets
    return packets


def sse(talk: Talk) -> None:
    assert talk.get("/short").text.count("event: tick") == 10
    with talk.client.stream("GET", "/endless") as response:
        assert "again" in next(response.iter_text())
    eventually(lambda: talk.client.get("/ended").json(), what="the stream's end")
    talk.get("/ended")


def quart(talk: Talk) -> None:
    for visits in (1, 2):
        assert talk.get("/visits").json() == {"visits": visits}
    talk.post("/size", content=SMALL)
    talk.post("/size", 413, content=LARGE)
    assert len(talk.get("/stream").text.splitlines()) == 20
    talk.post("/background")
    talk.get("/written")
    talk.get("/boom", 500)
    talk.get("/nowhere", 404)


def strawberry(talk: Talk) -> None:
    found = _graphql(talk, "query ($d: Float!) { products(dearerThan: $d) { name } }", d=1)
    assert found["data"] == {"products": [{"name": "bolt"}]}
    _graphql(talk, 'mutation { add(name: "washer", price: 0.1) { name price } }')
    assert _graphql(talk, "{ failing }")["errors"][0]["message"] == "this field always fails"
    assert "errors" in _graphql(talk, "{ nothing }")
    talk.post("/", 400, content=b"{not json", headers={"Content-Type": "application/json"})


def _graphql(talk: Talk, query: str, **variables: Any) -> Any:
    return talk.post("/", json={"query": query, "variables": variables}).json()


def mcp(talk: Talk) -> None:
    """Streamable HTTP: each answer is a stream of events of its own."""
    params = {
        "protocolVersion": "2025-06-18",
        "capabilities": {},
        "clientInfo": {"name": "test", "version": "1"},
    }
    opened = _rpc(talk, {}, 1, "initialize", params)
    session = {"Mcp-Session-Id": opened.headers["mcp-session-id"]}
    note = {"jsonrpc": "2.0", "method": "notifications/initialized"}
    talk.post("/mcp", 202, json=note, headers={**EVENT_STREAM, **session})
    assert '"add"' in _rpc(talk, session, 2, "tools/list", {}).text
    called = _rpc(talk, session, 3, "tools/call", {"name": "add", "arguments": {"a": 2, "b": 3}})
    assert '"text":"5"' in called.text
    slow = {"name": "slow", "arguments": {"text": "abc"}}
    assert '"text":"cba"' in _rpc(talk, session, 4, "tools/call", slow).text
    assert '"isError":true' in _rpc(talk, session, 5, "tools/call", {"name": "fails"}).text
    wrong = {"name": "add", "arguments": {"a": "two"}}
    assert '"isError":true' in _rpc(talk, session, 6, "tools/call", wrong).text
    assert "hello" in _rpc(talk, session, 7, "resources/read", {"uri": "shop://greeting"}).text
    talk.post("/mcp", 406, json=note, headers={"Accept": "text/html", **session})
    talk.ask("DELETE", "/mcp", headers=session)


def _rpc(
    talk: Talk, session: dict[str, str], number: int, method: str, params: Any
) -> httpx.Response:
    message = {"jsonrpc": "2.0", "id": number, "method": method, "params": params}
    return talk.post("/mcp", json=message, headers={**EVENT_STREAM, **session})


def datasette(talk: Talk) -> None:
    talk.get("/")
    assert "250 rows" in talk.get("/shop/products").text
    talk.get("/shop/products.json?_size=3&_shape=array")
    talk.get("/shop/products.csv?_stream=on")
    talk.get("/shop.json?sql=select+count(*)+from+products&_shape=array")
    talk.get("/shop.json?sql=select+nothing+from+nowhere", 400)
    talk.get("/-/static/app.css")
    talk.get("/nowhere", 404)


def gradio(talk: Talk) -> None:
    """A call is posted, and its events are read; the queue works in threads."""
    assert '"Hello you"' in _called(talk, "greet", "you")
    assert _called(talk, "count", 5).count("event: generating") >= 1
    assert "event: error" in _called(talk, "fail", "")
    talk.get("/gradio_api/info")
    assert "gradio" in talk.client.get("/").text
    files = {"files": ("f", LARGE)}
    uploaded = talk.client.post("/gradio_api/upload", files=files).json()[0]
    assert len(talk.get(f"/gradio_api/file={uploaded}").content) == len(LARGE)
    talk.post("/gradio_api/call/nothing", 500, json={"data": []})
    numbers = {
        each["api_name"]: each["id"] for each in talk.client.get("/config").json()["dependencies"]
    }
    assert _queued(talk, numbers["greet"], "you")[-1]["data"] == ["Hello you"]
    assert len(_queued(talk, numbers["count"], 3)) == 4
    assert _queued(talk, numbers["fail"], "")[-1]["error"] == "this function always fails"


def _queued(talk: Talk, function: int, value: Any) -> list[dict[str, Any]]:
    """As a page does it: a call joins the queue, and a stream has what comes of it, noted."""
    call = {"data": [value], "fn_index": function, "session_hash": f"page-{function}"}
    talk.client.post("/gradio_api/queue/join", json=call).raise_for_status()
    stream = talk.client.get(f"/gradio_api/queue/data?session_hash=page-{function}")
    events = [json.loads(line[6:]) for line in stream.text.splitlines() if line]
    outputs = [event["output"] for event in events if "output" in event]
    for output in outputs:
        talk.note(f"queue {function}", f"{output.get('data')} {output.get('error')}")
    return outputs


def _called(talk: Talk, name: str, value: Any) -> str:
    event = talk.client.post(f"/gradio_api/call/{name}", json={"data": [value]})
    return talk.get(f"/gradio_api/call/{name}/{event.json()['event_id']}").text
