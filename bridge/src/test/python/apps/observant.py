"""Notes how it is imported."""

import asyncio
import sys

loop = asyncio.get_running_loop()
argv = list(sys.argv)
path = list(sys.path)


async def app(scope, receive, send):
    assert asyncio.get_running_loop() is loop
    await send({"type": "http.response.start", "status": 200})
