"""NiceGUI on an app of FastAPI: a button that counts, whose state is with its page."""

from __future__ import annotations

from fastapi import FastAPI
from nicegui import ui

app = FastAPI()


@ui.page("/")
def page() -> None:
    pressed = 0
    said = ui.label("pressed 0").props("id=said")

    def press() -> None:
        nonlocal pressed
        pressed += 1
        said.set_text(f"pressed {pressed}")

    ui.button("press", on_click=press).props("id=press")


ui.run_with(app)
