"""Fails while it is imported, two calls deep."""

from __future__ import annotations


def connect() -> None:
    raise ValueError("no such database: tests.example")


def set_up() -> None:
    connect()


set_up()
