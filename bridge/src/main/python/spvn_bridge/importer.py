"""Finds the app that TARGET names, and says in one line why it cannot be had.

Every failure here is a StartFailure "import". A traceback goes with it only when code of the app
has run and failed.
"""

from __future__ import annotations

import difflib
import importlib
import inspect
import os
import pkgutil
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from spvn_bridge.failure import StartFailure, app_frames, place, summary
from spvn_bridge.interface import asgi3, dialect_of, is_async

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from types import ModuleType

    from spvn_bridge.asgi import App
    from spvn_bridge.settings import Settings

# In this order: the second is what gunicorn and the template of Django call it.
DEFAULT_ATTRIBUTES = ("app", "application")


@dataclass(frozen=True)
class Target:
    """A TARGET taken apart: `pkg.module:attr.sub` or `path/file.py:attr`.

    `implied` says that it names no attribute.
    """

    module: str
    attribute: str
    file: Path | None = None
    implied: bool = False

    @classmethod
    def parse(cls, text: str, app_dir: Path) -> Target:
        """Read a TARGET; files are looked for in the app's directory, then in the working one."""
        name, colon, attribute = text.rpartition(":") if ":" in text else (text, "", "")
        attribute = attribute if colon else DEFAULT_ATTRIBUTES[0]
        if not name or not all(attribute.split(".")):
            raise StartFailure(
                "import",
                f"TARGET {text!r} is not complete: write pkg.module:attr or path/file.py:attr",
            )
        of_file = name.endswith(".py")
        target = (
            cls._of_file(Path(name), attribute, app_dir)
            if of_file
            else cls._of_module(name, attribute)
        )
        return replace(target, implied=not colon)

    @classmethod
    def _of_file(cls, path: Path, attribute: str, app_dir: Path) -> Target:
        file = next((each for each in (app_dir / path, path) if each.is_file()), None)
        if file is None:
            raise StartFailure("import", f"there is no file {app_dir / path}: check TARGET")
        if "." in path.stem:
            raise StartFailure("import", f"{file} cannot be a module: rename it without the dot")
        return cls(path.stem, attribute, file.resolve())

    @classmethod
    def _of_module(cls, name: str, attribute: str) -> Target:
        if os.sep in name:
            raise StartFailure(
                "import",
                f"{name!r} is neither a module nor a Python file: "
                "write pkg.module:attr or path/file.py:attr",
            )
        if not all(name.split(".")):
            raise StartFailure("import", f"{name!r} is not the name of a module: check TARGET")
        return cls(name, attribute)

    @property
    def name(self) -> str:
        """The target as the user would write it, in quotes."""
        return repr(f"{self.file or self.module}:{self.attribute}")


def prepare(settings: Settings) -> Target:
    """Make sys.path and sys.argv what the app expects, and return what to import."""
    app_dir = Path(settings["app_dir"] or ".").absolute()
    if not app_dir.is_dir():
        raise StartFailure("import", f"there is no directory {app_dir}: check --app-dir")
    target = Target.parse(settings["target"], app_dir)
    sys.argv = list(settings["argv"])
    first = [str(app_dir)]
    if target.file is not None and target.file.parent != app_dir:
        first.insert(0, str(target.file.parent))
    if sys.path[: len(first)] != first:  # as it is in a child of one that has imported the app
        sys.path[:0] = first
    if settings["support"] and settings["support"] not in sys.path:
        sys.path.append(settings["support"])
    return target


def load(target: Target, settings: Settings) -> App:
    """Import the app and return it as ASGI 3."""
    module = _module(target)
    if target.implied:
        target = _settled(module, target)
    found = _attribute(module, target)
    _require_callable(found, f"{target.name} is")
    if settings["factory"]:
        found = _made_by(found, target)
    app = asgi3(found, settings["interface"])
    if app is None:
        raise StartFailure(
            "import",
            f"{target.name} takes no arguments, so it is no ASGI app: "
            "if it makes one, add --factory",
        )
    return app


def _module(target: Target) -> ModuleType:
    try:
        module = importlib.import_module(target.module)
    except BaseException as error:
        raise _import_failure(target, error) from error
    if target.file is not None and _file(module) != target.file:
        raise StartFailure(
            "import",
            f"{target.file} cannot be imported: another module has the name {target.module!r}"
            f" ({_file(module) or 'built in'}); rename the file",
        )
    return module


def _import_failure(target: Target, error: BaseException) -> StartFailure:
    name = error.name if isinstance(error, ModuleNotFoundError) else None
    if name and f"{target.module}.".startswith(f"{name}.") and not app_frames(error):
        return StartFailure("import", _no_such_module(target.module, name))
    return StartFailure("import", f"cannot import {target.module!r}: {_cause(error)}", error)


def _cause(error: BaseException) -> str:
    if isinstance(error, ModuleNotFoundError) and error.name:
        where = f"it needs the module {error.name!r}{place(error)}, which is not there"
        known = error.name.partition(".")[0] in sys.modules
        advice = "check its name" if known else f"install it for {sys.executable or sys.prefix}"
        return f"{where}; {advice}"
    if isinstance(error, SyntaxError) and error.filename:
        kind = type(error).__name__
        return f"{kind} in {error.filename}, line {error.lineno}: {error.msg}; correct it"
    if isinstance(error, SystemExit):
        return f"its code ends the process, {summary(error)}{place(error)}; remove that"
    if "attempted relative import" in summary(error):
        return f"{summary(error)}{place(error)}; write TARGET as pkg.module:attr"
    return f"{summary(error)}{place(error)}; see the traceback"


def _no_such_module(wanted: str, missing: str) -> str:
    package, _, name = missing.rpartition(".")
    parent = sys.modules.get(package) if package else None
    if parent is not None and hasattr(parent, name):
        advice = f"{name!r} stands in the module {package!r}, so write {f'{package}:{name}'!r}"
        return f"there is no module {missing!r}: {advice}"
    if parent is not None and not hasattr(parent, "__path__"):
        return f"there is no module {wanted!r}: {package!r} is not a package ({_file(parent)})"
    source = _source_folder(name) if not package else None
    if source:
        return f"there is no module {missing!r} in {sys.path[0]}: add --app-dir {source}"
    folders = list(parent.__path__) if parent is not None else sys.path[:1]
    close = _close(name, (each.name for each in pkgutil.iter_modules(folders)))
    if close:
        full = f"{package}.{close}" if package else close
        advice = f"did you mean {full!r}?"
    else:
        advice = "check TARGET" if package else "check TARGET and --app-dir"
    return f"there is no module {missing!r} in {folders[0] if folders else package}: {advice}"


def _source_folder(name: str) -> str | None:
    """Return the folder `src` of the app's directory when it has what is missed there."""
    folder = Path(sys.path[0]) / "src"
    if not any((folder / each).exists() for each in (f"{name}.py", name)):
        return None
    return os.path.relpath(folder)


def _settled(module: ModuleType, target: Target) -> Target:
    """Choose the default attribute that can be an app, else the first that is there."""
    there = [name for name in DEFAULT_ATTRIBUTES if _has(module, name)]
    apps = [name for name in there if callable(getattr(module, name, None))]
    return replace(target, attribute=(apps or there)[0]) if there else target


def _has(module: ModuleType, name: str) -> bool:
    try:
        return hasattr(module, name)
    except Exception:
        return False


def _attribute(module: ModuleType, target: Target) -> Any:  # noqa: ANN401 - the app's own affair
    value: Any = module
    for name in target.attribute.split("."):
        owner = value
        try:
            value = getattr(owner, name)
        except AttributeError as error:
            missing = _lacks(name, target)
            raise StartFailure(
                "import", _no_such_attribute(module, owner, name, missing)
            ) from error
        except BaseException as error:
            raise StartFailure("import", f"{target.name}: {_cause(error)}", error) from error
    return value


def _lacks(name: str, target: Target) -> str:
    if target.implied:
        return f"neither {' nor '.join(map(repr, DEFAULT_ATTRIBUTES))}"
    return f"no attribute {name!r}"


def _no_such_attribute(module: ModuleType, owner: object, name: str, missing: str) -> str:
    of_module = owner is module
    where = f"module {module.__name__!r} ({_file(module)})" if of_module else _kind(owner)
    apps = [key for key, value in vars(module).items() if _looks_like_app(key, value)]
    close = _close(name, apps if of_module and apps else dir(owner))
    if close:
        advice = f"did you mean {close!r}?"
    elif apps:
        advice = f"these look like apps: {', '.join(apps)}"
    else:
        advice = f"name the app, {module.__name__}:NAME"
    return f"{where} has {missing}: {advice}"


def _looks_like_app(name: str, value: Any) -> bool:  # noqa: ANN401 - any global of the app's
    """Tell whether a module's global is an ASGI app or a function that makes one."""
    try:
        if name.startswith("_") or inspect.isclass(value) or not callable(value):
            return False
        if inspect.isfunction(value) and dialect_of(value) is None:
            return name.endswith("app")
        return name == "application" or (is_async(value) and _takes_three(value))
    except Exception:
        return False  # a proxy object that does not want to be looked at


def _takes_three(found: Callable[..., Any]) -> bool:
    try:
        inspect.signature(found).bind(None, None, None)
    except (TypeError, ValueError):
        return False
    return True


def _made_by(factory: Callable[..., Any], target: Target) -> Any:  # noqa: ANN401
    try:
        made = factory()
    except BaseException as error:
        if isinstance(error, TypeError) and not app_frames(error):
            raise StartFailure(
                "import",
                f"{target.name} cannot be called without arguments, as a factory is: "
                "leave --factory out if it is the app itself",
            ) from error
        raise StartFailure(
            "import", f"the factory {target.name} failed: {_cause(error)}", error
        ) from error
    if inspect.iscoroutine(made):
        made.close()
        raise StartFailure(
            "import", f"{target.name} is async: a factory has to be an ordinary function"
        )
    _require_callable(made, f"the factory {target.name} returned")
    return made


def _require_callable(found: object, subject: str) -> None:
    if not callable(found):
        raise StartFailure("import", f"{subject} {_kind(found)}, not an app: it cannot be called")


def _kind(value: object) -> str:
    if value is None:
        return "None"
    name = type(value).__name__
    return f"{'an' if name[0].lower() in 'aeiou' else 'a'} {name}"


def _close(name: str, names: Iterable[str]) -> str:
    found = difflib.get_close_matches(name, names, n=1, cutoff=0.7)
    return found[0] if found else ""


def _file(module: ModuleType) -> Path | None:
    file = getattr(module, "__file__", None)
    return Path(file).resolve() if file else None
