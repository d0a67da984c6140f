"""Forks."""

import os

if os.fork() == 0:
    os._exit(0)


async def app(scope, receive, send): ...
