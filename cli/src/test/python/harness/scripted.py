"""An HTTP server whose answer is in the path of the request: right, wrong, late or none.

Runs as a process of its own, so that a test can stop and kill it: `python scripted.py` prints the
port that it listens on.
"""

from __future__ import annotations

import asyncio
import os
import re
from urllib.parse import parse_qs, urlsplit

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
REFUSED = b"HTTP/1.1 400 Bad Request\r\nContent-Length: 3\r\n\r\nbad"
FAULT = b"HTTP/1.1 500 Internal Server Error\r\nContent-Length: 4\r\n\r\nsick"
HALF = b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nonly this"
GARBAGE = b"SSH-2.0-OpenSSH_9.2\r\n\r\n"


class Scripted:
    """Counts the requests, since some answers depend on how many there were."""

    def __init__(self) -> None:
        self._requests = 0

    async def serve(self) -> None:
        server = await asyncio.start_server(self._connection, "127.0.0.1", 0, backlog=1024)
        print(server.sockets[0].getsockname()[1], flush=True)
        await server.serve_forever()

    async def _connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = re.search(rb"(?i)\r\ncontent-length: *(\d+)", head)
                body = await reader.readexactly(int(length[1])) if length else b""
                answer = await self._answer(head, body)
                writer.write(answer)
                await writer.drain()
                if answer not in (OK, FAULT, REFUSED):
                    break
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def _answer(self, head: bytes, body: bytes) -> bytes:
        self._requests += 1
        method, target, _ = head.split(b"\r\n", 1)[0].decode().split(" ")
        path, query = urlsplit(target).path, parse_qs(urlsplit(target).query)
        match path:
            case "/every-other-fails":
                return FAULT if self._requests % 2 else OK
            case "/late":
                await asyncio.sleep(float(query["seconds"][0]))
                return OK
            case "/dies":
                if self._requests > int(query["after"][0]):
                    os._exit(1)
                return OK
            case "/half":
                return HALF
            case "/garbage":
                return GARBAGE
            case "/expects":
                seen = method.encode() + b"|" + body
                fields = query["field"][0].encode() in head
                return OK if fields and seen == query["seen"][0].encode() else REFUSED
            case _:
                return OK


if __name__ == "__main__":
    asyncio.run(Scripted().serve())
