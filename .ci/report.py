"""The end of a check: counts of its tests, the slowest and those that failed, the closing line.

    python report.py FOLDER [FAILED STEP]...

Reads the reports of the test runners; a step that failed without a failed test counts as one
failure. Ends with 1 when there is any, or when no test has passed.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

SLOWEST = 10
COUNTED = ("tests", "failures", "errors", "skipped")


def reports(root: Path, results: Path) -> dict[str, list[Path]]:
    """The reports of each step that runs tests."""

    def of(*names: str) -> list[Path]:
        return sorted(path for name in names for path in results.glob(f"{name}.xml"))

    return {
        "Java format and tests": sorted(root.glob("*/target/surefire-reports/TEST-*.xml")),
        "image tests": sorted(root.glob("image/target/failsafe-reports/TEST-*.xml")),
        "Python tests": of("python", "launcher", "checks"),
        "end-to-end tests": of("end-to-end", "tls"),
        "end-to-end tests, alone": of("end-to-end-alone", "alone-*"),
        "other Pythons and kinds": of("bridge-*", "core-*", "launcher-*", "kind-*"),
    }


class Report:
    """What the reports say, added up."""

    def __init__(self, failed_steps: list[str], say: Callable[[str], None]) -> None:
        self._failed_steps = failed_steps
        self._say = say
        self._total: Counter[str] = Counter()
        self._silent: list[str] = []
        self._times: list[tuple[float, str, str]] = []
        self._failed: list[str] = []

    def tell(self, steps: dict[str, list[Path]]) -> int:
        """Prints all; the exit code."""
        self._silent = [step for step in self._failed_steps if step not in steps]
        for step, paths in steps.items():
            self._step(step, paths)
        self._say("the slowest tests:")
        for seconds, place, name in sorted(self._times, reverse=True)[:SLOWEST]:
            self._say(f"  {seconds:6.1f} s  {place}: {name}")
        if self._failed:
            self._say("failed:")
        for each in self._failed:
            self._say(f"  {each}")
        return self._close()

    def _step(self, step: str, paths: list[Path]) -> None:
        counts = Counter(dict.fromkeys(COUNTED, 0))
        reasons: set[str] = set()
        for path in paths:
            reasons |= self._read(path, counts)
        broken = counts["failures"] + counts["errors"]
        if step in self._failed_steps and not broken:
            self._silent.append(step)
        self._say(f"{step}: {counts['tests']} run, {broken} failed, {counts['skipped']} skipped")
        if counts["skipped"] == counts["tests"]:
            for reason in sorted(reasons):
                self._say(f"  all are skipped: {reason}")
        self._total += counts

    def _read(self, path: Path, counts: Counter[str]) -> set[str]:
        """Why tests were skipped."""
        root = ElementTree.parse(path).getroot()
        for suite in root.iter("testsuite"):
            counts.update({key: int(suite.get(key, 0)) for key in COUNTED})
        for case in root.iter("testcase"):
            place, name = case.get("classname", ""), case.get("name", "")
            self._times.append((float(case.get("time", 0)), place, name))
            if case.find("failure") is not None or case.find("error") is not None:
                self._failed.append(f"{path.stem}, {place}: {name}")
        return {each.get("message", "") for each in root.iter("skipped")}

    def _close(self) -> int:
        if self._silent:
            self._say(f"failed besides: {', '.join(self._silent)}")
        total = self._total
        failed = total["failures"] + total["errors"]
        passed = total["tests"] - failed - total["skipped"]
        failed += len(self._silent)
        self._say(f"{passed} passed, {failed} failed, {total['skipped']} skipped")
        return int(failed > 0 or passed == 0)


if __name__ == "__main__":
    folder, *failed = sys.argv[1:]
    sys.exit(Report(failed, print).tell(reports(Path(), Path(folder))))
