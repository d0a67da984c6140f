"""Streamlit as an ASGI app: its script runs in threads, and all it says goes over a WebSocket."""

from __future__ import annotations

from pathlib import Path

import streamlit

app = streamlit.App(Path(__file__).with_name("streamlit_script.py"))
