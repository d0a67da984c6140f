"""What is shipped for clusters and machines, as data, and the tools that judge it."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from harness.command import APPS, ROOT, Command

DOCKER = ROOT / "docker"
KUBERNETES = DOCKER / "kubernetes"
OPERATOR_TYPES = ROOT / "cli" / "src" / "test" / "kubernetes"
# From the first that has `preStop: sleep` to the newest there is.
VERSIONS = ("1.30", "1.33", "1.37")
_UNITS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "": 1}


@dataclass(frozen=True)
class Said:
    """How a tool has ended, and all that it said."""

    code: int
    text: str


def said(*line: str | Path, text: str | None = None, within: float = 60) -> Said:
    done = subprocess.run(
        [*map(str, line)], input=text, capture_output=True, text=True, timeout=within, check=False
    )
    return Said(done.returncode, done.stdout + done.stderr)


def documents(path: Path) -> list[dict[str, Any]]:
    return [each for each in yaml.safe_load_all(path.read_text()) if each]


def manifests() -> list[dict[str, Any]]:
    """All but what only kustomize and prometheus-adapter read."""
    return [
        each
        for path in sorted(KUBERNETES.glob("*/*.yaml"))
        if path.name not in ("kustomization.yaml", "prometheus-adapter.yaml")
        for each in documents(path)
    ]


def manifest(kind: str, name: str = "spvn") -> dict[str, Any]:
    (found,) = (
        each for each in manifests() if each["kind"] == kind and each["metadata"]["name"] == name
    )
    return found


def seconds(text: str) -> float:
    """Of a duration as options and units of systemd have it."""
    match = re.fullmatch(r"([0-9.]+)(ms|s|m|h|)", text)
    assert match, text
    return float(match[1]) * _UNITS[match[2]]


def option(arguments: list[str], name: str) -> str:
    (value,) = (each.partition("=")[2] for each in arguments if each.startswith(f"--{name}="))
    return value


def checked(command: Command, *arguments: str) -> Said:
    """What the server thinks of its command line, whose target is one of the tests' apps."""
    line = command.line("whoami:app", APPS, "", ("--check-config", *arguments))
    done = subprocess.run(
        line, capture_output=True, text=True, env=command.environment({}), timeout=60, check=False
    )
    return Said(done.returncode, done.stdout + done.stderr)


def kustomize() -> list[str] | None:
    """The command that builds; kubectl has it as well."""
    if program := shutil.which("kustomize"):
        return [program, "build"]
    program = shutil.which("kubectl")
    return [program, "kustomize"] if program else None


def compose() -> list[str] | None:
    """Docker's plugin, or the program of its name; not the first version."""
    for line in (["docker", "compose"], ["docker-compose"]):
        if shutil.which(line[0]):
            answer = said(*line, "version", "--short")
            if answer.code == 0 and not answer.text.startswith("1."):
                return line
    return None
