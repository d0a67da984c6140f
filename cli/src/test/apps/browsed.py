"""A page whose WebSocket comes back when it ends; it keeps in `seen` what became of it."""

from __future__ import annotations

from asgi_tools import respond
from asgi_types import Receive, Scope, Send

EDIT = 0

PAGE = b"""<!doctype html>
<title>browsed</title>
<script>
const seen = {opened: 0, codes: [], clean: [], extensions: "", heard: []};
let socket;
function connect() {
  socket = new WebSocket(location.href.replace("http", "ws"));
  socket.onopen = () => { seen.opened++; seen.extensions = socket.extensions; };
  socket.onmessage = event => { seen.heard.push(event.data); };
  socket.onclose = event => {
    seen.codes.push(event.code);
    seen.clean.push(event.wasClean);
    setTimeout(connect, 100);
  };
}
connect();
</script>
"""


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        await _talk(receive, send)
    elif scope["type"] == "http":
        await respond(send, PAGE, headers=[(b"content-type", b"text/html")])
    else:
        raise RuntimeError("there is nothing to start")


async def _talk(receive: Receive, send: Send) -> None:
    """Says which edit it is, then what it hears."""
    await receive()
    await send({"type": "websocket.accept"})
    await send({"type": "websocket.send", "text": f"edit {EDIT}"})
    while (event := await receive())["type"] == "websocket.receive":
        await send({"type": "websocket.send", "text": event["text"]})
