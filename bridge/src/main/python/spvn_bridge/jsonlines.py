"""What the app says on its standard streams, as objects of JSON, for `--log-format json`.

Records of `logging` that a handler would write there in a standard format become objects with their
level, logger and exception; the app's handlers, levels and filters stay what they are. Other text
becomes a message, by the line or by what was written at once; what is an object already passes.
What does not go through Python's `sys.stdout` and `sys.stderr` is not seen.
"""

from __future__ import annotations

import atexit
import json
import logging
import sys
import threading
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING, Any, NoReturn
from weakref import WeakSet

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import TextIO

# Text without an end of line is not kept for longer.
LONGEST = 65_536

_TRACEBACK = "Traceback (most recent call last):\n"
_STANDARD_FORMATTERS = ("logging", "uvicorn.logging")


def install() -> None:
    """Do so from now on. Called again, nothing is left to do."""
    if isinstance(sys.stderr, JsonStream):
        return
    for name, level in {"stdout": "INFO", "stderr": "WARNING"}.items():
        stream = getattr(sys, name)
        if stream is not None:
            wrapped = JsonStream(stream, name, level)
            atexit.register(wrapped.end)
            setattr(sys, name, wrapped)
    logging.StreamHandler.emit = _emit  # type: ignore[method-assign,assignment]


class JsonStream:
    """A standard stream that takes text and writes objects."""

    def __init__(self, stream: TextIO, name: str, level: str) -> None:
        self._stream = stream
        self._name = name
        self._level = level
        self._begun = threading.local()  # print() writes its text and its end apart
        self._rests: WeakSet[_Rest] = WeakSet()  # of all threads that live
        self._new = threading.Lock()

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever else a stream has
        return getattr(self._stream, name)

    def write(self, text: str) -> int:
        """Write what is complete, and keep the rest for this thread's next call."""
        rest = self._rest()
        whole = rest.take() + text
        complete = _is_complete(whole)
        if not complete:
            rest.text = whole
        elif whole.strip():
            self._say(whole)
        return len(text)

    def writelines(self, lines: Iterable[str]) -> None:
        """Write one after the other."""
        for line in lines:
            self.write(line)

    def end(self) -> None:
        """Write what any thread has begun: nothing follows."""
        with self._new:
            rests = list(self._rests)
        for rest in rests:
            self.say_rest(rest.take())

    def say_rest(self, text: str) -> None:
        """Write what will have no end any more."""
        if text.strip():
            self._say(text)

    def _rest(self) -> _Rest:
        rest: _Rest | None = getattr(self._begun, "rest", None)
        if rest is None:
            rest = self._begun.rest = _Rest(self)
            with self._new:
                self._rests.add(rest)
        return rest

    def record(self, record: logging.LogRecord) -> None:
        """Write a record of `logging`."""
        said = _object(record.created, record.levelname, record.name, record.getMessage())
        trace = [text for text in (_exception(record), record.stack_info) if text]
        if trace:
            said["exception"] = "\n".join(trace)
        self._put(json.dumps(said))

    def _say(self, text: str) -> None:
        if _is_object(text):
            self._put(text.rstrip("\n"))
        else:
            now = datetime.now().timestamp()  # noqa: DTZ005 - a moment, in no zone
            self._put(json.dumps(_object(now, self._level, self._name, text.rstrip("\n"))))

    def _put(self, line: str) -> None:
        self._stream.write(line + "\n")
        self._stream.flush()


class _Rest:
    """What one thread has begun to write. It ends with its thread, and is written then."""

    def __init__(self, stream: JsonStream) -> None:
        self._stream = stream
        self.text = ""

    def take(self) -> str:
        """Whatever there is, for one who writes it."""
        taken, self.text = self.text, ""
        return taken

    def __del__(self) -> None:
        with suppress(Exception):  # at the end of the interpreter there may be no stream any more
            self._stream.say_rest(self.take())


def _object(seconds: float, level: str, logger: str, message: str) -> dict[str, str]:
    time = datetime.fromtimestamp(seconds).astimezone().isoformat(timespec="milliseconds")
    return {
        "time": time.replace("+00:00", "Z"),
        "level": level,
        "logger": logger,
        "message": message,
    }


def _is_complete(text: str) -> bool:
    """Tell whether a line ends here, or a traceback, which is written line by line."""
    if len(text) > LONGEST:
        return True
    if not text.endswith("\n"):
        return False
    return not text.startswith(_TRACEBACK) or (
        len(text) > len(_TRACEBACK) and not text[:-1].rpartition("\n")[2].startswith(" ")
    )


def _is_object(text: str) -> bool:
    if not text.startswith("{"):
        return False
    try:
        return "\n" not in text[:-1] and isinstance(json.loads(text, parse_constant=_refuse), dict)
    except (ValueError, RecursionError):
        return False


def _refuse(constant: str) -> NoReturn:
    """Refuse what Python takes for JSON, such as NaN, and others do not."""
    raise ValueError(constant)


def _exception(record: logging.LogRecord) -> str:
    if record.exc_info and not record.exc_text:
        return _FORMATTER.formatException(record.exc_info)
    return record.exc_text or ""


def _emit(handler: logging.StreamHandler[Any], record: logging.LogRecord) -> None:
    """Do what `StreamHandler.emit` does, but for records that become objects."""
    stream = handler.stream
    formatter = handler.formatter
    standard = formatter is None or type(formatter).__module__ in _STANDARD_FORMATTERS
    if not isinstance(stream, JsonStream) or not standard:
        _standard_emit(handler, record)
        return
    try:
        stream.record(record)
    except RecursionError:
        raise
    except Exception:
        handler.handleError(record)


_standard_emit = logging.StreamHandler.emit
_FORMATTER = logging.Formatter()
