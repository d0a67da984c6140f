"""What is counted as a file or a method, and what is too large."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

import sizes
from sizes import Size, Sizes

JAVA = os.environ.get("JAVA") or shutil.which("java") or ""

SOURCE = """\
package a;

/// A method is what has a body: `void notOne() {`
record Point(int x) {
    Point {
        assert x > 0 : "void nor() { this";
    }

    @Override
    public String toString() {
        return new Object() {
            public String toString() {
                return \"\"\"
                    void nor() {
                    \"\"\";
            }
        }.toString();
    }

    interface Inner {
        int abstractly();

        default int one() { return 1; }
    }
}
"""

PYTHON = '''\
class A:
    @staticmethod
    @property
    def b() -> None:
        """def c(): no"""

        async def d() -> None: ...
'''


def methods(*lines: int) -> Sizes:
    return Sizes("methods", [Size(each, f"m{number}") for number, each in enumerate(lines)])


def small() -> Sizes:
    return methods(1)


@pytest.mark.skipif(not JAVA, reason="JAVA is to name the java of a JDK")
def test_java_methods_are_those_of_the_compiler(tmp_path: Path) -> None:
    (tmp_path / "Point.java").write_text(SOURCE)
    found = sizes.of_java_methods("methods", [tmp_path / "Point.java"], JAVA)
    assert sorted(found.all) == [
        Size(1, "Inner.one"),
        Size(3, "Point.new"),
        Size(5, "Point.toString"),
        Size(10, "Point.toString"),
    ]


def test_python_functions_begin_with_their_decorators() -> None:
    found = list(sizes.python_functions(PYTHON, "a.py"))
    assert found == [Size(6, "a.py:b"), Size(1, "a.py:d")]


def test_nine_in_ten() -> None:
    assert methods(*range(1, 11)).ninety == 9
    assert methods(*range(1, 12)).ninety == 10
    assert methods(7).ninety == 7


@pytest.mark.parametrize("lines", [sizes.FILE_AT_MOST, sizes.FILE_AT_MOST + 1])
def test_file_is_too_large(lines: int) -> None:
    found = list(sizes.complaints(Sizes("files", [Size(lines, "Exchange.java")]), small()))
    assert found == (
        [] if lines == sizes.FILE_AT_MOST else ["Exchange.java 401 lines, more than 400"]
    )


def test_table_of_c_functions_may_be_long() -> None:
    assert not list(sizes.complaints(Sizes("files", [Size(620, "CPython.java")]), small()))


@pytest.mark.parametrize("lines", [sizes.METHOD_AT_MOST, sizes.METHOD_AT_MOST + 1])
def test_method_is_too_large(lines: int) -> None:
    found = list(sizes.complaints(Sizes("files", []), methods(*[1] * 20, lines)))
    assert found == ([] if lines == sizes.METHOD_AT_MOST else ["m20 41 lines, more than 40"])


def test_too_many_methods_are_large() -> None:
    assert not list(sizes.complaints(Sizes("files", []), methods(*[20] * 10)))
    (said,) = sizes.complaints(Sizes("files", []), methods(*[1] * 8, 21, 21))
    assert said == "one in ten of methods has 21 lines or more, more than 20"


@pytest.mark.skipif(not JAVA, reason="JAVA is to name the java of a JDK")
def test_table_names_the_largest_and_the_end_tells(tmp_path: Path) -> None:
    folder = tmp_path / "server" / "src" / "main" / "java"
    folder.mkdir(parents=True)
    (folder / "Point.java").write_text(SOURCE)
    said: list[str] = []
    assert sizes.main(tmp_path, JAVA, said.append) == 0
    assert any(line.endswith("Point.java 25") for line in said), said
    assert any("Point.toString 10, Point.toString 5, Point.new 3" in line for line in said), said
    (folder / "Large.java").write_text("class Large {" + "\n" * 400 + "}\n")
    assert sizes.main(tmp_path, JAVA, said.append) == 1
    assert said[-1] == "too large: Large.java 401 lines, more than 400"
