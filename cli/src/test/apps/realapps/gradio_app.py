"""Gradio: an interface whose queue answers over server-sent events."""

from __future__ import annotations

import time
from collections.abc import Iterator

import gradio
from fastapi import FastAPI


def greet(name: str) -> str:
    return f"Hello {name}"


def count(until: int) -> Iterator[str]:
    """A generator: each value is an event of its own."""
    for number in range(int(until)):
        time.sleep(0.02)
        yield str(number)


def fail(text: str) -> str:
    raise gradio.Error("this function always fails", print_exception=False)


with gradio.Blocks(analytics_enabled=False) as blocks:
    text = gradio.Textbox()
    number = gradio.Number()
    result = gradio.Textbox()
    gradio.Button("greet").click(greet, text, result, api_name="greet")
    gradio.Button("count").click(count, number, result, api_name="count")
    gradio.Button("fail").click(fail, text, result, api_name="fail")

app = gradio.mount_gradio_app(FastAPI(), blocks, path="/", ssr_mode=False)
