"""Importable, but what it holds is no app."""

from __future__ import annotations

from typing import NoReturn

number = 42
text = "an app?"
nothing = None


def factory() -> NoReturn:
    raise ValueError("the factory has no material")


def barren_factory() -> None:
    """Makes nothing that can be called."""


def needy_factory(material: str) -> None:
    """Cannot be called without an argument."""
