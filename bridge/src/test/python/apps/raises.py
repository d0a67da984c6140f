"""Fails while it is imported."""


def connect():
    return 1 / 0


connect()
