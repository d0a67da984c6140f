"""Runs the real apps beside uvicorn, the heavy ones too, with each Python that is here.

    python3 real_apps.py [--python 3.12]... [APP...]

Makes a virtual environment for each Python under .spvn/, with the packages that
`beside_uvicorn/pins` names, once; prints a table, and the log of what failed. Ends with 1 if an app
answered otherwise than under uvicorn, or complained more. Needs nothing but Python itself.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

HERE = Path(__file__).resolve().parent
STATE = HERE.parents[3] / ".spvn"
BESIDE = HERE / "beside_uvicorn"
MINORS = ("3.10", "3.11", "3.12", "3.13", "3.14")
INSTALL_WITHIN = 1_200
# All apps of one Python; a single one has a limit of its own.
RUN_WITHIN = 1_800
ONE_WITHIN = 240

# Prints the version; what has no shared library ends with 1.
PROBE = """
import sys, sysconfig
print("%d.%d" % sys.version_info[:2])
sys.exit(not sysconfig.get_config_var("Py_ENABLE_SHARED"))
"""


class Missing(Exception):
    """Why a Python cannot be had."""


def find(minor: str) -> str:
    """The first Python of this version that has a shared library."""
    home = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    on_path = shutil.which(f"python{minor}")
    candidates = [on_path] if on_path else []
    candidates += sorted(map(str, home.glob(f"versions/{minor}.*/bin/python")), reverse=True)
    why = "there is none"
    for candidate in candidates:
        done = subprocess.run([candidate, "-I", "-c", PROBE], capture_output=True, text=True)
        if done.returncode == 0 and done.stdout.strip() == minor:
            return candidate
        why = f"{candidate} has no shared libpython" if done.stdout else f"{candidate} does not run"
    raise Missing(why)


def prepared(minor: str) -> Path:
    """The Python of a virtual environment with the pinned packages, made where it is missing."""
    pins = BESIDE / "pins" / f"{minor}.txt"
    wanted = pins if pins.exists() else BESIDE / "requirements.txt"
    folder = STATE / f"venv-real-apps-{minor}"
    stamp = folder / ".pins"
    python = folder / "bin" / "python"
    if stamp.exists() and stamp.read_text() == wanted.read_text():
        return python
    base = find(minor)
    print(f"Python {minor}: installing the apps' packages, once", flush=True)
    shutil.rmtree(folder, ignore_errors=True)
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    install = [str(python), "-m", "pip", "install", "-q", "--no-input", "-r", str(wanted)]
    for command in ([base, "-m", "venv", str(folder)], install):
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=INSTALL_WITHIN, env=environment
        )
        if done.returncode != 0:
            raise Missing(f"the packages cannot be installed: {done.stderr.strip()[-300:]}")
    stamp.write_text(wanted.read_text())
    return python


def results(minor: str, apps: list[str]) -> dict[str, str]:
    """How each app fared with this Python."""
    python = prepared(minor)
    report = STATE / f"real-apps-{minor}.xml"
    log = STATE / f"real-apps-{minor}.log"
    report.unlink(missing_ok=True)
    chosen = ["-k", " or ".join(f"[{app}]" for app in apps)] if apps else []
    pytest = [str(python), "-B", "-m", "pytest", "-q", "-p", "no:cacheprovider", "--tb=short"]
    limits = ["--timeout", str(ONE_WITHIN), "--junitxml", str(report)]
    with log.open("wb") as out:
        subprocess.run(
            [*pytest, *limits, *chosen, "test_real_apps.py"],
            cwd=HERE,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            timeout=RUN_WITHIN,
        )
    if not report.exists():
        raise Missing(f"the tests did not run, see {log}")
    found = {}
    for case in ElementTree.parse(report).iter("testcase"):
        app = str(case.get("name")).partition("[")[2].rstrip("]")
        found[app] = _outcome(case)
    if "FAILED" in found.values():
        print(f"Python {minor}: what failed is in {log}", flush=True)
    return found


def _outcome(case: ElementTree.Element) -> str:
    if case.find("failure") is not None or case.find("error") is not None:
        return "FAILED"
    return "-" if case.find("skipped") is not None else "same"


def table(found: dict[str, dict[str, str]]) -> str:
    apps = sorted({app for outcomes in found.values() for app in outcomes})
    rows = [
        ["", *found],
        *([app, *(each.get(app, "-") for each in found.values())] for app in apps),
    ]
    width = max(len(app) for app in ["", *apps])
    return "\n".join("  ".join(f"{cell:<{width}}" for cell in row).rstrip() for row in rows)


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--python", action="append", metavar="MINOR", choices=MINORS)
    parser.add_argument("apps", nargs="*", metavar="APP")
    chosen = parser.parse_args(arguments)
    found = {}
    for minor in chosen.python or MINORS:
        try:
            found[minor] = results(minor, chosen.apps)
        except (Missing, subprocess.TimeoutExpired) as why:
            print(f"Python {minor}: passed over: {why}", flush=True)
    print(table(found))
    outcomes = [outcome for each in found.values() for outcome in each.values()]
    return 0 if "same" in outcomes and "FAILED" not in outcomes else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
