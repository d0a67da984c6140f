"""Starts other processes in every way there is, and tells what they are given."""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

from asgi_tools import answer, query
from asgi_types import Receive, Scope, Send

# Descriptors with what they are, and the masks of signals. Nothing is imported that opens files.
SHOW = """
import json, os
open_ones = {}
for each in os.listdir("/proc/self/fd"):
    try:
        open_ones[each] = os.readlink("/proc/self/fd/" + each)
    except OSError:
        pass  # the directory itself
status = dict(line.split(":", 1) for line in open("/proc/self/status") if line.startswith("Sig"))
masks = {name: int(status[name], 16) for name in ("SigBlk", "SigIgn", "SigCgt")}
out = os.open(os.environ["SHOW_TO"], os.O_WRONLY)
os.write(out, json.dumps({"open": open_ones, **masks}).encode())
"""
SLEEP = [shutil.which("sleep") or "", "60"]
FORK = multiprocessing.get_context("fork")
COMMAND = [sys.executable, "-I", "-S", "-c", SHOW]


def by_system(environment: dict[str, str]) -> None:
    os.environ.update(environment)
    os.system(" ".join(f"'{word}'" for word in COMMAND))


def by_popen(environment: dict[str, str]) -> None:
    subprocess.run(COMMAND, env={**os.environ, **environment}, check=True)


def by_popen_with_descriptors(environment: dict[str, str]) -> None:
    subprocess.run(COMMAND, env={**os.environ, **environment}, check=True, close_fds=False)


def by_spawn(environment: dict[str, str]) -> None:
    pid = os.posix_spawn(COMMAND[0], COMMAND, {**os.environ, **environment})
    os.waitpid(pid, 0)


def by_fork(environment: dict[str, str]) -> None:
    os.environ.update(environment)
    pid = os.fork()
    if pid == 0:
        try:
            exec(SHOW, {})
        finally:
            os._exit(0)
    os.waitpid(pid, 0)


def by_fork_and_exec(environment: dict[str, str]) -> None:
    pid = os.fork()
    if pid == 0:
        os.execve(COMMAND[0], COMMAND, {**os.environ, **environment})
    os.waitpid(pid, 0)


WAYS: dict[str, Callable[[dict[str, str]], None]] = {
    way.__name__: way
    for way in (
        by_system,
        by_popen,
        by_popen_with_descriptors,
        by_spawn,
        by_fork,
        by_fork_and_exec,
    )
}


def shown(way: str) -> Any:
    reading, writing = os.pipe()
    os.set_inheritable(writing, False)
    try:
        WAYS[way]({"SHOW_TO": f"/proc/{os.getpid()}/fd/{writing}"})
    finally:
        os.close(writing)
    with os.fdopen(reading) as report:
        return json.loads(report.read())


def rest(*, stubborn: bool) -> None:
    if stubborn:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    time.sleep(60)


def ended_by(number: int) -> int | None:
    """The exit code of a forked child that gets this signal; None when it lives on."""
    child = FORK.Process(target=rest, kwargs={"stubborn": False})
    child.start()
    assert child.pid is not None
    os.kill(child.pid, number)
    child.join(10)
    return child.exitcode


def helper() -> int:
    return os.posix_spawn(SLEEP[0], SLEEP, os.environ)


def stubborn() -> int | None:
    """A child that whoever cleans up at the end has to wait for."""
    child = FORK.Process(target=rest, kwargs={"stubborn": True})
    child.start()
    return child.pid


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] != "http":
        raise NotImplementedError(scope["type"])
    words = query(scope)
    if "end" in words:
        await answer(send, await asyncio.to_thread(ended_by, int(words["end"])))
    elif "helper" in words:
        await answer(send, helper())
    elif "stubborn" in words:
        await answer(send, stubborn())
    elif "thread" in words:
        await answer(send, await asyncio.to_thread(shown, words["way"]))
    else:
        await answer(send, shown(words["way"]))
