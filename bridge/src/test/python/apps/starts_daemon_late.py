"""Starts a daemon thread in its lifespan."""

import starts_thread


async def app(scope, receive, send):
    if scope["type"] == "lifespan":
        await receive()
        starts_thread.start()
