"""The interpreter and the virtual environment that the build works in: `.venv`, filled from hashed lists only."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

from buildlib import console
from buildlib.layout import PYTHON, ROOT, VENV

REQUIREMENTS = ROOT / "requirements"
_PROBE = (
    "import sys, sysconfig; print(*sys.version_info[:2], sysconfig.get_config_var('Py_ENABLE_SHARED') or 0, sys.prefix)"
)


def python() -> Path:
    """The environment's interpreter."""
    return VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def tool(name: str) -> Path:
    """A program that a package of the environment brings."""
    return python().with_name(name)


def find_interpreter() -> Path:
    """A CPython of the version that ships, with a shared library to embed. Failed says what was tried."""
    version = ".".join(map(str, PYTHON))
    candidates = [sys.executable, shutil.which(f"python{version}"), shutil.which("python3"), shutil.which("python")]
    candidates += sorted(map(str, Path.home().glob(f".pyenv/versions/{version}.*/bin/python")))
    if os.name == "nt":
        candidates.append(_py_launcher(version))
    tried = []
    for candidate in dict.fromkeys(filter(None, candidates)):
        probe = subprocess.run([str(candidate), "-c", _PROBE], capture_output=True, text=True, check=False)
        words = probe.stdout.split()
        lacks = ", no shared library" if words[2:3] == ["0"] else ""
        tried.append(f"{candidate}: {'.'.join(words[:2]) or 'does not run'}{lacks}")
        if words[:2] == [str(part) for part in PYTHON] and (os.name == "nt" or words[2] != "0"):
            return Path(str(candidate))
    raise console.Failed(
        f"CPython {version} with a shared library (configured with --enable-shared) is needed to build; tried:\n  "
        + "\n  ".join(tried)
    )


def ensure(*lists: str) -> None:
    """Make `.venv` and install requirement lists (run, linux, test, ...), each once for its present content."""
    if not python().exists():
        interpreter = find_interpreter()
        console.say(f"making .venv with {interpreter}")
        console.run([interpreter, "-m", "venv", VENV])
    states = {name: hashlib.sha256(_list(name).read_bytes()).hexdigest() for name in lists}
    missing = [name for name in states if not _is_installed(name, states[name])]
    if not missing:
        return
    console.say(f"installing requirements: {', '.join(missing)}")
    # not compiled beforehand: that takes seconds, and most modules are never imported
    options = ["-q", "--no-deps", "--no-compile", "--require-hashes", *(f"-r{_list(name)}" for name in missing)]
    console.run([python(), "-m", "pip", "install", *options])
    for name in missing:
        _mark(name).write_text(states[name])


def _is_installed(name: str, state: str) -> bool:
    return _mark(name).exists() and _mark(name).read_text() == state


def _list(name: str) -> Path:
    return REQUIREMENTS / f"{name}.txt"


def _mark(name: str) -> Path:
    """What says which list was installed last."""
    return VENV / f".{name}.installed"


def download(requirements: str, folder: Path, platform: str, version: str = ".".join(map(str, PYTHON))) -> None:
    """Wheels of a requirement list for another machine, and a CPython, into `folder`, hashes checked."""
    folder.mkdir(parents=True, exist_ok=True)
    console.run(
        [
            python(), "-m", "pip", "download", "-q", "--no-deps", "--require-hashes", "--only-binary=:all:",
            "--platform", platform, "--python-version", version, "--implementation", "cp",
            "-d", folder, "-r", _list(requirements),
        ]
    )  # fmt: skip


def _py_launcher(version: str) -> str | None:
    launcher = shutil.which("py")
    if launcher is None:
        return None
    found = subprocess.run(
        [launcher, f"-{version}", "-c", "import sys; print(sys.executable)"],
        capture_output=True,
        text=True,
        check=False,
    )
    return found.stdout.strip() or None
