"""How a start fails before there is a server."""

from __future__ import annotations

# The exit code of a start that the environment lacks something for.
ENVIRONMENT = 4


class Missing(Exception):
    """What is missing or too little, and what to do about it, in one line for the user."""
