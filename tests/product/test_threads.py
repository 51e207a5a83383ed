"""Calls are carried out on threads of ours (native/threads.h): what a host's thread may do meanwhile, and where none can be.

Stacks, fibres and apartments are in test_small_stacks.py, forks in test_fork.py.
"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from shim.simulator.server import Simulator
from tests.support.calls import VERIFY
from tests.support.clients import Rig
from tests.support.product import Product, install

SLOW = "?sim=again:1,delay:700"


def verify_file(folder: Path) -> Path:
    path = folder / "in.json"
    path.write_bytes(VERIFY["in"].encode("gb18030"))
    return path


def test_a_cancelled_and_an_interrupted_thread(rig: Rig, simulator: Simulator, tmp_path: Path) -> None:
    """pthread_cancel takes effect after the call, which has ended as it would have; signal handlers run, and nothing else."""
    product = install("linux-c", tmp_path / "his")
    words = [rig.program("cancelled"), product.library("VC"), simulator.gateway + SLOW, verify_file(tmp_path)]
    done = subprocess.run(words, capture_output=True, text=True, timeout=60, check=False)
    assert done.stdout.splitlines() == ["cancelled 1 00 afterwards", "interrupted 1 00 10"]


def test_no_thread_can_be_had(rig: Rig, simulator: Simulator, tmp_path: Path) -> None:
    """Each call says so in its own form; when the system gives threads again, calls are answered."""
    product = install("linux-c", tmp_path / "his")
    lack, in_data = tmp_path / "lack", verify_file(tmp_path)
    lack.touch()
    env = {**os.environ, "LD_PRELOAD": str(rig.program("no-threads.so")), "NO_THREADS": str(lack)}
    for export, library, code in (("VirtualCardTrans", "VC", "8009"), ("NationEcTrans", "EC", "-1")):
        steps = ["call", "move", lack, tmp_path / "given", "call", "move", tmp_path / "given", lack]
        words = [rig.program("startagain"), product.library("VC" if library == "VC" else "EC"), export, "sim:?sim=again:1", in_data]
        done = subprocess.run([*words, *steps], env=env, capture_output=True, text=True, timeout=60, check=False)
        refused, answered = (line.split(" ") for line in done.stdout.splitlines())
        text = bytes.fromhex(refused[1]).decode("gb18030")
        assert refused[0] == code
        assert "系统无法再创建线程，未提交任何数据" in text
        assert text.startswith("{") == (library == "EC")
        assert answered[0] != code


def dllmain(rig: Rig, product: Product, folder: Path, simulator: Simulator, *more: str) -> list[str]:
    """The lines of tests/native/dllmain.c."""
    result = folder / "result.txt"
    env = {
        "CALLED_DLL": rig.wine32.windows_path(product.library("VC")),
        "CALLED_INDATA": rig.wine32.windows_path(verify_file(folder)),
        "CALLED_RESULT": rig.wine32.windows_path(result),
        "CALLED_SLOWLY": simulator.gateway + "?sim=again:1,delay:30000",
    }
    words = [rig.wine32.windows_path(rig.program(name)) for name in ("dllmain.exe", "dllmain.dll")]
    done = rig.wine32.run([*words, *more], env=env, timeout=60)
    assert done.returncode == 0, done
    return [line.replace(VERIFY["out"].encode("gb18030").hex(), "ANSWER") for line in result.read_text().splitlines()]


def answered(place: str) -> list[str]:
    return [f"{place} mode 0", f"{place} 00 ANSWER"]


def test_calls_from_dllmain(rig: Rig, simulator: Simulator, tmp_path: Path) -> None:
    """Under the loader's lock no thread starts, and at the end of a process there is none: the caller's own serves."""
    product = install("win32-c", tmp_path / "his")
    assert dllmain(rig, product, tmp_path, simulator) == [*answered("attach"), *answered("main"), *answered("exit")]


@pytest.mark.parametrize("repetition", range(2))
def test_a_call_from_dllmain_while_another_is_in_flight(
    rig: Rig, simulator: Simulator, tmp_path: Path, repetition: int
) -> None:
    """The process ends in the middle of a call, and a DllMain calls then: it ends, whatever that call gets."""
    product = install("win32-c", tmp_path / "his")
    lines = dllmain(rig, product, tmp_path, simulator, "in-flight")
    assert lines[: len(answered("x")) * 2] == [*answered("attach"), *answered("main")]
    assert lines[4] == "in-flight mode 0"
