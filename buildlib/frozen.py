"""Freezes a host program of the tests with PyInstaller, by any of the CPythons there: a folder and one file.

PyInstaller is pure Python and comes from the environment of the tests: no other interpreter needs packages of its own.
Not part of building the product; used by tests/support/python_hosts.py. Any number of processes may ask.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path

from buildlib import console, locks
from buildlib.layout import BUILD, ROOT

SOURCES = ROOT / "tests" / "native" / "python"
_PACKAGES = ("PyInstaller", "_pyinstaller_hooks_contrib", "altgraph", "packaging", "setuptools")
_DISTRIBUTIONS = ("pyinstaller", "pyinstaller-hooks-contrib", "altgraph", "packaging", "setuptools")
_LIMIT = 300.0


def folder(python: Path, name: str) -> Path:
    """The folder with `his/his` and `his-in-one-file`, frozen by `python` unless they are there for these sources."""
    target = BUILD / "frozen" / name
    mark = target / ".frozen"
    state = _state(python)
    with locks.only_one(target.with_name(f".{name}.lock")):
        if not (mark.exists() and mark.read_text() == state):
            shutil.rmtree(target, ignore_errors=True)
            target.mkdir(parents=True)
            packages = target / "packages"
            _gather(packages)
            env = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
            env |= {"PYTHONPATH": str(packages), "PYINSTALLER_CONFIG_DIR": str(target / "cache")}
            words: list[str | Path] = [
                "--distpath",
                target,
                "--workpath",
                target / "work",
                "--log-level",
                "ERROR",
                SOURCES / "frozen.spec",
            ]
            console.run([python, "-B", "-m", "PyInstaller", *words], env=env, timeout=_LIMIT)
            for left_over in ("work", "packages", "cache"):
                shutil.rmtree(target / left_over, ignore_errors=True)
            mark.write_text(state)
    return target


def _gather(packages: Path) -> None:
    """PyInstaller and what it needs, without the packages of the tests' interpreter beside them."""
    packages.mkdir()
    for name in _PACKAGES:
        spec = find_spec(name)
        if spec is None or spec.origin is None:
            raise console.Failed(f"{name} is not in {sys.prefix}: python3 build_dll.py test installs it")
        (packages / name).symlink_to(Path(spec.origin).parent)
    for name in _DISTRIBUTIONS:
        found = Path(str(metadata.distribution(name).locate_file("."))).glob(f"{name.replace('-', '_')}-*.dist-info")
        for path in found:
            (packages / path.name).symlink_to(path)


def _state(python: Path) -> str:
    digest = hashlib.sha256(f"{python.resolve()} {metadata.version('pyinstaller')}".encode())
    for source in (SOURCES / "frozen.spec", SOURCES / "versions.py", SOURCES / "hospital.py"):
        digest.update(source.read_bytes())
    return digest.hexdigest()
