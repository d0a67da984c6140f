"""What Java tells a worker at its start, and what the worker tells Java at its end."""

from __future__ import annotations

from typing import Literal, TypeAlias, TypedDict

Interface: TypeAlias = Literal["auto", "asgi3", "asgi2", "wsgi"]
LifespanMode: TypeAlias = Literal["auto", "on", "off"]
Isolation: TypeAlias = Literal["main", "subinterpreter", "process"]
LoopKind: TypeAlias = Literal["auto", "asyncio", "uvloop"]
Outcome: TypeAlias = Literal["stopped", "import", "refused", "startup", "missing"]


class Settings(TypedDict):
    """The settings of one worker; times are seconds.

    `app_dir` stands first on sys.path ("" is the working directory) and `support`, the folder of
    our own dependencies, stands last. `log_config` is a file for `logging.config`, "" for none.
    """

    target: str
    app_dir: str
    interface: Interface
    factory: bool
    lifespan: LifespanMode
    startup_timeout: float
    root_path: str
    argv: list[str]
    support: str
    worker: int
    isolation: Isolation
    loop: LoopKind
    log_config: str
    log_json: bool


class Result(TypedDict):
    """How a worker ended, or why it did not begin.

    `message` is one line for the user. `traceback` shows the app's own frames and is empty when
    no code of the app has failed. `module` names what does not work in a sub-interpreter.
    """

    outcome: Outcome
    message: str
    traceback: str
    module: str
