"""Has a server leave the classes that it loaded in an archive, from which others start sooner.

`python -m harness.archive FILE`; then SPVN_JAVA_OPTS="-XX:SharedArchiveFile=FILE -Xlog:cds=off".
"""

from __future__ import annotations

import sys

from harness.admin import ANY_PORT
from harness.command import Command
from harness.server import Server


def main(archive: str) -> None:
    written = {"SPVN_JAVA_OPTS": f"-XX:ArchiveClassesAtExit={archive} -Xlog:disable"}
    with (
        Server(Command(), "ordeal:app", *ANY_PORT, env=written) as server,
        server.connect() as connection,
    ):
        assert connection.ask("/").body == b"hello"


if __name__ == "__main__":
    main(sys.argv[1])
