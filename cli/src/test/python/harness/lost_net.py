"""A network of this machine whose packets can be lost: clients in it vanish without a word."""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_CLONE_NEWNET = 0x40000000


class NoNetwork(Exception):
    """None can be made here."""


def _run(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise NoNetwork(f"{' '.join(command)}: {done.stderr.strip()}")


class LostNet:
    """Made on entering, of two ends: `host` is here, and the sockets of `inside()` are there."""

    def __init__(self) -> None:
        number = os.getpid() % 250 + 1
        self._name = f"spvn-{os.getpid()}"
        self._near, self._far = f"sv{number}n", f"sv{number}f"
        self.host = f"10.99.{number}.1"
        self._there = f"10.99.{number}.2"

    def __enter__(self) -> LostNet:
        if shutil.which("ip") is None or os.geteuid() != 0:
            raise NoNetwork("needs root and ip")
        _run("ip", "netns", "add", self._name)
        try:
            _run("ip", "link", "add", self._near, "type", "veth", "peer", "name", self._far)
            _run("ip", "link", "set", self._far, "netns", self._name)
            _run("ip", "addr", "add", f"{self.host}/24", "dev", self._near)
            _run("ip", "link", "set", self._near, "up")
            self._far_ip("addr", "add", f"{self._there}/24", "dev", self._far)
            self._far_ip("link", "set", self._far, "up")
        except NoNetwork:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        for what in (("link", "del", self._near), ("netns", "del", self._name)):
            subprocess.run(("ip", *what), capture_output=True)

    def _far_ip(self, *what: str) -> None:
        _run("ip", "-n", self._name, *what)

    def lose(self) -> None:
        """Nothing arrives from now on, in either direction, and nobody is told."""
        self._far_ip("link", "set", self._far, "down")

    @contextmanager
    def inside(self) -> Iterator[None]:
        """Sockets that this thread makes meanwhile are at the other end."""
        with Path("/proc/thread-self/ns/net").open() as here:
            with Path("/run/netns", self._name).open() as there:
                _enter(there.fileno())
            try:
                yield
            finally:
                _enter(here.fileno())


def _enter(namespace: int) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.setns(namespace, _CLONE_NEWNET):
        raise NoNetwork(os.strerror(ctypes.get_errno()))
