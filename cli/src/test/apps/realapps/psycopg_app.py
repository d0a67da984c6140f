"""psycopg2, a C extension that is imported at the first request, without a database to reach."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route


def version(request: Request) -> JSONResponse:
    import psycopg2
    from psycopg2.extensions import adapt

    return JSONResponse(
        {"version": psycopg2.__version__, "quoted": adapt("it's").getquoted().decode()}
    )


def connect(request: Request) -> JSONResponse:
    import psycopg2

    try:
        psycopg2.connect(host="127.0.0.1", port=1, dbname="none", connect_timeout=2)
    except psycopg2.OperationalError as refused:
        return JSONResponse({"refused": type(refused).__name__}, status_code=503)
    return JSONResponse({})


app = Starlette(routes=[Route("/", version), Route("/connect", connect)])
