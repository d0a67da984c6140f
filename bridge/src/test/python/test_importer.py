from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from conftest import APPS
from spvn_bridge.failure import StartFailure
from spvn_bridge.importer import Target, load, prepare

if TYPE_CHECKING:
    from spvn_bridge.asgi import App
    from spvn_bridge.settings import Result, Settings


def loaded(settings: Settings, target: str, **changes: Any) -> App:
    changed: Any = {**settings, "target": target, **changes}
    return load(prepare(changed), changed)


def failed(settings: Settings, target: str, **changes: Any) -> Result:
    with pytest.raises(StartFailure) as failure:
        loaded(settings, target, **changes)
    result = failure.value.result()
    assert result["outcome"] == "import"
    assert result["module"] == ""
    assert "\n" not in result["message"]
    return result


class TestTarget:
    @pytest.mark.parametrize(
        ("text", "module", "attribute"),
        [
            ("pkg.module:app", "pkg.module", "app"),
            ("pkg.module:a.b.c", "pkg.module", "a.b.c"),
            ("pkg.module", "pkg.module", "app"),
            ("main", "main", "app"),
        ],
    )
    def test_of_a_module(self, text: str, module: str, attribute: str) -> None:
        implied = ":" not in text
        assert Target.parse(text, APPS) == Target(module, attribute, implied=implied)

    @pytest.mark.parametrize(
        ("text", "module", "attribute"),
        [
            ("plain.py", "plain", "app"),
            ("plain.py:site.app", "plain", "site.app"),
            ("shop/asgi.py:app", "asgi", "app"),
            (f"{APPS}/plain.py:app", "plain", "app"),
        ],
    )
    def test_of_a_file(self, text: str, module: str, attribute: str) -> None:
        target = Target.parse(text, APPS)
        assert (target.module, target.attribute) == (module, attribute)
        assert target.file == APPS / text.removeprefix(f"{APPS}/").partition(":")[0]

    def test_file_may_be_named_from_the_working_directory(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(APPS.parent)
        target = Target.parse("apps/plain.py", tmp_path)
        assert target.file == APPS / "plain.py"

    @pytest.mark.parametrize(
        ("text", "message"),
        [
            (
                "",
                "TARGET '' is not complete: write pkg.module:attr or path/file.py:attr",
            ),
            (
                ":app",
                "TARGET ':app' is not complete: write pkg.module:attr or path/file.py:attr",
            ),
            (
                "main:",
                "TARGET 'main:' is not complete: write pkg.module:attr or path/file.py:attr",
            ),
            (
                "main:a..b",
                "TARGET 'main:a..b' is not complete: write pkg.module:attr or path/file.py:attr",
            ),
            (
                "src/main:app",
                (
                    "'src/main' is neither a module nor a Python file: "
                    "write pkg.module:attr or path/file.py:attr"
                ),
            ),
            (".main:app", "'.main' is not the name of a module: check TARGET"),
            ("gone.py:app", f"there is no file {APPS}/gone.py: check TARGET"),
            (
                "two.parts.py",
                f"{APPS}/two.parts.py cannot be a module: rename it without the dot",
            ),
        ],
    )
    def test_that_makes_no_sense(self, text: str, message: str) -> None:
        with pytest.raises(StartFailure) as failure:
            Target.parse(text, APPS)
        assert failure.value.result()["message"] == message


class TestPrepare:
    def test_app_dir_is_first_and_support_last(self, settings: Settings, tmp_path: Path) -> None:
        settings["support"] = str(tmp_path)
        prepare(settings)
        assert sys.path[0] == str(APPS)
        assert sys.path[-1] == str(tmp_path)

    def test_app_dir_is_the_working_directory_unless_said(
        self, settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        monkeypatch.chdir(tmp_path)
        settings["app_dir"] = ""
        prepare(settings)
        assert sys.path[0] == str(tmp_path)

    def test_app_dir_becomes_absolute(
        self, settings: Settings, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(APPS.parent)
        settings["app_dir"] = "apps"
        prepare(settings)
        assert sys.path[0] == str(APPS)

    def test_directory_of_a_file_comes_before_the_app_dir(self, settings: Settings) -> None:
        settings["target"] = "shop/asgi.py"
        prepare(settings)
        assert sys.path[:2] == [str(APPS / "shop"), str(APPS)]

    def test_arguments_are_those_of_the_command_line(self, settings: Settings) -> None:
        prepare(settings)
        assert sys.argv == ["spvn", "serve", "plain:app"]

    def test_app_dir_that_is_not_there(self, settings: Settings, tmp_path: Path) -> None:
        result = failed(settings, "plain:app", app_dir=str(tmp_path / "gone"))
        assert result["message"] == f"there is no directory {tmp_path}/gone: check --app-dir"


class TestLoad:
    @pytest.mark.parametrize(
        "target",
        ["plain:app", "plain", "plain:site.app", "plain.py:app", "plain.py", "my-app.py"],
    )
    def test_finds_the_app(self, settings: Settings, target: str) -> None:
        app = loaded(settings, target)
        assert app is sys.modules["plain"].app

    def test_finds_the_app_of_a_package(self, settings: Settings) -> None:
        assert loaded(settings, "shop.asgi:app") is sys.modules["shop.models"].app

    def test_calls_a_factory(self, settings: Settings) -> None:
        assert loaded(settings, "makes:create_app", factory=True) is sys.modules["plain"].app


PLAIN = APPS / "plain.py"


@pytest.mark.parametrize("target", ["tucked:app", "tucked.asgi:app", "box:app"])
def test_module_under_src_is_hinted_at(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, target: str
) -> None:
    (tmp_path / "src" / "box").mkdir(parents=True)
    (tmp_path / "src" / "tucked.py").write_text("app = None")
    monkeypatch.chdir(tmp_path)
    settings["app_dir"] = ""
    message = failed(settings, target)["message"]
    name = target.partition(":")[0].partition(".")[0]
    assert message == f"there is no module {name!r} in {tmp_path}: add --app-dir src"


@pytest.mark.parametrize(
    ("target", "message"),
    [
        ("plane:app", f"there is no module 'plane' in {APPS}: did you mean 'plain'?"),
        ("zzz:app", f"there is no module 'zzz' in {APPS}: check TARGET and --app-dir"),
        ("zzz.asgi:app", f"there is no module 'zzz' in {APPS}: check TARGET and --app-dir"),
        (
            "shop.wsgi:app",
            f"there is no module 'shop.wsgi' in {APPS}/shop: did you mean 'shop.asgi'?",
        ),
        ("shop.zzz:app", f"there is no module 'shop.zzz' in {APPS}/shop: check TARGET"),
        (
            "plain.asgi:app",
            f"there is no module 'plain.asgi': 'plain' is not a package ({PLAIN})",
        ),
        (
            "plain.app",
            (
                "there is no module 'plain.app': 'app' stands in the module 'plain', "
                "so write 'plain:app'"
            ),
        ),
        (
            "shop.asgi.app",
            (
                "there is no module 'shop.asgi.app': 'app' stands in the module 'shop.asgi', "
                "so write 'shop.asgi:app'"
            ),
        ),
        (
            "plain:ap",
            f"module 'plain' ({PLAIN}) has no attribute 'ap': did you mean 'app'?",
        ),
        (
            "named:app",
            (
                f"module 'named' ({APPS}/named.py) has no attribute 'app': "
                "these look like apps: api, admin, create_app"
            ),
        ),
        (
            "named:amin",
            f"module 'named' ({APPS}/named.py) has no attribute 'amin': did you mean 'admin'?",
        ),
        (
            "nothing:app",
            (
                f"module 'nothing' ({APPS}/nothing.py) has no attribute 'app': "
                "name the app, nothing:NAME"
            ),
        ),
        (
            "nothing",
            (
                f"module 'nothing' ({APPS}/nothing.py) has neither 'app' nor 'application': "
                "name the app, nothing:NAME"
            ),
        ),
        (
            "named",
            (
                f"module 'named' ({APPS}/named.py) has neither 'app' nor 'application': "
                "these look like apps: api, admin, create_app"
            ),
        ),
        ("plain:site.ap", "a SimpleNamespace has no attribute 'ap': did you mean 'app'?"),
        ("values:app", "'values:app' is a dict, not an app: it cannot be called"),
        ("values:none", "'values:none' is None, not an app: it cannot be called"),
        ("values:obj", "'values:obj' is an object, not an app: it cannot be called"),
        ("values:module", "'values:module' is a module, not an app: it cannot be called"),
        (
            "makes:create_app",
            (
                "'makes:create_app' takes no arguments, so it is no ASGI app: "
                "if it makes one, add --factory"
            ),
        ),
        (
            "taken/string.py",
            (
                f"{APPS}/taken/string.py cannot be imported: another module has the name 'string'"
                f" ({Path(sys.modules['string'].__file__ or '').resolve()}); rename the file"
            ),
        ),
    ],
)
def test_wrong_target_is_told_in_one_line(settings: Settings, target: str, message: str) -> None:
    result = failed(settings, target)
    assert result == {"outcome": "import", "message": message, "traceback": "", "module": ""}


@pytest.mark.parametrize(
    ("text", "chosen"),
    [
        ("async def application(scope, receive, send): ...", "application"),
        ("async def app(scope, receive, send): ...\napplication = 1", "app"),
        ("import os as app\nasync def application(scope, receive, send): ...", "application"),
    ],
)
def test_without_an_attribute_it_is_app_else_application(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, chosen: str
) -> None:
    (tmp_path / "unnamed.py").write_text(text)
    monkeypatch.delitem(sys.modules, "unnamed", raising=False)
    monkeypatch.setattr(sys, "path", list(sys.path))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    app: Any = loaded(settings, "unnamed", app_dir=str(tmp_path))
    assert app.__name__ == chosen
    del sys.modules["unnamed"]


@pytest.mark.parametrize(
    ("target", "message"),
    [
        (
            "makes:create_none",
            "the factory 'makes:create_none' returned None, not an app: it cannot be called",
        ),
        (
            "makes:create_with",
            (
                "'makes:create_with' cannot be called without arguments, as a factory is: "
                "leave --factory out if it is the app itself"
            ),
        ),
        (
            "plain:app",
            (
                "'plain:app' cannot be called without arguments, as a factory is: "
                "leave --factory out if it is the app itself"
            ),
        ),
        (
            "makes:create_async",
            "'makes:create_async' is async: a factory has to be an ordinary function",
        ),
    ],
)
def test_wrong_factory_is_told_in_one_line(settings: Settings, target: str, message: str) -> None:
    result = failed(settings, target, factory=True)
    assert result == {"outcome": "import", "message": message, "traceback": "", "module": ""}


@pytest.mark.parametrize(
    ("target", "message", "frames"),
    [
        (
            "raises:app",
            (
                f"cannot import 'raises': ZeroDivisionError: division by zero ({APPS}/raises.py, "
                "line 5); see the traceback"
            ),
            ["raises.py", "raises.py"],
        ),
        (
            "exits:app",
            (
                f"cannot import 'exits': its code ends the process, SystemExit: no config "
                f"({APPS}/exits.py, line 5); remove that"
            ),
            ["exits.py"],
        ),
        (
            "needs_missing:app",
            (
                "cannot import 'needs_missing': it needs the module 'not_installed_anywhere' "
                f"({APPS}/needs_missing.py, line 3), which is not there; "
                f"install it for {sys.executable}"
            ),
            ["needs_missing.py"],
        ),
        (
            "shop.typo:app",
            (
                "cannot import 'shop.typo': it needs the module 'shop.modles' "
                f"({APPS}/shop/typo.py, line 3), which is not there; check its name"
            ),
            ["typo.py"],
        ),
        (
            "syntax_error:app",
            (
                f"cannot import 'syntax_error': SyntaxError in {APPS}/syntax_error.py, line 1: "
                "'(' was never closed; correct it"
            ),
            ["syntax_error.py"],
        ),
        (
            "imports_broken:app",
            (
                f"cannot import 'imports_broken': SyntaxError in {APPS}/syntax_error.py, line 1: "
                "'(' was never closed; correct it"
            ),
            ["imports_broken.py", "syntax_error.py"],
        ),
        (
            "shop/asgi.py:app",
            (
                "cannot import 'asgi': ImportError: attempted relative import with no known parent "
                f"package ({APPS}/shop/asgi.py, line 3); write TARGET as pkg.module:attr"
            ),
            ["asgi.py"],
        ),
        (
            "lazy:app",
            f"'lazy:app': ValueError: not configured ({APPS}/lazy.py, line 6); see the traceback",
            ["lazy.py"],
        ),
    ],
)
def test_failing_code_is_shown_with_its_own_frames_only(
    settings: Settings, target: str, message: str, frames: list[str]
) -> None:
    result = failed(settings, target)
    assert result["message"] == message
    assert files(result["traceback"]) == frames


@pytest.mark.parametrize(
    ("target", "message"),
    [
        (
            "makes:create_failing",
            (
                "the factory 'makes:create_failing' failed: ValueError: no database "
                f"({APPS}/makes.py, line 15); see the traceback"
            ),
        ),
        (
            "makes:create_exiting",
            (
                "the factory 'makes:create_exiting' failed: its code ends the process, "
                f"SystemExit: no config ({APPS}/makes.py, line 27); remove that"
            ),
        ),
    ],
)
def test_failing_factory_is_shown(settings: Settings, target: str, message: str) -> None:
    result = failed(settings, target, factory=True)
    assert result["message"] == message
    assert files(result["traceback"]) == ["makes.py"]


def files(traceback: str) -> list[str]:
    """The files of a traceback's frames, in their order."""
    lines = [line.strip() for line in traceback.splitlines()]
    return [Path(line.split('"')[1]).name for line in lines if line.startswith('File "')]
