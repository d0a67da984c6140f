"""What is asked of apps that live by their WebSockets; what is chance is not noted."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from beside_uvicorn.conversations import sign_in
from beside_uvicorn.socket import Socket
from beside_uvicorn.talk import Talk

SOCKET_IO = "/socket.io/?EIO=4&transport=websocket"
LARGE = "x" * 200_000


# ---- Socket.IO


def socketio(talk: Talk) -> None:
    """Engine.IO's packets, a message each, without polling before."""
    with talk.websocket(SOCKET_IO) as socket:
        assert socket.hear().startswith("0{")
        socket.send("40")
        assert sorted((_packet(socket), _packet(socket)))[1].startswith('42["welcome"')
        socket.send('427["say","hellö"]')
        assert {_packet(socket), _packet(socket)} == {'42["said","HELL\\u00d6"]', '437["heard"]'}
        socket.send('42["later"]')
        assert _packet(socket) == '42["told"]'
        socket.send('451-["send_bytes",{"_placeholder":true,"num":0}]', b"\1\2\3")
        assert "bytes_back" in _packet(socket)
        assert socket.hear_bytes() == b"\3\2\1"
        socket.send(f'42["say","{LARGE}"]')
        assert _packet(socket) == f'42["said","{LARGE.upper()}"]'
    talk.no_websocket("/socket.io/?EIO=3&transport=websocket", 403)
    talk.no_websocket(f"{SOCKET_IO}&sid=unknown", 403)


def socketio_upgrade(talk: Talk) -> None:
    """A session that begins with polling goes over to a WebSocket, with what it was told before."""
    polling = SOCKET_IO.replace("=websocket", "=polling")
    sid = json.loads(talk.get(polling).text[1:])["sid"]
    talk.post(f"{polling}&sid={sid}", content=b"40")
    with talk.websocket(f"{SOCKET_IO}&sid={sid}") as socket:
        socket.send("2probe")
        assert socket.hear() == "3probe"
        socket.send("5")
        assert sorted((_packet(socket), _packet(socket)))[1].startswith('42["welcome"')
        socket.send('428["say","over"]')
        assert {_packet(socket), _packet(socket)} == {'42["said","OVER"]', '438["heard"]'}
        talk.get(f"{polling}&sid={sid}", 400)


def _packet(socket: Socket) -> str:
    """The next packet that says something; a ping is answered."""
    while (heard := socket.read()) in ("2", "6"):
        if heard == "2":
            socket.send("3")
    assert isinstance(heard, str), heard
    socket.note(heard)
    return heard


def nicegui(talk: Talk) -> None:
    """A page, whose id the WebSocket names; a click changes the page's text."""
    page = talk.get("/").text
    client = re.search(r"'client_id': '([\w-]+)'", page)
    listener = re.search(r'"listener_id":"([\w-]+)","type":"click"', page)
    said = re.search(r'"(\d+)":\{"tag":"div","text":"pressed 0"', page)
    button = re.search(r'"(\d+)":\{"tag":"q-btn"', page)
    assert client
    assert listener
    assert said
    assert button
    query = f"client_id={client[1]}&next_message_id=0&implicit_handshake=true"
    path = f"/_nicegui_ws{SOCKET_IO}&document_id=document&tab_id=tab&{query}"
    click: dict[str, Any] = {
        "id": int(button[1]),
        "client_id": client[1],
        "listener_id": listener[1],
        "args": [],
    }
    with talk.websocket(path) as socket:
        assert socket.hear().startswith("0{")
        socket.send("40")
        assert _packet(socket).startswith("40{")
        for count in (1, 2, 3):
            socket.send(f'42["event",{json.dumps(click)}]')
            kind, update = json.loads(_packet(socket)[2:])
            assert (kind, update[said[1]]["text"]) == ("update", f"pressed {count}")
    with talk.websocket(path.replace(client[1], "unknown")) as socket:
        assert socket.hear().startswith("0{")
        socket.send("40")
        assert "Implicit handshake failed" in _packet(socket)


# ---- Django Channels


def channels(talk: Talk) -> None:
    """Consumers with the session of Django's admin, its ORM and a group of their own."""
    talk.no_websocket("/desk/", 403)
    talk.no_websocket("/desk/", 403, "Origin: not an origin")
    sign_in(talk)
    talk.post("/order", 201, content=b'{"name": "bolt", "count": 3}')
    with talk.websocket("/desk/", "desk.v1", "desk.v2") as socket:
        assert json.loads(socket.hear()) == {"user": "admin"}
        for asked in ("how many?", LARGE):
            socket.send(json.dumps(asked))
            assert json.loads(socket.hear()) == {"type": "told", "asked": asked, "products": 3}
    with talk.websocket("/desk/") as socket:
        socket.hear()
        socket.send(json.dumps("leave"))
        socket.hear_close(4001)
    with talk.websocket("/names/") as socket:
        socket.send("bolt 1", b"abc")
        assert socket.hear() == "BOLT 1"
        assert socket.hear_bytes() == b"cba"
        socket.send("nut")
        socket.hear_failure()


# ---- notebooks and scripts


def marimo(talk: Talk) -> None:
    """The kernel runs when its WebSocket is there; a slider is moved by a request beside it."""
    assert "marimo" in talk.client.get("/").text
    session = {"Marimo-Session-Id": "s_beside"}
    talk.no_websocket("/nowhere", 403)
    with talk.websocket("/ws?session_id=s_beside") as socket:
        outputs = list(_outputs(socket))
        assert any("the answer is 42" in each for each in outputs)
        assert any("seven times 2 is 14" in each for each in outputs)
        slider = re.search(r"object-id='([\w-]+)'", "".join(outputs))
        assert slider, outputs
        moved = {"objectIds": [slider[1]], "values": [5]}
        talk.post("/api/kernel/set_ui_element_value", json=moved, headers=session)
        assert "seven times 5 is 35" in "".join(_outputs(socket))
    talk.get("/health")


def _outputs(socket: Socket) -> Iterator[str]:
    """What cells show, until their run is complete, noted."""
    while (said := json.loads(socket.read()))["op"] != "completed-run":
        output = said["data"].get("output") if said["op"] == "cell-op" else None
        if output and output["data"]:
            shown = str(output["data"])
            socket.note(f"{said['data']['cell_id']} {output['mimetype']} {shown}")
            yield shown
    socket.note(f"run {said['data']['outcome']}")


def streamlit(talk: Talk) -> None:
    """A script that runs anew, in a thread, whenever the page's button is pressed."""
    assert "streamlit" in talk.client.get("/").text.lower()
    talk.get("/_stcore/health")
    with talk.websocket("/_stcore/stream", "streamlit", "", "") as socket:
        shown = _rerun(socket, "")
        for count in (1, 2, 3):
            assert shown["markdown"].body == f"pressed {count - 1}"
            shown = _rerun(socket, shown["button"].id)
        socket.send(b"\xff\xff\xff")
        socket.hear_close(1002)
    with talk.websocket("/_stcore/stream", "streamlit") as socket:
        assert _rerun(socket, "")["markdown"].body == "pressed 0"


def _rerun(socket: Socket, pressed: str) -> dict[str, Any]:
    """Has the script run, and what it shows, by kind; that is noted."""
    from streamlit.proto.BackMsg_pb2 import BackMsg
    from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

    wanted = BackMsg()
    wanted.rerun_script.query_string = ""
    if pressed:
        states = wanted.rerun_script.widget_states.widgets
        states.add(id=pressed, trigger_value=True)
    socket.send(wanted.SerializeToString())
    shown: dict[str, Any] = {}
    while True:
        heard = socket.read()
        said = ForwardMsg.FromString(heard)
        kind = said.WhichOneof("type")
        if kind == "script_finished":
            socket.note(f"finished {said.script_finished}")
            return shown
        if kind == "delta":
            element = said.delta.new_element
            name = element.WhichOneof("type")
            shown[name] = getattr(element, name)
            socket.note(f"{list(said.metadata.delta_path)} {element}")
