"""What apps of the tests say on a WebSocket, and receive; `play` has them do so."""

from __future__ import annotations

from typing import Any

from harness.notes import Notes
from harness.server import Server
from harness.websocket import steps

ACCEPT = {"type": "websocket.accept"}
CONNECT = {"type": "websocket.connect"}
CLOSE = {"type": "websocket.close"}
DENIAL_START = {"type": "websocket.http.response.start", "status": 401, "headers": []}
DENIAL_BODY = {"type": "websocket.http.response.body", "body": b"no"}


def text(data: str) -> dict[str, Any]:
    return {"type": "websocket.send", "text": data}


def close(code: Any = 1000, reason: Any = "") -> dict[str, Any]:
    return {"type": "websocket.close", "code": code, "reason": reason}


def disconnect(code: int, reason: str = "") -> dict[str, Any]:
    return {"type": "websocket.disconnect", "code": code, "reason": reason}


def play(notes: Notes, *told: Any) -> str:
    return f"/ws/play?{notes.key}&{steps(*told)}"


def failing(notes: Notes) -> list[str]:
    """Steps of an app that raises, and whose words are found in the log."""
    return ["raise", notes.key]


def server_logs(server: Server, words: str) -> None:
    if server.command.own:
        server.wait_log(words)
