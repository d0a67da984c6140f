"""What a throw-away process does: its work is on standard input, it reports on a descriptor."""

from __future__ import annotations

import json
import os
import sys

from spvn_bridge.trial import probe, rehearsal

_ROLES = {
    "probe": probe.main,
    "rehearse": rehearsal.in_interpreter,
    "import": rehearsal.in_process,
}


def play(role: str, report: int) -> None:
    """Play a role and end the process, whatever threads there are."""
    work = json.loads(sys.stdin.buffer.read())
    os.set_inheritable(report, False)  # noqa: FBT003 - it has no name
    code = 1
    try:
        _ROLES[role](work, report)
        code = 0
    finally:
        os._exit(code)
