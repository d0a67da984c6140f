"""Options and fixtures of the end-to-end tests."""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

import pytest

from harness.admin import ANY_PORT
from harness.command import ROOT, Command
from harness.kinds import ISOLATION, KINDS, OWN_GIL, kind_of_run
from harness.notes import Notes
from harness.server import CRASH, Server
from harness.tls import Authority, Pair, begin_run
from harness.watched import TARGET, Watch, Watched


class Serve(Protocol):
    """Starts a server for one test; it is stopped and checked when the test is over."""

    def __call__(self, target: str, *options: str, **how: Any) -> Server: ...


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--server-command",
        help="another server to run the conformance tests against, for instance "
        "'uvicorn {target} --app-dir {app_dir} --host {host} --port {port}'",
    )
    parser.addoption(
        "--isolation",
        choices=KINDS,
        help="run the tests that are marked `kinds` with workers of this kind, and no others",
    )
    parser.addoption(
        "--tls", action="store_true", help="have the tests' raw sockets talk through TLS"
    )


def pytest_configure(config: pytest.Config) -> None:
    """Before tests are collected, since some ask for the kind then.

    What a shell runs in the background ignores SIGINT and SIGQUIT, and so would other servers and
    the programs that apps start.
    """
    if kind := config.getoption("--isolation"):
        os.environ[ISOLATION] = kind
    if config.getoption("--tls"):
        begin_run()
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        signal.signal(signal.SIGQUIT, signal.SIG_DFL)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if kind := config.getoption("--isolation"):
        _keep(config, items, kind)
    if config.getoption("--tls"):
        _skip_in_clear(items)
    if config.getoption("--server-command") is None:
        return
    foreign = pytest.mark.skip(reason="needs spvn's own command line")
    for item in items:
        if item.get_closest_marker("own"):
            item.add_marker(foreign)


def _skip_in_clear(items: list[pytest.Item]) -> None:
    for item in items:
        if mark := item.get_closest_marker("in_clear"):
            (why,) = mark.args
            item.add_marker(pytest.mark.skip(reason=f"in clear: {why}"))


def _keep(config: pytest.Config, items: list[pytest.Item], kind: str) -> None:
    """Leaves the tests that are to be run with this kind as well."""
    others = [item for item in items if kind not in _kinds(item)]
    items[:] = [item for item in items if item not in set(others)]
    config.hook.pytest_deselected(items=others)
    if kind == "subinterpreter" and not OWN_GIL:
        for item in items:
            item.add_marker(pytest.mark.skip(reason="sub-interpreters need Python 3.13"))


def _kinds(item: pytest.Item) -> tuple[str, ...]:
    mark = item.get_closest_marker("kinds")
    if mark is None:
        return ()
    assert set(mark.args) <= set(KINDS), f"{item.nodeid}: there is no such kind"
    return mark.args or KINDS


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Any:
    report = yield
    if report.failed:
        for value in getattr(item, "funcargs", {}).values():
            if isinstance(value, Server) and value.log:
                report.sections.append(("Server log", value.tail(4000)))
    return report


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder that is root's, and that others may look through, as pytest's own are not."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o711)
        yield folder


@pytest.fixture(scope="session")
def command(pytestconfig: pytest.Config) -> Command:
    return Command(pytestconfig.getoption("--server-command"))


@pytest.fixture(scope="session")
def isolation() -> str:
    """The kind of a worker that no test has chosen."""
    return kind_of_run() or "main"


@pytest.fixture
def serve(command: Command) -> Iterator[Serve]:
    """Servers with options of their own, one test each."""
    started: list[Server] = []

    def start(target: str, *options: str, **how: Any) -> Server:
        server = Server(command, target, *options, **how)
        server.start()
        started.append(server)
        return server

    yield start
    for server in started:
        server.__exit__(None)


@pytest.fixture
def other_home(server: Server, tmp_path: Path) -> Path:
    """A second checkout, already built, whose prepared parts may be spoiled."""
    home = tmp_path / "home"
    of_checks = shutil.ignore_patterns(
        "venv-*", "check", "mypy", "package", "packager", "wheelhouse"
    )
    shutil.copytree(ROOT / ".spvn", home / ".spvn", symlinks=True, ignore=of_checks)
    for name in ("spvn", "launcher", "pom.xml", ".mvn"):
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy2
        copy(ROOT / name, home / name)
    for pom in ROOT.glob("*/pom.xml"):
        (home / pom.parent.name).symlink_to(pom.parent)
    return home


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("tls"))


@pytest.fixture(scope="session")
def pair(authority: Authority) -> Pair:
    return authority.pair("server")


@pytest.fixture(scope="session")
def encrypted(command: Command, authority: Authority, pair: Pair) -> Iterator[Server]:
    """Of two kinds of keys for one name, and other names; clients may show certificates."""
    rsa = authority.pair("rsa", kind="rsa")
    wild = authority.pair("wild", "*.example.test", "example.test")
    options = [
        *pair.options,
        *("--ssl-cert", f"{rsa.certificate}:{rsa.key}"),
        *("--ssl-cert", f"{wild.certificate}:{wild.key}"),
        *("--ssl-ca-file", str(authority.certificate), "--ssl-client-auth", "optional"),
        *("--timeout-handshake", "3s", "--hsts", "1h", *ANY_PORT),
    ]
    with Server(command, "conformance.main:app", *options) as server:
        yield server


@pytest.fixture
def watch(serve: Serve, tmp_path: Path) -> Watch:
    gate = tmp_path / "gate"

    def start(*options: str) -> Watched:
        return Watched(serve(TARGET, *ANY_PORT, *options, env={"GATE": str(gate)}), gate)

    return start


@pytest.fixture
def watched(watch: Watch) -> Watched:
    return watch()


@pytest.fixture(scope="session")
def shared_servers(command: Command) -> Iterator[dict[str, Server]]:
    """Servers that many tests use, by target."""
    servers: dict[str, Server] = {}
    yield servers
    for server in servers.values():
        server.__exit__(None)


@pytest.fixture
def server(command: Command, shared_servers: dict[str, Server]) -> Iterator[Server]:
    """The server of the conformance app, shared by all tests; a test that ends it is blamed."""
    yield from _shared(command, shared_servers, "conformance.main:app")


@pytest.fixture
def notes(server: Server) -> Notes:
    return Notes(server)


def _shared(command: Command, servers: dict[str, Server], target: str) -> Iterator[Server]:
    if target not in servers or not servers[target].alive:
        servers[target] = Server(command, target)
        servers[target].start()
    server = servers[target]
    mark = server.mark()
    yield server
    assert server.alive, f"the test ended the server\n{server.tail()}"
    if command.own:
        found = CRASH.search(server.log_since(mark))
        assert not found, f"{found.group()!r} in the log\n{server.tail()}"
