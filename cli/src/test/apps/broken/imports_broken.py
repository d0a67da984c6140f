"""Imports a module of its own that fails."""

from __future__ import annotations

from broken import raises  # noqa: F401
