"""A notebook with a cell that computes, and one that computes anew when a slider is moved."""

from typing import Any

import marimo

app = marimo.App()


@app.cell
def _() -> Any:
    import marimo as mo

    mo.md(f"the answer is {6 * 7}")
    return (mo,)


@app.cell
def _(mo: Any) -> Any:
    slider = mo.ui.slider(1, 10, value=2)
    slider  # noqa: B018 # what the cell shows
    return (slider,)


@app.cell
def _(mo: Any, slider: Any) -> None:
    mo.md(f"seven times {slider.value} is {7 * slider.value}")
    return


if __name__ == "__main__":
    app.run()
