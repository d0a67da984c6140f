"""Notes how it is imported, and runs a loop meanwhile."""

import asyncio
import sys


async def answer():
    return asyncio.current_task() is not None


loop = asyncio.get_event_loop()
ran_a_loop = asyncio.run(answer())
argv = list(sys.argv)
path = list(sys.path)


async def app(scope, receive, send):
    assert asyncio.get_running_loop() is loop
    await send({"type": "http.response.start", "status": 200})
