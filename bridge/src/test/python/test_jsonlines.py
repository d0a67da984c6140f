"""What the app says on its standard streams becomes objects of JSON."""

from __future__ import annotations

import io
import json
import logging
import sys
import threading
import traceback
import warnings
from typing import Any

import pytest

from spvn_bridge import jsonlines


class Said:
    """Objects that were written, of both streams."""

    def __init__(self) -> None:
        self._where = io.StringIO()

    def __enter__(self) -> Said:  # noqa: PYI034 - Self is of 3.11
        self._before = sys.stdout, sys.stderr, logging.StreamHandler.emit
        sys.stdout = sys.stderr = self._where
        jsonlines.install()
        return self

    def __exit__(self, *_: object) -> None:
        sys.stdout, sys.stderr, emit = self._before
        logging.StreamHandler.emit = emit  # type: ignore[method-assign]

    def __call__(self) -> list[dict[str, Any]]:
        """Those since the last call."""
        text = self._where.getvalue()
        self._where.seek(0)
        self._where.truncate()
        return [json.loads(line) for line in text.splitlines()]


@pytest.fixture
def said() -> Said:
    return Said()


def test_print(said: Said) -> None:
    with said:
        print("grüße", 1)  # noqa: T201
        (line,) = said()
        assert line.pop("time").count(":") >= 2
        assert line == {"level": "INFO", "logger": "stdout", "message": "grüße 1"}


def test_text_without_an_end_waits_for_it(said: Said) -> None:
    with said:
        sys.stdout.write("one ")
        assert said() == []
        sys.stdout.write("two\n")
        assert [line["message"] for line in said()] == ["one two"]


def messages(said: Said) -> list[str]:
    return [line["message"] for line in said()]


def test_flush_makes_no_two_of_one(said: Said) -> None:
    with said:
        print("one ", end="", flush=True)  # noqa: T201
        print("two", flush=True)  # noqa: T201
        assert messages(said) == ["one two"]


def test_what_a_thread_has_begun_is_written_when_it_ends(said: Said) -> None:
    with said:
        thread = threading.Thread(target=print, args=("begun",), kwargs={"end": ""})
        thread.start()
        thread.join()
        assert messages(said) == ["begun"]
        end(sys.stdout)
        assert said() == []


def end(stream: Any) -> None:
    stream.end()


def test_what_any_thread_has_begun_is_written_at_the_end_once(said: Said) -> None:
    with said:
        begun, over = threading.Event(), threading.Event()

        def work() -> None:
            sys.stdout.write("of a thread ")
            sys.stdout.write("that goes on")
            begun.set()
            over.wait(20)

        thread = threading.Thread(target=work)
        thread.start()
        assert begun.wait(20)
        print("of the main one", end="")  # noqa: T201
        end(sys.stdout)
        assert sorted(messages(said)) == ["of a thread that goes on", "of the main one"]
        over.set()
        thread.join()
        end(sys.stdout)
        assert said() == []


def test_warning(said: Said) -> None:
    with said:
        text = warnings.formatwarning("old", DeprecationWarning, "app.py", 3, line="call()")
        sys.stderr.write(text)  # as `warnings.showwarning` does, unless there is a pytest
        (line,) = said()
        assert line["logger"] == "stderr"
        assert line["level"] == "WARNING"
        assert line["message"] == "app.py:3: DeprecationWarning: old\n  call()"


def fail() -> None:
    raise ValueError("why")


def test_traceback_is_one_object(said: Said) -> None:
    with said:
        try:
            fail()
        except ValueError:
            traceback.print_exc()
        (line,) = said()
        assert line["message"].startswith("Traceback (most recent call last):\n  File ")
        assert line["message"].endswith("ValueError: why")


def test_record_of_an_app_without_configuration(
    said: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    with said:
        monkeypatch.setattr(logging.getLogger(), "handlers", [])
        logger = logging.getLogger("shop.cart")
        logger.info("not shown, as usual")
        try:
            fail()
        except ValueError:
            logger.exception("no %s", "cart")
        (line,) = said()
        assert (line["logger"], line["level"], line["message"]) == ("shop.cart", "ERROR", "no cart")
        assert line["exception"].endswith("ValueError: why")


def test_record_of_an_app_with_a_standard_format(said: Said) -> None:
    with said:
        handler = logging.StreamHandler()
        handler.setFormatter(logging.Formatter("%(levelname)s! %(message)s"))
        logger = logging.Logger("shop", logging.DEBUG)  # noqa: LOG001 - one of its own
        logger.addHandler(handler)
        logger.debug("two\nlines")
        (line,) = said()
        assert (line["logger"], line["level"], line["message"]) == ("shop", "DEBUG", "two\nlines")


class OwnFormat(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return json.dumps({"mine": record.getMessage()})


def test_objects_of_the_app_pass(said: Said) -> None:
    with said:
        handler = logging.StreamHandler()
        handler.setFormatter(OwnFormat())
        logger = logging.Logger("shop")  # noqa: LOG001 - one of its own
        logger.addHandler(handler)
        logger.warning("as it is")
        assert said() == [{"mine": "as it is"}]


def test_what_goes_elsewhere_is_left_alone(said: Said) -> None:
    with said:
        where = io.StringIO()
        logger = logging.Logger("shop")  # noqa: LOG001 - one of its own
        logger.addHandler(logging.StreamHandler(where))
        logger.warning("plain")
        assert said() == []
        assert where.getvalue() == "plain\n"
