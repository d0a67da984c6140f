"""Whose a file is: what another user may have written is not run, and nothing is put beside it."""

from __future__ import annotations

import os
import stat

# What neither is there nor can be made.
NOWHERE = f"{os.devnull}/none"
_OF_OTHERS = stat.S_IWGRP | stat.S_IWOTH


def refusal(path: str, *owners: int) -> str:
    """Why it is not to be trusted; empty if only root, this user or `owners` can have written it.

    A link has to be theirs too.
    """
    trusted = (0, os.geteuid(), *owners)
    try:
        found = os.stat(path)
        if os.lstat(path).st_uid not in trusted or found.st_uid not in trusted:
            return f"{path} belongs to another user"
    except OSError as error:
        return f"{path}: {error.strerror}"
    return f"others may write to {path}" if found.st_mode & _OF_OTHERS else ""


def make(folder: str) -> str:
    """Make a folder, and those it is in, for this user alone; returns why it cannot be used."""
    try:
        _make(folder)
    except OSError as error:
        return f"{folder} cannot be made: {error.strerror}"
    return refusal(folder)


def _make(folder: str) -> None:
    if folder and not os.path.isdir(folder):
        _make(os.path.dirname(folder))
        try:
            os.mkdir(folder, 0o700)
        except FileExistsError:
            if not os.path.isdir(folder):
                raise
