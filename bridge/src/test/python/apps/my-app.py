"""Can only be named as a file."""

from plain import app

__all__ = ["app"]
