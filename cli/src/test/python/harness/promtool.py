"""Prometheus' own tool for what it reads, and what its expressions ask for."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

PROMTOOL = shutil.which("promtool")
WHY_NOT = "promtool is not installed; Debian has it in its package prometheus"

_SELECTOR = re.compile(r"\b(?P<name>(?:spvn|jvm|process|system)_\w+)(?:\{(?P<labels>[^}]*)\})?")
_MATCHER = re.compile(r'(?P<label>\w+)(?P<kind>=~|!~|!=|=)"(?P<value>[^"]*)"')
_GROUPING = re.compile(r"\b(?:by|without)\s*\((?P<labels>[^)]*)\)")
_SAMPLE = re.compile(r"(?P<name>[a-zA-Z_:][\w:]*)(?:\{(?P<labels>.*)\})?")
_LABEL = re.compile(r'(?P<label>\w+)="(?P<value>(?:[^"\\]|\\.)*)"')
# Of Prometheus, which adds them to what it reads.
_ADDED = {"instance", "job"}


def promtool(*arguments: str | Path, text: str | None = None) -> tuple[int, str]:
    """Exit code and all that it says."""
    assert PROMTOOL is not None
    done = subprocess.run(
        [PROMTOOL, *map(str, arguments)],
        input=text,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


class Known:
    """The metrics that a server has, with the values of their labels."""

    def __init__(self, samples: dict[str, float]) -> None:
        self._values: dict[str, dict[str, set[str]]] = {}
        for key in samples:
            sample = _SAMPLE.fullmatch(key)
            assert sample, key
            labels = self._values.setdefault(sample["name"], {})
            for each in _LABEL.finditer(sample["labels"] or ""):
                labels.setdefault(each["label"], set()).add(each["value"])

    def complaints(self, expression: str) -> list[str]:
        """What an expression asks for that there is not."""
        wrong, labels = [], set(_ADDED)
        for selector in _SELECTOR.finditer(expression):
            name = selector["name"]
            if name not in self._values:
                wrong.append(f"no metric {name}")
                continue
            labels |= self._values[name].keys()
            for each in _MATCHER.finditer(selector["labels"] or ""):
                wrong += self._unmatched(name, each["label"], each["value"])
        for grouping in _GROUPING.finditer(expression):
            asked = {each.strip() for each in grouping["labels"].split(",")}
            wrong += [f"no label {each}" for each in sorted(asked - labels)]
        return [f"{each} in {expression}" for each in wrong]

    def _unmatched(self, name: str, label: str, wanted: str) -> list[str]:
        """Each alternative has to be the value of some series; patterns for statuses are free."""
        if label in _ADDED:
            return []
        values = self._values[name].get(label)
        if values is None:
            return [f"no label {label} of {name}"]
        asked = [] if "." in wanted else wanted.split("|")
        return [f"no {label}={each} of {name}" for each in asked if each not in values]
