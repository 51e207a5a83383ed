"""The steps after capture: learn, and replay by a section of vcshim.ini that was written, or learnt."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from shim import configuration
from shim.capture.record import CapturedCall, to_bytes
from shim.configuration import Configuration
from shim.replay.compare import Comparer, Comparison
from tests.support.paths import ROOT, VECTORS
from tests.support.vendors.hosts import ROOM, ini_text
from tests.support.vendors.rows import VendorRow


def known_section(row: VendorRow) -> str:
    """The lines of vcshim.ini that a person would write who knows the vendor: tests/vectors/vendors."""
    return (VECTORS / "vendors" / f"{row.name}.ini").read_text(encoding="utf-8")


def settings_of(row: VendorRow, section: str) -> Configuration:
    """The settings of a host of this vendor, with a section that was written or learnt."""
    text = ini_text(row, "native", "")
    if "[abi]" in section:  # what was learnt of the host takes the place of what is known
        text = re.sub(r"\[abi\]\n(?:[^\[\n].*\n)*", "", text)
        section = section.replace("[abi]\n", f"[abi]\nout_capacity = {ROOM}\n")
    return configuration.parse(text + section)


def replayed(row: VendorRow, section: str, calls: Sequence[CapturedCall]) -> list[Comparison]:
    """Our pipeline on captured calls."""
    comparer = Comparer(settings_of(row, section))
    return [comparer.compare(call) for call in calls]


@dataclass(frozen=True)
class Learned:
    """What `vcshim learn` printed, with its exit code."""

    code: int
    section: str
    errors: str


def learned(calls: Sequence[CapturedCall], folder: Path) -> Learned:
    """Run the command on captured calls: nothing else is told to it."""
    file = folder / "captures.jsonl"
    file.write_bytes(b"".join(to_bytes(call) + b"\n" for call in calls))
    words = [sys.executable, "-m", "shim.cli", "--lang", "en", "learn", "--fresh", str(file)]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, timeout=600, check=False)
    return Learned(done.returncode, done.stdout, done.stderr)
