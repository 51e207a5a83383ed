"""Calls are carried out on threads of ours (native/threads.h): what a host's own may do meanwhile, and none at all.

Stacks, fibres and apartments are in test_small_stacks.py, forks in test_fork.py.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

import pytest

from shim.simulator.server import Simulator
from tests.support.calls import QUERY, VERIFY
from tests.support.clients import Rig
from tests.support.product import Product, install
from tests.support.vendors import people
from tests.support.vendors.hosts import place_replaced
from tests.support.vendors.platform import Platform
from tests.support.vendors.replacing import captures
from tests.support.vendors.rows import BY_NAME

SLOW = "?sim=again:1,delay:2000"


def in_data_file(folder: Path, case: dict[str, Any] = VERIFY) -> Path:
    path = folder / "in.json"
    path.write_bytes(case["in"].encode("gb18030"))
    return path


def run_lines(words: Sequence[object], env: dict[str, str] | None = None) -> list[str]:
    """What a program writes."""
    done = subprocess.run(list(map(str, words)), env=env, capture_output=True, text=True, timeout=60, check=True)
    return done.stdout.splitlines()


def test_a_cancelled_and_an_interrupted_thread(rig: Rig, simulator: Simulator, tmp_path: Path) -> None:
    """pthread_cancel takes effect after the call, which ends as it would have; signal handlers run, nothing else."""
    product = install("linux-c", tmp_path / "his")
    words = [rig.program("cancelled"), product.library("VC"), simulator.gateway + SLOW, in_data_file(tmp_path)]
    assert run_lines(words) == ["cancelled 1 00 afterwards", "interrupted 1 00 10"]


def test_a_call_that_is_left_by_longjmp(rig: Rig, simulator: Simulator, tmp_path: Path) -> None:
    """From the handler of a timer: nothing of the host's is written to afterwards, and other calls are right."""
    product = install("linux-c", tmp_path / "his")
    addresses = [simulator.gateway + "?sim=again:1", simulator.gateway + "?sim=again:1,delay:1000"]
    words = [rig.program("jumping"), product.library("VC"), *addresses, in_data_file(tmp_path), 10]
    assert run_lines(words) == ["left 10"]


@pytest.mark.parametrize(
    ("library", "export", "case", "refusal"),
    [("VC", "VirtualCardTrans", VERIFY, "8009"), ("EC", "NationEcTrans", QUERY, "-1")],
)
def test_no_thread_can_be_had(
    rig: Rig, tmp_path: Path, library: Literal["VC", "EC"], export: str, case: dict[str, Any], refusal: str
) -> None:
    """The call says so in its own form; when the system gives threads again, the next one is answered."""
    product = install("linux-c", tmp_path / "his")
    lack, in_data = tmp_path / "lack", in_data_file(tmp_path, case)
    lack.touch()
    env = {**os.environ, "LD_PRELOAD": str(rig.program("no-threads.so")), "NO_THREADS": str(lack)}
    steps = ["call", "move", lack, tmp_path / "given", "call"]
    lines = run_lines([rig.program("startagain"), product.library(library), export, "sim:", in_data, *steps], env)
    refused, answered = (line.split(" ") for line in lines)
    text = bytes.fromhex(refused[1]).decode("gb18030")
    assert refused[0] == refusal
    said = f"系统资源不足，扫码组件不能工作，本次没有提交，可以再试；请先关闭其他程序（{refusal}）。"
    assert (json.loads(text)["message"] if library == "EC" else text) == said
    assert text.startswith('{"code":-1,') == (library == "EC")
    assert (answered[0], bytes.fromhex(answered[1]).decode("gb18030")) == (case["code"], case["out"])


def dllmain(rig: Rig, product: Product, folder: Path, simulator: Simulator, *more: str) -> list[str]:
    """The lines of tests/native/dllmain.c."""
    result = folder / "result.txt"
    env = {
        "CALLED_DLL": rig.wine32.windows_path(product.library("VC")),
        "CALLED_INDATA": rig.wine32.windows_path(in_data_file(folder)),
        "CALLED_RESULT": rig.wine32.windows_path(result),
        "CALLED_ADDRESS": "sim:?sim=again:1",
        "CALLED_SLOWLY": simulator.gateway + "?sim=again:1,delay:30000",
    }
    words = [rig.wine32.windows_path(rig.program(name)) for name in ("dllmain.exe", "dllmain.dll")]
    done = rig.wine32.run([*words, *more], env=env, timeout=60)
    assert done.returncode == 0, done
    return [line.replace(VERIFY["out"].encode("gb18030").hex(), "ANSWER") for line in result.read_text().splitlines()]


def test_calls_from_dllmain_that_the_vendor_answers(rig: Rig, tmp_path: Path) -> None:
    """No thread of the recorder's could start: such a call goes to the platform itself, and the others are recorded."""
    row = BY_NAME["xiamen"]
    (call,) = people.calls(row, 1)
    (tmp_path / "in.json").write_bytes(call.in_data(row))
    host, result = (
        place_replaced(row, "win32-c", tmp_path / "his", settings="[start]\nwarm_up = off\n"),
        tmp_path / "result.txt",
    )
    with Platform("127.0.0.2") as platform:
        env = {
            "CALLED_DLL": rig.wine32.windows_path(host.library),
            "CALLED_INDATA": rig.wine32.windows_path(tmp_path / "in.json"),
            "CALLED_RESULT": rig.wine32.windows_path(result),
            "CALLED_ADDRESS": platform.address(row),
        }
        words = [rig.wine32.windows_path(rig.program(name)) for name in ("dllmain.exe", "dllmain.dll")]
        rig.wine32.run(words, env=env, timeout=60)
        assert sum(platform.serials.values()) == 3
    codes = [line.split(" ")[:2] for line in result.read_text().splitlines() if " mode " not in line]
    assert codes == [["attach", "00"], ["main", "00"], ["exit", "00"]]
    assert [kept.function for kept in captures(host, rig)] == ["Set_QRflow_Mode", "VirtualCardTrans"]


def answered(place: str) -> list[str]:
    return [f"{place} mode 0", f"{place} 00 ANSWER"]


def test_calls_from_dllmain(rig: Rig, simulator: Simulator, tmp_path: Path) -> None:
    """Under the loader's lock no thread starts, and at the end of a process there is none: the caller's own serves.

    Without the warm-up, whose thread the end of the process would kill at work: that call is told so (mark B13).
    """
    product = install("win32-c", tmp_path / "his").ini("[start]\nwarm_up = off\n")
    assert dllmain(rig, product, tmp_path, simulator) == [*answered("attach"), *answered("main"), *answered("exit")]


@pytest.mark.parametrize("repetition", range(2))
def test_a_call_from_dllmain_while_another_is_in_flight(
    rig: Rig, simulator: Simulator, tmp_path: Path, repetition: int
) -> None:
    """The process ends in the middle of a call, and a DllMain calls then: it ends, whatever that call gets."""
    product = install("win32-c", tmp_path / "his").ini("[start]\nwarm_up = off\n")
    lines = dllmain(rig, product, tmp_path, simulator, "in-flight")
    assert lines[: len(answered("x")) * 2] == [*answered("attach"), *answered("main")]
    assert lines[4] == "in-flight mode 0"
