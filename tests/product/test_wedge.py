"""A scanner that types: how its keys differ from a person's, and the helper process under Wine."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from buildlib.wine import Wine
from shim.devices.base import DeviceUnavailable
from shim.devices.scanner import wedge
from shim.devices.scanner.keystrokes import KeyFramer
from shim.devices.scanner.wedge import WedgeLine
from shim.errors import Unavailable
from shim.simulator.server import Simulator
from tests.support.calls import QUERY, query_without_code
from tests.support.clients import Rig
from tests.support.paths import NATIVE
from tests.support.product import install, python_runtime
from tests.support.scanners import INSURANCE, Background, driven

TYPIST = NATIVE / "typist.py"


BEGAN = 50.0


def typed(framer: KeyFramer, text: str, gap: float, start: float = 100.0, device: int = 1) -> list[str]:
    codes = [framer.key(device, character, start + index * gap) for index, character in enumerate(text)]
    return [code for code in codes if code is not None]


@pytest.mark.parametrize(
    ("text", "gap", "codes"),
    [
        (INSURANCE + "\r", 0.0035, [INSURANCE]),  # the mean gap that was measured
        (INSURANCE + "\r", 0.03, [INSURANCE]),
        (INSURANCE + "\r", 0.04, []),  # 1.12 s in all
        (INSURANCE + "\r", 0.11, []),  # a person
        (INSURANCE, 0.0035, []),  # no Enter
        ("abc\r", 0.0035, []),  # too short
        ("\r\r\r", 0.0035, []),
        (INSURANCE + "\r" + INSURANCE + "\r", 0.0035, [INSURANCE, INSURANCE]),
        ("x" * 600 + "\r", 0.001, []),
        ("x" * 600 + "\r" + INSURANCE + "\r", 0.0001, []),
        ("x" * 512 + "\r", 0.001, ["x" * 512]),
    ],
)
def test_key_gaps(text: str, gap: float, codes: list[str]) -> None:
    assert typed(KeyFramer(BEGAN), text, gap) == codes


def test_a_clerk_who_types_meanwhile_does_not_disturb() -> None:
    framer = KeyFramer(BEGAN)
    codes = []
    for index, character in enumerate(INSURANCE + "\r"):
        framer.key(2, "q", 100.0 + index * 0.0035)
        code = framer.key(1, character, 100.0 + index * 0.0035)
        codes += [code] if code else []
    assert codes == [INSURANCE]


def test_a_pause_before_the_code() -> None:
    """What was typed by hand right before is forgotten after a pause."""
    framer = KeyFramer(BEGAN)
    assert typed(framer, "hello", 0.01) == []
    assert typed(framer, INSURANCE + "\r", 0.0035, start=101.0) == [INSURANCE]


@pytest.mark.parametrize("since", [-0.01, 0.0, 0.05, 0.099])
def test_a_code_whose_beginning_was_missed(since: float) -> None:
    """Listening began in the middle of it: its tail is discarded, the next code is not."""
    framer = KeyFramer(BEGAN)
    assert typed(framer, INSURANCE[10:] + "\r", 0.0035, start=BEGAN + since) == []
    assert typed(framer, INSURANCE + "\r", 0.0035, start=BEGAN + 1) == [INSURANCE]


# ---- the helper process ----------------------------------------------------------------------------------------------


def helper(program: str) -> WedgeLine:
    """A line whose helper is `program`."""
    return WedgeLine((sys.executable, "-c", f"import os, sys, time\n{program}"), "VID_1EAB")


def test_codes_arrive(tmp_path: Path) -> None:
    hexed = INSURANCE.encode().hex()
    program = (
        "assert sys.argv[1] == 'VID_1EAB'\nprint('READY', flush=True)\n"
        f"for _ in range(60):\n    time.sleep(0.5)\n    print('{hexed}', flush=True)\n"
    )
    assert driven(helper(program), tmp_path, "none").scan() == INSURANCE


@pytest.mark.parametrize(
    "program",
    ["", "print('no', flush=True)\nsys.stdin.read()", "sys.exit(1)"],
)
def test_a_helper_that_does_not_start(tmp_path: Path, program: str) -> None:
    with pytest.raises(DeviceUnavailable) as caught:
        driven(helper(program), tmp_path, "none").scan()
    assert caught.value.why is Unavailable.NOT_FOUND and "HID-POS" in caught.value.message
    with pytest.raises(DeviceUnavailable) as caught:
        driven(WedgeLine((str(tmp_path / "vcshim.exe"), "wedge-helper")), tmp_path, "none").scan()
    assert caught.value.why is Unavailable.NOT_FOUND


@pytest.mark.parametrize("began", ["before", "after"])
def test_a_code_counts_if_it_began_after_the_scan(began: str) -> None:
    """By the time of its first key, which the helper reports; the clock may begin anew between them."""
    order, told = ("-500", b"") if began == "before" else ("500", INSURANCE.encode() + b"\r")
    program = (
        "print('READY', flush=True)\nsys.stdin.readline()\n"
        f"print('{INSURANCE.encode().hex()}', (int(time.monotonic() * 1000) + {order}) & 0xFFFFFFFF, flush=True)\n"
        "print('', flush=True)\nsys.stdin.read()"
    )
    line = helper(program)
    line.open(30)
    line.discard()
    assert line._helper is not None and line._helper.stdin is not None
    line._helper.stdin.write(b"\n")
    line._helper.stdin.flush()
    data = b""
    while not data.endswith(b"\r\r" if told else b"\r"):  # the second line is an empty code without a time
        data += line.read()
    line.close()
    assert data == told + b"\r"


@pytest.mark.parametrize(
    ("tick", "other", "after"),
    [(10, 5, True), (5, 10, False), (5, 5, False), (3, 0xFFFFFFFE, True), (0xFFFFFFFE, 3, False)],
)
def test_a_clock_that_begins_anew(tick: int, other: int, after: bool) -> None:
    assert wedge._is_after(tick, other) is after


def test_a_helper_that_dies_is_started_again(tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    hexed = INSURANCE.encode().hex()
    program = (
        "print('READY', flush=True)\ntime.sleep(0.2)\n"
        f"if not os.path.exists({str(mark)!r}):\n    open({str(mark)!r}, 'w').close()\n    sys.exit(1)\n"
        f"for _ in range(60):\n    time.sleep(0.5)\n    print('{hexed}', flush=True)\n"
    )
    assert driven(helper(program), tmp_path, "none").scan() == INSURANCE


def test_a_helper_that_hangs_is_killed() -> None:
    line = helper("print('READY', flush=True)\ntime.sleep(600)")
    line.open(30)
    process = line._helper
    assert process is not None
    line.close()
    assert process.poll() is not None
    line.close()  # and once more does no harm


def test_raw_input(rig: Rig, tmp_path: Path) -> None:
    """The real helper under Wine: two codes, one with shifted characters, typed by SendInput. Wine needs no display."""
    product = install("win32-ctypes", tmp_path / "his")
    runtime = python_runtime(product)
    programs = (runtime / "python.exe", TYPIST, product.runtime / "vcshim.exe")
    done = rig.wine32.run([Wine.windows_path(path) for path in programs], timeout=120)
    assert done.stdout.split("\n")[:3] == [
        "b'4240000000000000000300350000\\r'",
        "b'206CB2b:1:::00000001001\\r'",
        "helper 0",
    ], done.stderr


def test_a_query_through_the_dll(rig: Rig, simulator: Simulator, tmp_path: Path) -> None:
    """The product as it ships: the DLL starts vcshim.exe, another program's keys become the code of the call."""
    product = install("win32-c", tmp_path / "his").ini("[scanner]\ntype = wedge\ntimeout_seconds = 60\n")
    runtime = python_runtime(install("win32-ctypes", tmp_path / "desk"))
    done = tmp_path / "done"
    words = [Wine.windows_path(path) for path in (runtime / "python.exe", TYPIST)]
    typing = Background(lambda: rig.wine32.run([*words, "-", Wine.windows_path(done)], timeout=120))
    try:
        (reply,) = product.run(rig, [query_without_code(simulator)])
    finally:
        done.touch()
        typing.result()
    assert (reply.returned, reply.out) == (b"0000", QUERY["out"].encode("gb18030"))
    assert reply.broken == {}
