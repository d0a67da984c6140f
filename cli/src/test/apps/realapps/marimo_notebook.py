"""A notebook with a cell that computes."""

import marimo

app = marimo.App()


@app.cell
def _() -> None:
    import marimo as mo

    mo.md(f"the answer is {6 * 7}")
    return


if __name__ == "__main__":
    app.run()
