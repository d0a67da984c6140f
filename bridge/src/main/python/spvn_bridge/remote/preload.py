"""The app, imported before there is a child, so that children share what its import has made."""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING

from spvn_bridge.importer import load, prepare
from spvn_bridge.journal import log
from spvn_bridge.logconfig import prepare_logging

if TYPE_CHECKING:
    from spvn_bridge.asgi import App
    from spvn_bridge.settings import Settings


def preload(settings: Settings) -> App:
    """Import the app on this, the only thread, and tell what a fork will lose.

    Raises StartFailure, as in a worker.
    """
    target = prepare(settings)
    prepare_logging(settings)
    app = load(target, settings)
    here = threading.current_thread()
    lost = [thread.name for thread in threading.enumerate() if thread is not here]
    if lost:
        log(logging.WARNING, f"--preload: no worker has the threads {', '.join(lost)}: {_ADVICE}")
    return app


_ADVICE = (
    "the app's import has started them, and a fork does not take them along;"
    " start them in the app's lifespan"
)
