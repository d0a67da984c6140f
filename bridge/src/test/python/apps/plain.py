"""The app of most tests."""

from types import SimpleNamespace


async def app(scope, receive, send):
    await send({"type": "http.response.start", "status": 200})
    await send({"type": "http.response.body", "body": scope["path"].encode()})


site = SimpleNamespace(app=app)
