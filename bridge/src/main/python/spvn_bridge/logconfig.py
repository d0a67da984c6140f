"""The app's logging by a file of `--log-config`, as uvicorn reads it.

`.json`, `.yaml` and `.yml` are for `logging.config.dictConfig`, anything else is for `fileConfig`,
which leaves existing loggers alone.
"""

from __future__ import annotations

import configparser
import json
from pathlib import Path
from typing import TYPE_CHECKING

from spvn_bridge.failure import StartFailure, summary

if TYPE_CHECKING:
    from spvn_bridge.settings import Settings


def prepare_logging(settings: Settings) -> None:
    """Make the app's logging what the settings say, before its import."""
    if settings["log_json"]:
        from spvn_bridge.jsonlines import install  # noqa: PLC0415 - only where it is asked for

        install()
    if settings["log_config"]:
        configure(Path(settings["log_config"]))


def configure(file: Path) -> None:
    """Read a file; raise StartFailure when that fails."""
    import logging.config  # noqa: PLC0415 - it brings much with it, for few

    try:
        if file.suffix in (".json", ".yaml", ".yml"):
            text = file.read_text(encoding="utf-8")
            read = _yaml(file, text) if file.suffix != ".json" else json.loads(text)
            if not isinstance(read, dict):
                raise TypeError(f"it holds a {type(read).__name__}, not an object with settings")  # noqa: TRY301
            logging.config.dictConfig(read)
        else:
            _require_ini(file)
            logging.config.fileConfig(file, disable_existing_loggers=False)
    except StartFailure:
        raise
    except Exception as error:
        raise StartFailure("import", f"--log-config {file}: {_cause(error)}") from error


def _require_ini(file: Path) -> None:
    """Python 3.10 and 3.11 take a file that they cannot read for one with nothing in it."""
    parser = configparser.ConfigParser(interpolation=None)
    parser.read_string(file.read_text(encoding="utf-8"))
    if not parser.has_section("loggers"):
        raise ValueError("there is no section [loggers]: is it a .json, .yaml or .yml file?")


def _yaml(file: Path, text: str) -> object:
    try:
        import yaml  # type: ignore[import-untyped,unused-ignore]  # noqa: PLC0415
    except ImportError:
        raise StartFailure(
            "import", f"--log-config {file} needs PyYAML: install it in the app's environment"
        ) from None
    return yaml.safe_load(text)


def _cause(error: BaseException) -> str:
    """Say what is wrong: the reason of a reason is what tells it."""
    chain = [error]
    while (inner := chain[-1].__cause__ or chain[-1].__context__) is not None:
        chain.append(inner)
    missing = next((each for each in chain if isinstance(each, ModuleNotFoundError)), None)
    if missing is not None and missing.name:
        root = missing.name.partition(".")[0]
        return (
            f"it names something of {root!r}, which is not there: install it in the app's"
            " environment or name something else"
        )
    first, last = summary(error), summary(chain[-1])
    return first if first == last else f"{first}: {last}"
