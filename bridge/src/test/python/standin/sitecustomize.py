"""What a forked child runs in tests: it does what it is told on `down`, and answers on `up`."""

from __future__ import annotations

import atexit
import json
import os
import signal
import sys
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import socket


def main(
    down: socket.socket, up: socket.socket, side: socket.socket | None, app: object | None = None
) -> None:
    """Obey lines until Java has gone."""
    with down.makefile("rb") as lines:
        for line in lines:
            name, *given = line.decode().split()
            if name == "ends":
                return
            if name in ("side", "app"):
                answer = (side if name == "side" else app) is not None
            else:
                answer = _COMMANDS[name](*given)
            up.sendall(json.dumps(answer).encode() + b"\n")


def _exit(code: str) -> None:
    sys.exit(int(code))


def _raise() -> None:
    raise RuntimeError("as asked")


def _kill(number: str) -> None:
    os.kill(os.getpid(), int(number))


def _at_exit(path: str) -> bool:
    def write() -> None:
        Path(path).write_text("ran", encoding="utf-8")

    atexit.register(write)
    return True


def _variable(name: str) -> str | None:
    return os.environ.get(name)


def _state() -> dict[str, Any]:
    """Return what an app may find of the process that it is in."""
    return {
        "path": sys.path,
        "argv": sys.argv,
        "open": _open_files(),
        "mask": sorted(signal.pthread_sigmask(signal.SIG_BLOCK, ())),
        "int": signal.getsignal(signal.SIGINT) is signal.default_int_handler,
        "term": signal.getsignal(signal.SIGTERM) is signal.SIG_DFL,
        "hup": signal.getsignal(signal.SIGHUP) is signal.SIG_DFL,
        "children": _read(f"/proc/self/task/{os.getpid()}/children"),
        "name": _read("/proc/self/comm"),
        "parent": os.getppid(),
    }


def _open_files() -> list[str]:
    """Return what descriptors beyond the standard streams are of."""
    links = [each for each in Path("/proc/self/fd").iterdir() if int(each.name) > 2]
    return sorted(str(each.readlink()).partition(":")[0] for each in links if each.is_symlink())


def _read(path: str) -> str:
    return Path(path).read_text(encoding="utf-8").strip()


_COMMANDS: dict[str, Any] = {
    "exit": _exit,
    "raises": _raise,
    "kill": _kill,
    "atexit": _at_exit,
    "variable": _variable,
    "state": _state,
}

if "STANDIN_FORKED" in os.environ:
    os.register_at_fork(after_in_child=lambda: os._exit(int(os.environ["STANDIN_FORKED"])))

stand_in = ModuleType("spvn_bridge.remote.child")
vars(stand_in)["main"] = main
sys.modules[stand_in.__name__] = stand_in
