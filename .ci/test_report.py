"""What a check says at its end, from reports that are written here."""

from __future__ import annotations

from pathlib import Path

import pytest

from report import Report, reports


def write(path: Path, *cases: str) -> None:
    """A report of tests that took one second more each; the last letter says how each ended."""
    ends = {"F": "<failure/>", "E": "<error/>", "S": "<skipped/>", "P": ""}
    text = "".join(
        f'<testcase classname="a" name="{name}" time="{number}">{ends[name[-1]]}</testcase>'
        for number, name in enumerate(cases)
    )
    count = {end: sum(name.endswith(end) for name in cases) for end in ends}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        f'<testsuites><testsuite tests="{len(cases)}" failures="{count["F"]}"'
        f' errors="{count["E"]}" skipped="{count["S"]}">{text}</testsuite></testsuites>'
    )


def told(root: Path, *failed_steps: str) -> tuple[int, list[str]]:
    said: list[str] = []
    code = Report(list(failed_steps), said.append).tell(reports(root, root / "results"))
    return code, said


def test_all_that_ran_is_added_up(tmp_path: Path) -> None:
    write(tmp_path / "bridge" / "target" / "surefire-reports" / "TEST-a.xml", "a.P", "b.P", "c.S")
    write(tmp_path / "results" / "end-to-end.xml", "d.P")
    write(tmp_path / "results" / "core-3.10.xml", "e.P")
    write(tmp_path / "results" / "bridge-3.10.xml", "f.S")
    code, said = told(tmp_path)
    assert code == 0
    assert "Java format and tests: 3 run, 0 failed, 1 skipped" in said
    assert "other Pythons and kinds: 2 run, 0 failed, 1 skipped" in said
    assert said[-1] == "4 passed, 0 failed, 2 skipped"


@pytest.mark.parametrize("end", "FE")
def test_failed_test_fails_the_check(tmp_path: Path, end: str) -> None:
    write(tmp_path / "results" / "python.xml", "a.P", f"b.{end}")
    code, said = told(tmp_path, "Python tests")
    assert code == 1
    assert said[-1] == "1 passed, 1 failed, 0 skipped"
    assert not any("besides" in line for line in said)


def test_failed_tests_are_named_with_their_report(tmp_path: Path) -> None:
    write(tmp_path / "results" / "end-to-end.xml", "a.P", "b.F", "c.E")
    _, said = told(tmp_path, "end-to-end tests")
    assert said[said.index("failed:") + 1 : -1] == ["  end-to-end, a: b.F", "  end-to-end, a: c.E"]


def test_nothing_failed_is_not_told(tmp_path: Path) -> None:
    write(tmp_path / "results" / "end-to-end.xml", "a.P")
    assert "failed:" not in told(tmp_path)[1]


@pytest.mark.parametrize("step", ["sizes", "end-to-end tests"])
def test_step_that_failed_without_a_failed_test_counts(tmp_path: Path, step: str) -> None:
    write(tmp_path / "results" / "end-to-end.xml", "a.P")
    code, said = told(tmp_path, step)
    assert code == 1
    assert said[-2:] == [f"failed besides: {step}", "1 passed, 1 failed, 0 skipped"]


def test_no_test_is_no_success(tmp_path: Path) -> None:
    assert told(tmp_path)[0] == 1
    write(tmp_path / "results" / "python.xml", "a.S")
    assert told(tmp_path)[0] == 1


def test_ten_slowest_are_told_slowest_first(tmp_path: Path) -> None:
    write(tmp_path / "results" / "end-to-end.xml", *(f"{number}.P" for number in range(15)))
    _, said = told(tmp_path)
    first = said.index("the slowest tests:") + 1
    assert [line.split()[-1] for line in said[first:-1]] == [f"{n}.P" for n in range(14, 4, -1)]


def test_why_no_test_of_a_step_ran_is_said(tmp_path: Path) -> None:
    folder = tmp_path / "image" / "target" / "failsafe-reports"
    folder.mkdir(parents=True)
    skipped = '<testcase classname="a" name="b"><skipped message="no engine"/></testcase>'
    for name in ("TEST-a.xml", "TEST-b.xml"):
        (folder / name).write_text(f'<testsuite tests="1" skipped="1">{skipped}</testsuite>')
    write(tmp_path / "results" / "python.xml", "a.P")
    code, said = told(tmp_path)
    assert code == 0
    place = said.index("image tests: 2 run, 0 failed, 2 skipped")
    assert said[place + 1] == "  all are skipped: no engine"
    assert sum("all are skipped" in line for line in said) == 1
