"""The files that an app has the server send: `http.response.pathsend` and `zerocopysend`.

Each is made out to a descriptor of its own, which the caller closes, and a part of the file that is
there at this moment; what is wrong with it is raised in the app, as `open` would.
"""

from __future__ import annotations

import errno
import fcntl
import os
import stat
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from spvn_bridge.asgi import Event

# A descriptor, where to begin, and how many bytes.
Region: TypeAlias = tuple[int, int, int]

# A pipe must not have its opener wait for another end.
_OPEN = os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC


def of_path(message: Event) -> Region:
    """Open the whole file that a `pathsend` names."""
    path = path_of(message)
    descriptor = os.open(path, _OPEN)
    try:
        return descriptor, 0, _size(descriptor, path)
    except BaseException:
        os.close(descriptor)
        raise


def path_of(message: Event) -> str:
    """Return the path in a `pathsend`."""
    path = message.get("path")
    if not isinstance(path, str):
        raise TypeError("'path' must be a str")
    if not path.startswith("/"):
        raise ValueError(f"'path' must be absolute, not {path!r}")
    return path


def of_descriptor(message: Event) -> Region:
    """Duplicate the descriptor in a `zerocopysend`; its position moves as if the app had read."""
    file = message.get("file")
    number = file if isinstance(file, int) else _fileno(file)
    offset, count = _number(message, "offset"), _number(message, "count")
    descriptor = os.dup(number)
    try:
        _require_readable(descriptor, number)
        size = _size(descriptor, number)
        begin = os.lseek(descriptor, 0, os.SEEK_CUR) if offset is None else offset
        there = max(0, size - begin)
        count = there if count is None else min(count, there)
        if offset is None:
            os.lseek(descriptor, begin + count, os.SEEK_SET)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor, begin, count


def read(region: Region) -> bytes:
    """Read what is not much."""
    descriptor, at, left = region
    pieces = []
    while left:
        piece = os.pread(descriptor, left, at)
        if not piece:
            raise OSError(errno.EIO, "the file has become shorter")
        pieces.append(piece)
        at += len(piece)
        left -= len(piece)
    return b"".join(pieces)


def _fileno(file: Any) -> int:  # noqa: ANN401 - the app's
    try:
        number = file.fileno()
    except AttributeError:
        raise TypeError("'file' must be a file or a descriptor") from None
    if not isinstance(number, int):
        raise TypeError("'file' must be a file or a descriptor")
    return number


def _number(message: Event, name: str) -> int | None:
    number = message.get(name)
    if number is None:
        return None
    if not isinstance(number, int):
        raise TypeError(f"'{name}' must be an int")
    if number < 0:
        raise ValueError(f"'{name}' must not be negative")
    return number


def _size(descriptor: int, name: str | int) -> int:
    status = os.fstat(descriptor)
    if stat.S_ISDIR(status.st_mode):
        raise _error(errno.EISDIR, name)
    if not stat.S_ISREG(status.st_mode):
        raise OSError(errno.EINVAL, "not a regular file", name)
    return status.st_size


def _require_readable(descriptor: int, name: int) -> None:
    if fcntl.fcntl(descriptor, fcntl.F_GETFL) & os.O_ACCMODE == os.O_WRONLY:
        raise _error(errno.EBADF, name)


def _error(number: int, name: str | int) -> OSError:
    return OSError(number, os.strerror(number), name)
