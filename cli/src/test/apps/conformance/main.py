"""The way from a path to an app. A path that nobody knows shows its scope."""

from __future__ import annotations

from asgi_types import App, Receive, Scope, Send

from conformance import ending, memory, receiving, scopes, sending, websockets

ROUTES: dict[str, App] = {
    **memory.ROUTES,
    **scopes.ROUTES,
    **receiving.ROUTES,
    **sending.ROUTES,
    **ending.ROUTES,
    **websockets.ROUTES,
}


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "lifespan":
        await lifespan(scope, receive, send)
    else:
        await ROUTES.get(scope["path"], scopes.show_scope)(scope, receive, send)


async def lifespan(scope: Scope, receive: Receive, send: Send) -> None:
    await receive()
    if "state" in scope:
        scope["state"].update(shared=[], started="yes")
    await send({"type": "lifespan.startup.complete"})
    await receive()
    await send({"type": "lifespan.shutdown.complete"})
