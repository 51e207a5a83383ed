"""What a run was made on and with: processor, memory, versions. Never the name of a machine or a path of it."""

from __future__ import annotations

import os
import platform
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import shim
from buildlib.layout import ROOT


@dataclass(frozen=True)
class Machine:
    """`kind` is what figures of different runs are compared by."""

    processor: str
    cores: int
    gigabytes: float
    versions: Mapping[str, str]

    @property
    def kind(self) -> str:
        wine = self.versions.get("Wine", "")
        return ", ".join(
            filter(None, [self.processor, f"{self.cores} cores", platform.system(), wine and f"Wine {wine}"])
        )

    def sentence(self) -> str:
        """For a document."""
        versions = ", ".join(f"{name} {version}" for name, version in self.versions.items())
        return f"{self.processor}, {self.cores} cores, {self.gigabytes:.0f} GB of memory; {versions}."


def this_machine(system: str) -> Machine:
    """The machine that this runs on; with the version of Wine for the system `wine`."""
    info = _file("/proc/cpuinfo")
    model = next((line.partition(":")[2].strip() for line in info.splitlines() if line.startswith("model name")), "")
    versions = {
        _distribution(): "",
        "Linux": platform.release().partition("-")[0],
        "CPython": platform.python_version(),
        "GCC": _said("gcc", "-dumpfullversion"),
    }
    if system == "wine":
        versions["Wine"] = _said("wine", "--version").removeprefix("wine-").partition(" ")[0]
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return Machine(model or platform.machine(), os.cpu_count() or 1, pages / 2**30, versions)


def commit() -> str:
    """The version and the commit of the checkout, with a plus sign if files have been changed since."""
    short = _said("git", "rev-parse", "--short", "HEAD")
    changed = _said("git", "status", "--porcelain", "--untracked-files=no")
    return f"{shim.__version__} {short}{'+' if changed else ''}".strip()


def _distribution() -> str:
    names = dict(line.split("=", 1) for line in _file("/etc/os-release").splitlines() if "=" in line)
    return f"{names.get('NAME', 'Linux')} {names.get('VERSION_ID', '')}".replace('"', "").strip()


def _said(*words: str) -> str:
    try:
        done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


def _file(path: str) -> str:
    try:
        return Path(path).read_text("utf-8")
    except OSError:
        return ""
