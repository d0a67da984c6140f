"""OpenTelemetry: FastAPI instrumented, a plain ASGI app in its middleware, spans in batches."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI, HTTPException
from opentelemetry import trace
from opentelemetry.instrumentation.asgi import OpenTelemetryMiddleware
from opentelemetry.instrumentation.fastapi import FastAPIInstrumentor
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

exporter = InMemorySpanExporter()
provider = TracerProvider()
# Its worker is a daemon thread.
provider.add_span_processor(BatchSpanProcessor(exporter, schedule_delay_millis=100))
trace.set_tracer_provider(provider)
tracer = trace.get_tracer("shop")

app = FastAPI()


@app.get("/items/{item_id}")
async def item(item_id: int) -> dict[str, int]:
    with tracer.start_as_current_span("look up") as span:
        span.set_attribute("item", item_id)
    return {"item": item_id}


@app.get("/blocking")
def blocking() -> str:
    with tracer.start_as_current_span("in a thread"):
        return "from a thread"


@app.get("/missing")
async def missing() -> None:
    raise HTTPException(404)


@app.get("/boom")
async def boom() -> None:
    raise RuntimeError("this endpoint always fails")


@app.get("/spans")
def spans() -> list[dict[str, Any]]:
    """What was exported so far, without what differs from run to run."""
    provider.force_flush()
    return [
        {
            "name": span.name,
            "kind": span.kind.name,
            "parent": span.parent is not None,
            "status": span.status.status_code.name,
            "events": [event.name for event in span.events],
            "attributes": {
                key: value
                for key, value in sorted((span.attributes or {}).items())
                if "port" not in key and "host" not in key and "url" not in key
            },
        }
        for span in exporter.get_finished_spans()
    ]


async def plain(request: Request) -> PlainTextResponse:
    return PlainTextResponse("plain")


FastAPIInstrumentor.instrument_app(app, excluded_urls="spans,plain")
app.mount("/plain", OpenTelemetryMiddleware(Starlette(routes=[Route("/", plain)])))
