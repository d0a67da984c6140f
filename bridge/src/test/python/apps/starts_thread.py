"""Starts a daemon thread when it is told to."""

import threading


def start():
    threading.Thread(target=print, daemon=True).start()
