"""`--log-config`: the app's logging by a file, and what is said of one that is wrong."""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING

import pytest

from spvn_bridge.failure import StartFailure
from spvn_bridge.logconfig import configure

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CONFIG = {
    "version": 1,
    "disable_existing_loggers": False,
    "loggers": {"of.config": {"level": "DEBUG"}},
}
INI = """[loggers]
keys=root,known
[handlers]
keys=
[formatters]
keys=
[logger_root]
handlers=
[logger_known]
level=DEBUG
qualname=of.config
handlers=
"""


@pytest.fixture(autouse=True)
def plain_logging() -> Iterator[None]:
    root = logging.getLogger()
    level, handlers = root.level, list(root.handlers)
    yield
    logging.getLogger("of.config").setLevel(logging.NOTSET)
    root.setLevel(level)
    root.handlers[:] = handlers


def level() -> int:
    return logging.getLogger("of.config").level


def test_json(tmp_path: Path) -> None:
    file = tmp_path / "log.json"
    file.write_text(json.dumps(CONFIG))
    configure(file)
    assert level() == logging.DEBUG


def test_ini_leaves_loggers_alone_that_it_does_not_name(tmp_path: Path) -> None:
    other = logging.getLogger("not.of.config")
    file = tmp_path / "log.conf"
    file.write_text(INI)
    configure(file)
    assert level() == logging.DEBUG
    assert not other.disabled


@pytest.mark.parametrize("name", ["log.yaml", "log.yml"])
def test_yaml(tmp_path: Path, name: str) -> None:
    pytest.importorskip("yaml")
    file = tmp_path / name
    file.write_text("version: 1\nloggers:\n  of.config: {level: DEBUG}\n")
    configure(file)
    assert level() == logging.DEBUG


def test_yaml_without_pyyaml(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "yaml", None)
    file = tmp_path / "log.yaml"
    file.write_text("version: 1\n")
    assert "needs PyYAML: install it" in complaint(file)


FORMATTER = {"()": "no_such_package.logging.DefaultFormatter"}


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("log.json", "{", "JSONDecodeError"),
        ("log.json", "{}", "version"),
        ("log.json", "[]", "it holds a list, not an object"),
        (
            "log.json",
            json.dumps({**CONFIG, "formatters": {"default": FORMATTER}}),
            "it names something of 'no_such_package', which is not there: install it",
        ),
        ("log.conf", "{}", "MissingSectionHeaderError"),
        ("log.conf", "[other]\n", "there is no section [loggers]"),
    ],
)
def test_wrong_file(tmp_path: Path, name: str, text: str, said: str) -> None:
    file = tmp_path / name
    file.write_text(text)
    assert said in complaint(file)


def complaint(file: Path) -> str:
    with pytest.raises(StartFailure) as failure:
        configure(file)
    result = failure.value.result()
    assert result["outcome"] == "import"
    assert result["message"].startswith(f"--log-config {file}")
    assert "\n" not in result["message"]
    return result["message"]
