"""How long it takes from an edit to its answer, with `spvn serve --watch`.

The app is a Starlette app of one file. One client asks all the time on one connection, which must
last. Usage, from this directory:

    python reload_bench.py [EDITS]
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from pathlib import Path

from harness.command import Command
from harness.edited import EditedApp, answered
from harness.server import Server

EDITS = 50


def measure(edits: int) -> list[float]:
    """Seconds from each save to the first answer of the new code, on one kept connection."""
    times = []
    with tempfile.TemporaryDirectory() as directory:
        app = EditedApp(Path(directory))
        command = Command()
        with (
            Server(command, "edited:app", "--watch", app_dir=app.directory) as server,
            server.connect() as connection,
        ):
            for edit in range(1, edits + 1):
                began = time.monotonic()
                app.write(edit)
                answered(connection, edit)
                times.append(time.monotonic() - began)
    return times


def main() -> None:
    """Measure and print."""
    times = sorted(measure(int(sys.argv[1]) if len(sys.argv) > 1 else EDITS))
    print(
        f"{len(times)} edits: median {statistics.median(times) * 1000:.0f} ms, "
        f"fastest {times[0] * 1000:.0f} ms, "
        f"p90 {times[int(len(times) * 0.9)] * 1000:.0f} ms, slowest {times[-1] * 1000:.0f} ms"
    )


if __name__ == "__main__":
    main()
