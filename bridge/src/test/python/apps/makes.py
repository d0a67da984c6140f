"""Factories."""

from plain import app


def create_app():
    return app


def create_none():
    return None


def create_failing():
    raise ValueError("no database")


async def create_async():
    return app


def create_with(config):
    return app


def create_exiting():
    raise SystemExit("no config")
