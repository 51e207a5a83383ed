"""The Windows Event Log under Wine, which prints what it is told instead of keeping it.

Wine 8 has no event viewer and keeps no such log: its ReportEventW writes each text to its own trace. So this shows that
our calls of advapi32 are right, and not how Windows shows them.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from shim.simulator.server import Simulator
from tests.support.calls import verify_line
from tests.support.clients import Rig, run_script
from tests.support.inventory import HOST_THREADS
from tests.support.logs import start_note
from tests.support.product import Product, install

_EVENT = re.compile(r'(err|warn|trace):eventlog:ReportEventW L"((?:[^"\\]|\\.)*)"')


def events(rig: Rig, product: Product, simulator: Simulator, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """The class of each event that Wine was told, and its text, of a host that stays until our threads have ended."""
    done: list[subprocess.CompletedProcess[str]] = []
    run = rig.wine32.run

    def keeping(*words: Any, **more: Any) -> subprocess.CompletedProcess[str]:
        done.append(run(*words, **more))
        return done[-1]

    monkeypatch.setattr(rig.wine32, "run", keeping)
    calls = [verify_line(f"v{number}", simulator) for number in range(3)]
    run_script(
        "win32-c", [*product.load_lines(), *calls, f"rest {HOST_THREADS} 60000"], rig=rig,
        program=rig.program("inventory.exe"), env={"WINEDEBUG": "+eventlog"},
    )  # fmt: skip
    return [(kind, shown(text)) for kind, text in _EVENT.findall(done[-1].stderr)]


def shown(text: str) -> str:
    """What Wine writes for a text in UTF-16."""
    return re.sub(r"\\([0-9a-f]{4})", lambda match: chr(int(match[1], 16)), text).replace("\\\\", "\\")


@pytest.mark.parametrize("mode", ["native", "capture"])
def test_python_cannot_start(
    rig: Rig, simulator: Simulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mode: str
) -> None:
    """One event for all calls, the line that is left beside vcshim.ini. In capture there is no vendor's DLL either."""
    product = install("win32-c", tmp_path / "医院").ini(f"[mode]\nrun = {mode}\n[start]\nwarm_up = off\n")
    shutil.rmtree(product.runtime)
    (event,) = events(rig, product, simulator, monkeypatch)
    kind, text = event
    assert kind == "err" and len(text) > 60
    assert start_note(product.folder).read_text("utf-8-sig").startswith(text)  # Wine shows the beginning of a long one


def test_python_has_started(rig: Rig, simulator: Simulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The start, and settings that refuse every call."""
    product = install("win32-c", tmp_path / "his").ini("[log]\nwindows_events = all\n[wire]\nverify = maybe\n")
    start, refusal = sorted(events(rig, product, simulator, monkeypatch), reverse=True)
    assert start[0] == "trace" and start[1].startswith("vcshim 已启动\\r\\n程序：")
    assert refusal[0] == "err" and "verify" in refusal[1]


def test_off(rig: Rig, simulator: Simulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    product = install("win32-c", tmp_path / "his").ini("[log]\nwindows_events = off\n")
    shutil.rmtree(product.runtime)
    assert events(rig, product, simulator, monkeypatch) == []
