"""Tries in throw-away processes whether an app and its environment suit sub-interpreters.

Java runs `console.main` in a child of the app's own Python, and reads lines from it. That runs
children of its own: `probe` loads extension modules, `rehearsal` imports the app. What they do to
their process, such as crash it, ends with it. None of this runs where an app is served.

`extensions` finds the extension modules of an environment, `throwaway` runs a child within a time,
`trials` knows what is to be tried, `memory` keeps what was found, `host` stands in for Java.

A module is loaded, but not executed (PEP 489): CPython refuses to make a module that does not say
that it supports a GIL for each interpreter, and so do PyO3, pybind11 and Cython by themselves. That
needs nothing of its package, takes milliseconds and has hardly any effects. So a refusal that comes
only when a module is executed is seen when the app is imported, or at run time.
"""

from pathlib import Path

# What has to stand on sys.path for this package.
SOURCE = str(Path(__file__).parents[2])
