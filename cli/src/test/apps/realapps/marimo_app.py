"""A notebook of marimo, served as an app."""

from __future__ import annotations

from pathlib import Path

import marimo

NOTEBOOK = Path(__file__).with_name("marimo_notebook.py")

app = marimo.create_asgi_app().with_app(path="", root=str(NOTEBOOK)).build()
