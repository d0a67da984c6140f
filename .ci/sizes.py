"""Prints how large the project's files and methods are, and judges those of the server.

    python sizes.py --java JAVA_EXECUTABLE

Small pieces are a rule of this project, so this ends with 1 when a Java file of a main source tree
or one of its methods is larger than allowed, or too many of its methods are large. Lines are as an
editor shows them, comments and empty ones too; a method begins with its annotations.
"""

from __future__ import annotations

import argparse
import ast
import math
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parent.parent

FILE_AT_MOST = 400
METHOD_AT_MOST = 40
NINE_IN_TEN_AT_MOST = 20
# Every C function of Python that is called, side by side: a table more than a program.
MAY_BE_LONG = ("CPython.java",)

NAMED = 3


@dataclass(frozen=True, order=True)
class Size:
    """A file or a method, and how many lines it has."""

    lines: int
    name: str

    def __str__(self) -> str:
        return f"{self.name} {self.lines}"


@dataclass(frozen=True)
class Sizes:
    """What is of one kind, such as the methods of the Java tests."""

    kind: str
    all: list[Size]

    @property
    def ninety(self) -> int:
        """As many lines as nine in ten have at most."""
        ranked = sorted(each.lines for each in self.all)
        return ranked[math.ceil(0.9 * len(ranked)) - 1]

    def row(self) -> str:
        if not self.all:
            return f"{self.kind:<22} {0:>6}"
        largest = sorted(self.all, reverse=True)[:NAMED]
        middle = median(each.lines for each in self.all)
        return (
            f"{self.kind:<22} {len(self.all):>6} {middle:>7.0f} {self.ninety:>5}"
            f" {largest[0].lines:>5}  {', '.join(map(str, largest))}"
        )


def files(folders: Iterable[Path], suffix: str) -> list[Path]:
    """The sources below these folders."""
    found = {each for folder in folders for each in folder.rglob(f"*.{suffix}")}
    return sorted(found)


def of_files(kind: str, paths: Iterable[Path]) -> Sizes:
    return Sizes(kind, [Size(len(path.read_text().splitlines()), path.name) for path in paths])


def of_java_methods(kind: str, paths: list[Path], java: str) -> Sizes:
    """As the compiler itself reads them."""
    if not paths:
        return Sizes(kind, [])
    program = Path(__file__).with_name("JavaSizes.java")
    line = [java, "-XX:TieredStopAtLevel=1", str(program), *map(str, paths)]
    done = subprocess.run(line, stdout=subprocess.PIPE, text=True, check=True)
    rows = (row.split("\t") for row in done.stdout.splitlines())
    return Sizes(kind, [Size(int(lines), name) for _, name, lines in rows])


def of_python_functions(kind: str, paths: Iterable[Path]) -> Sizes:
    found = [size for path in paths for size in python_functions(path.read_text(), path.name)]
    return Sizes(kind, found)


def python_functions(source: str, file: str) -> Iterator[Size]:
    """Of a file that is Python; some apps of the tests are not."""
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            first = min([node.lineno, *(each.lineno for each in node.decorator_list)])
            assert node.end_lineno is not None
            yield Size(node.end_lineno - first + 1, f"{file}:{node.name}")


def complaints(classes: Sizes, methods: Sizes) -> Iterator[str]:
    """What is larger than allowed."""
    for each in classes.all:
        if each.lines > FILE_AT_MOST and each.name not in MAY_BE_LONG:
            yield f"{each} lines, more than {FILE_AT_MOST}"
    for each in methods.all:
        if each.lines > METHOD_AT_MOST:
            yield f"{each} lines, more than {METHOD_AT_MOST}"
    if methods.all and methods.ninety > NINE_IN_TEN_AT_MOST:
        yield (
            f"one in ten of {methods.kind} has {methods.ninety} lines or more,"
            f" more than {NINE_IN_TEN_AT_MOST}"
        )


def main(root: Path, java: str, say: Callable[[str], None] = print) -> int:
    """Prints the table and what is too large."""
    java_main = files(root.glob("*/src/main/java"), "java")
    java_tests = files(root.glob("*/src/test/java"), "java")
    ours = files([*root.glob("*/src/main/python"), root / "launcher", root / ".ci"], "py")
    tests = files(root.glob("*/src/test/python"), "py")
    classes = of_files("Java main, files", java_main)
    methods = of_java_methods("Java main, methods", java_main, java)
    table = [
        classes,
        methods,
        of_files("Java tests, files", java_tests),
        of_java_methods("Java tests, methods", java_tests, java),
        of_files("Python, files", ours),
        of_python_functions("Python, functions", ours),
        of_files("Python tests, files", tests),
        of_python_functions("Python tests, functions", tests),
    ]
    say(f"{'sizes in lines':<22} {'count':>6} {'median':>7} {'p90':>5} {'max':>5}  the largest")
    for sizes in table:
        say(sizes.row())
    too_large = list(complaints(classes, methods))
    for complaint in too_large:
        say(f"too large: {complaint}")
    return int(bool(too_large))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--java", required=True, help="of a JDK that knows the sources' language")
    sys.exit(main(ROOT, parser.parse_args().java))
