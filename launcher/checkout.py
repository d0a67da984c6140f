"""Becomes the server with what `./spvn` has found and prepared in a checkout.

python -I -S checkout.py JAVA_HOME HOME APP EXECUTABLE LIBRARY VERSION SUPPORT [ARGUMENT...]

With the one argument `train` it has Java learn what makes each start quicker.
"""

from __future__ import annotations

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "src"))

from spvn.failure import Missing
from spvn.launch import Installation, Python, become_server, fail


def main() -> None:
    java_home, home, app, executable, library, version, support, *arguments = sys.argv[1:]
    program, state, cache = f"{home}/spvn", f"{home}/.spvn", os.path.dirname(support)
    installation = Installation(program, home, app, state, cache, app)
    python = Python(executable, library, version, support)
    try:
        if arguments == ["train"]:
            from spvn import train  # each start waits for what is imported

            train.for_installation(java_home, installation, python)
        else:
            become_server(java_home, installation, python, arguments)
    except Missing as missing:
        fail(missing)


if __name__ == "__main__":
    main()
