"""Tells as whom it runs. It imports nothing that its user may not be allowed to read."""

import os

from asgi_types import Receive, Scope, Send

seen = [("import", os.geteuid(), os.getegid(), os.getgroups())]


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "lifespan":
        await receive()
        seen.append(("startup", os.geteuid(), os.getegid(), os.getgroups()))
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await send({"type": "lifespan.shutdown.complete"})
        return
    here = ("request", os.geteuid(), os.getegid(), os.getgroups())
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": repr([*seen, here]).encode()})
