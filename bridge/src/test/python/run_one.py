"""Runs a whole worker in an interpreter that ends with it: a child process or a sub-interpreter.

The caller puts `SPVN_RUN` into the globals or the environment: JSON of the settings. The result is
written as JSON to the file `SPVN_RESULT`.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from pathlib import Path
from typing import Any

from fake_host import FakeHost, install


def main(changes: dict[str, Any], report: Path) -> None:
    host = FakeHost()
    install(host)
    from spvn_bridge import worker  # noqa: PLC0415 - after the host is there

    def serve_one() -> None:
        host.request()
        host.on_ended = lambda _number: host.stop()

    host.on_serving = serve_one
    settings: Any = {
        "interface": "auto",
        "factory": False,
        "lifespan": "auto",
        "startup_timeout": 5.0,
        "root_path": "",
        "argv": ["spvn"],
        "support": "",
        "worker": 0,
        "isolation": "main",
        "loop": "asyncio",
        "log_config": "",
        "log_json": False,
        **changes,
    }
    result = worker.main(settings)
    seen = {
        "result": result,
        "logs": host.logs,
        "over": host.over,
        "threads": [each.name for each in threading.enumerate()],
    }
    report.write_text(json.dumps(seen))


if __name__ == "__main__":
    sys.path.insert(0, os.environ["SPVN_BRIDGE"])
    main(json.loads(os.environ["SPVN_RUN"]), Path(os.environ["SPVN_RESULT"]))
