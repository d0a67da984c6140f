"""Serves an ASGI app with FastPySGI, whose own command line knows neither workers nor backlog.

The settings are those that FastPySGI's author runs it with in public comparisons of servers.
Used as: serve_fastpysgi.py APP_DIR PORT WORKERS MODULE:ATTRIBUTE
"""

from __future__ import annotations

import sys
from importlib import import_module

import fastpysgi  # type: ignore[import-not-found]

app_dir, port, workers, target = sys.argv[1:]
sys.path.insert(0, app_dir)
module, _, attribute = target.partition(":")
fastpysgi.server.read_buffer_size = 256 * 1024
fastpysgi.server.backlog = 16 * 1024
fastpysgi.server.loop_timeout = 1  # milliseconds
fastpysgi.run(
    getattr(import_module(module), attribute),
    host="127.0.0.1",
    port=int(port),
    loglevel=0,
    workers=int(workers),
)
