"""Starts a daemon thread."""

import threading


def start():
    threading.Thread(target=print, daemon=True).start()


start()


async def app(scope, receive, send): ...
