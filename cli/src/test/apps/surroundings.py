"""Shows the process that the app finds itself in; prints and logs on demand."""

from __future__ import annotations

import logging
import os
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import ModuleType
from typing import Any

from asgi_tools import answer, query
from asgi_types import Receive, Scope, Send

LOCALE = ("LANG", "LC_ALL", "LC_CTYPE")
MANAGER = ("LISTEN_", "NOTIFY_", "WATCHDOG_")
main_module = sys.modules["__main__"]


def surroundings() -> dict[str, Any]:
    return {
        "argv": sys.argv,
        "path": sys.path[:3],
        "prefix": sys.prefix,
        "executable": sys.executable,
        "version": "{}.{}.{}".format(*sys.version_info[:3]),
        "cwd": os.getcwd(),
        "variable": os.environ.get("SPVN_TEST_VARIABLE"),
        "locale": {name: os.environ[name] for name in LOCALE if name in os.environ},
        "manager": sorted(name for name in os.environ if name.startswith(MANAGER)),
        "main": getattr(main_module, "__name__", None),
        "imported": _importable("httpx"),
        "stdout_encoding": sys.stdout.encoding,
        "recursion_limit": sys.getrecursionlimit(),
        "compiled": "spvn_bridge.remote._fast" in sys.modules,
        "kept": _kept(sys.modules.get("spvn_bridge")),
    }


def _kept(module: ModuleType | None) -> bool:
    """Whether Python has kept what it has compiled of it."""
    cached = getattr(module, "__cached__", None)
    return cached is not None and Path(cached).is_file()


def _importable(name: str) -> bool:
    try:
        __import__(name)
    except ImportError:
        return False
    return True


def _in_thread() -> str:
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(lambda: threading.current_thread().name).result()


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] != "http":
        raise NotImplementedError(scope["type"])
    words = query(scope)
    if "print" in words:
        print(words["print"], flush=True)
    if "log" in words:
        logging.getLogger("app").warning(words["log"])
    if "error" in words:
        print(words["error"], file=sys.stderr, flush=True)
    await answer(send, {**surroundings(), "thread": _in_thread()})
