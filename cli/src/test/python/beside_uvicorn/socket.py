"""A WebSocket of a talk: what is heard on it must be the same from both servers, too."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from harness.websocket import CLOSE, PONG, Client, frame
from harness.wire import Truncated

NORMAL, INTERNAL_ERROR = 1000, 1011


class Socket:
    """One that is open; `note` keeps a text for the comparison."""

    def __init__(self, client: Client, note: Callable[[str], None]) -> None:
        self._client = client
        self._open = True
        self.note = note

    def send(self, *messages: str | bytes) -> None:
        for message in messages:
            if isinstance(message, str):
                self._client.text(message)
            else:
                self._client.binary(message)

    def read(self) -> str | bytes:
        """The next message, which is not noted; pings before it are answered."""
        message = self._client.read()
        while self._client.pings:
            self._client.send(frame(PONG, self._client.pings.pop()))
        return message

    def hear(self) -> str:
        """The next text, noted."""
        heard = self.read()
        assert isinstance(heard, str), f"bytes in place of a text: {heard!r}"
        self.note(heard)
        return heard

    def hear_bytes(self) -> bytes:
        """The next bytes, noted."""
        heard = self.read()
        assert isinstance(heard, bytes), f"a text in place of bytes: {heard}"
        self.note(heard.hex())
        return heard

    def hear_close(self, code: int) -> None:
        """The server's close with this code, whatever else comes before it; it is answered."""
        payload = self._closed()
        self._client.close(code)
        heard = int.from_bytes(payload[:2], "big")
        assert heard == code, f"closed with {heard}"
        self._note_end(f"closed {payload!r}")

    def hear_failure(self) -> None:
        """The end after an error of the app's; uvicorn lets the connection end without a close."""
        with suppress(Truncated):
            self._client.close(code := int.from_bytes(self._closed()[:2], "big"))
            assert code == INTERNAL_ERROR, f"closed with {code}"
        self._note_end("failed")

    def leave(self) -> None:
        """Closes, where the server has not; it has to answer, and to let the connection end."""
        if self._open:
            self._client.close(NORMAL)
            self._note_end(f"answered {self._closed()!r}")

    def _closed(self) -> bytes:
        while (found := self._client.read_frame()).opcode != CLOSE:
            pass
        return found.payload

    def _note_end(self, how: str) -> None:
        assert self._client.connection.ended(), "a connection that is open after both have closed"
        self._open = False
        self.note(how)
