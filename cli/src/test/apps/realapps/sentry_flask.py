"""Flask with Sentry: `app` for a server that knows WSGI, `asgi` for one that does not."""

from __future__ import annotations

import os
from collections.abc import Iterator

import sentry_sdk
from a2wsgi import WSGIMiddleware
from flask import Flask, Response, jsonify, request, session

# Not compressed, so that the tests can read what it sends.
sentry_sdk.init(
    dsn=os.environ["SENTRY_DSN"],
    traces_sample_rate=1.0,
    _experiments={"transport_compression_level": 0},
)

app = Flask(__name__)
app.secret_key = "not a secret"


@app.get("/")
def ok() -> str:
    return "ok"


@app.get("/users/<int:number>")
def user(number: int) -> Response:
    return jsonify(number=number, query=request.args)


@app.post("/form")
def form() -> Response:
    sizes = {name: len(file.read()) for name, file in request.files.items()}
    return jsonify(fields=request.form, sizes=sizes)


@app.get("/visits")
def visits() -> Response:
    session["visits"] = session.get("visits", 0) + 1
    return jsonify(visits=session["visits"])


@app.get("/stream")
def stream() -> Response:
    def rows() -> Iterator[str]:
        for number in range(20):
            yield f"{number}\n"

    return Response(rows(), content_type="text/csv")


@app.get("/message")
def message() -> str:
    sentry_sdk.capture_message("said by a view")
    return "said"


@app.get("/boom")
def boom() -> str:
    raise ZeroDivisionError("this view always fails")


asgi = WSGIMiddleware(app)  # type: ignore[arg-type]
