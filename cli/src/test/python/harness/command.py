"""How a server is started: spvn itself, or another server by a template."""

from __future__ import annotations

import os
import random
import shlex
import shutil
import socket
import stat
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[5]
APPS = ROOT / "cli" / "src" / "test" / "apps"

CHOSEN_PORTS = (10_000, 20_000)
TCP_ANY_PORT = "127.0.0.1:0"

# A process and all that it starts can be ended together. Not a session of its own where that can be
# helped: Linux shares the processors out by sessions, so a server and its clients, which would be
# in the same one in a user's terminal, would be held against each other.
OWN_GROUP: dict[str, Any] = (
    {"process_group": 0} if sys.version_info >= (3, 11) else {"start_new_session": True}
)


JAVA_OPTIONS = "SPVN_JAVA_OPTS"


def searchable(path: Path) -> bool:
    """Whether anybody may look it up by its name."""
    return all(each.stat().st_mode & stat.S_IXOTH for each in path.parents)


@cache
def dying_with_us() -> tuple[str, ...]:
    """How a command line begins whose process is not to outlive this one, however this ends.

    Linux does that, for the thread that starts it; elsewhere this is empty.
    """
    setpriv = shutil.which("setpriv")
    prefix = (setpriv or "", "--pdeathsig", "KILL")
    works = setpriv and subprocess.run([*prefix, "true"], capture_output=True).returncode == 0
    return prefix if works else ()


@dataclass(frozen=True)
class Command:
    """The command line of a server; `template` is None for spvn, of whichever checkout."""

    template: str | None = None
    home: Path = ROOT

    @property
    def own(self) -> bool:
        return self.template is None

    def line(self, target: str, app_dir: Path, bind: str, options: tuple[str, ...]) -> list[str]:
        if self.template is None:
            own = [
                str(self.home / "spvn"),
                "serve",
                target,
                "--app-dir",
                str(app_dir),
            ]
            if bind:
                own += ["--bind", bind]
            return [*dying_with_us(), *own, *options]
        template = self.template
        if bind.startswith("unix:"):
            template = _over_unix_socket(template)
        path = bind.removeprefix("unix:")
        host, _, port = path.rpartition(":")
        host = host.strip("[]")
        filled = template.format(target=target, app_dir=app_dir, host=host, port=port, path=path)
        return [*dying_with_us(), *shlex.split(filled), *options]

    def environment(self, extra: dict[str, str]) -> dict[str, str]:
        """The tests' own interpreter is the app's, so that the app sees the pinned packages.

        A test's options for Java are added to those of the run.
        """
        environment = {**os.environ, "SPVN_PYTHON": sys.executable}
        environment.pop("PYTHONPATH", None)
        options = [each[JAVA_OPTIONS] for each in (os.environ, extra) if each.get(JAVA_OPTIONS)]
        return {**environment, **extra, JAVA_OPTIONS: " ".join(options)}


def _over_unix_socket(template: str) -> str:
    return template.replace("--host {host} --port {port}", "--uds {path}").replace(
        "{host}:{port}", "unix:{path}"
    )


def free_port(host: str = "127.0.0.1") -> int:
    """A port that was free a moment ago; for servers that cannot choose one themselves.

    Not one that the system hands out by itself, which the tests beside this one take all the time.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    while True:
        port = random.randrange(*CHOSEN_PORTS)
        with suppress(OSError), socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.bind((host, port))
            return port
