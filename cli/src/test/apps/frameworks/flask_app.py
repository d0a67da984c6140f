"""Flask, a WSGI app; and a plain WSGI app that shows its environ."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from flask import Flask, Response, jsonify, request

app = Flask(__name__)


@app.get("/users/<int:number>")
def user(number: int) -> Response:
    return jsonify(number=number, q=request.args.get("q"), root=request.script_root)


@app.post("/echo")
def echo() -> Response:
    return Response(request.get_data(), content_type="application/octet-stream")


@app.get("/stream")
def stream() -> Response:
    def pieces() -> Iterator[bytes]:
        for number in range(5):
            yield b"piece %d\n" % number
            time.sleep(0.01)

    return Response(pieces(), content_type="text/plain")


@app.get("/headers")
def headers() -> Response:
    return jsonify(dict(request.headers))


@app.get("/boom")
def boom() -> str:
    raise RuntimeError("boom in a Flask app")


SHOWN = ("REQUEST_METHOD", "SCRIPT_NAME", "PATH_INFO", "QUERY_STRING", "wsgi.url_scheme")


def plain(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    shown = {key: environ[key] for key in SHOWN}
    shown["body"] = environ["wsgi.input"].read().decode()
    start_response("200 OK", [("content-type", "application/json"), ("x-kind", "wsgi")])
    return [json.dumps(shown).encode()]
