"""Builds the wheel, with what `./spvn package` has prepared.

    python package.py --java JDK --app FOLDER [--out FOLDER] [--any] PYTHON...

One wheel has the native half for each of these Pythons, which is compiled for it here; with `--any`
it has the sources of that, and is for all.
"""

from __future__ import annotations

import argparse
import ast
import fcntl
import hashlib
import os
import re
import shlex
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
sys.path.insert(0, str(HERE / "src"))

from spvn import __version__, native  # noqa: E402

JEP_SDIST = "33336f6afc37e1a4888586a2f0017ac01e2093891640ce1b41cbbf35f4317a9f"
WORK = ROOT / ".spvn" / "package"
BRIDGE = ROOT / "bridge" / "src" / "main" / "python" / "spvn_bridge" / "remote"
# Of the oldest C library that has a wheel's tag of its own.
OLDEST_GLIBC = (2, 17)


class Failure(Exception):
    """One line for the user."""


def main() -> None:
    options = argparse.ArgumentParser(
        prog="spvn package",
        usage="spvn package [--one] [--any] [--out DIR]",
        description="Builds the wheel of spvn, with its native half for each Python from 3.10 on"
        " that is here; or, with --one as the first option, for the chosen one alone.",
    )
    options.add_argument("--java", type=Path, required=True, help=argparse.SUPPRESS)
    options.add_argument("--app", type=Path, required=True, help=argparse.SUPPRESS)
    options.add_argument("--out", type=Path, metavar="DIR", help="else dist, or dist/any")
    options.add_argument(
        "--any",
        action="store_true",
        help="for any Python and platform; compiles its native half at the first start",
    )
    options.add_argument("pythons", nargs="*", help=argparse.SUPPRESS)
    given = options.parse_args()
    try:
        with tempfile.TemporaryDirectory(prefix="spvn-wheel-") as folder:
            stage = Path(folder)
            put_all(stage, given.app)
            with alone(WORK):
                sources = jep_sources(given.java)
                if given.any:
                    shutil.copytree(sources, stage / "src/spvn/native/sources")
                    tag = ""
                else:
                    tag = put_native(stage, sources, given.java, given.pythons)
            out = given.out or ROOT / ("dist/any" if given.any else "dist")
            wheel = build(stage, tag, out)
    except (Failure, OSError) as failure:
        sys.exit(f"spvn: the wheel cannot be built: {failure}")
    print(f"{wheel} ({wheel.stat().st_size / 1e6:.1f} MB)")
    print(f"pip install {shlex.quote(str(wheel))}")


@contextmanager
def alone(work: Path) -> Iterator[None]:
    """What is kept from build to build is in the hands of one at a time; others wait."""
    work.mkdir(parents=True, exist_ok=True)
    with (work / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("spvn: waiting for another build of a wheel", file=sys.stderr, flush=True)
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


# ---------------------------------------------------------------- Jep


def jep_sources(jdk: Path) -> Path:
    """What the native half is compiled from, in one folder; what Java tells of itself among it."""
    folder = WORK / f"sources-{native.JEP}"
    compiled = [BRIDGE / "native.py", *sorted((BRIDGE / "c").iterdir())]
    if not folder.exists():
        _make_jep(folder, jdk)
    # An earlier build may have been interrupted between these two.
    shutil.rmtree(folder / native.FAST, ignore_errors=True)
    (folder / native.FAST / "c").mkdir(parents=True)
    for file in compiled:
        shutil.copyfile(file, folder / native.FAST / file.relative_to(BRIDGE))
    return folder


def _make_jep(folder: Path, jdk: Path) -> None:
    WORK.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=WORK) as name:
        stage, unpacked = Path(name, "stage"), _unpacked(Path(name), jdk)
        shutil.copytree(unpacked / "src/main/c", stage / "jep")
        (stage / "jep/Include").rename(stage / "jep/include")
        _java_headers(unpacked, jdk, stage / "jep/include")
        site = stage / native.SITE
        shutil.copytree(unpacked / "src/main/python/jep", site / "jep")
        info = site / f"jep-{native.JEP}.dist-info"
        (info / "licenses").mkdir(parents=True)
        shutil.copyfile(unpacked / "PKG-INFO", info / "METADATA")
        for licence in ("LICENSE", "AUTHORS"):
            shutil.copyfile(unpacked / licence, info / "licenses" / licence)
        stage.rename(folder)


def _unpacked(folder: Path, jdk: Path) -> Path:
    """The release of Jep, which is what it was when this was written."""
    pip = ["-m", "pip", "download", "--no-deps", "--no-binary", "jep", "--no-cache-dir"]
    run([sys.executable, *pip, "-d", str(folder), f"jep=={native.JEP}"], JAVA_HOME=str(jdk))
    (archive,) = folder.glob("jep-*.tar.gz")
    found = hashlib.sha256(archive.read_bytes()).hexdigest()
    if found != JEP_SDIST:
        raise Failure(f"{archive.name} is not the one that is known: its SHA-256 is {found}")
    with tarfile.open(archive) as opened:
        opened.extraction_filter = getattr(tarfile, "data_filter", None)  # Python 3.10.12
        opened.extractall(folder)
    return folder / f"jep-{native.JEP}"


def _java_headers(unpacked: Path, jdk: Path, target: Path) -> None:
    with tempfile.TemporaryDirectory() as classes:
        java = sorted(map(str, (unpacked / "src/main/java").glob("**/*.java")))
        run([str(jdk / "bin/javac"), "-nowarn", "-d", classes, "-h", str(target), *java])


# ---------------------------------------------------------------- what is in the wheel


def put_all(stage: Path, app: Path) -> None:
    """What every wheel has."""
    for name in ("pyproject.toml", "wheel_tags.py"):
        shutil.copyfile(HERE / name, stage / name)
    shutil.copyfile(ROOT / "LICENSE", stage / "LICENSE")
    project = (HERE / "pyproject.toml").read_text()
    (stage / "README.md").write_text(for_index((ROOT / "README.md").read_text(), project))
    package = stage / "src/spvn"
    shutil.copytree(HERE / "src/spvn", package, ignore=shutil.ignore_patterns("__pycache__"))
    (package / "app/libs").mkdir(parents=True)
    shutil.copyfile(app / "spvn.jar", package / "app/spvn.jar")
    for jar in sorted((app / "libs").glob("*.jar")):
        shutil.copyfile(jar, package / "app/libs" / jar.name)
    ignored = shutil.ignore_patterns("__pycache__", "*.pyc")
    shutil.copytree(app / "python", package / "app/python", ignore=ignored)
    shutil.copytree(ROOT / "loadtest/apps", package / "loadtest/apps", ignore=ignored)


def for_index(readme: str, project: str) -> str:
    """Without links to files that are not there; to the repository's, if the project names one."""
    found = re.search(r'^(?:Repository|Source) *= *"(.+)"$', project, re.MULTILINE)
    to = rf"[\1]({found[1].rstrip('/')}/blob/HEAD/\2)" if found else r"\1"
    return re.sub(r"(?<!!)\[([^]\[]+)]\((?![a-z]+:|#|/)([^)]+)\)", to, readme)


def put_native(stage: Path, sources: Path, jdk: Path, pythons: Iterable[str]) -> str:
    """The native half for each of these Pythons; returns the tag of the wheel."""
    minors: list[str] = []
    needed = [OLDEST_GLIBC]
    for python in pythons:
        told = _asked(python)
        if told["minor"] in minors:
            continue
        if not Path(told["headers"], "Python.h").exists():
            print(f"spvn: not for {python}: its headers are not installed", file=sys.stderr)
            continue
        made = _compiled(python, told, sources, jdk)
        ignored = shutil.ignore_patterns("*.pyc", "__pycache__")
        shutil.copytree(made, stage / "src/spvn/native" / told["abi"], ignore=ignored)
        needed += [version for file in made.glob("**/*.so") for version in glibc_versions(file)]
        minors.append(told["minor"])
    if not minors:
        raise Failure("there is no Python to build it for")
    tags = ".".join(f"cp3{minor}" for minor in sorted(int(minor[2:]) for minor in minors))
    return f"{tags}-{tags}-{_platform_tag(sysconfig.get_platform(), max(needed))}"


def _asked(python: str) -> dict[str, str]:
    """What a Python tells of itself, and where its headers are."""
    told = (
        f"import sys, sysconfig; sys.path.insert(0, {str(HERE / 'src')!r}); from spvn import probe;"
        "print(*probe.answer().items(), ('headers', sysconfig.get_path('include')), sep='\\n')"
    )
    command = [python, "-I", "-B", "-c", told]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    if answer.returncode != 0:
        raise Failure(f"{python} does not run")
    return dict(map(ast.literal_eval, answer.stdout.splitlines()))


def _compiled(python: str, told: dict[str, str], sources: Path, jdk: Path) -> Path:
    """Compiled once for each change of what it is made from."""
    made = WORK / "native" / native.folder_name(told["abi"])
    stamp = WORK / "native" / f"{made.name}.stamp"
    parts = [Path(native.__file__), *sorted(p for p in sources.glob("**/*") if p.is_file())]
    state = hashlib.sha256(b"".join(part.read_bytes() for part in parts)).hexdigest()
    if not (made.exists() and stamp.exists() and stamp.read_text() == state):
        print(f"spvn: compiling Jep {native.JEP} for {python}", file=sys.stderr, flush=True)
        arguments = [str(sources), str(jdk), str(made), told["library"]]
        run([python, "-I", "-B", native.__file__, *arguments])
        stamp.write_text(state)
    return made


# ---------------------------------------------------------------- where it runs


def glibc_versions(file: Path) -> list[tuple[int, int]]:
    """Which versions of the C library a shared object asks for."""
    shown = subprocess.run(["readelf", "-V", file], capture_output=True, text=True, check=False)
    if shown.returncode != 0:
        raise Failure(f"readelf cannot read {file}: {shown.stderr.strip()}")
    found = re.findall(r"Name: GLIBC_(\d+)\.(\d+)", shown.stdout)
    return [(int(major), int(minor)) for major, minor in found]


def _platform_tag(platform: str, glibc: tuple[int, int]) -> str:
    system, _, machine = platform.partition("-")
    if system != "linux" or not os.confstr("CS_GNU_LIBC_VERSION"):
        return re.sub(r"[-.]", "_", platform)
    return f"manylinux_{glibc[0]}_{glibc[1]}_{machine}"


# ---------------------------------------------------------------- the wheel


def build(stage: Path, tag: str, out: Path) -> Path:
    """Build it in a folder of its own; it replaces what an earlier build has left of its kind."""
    made = stage / "dist"
    run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(made)],
        cwd=stage,
        SPVN_WHEEL_TAG=tag,
        SOURCE_DATE_EPOCH=str(1767225600),
    )
    (wheel,) = made.glob("*.whl")
    out.mkdir(parents=True, exist_ok=True)
    for old in out.glob(f"spvn-{__version__}-*.whl"):
        if old.name.endswith("-any.whl") == wheel.name.endswith("-any.whl"):
            old.unlink()
    return Path(shutil.copyfile(wheel, out.resolve() / wheel.name))


def run(command: list[str], cwd: Path | None = None, **environment: str) -> None:
    done = subprocess.run(
        command,
        cwd=cwd,
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    if done.returncode != 0:
        sys.stderr.write(done.stdout.decode(errors="replace")[-4000:])
        raise Failure(f"{Path(command[0]).name} ends with {done.returncode}")


if __name__ == "__main__":
    main()
