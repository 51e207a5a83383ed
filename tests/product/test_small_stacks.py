"""Calls from stacks of every kind: the smallest that a system allows, nearly full ones, fibres, signal handlers.

And from threads that end at once. The host's stack carries the front alone; how much of it that needs is measured.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from shim.simulator.server import Simulator
from tests.support.calls import query_line, verify_line
from tests.support.clients import Kind, Reply, Rig, run_script
from tests.support.inventory import differences, stages_of
from tests.support.product import Product, install

# PTHREAD_STACK_MIN; the unit of reservations. Wine makes it 1 MB: there test_a_nearly_full_stack counts.
SMALLEST: dict[Kind, int] = {"linux-c": 16 * 1024, "win32-c": 64 * 1024}
PROGRAMS: dict[Kind, str] = {"linux-c": "inventory-linux", "win32-c": "inventory.exe"}
KINDS = list(SMALLEST)
PROMISED = 8 * 1024
"""Bytes of stack that a host must have left for a call (docs/design/inventory.md)."""


def five_calls(simulator: Simulator) -> list[str]:
    """A call of each export, by its code on success or without a device."""
    return [
        verify_line("verify", simulator),
        query_line("query", simulator),
        "call mode Set_QRflow_Mode 0",
        "call label EhealthID_Print 41 42 43",
        "call fill SetEcQrcode 256",
    ]


EXPECTED = {"verify": "3030", "query": "30303030", "mode": "0", "label": "9008", "fill": "9005"}


def run(rig: Rig, product: Product, lines: list[str], program: Path | None = None) -> tuple[list[Reply], list[str]]:
    """Replies, and the other lines."""
    script = [*product.load_lines(), *lines]
    result = run_script(product.kind, script, rig=rig, program=program or rig.program(PROGRAMS[product.kind]))
    notes = [line for line in result if line.startswith("{")]
    return [Reply.parse(line) for line in result if line not in notes], notes


def assert_all_answered(replies: list[Reply], calls: int) -> None:
    assert len(replies) == calls
    assert [reply.broken for reply in replies] == [{}] * calls
    assert {(reply.id, reply.ret) for reply in replies} == {(name, EXPECTED[name]) for name in {r.id for r in replies}}


@pytest.mark.parametrize("kind", KINDS)
def test_the_smallest_thread(rig: Rig, simulator: Simulator, tmp_path: Path, kind: Kind) -> None:
    """The first call of a process and later ones, by all five exports."""
    lines = [f"stack {SMALLEST[kind]} {line}" for line in five_calls(simulator) * 2]
    replies, _ = run(rig, install(kind, tmp_path / "his"), lines)
    assert_all_answered(replies, 10)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("export", range(5))
def test_the_first_call_by_each_export(rig: Rig, simulator: Simulator, tmp_path: Path, kind: Kind, export: int) -> None:
    line = five_calls(simulator)[export]
    replies, _ = run(rig, install(kind, tmp_path / "his"), [f"stack {SMALLEST[kind]} {line}"])
    assert_all_answered(replies, 1)


@pytest.mark.parametrize("kind", KINDS)
def test_a_nearly_full_stack(rig: Rig, simulator: Simulator, tmp_path: Path, kind: Kind) -> None:
    lines = [f"deep {PROMISED + 4096} {line}" for line in five_calls(simulator) * 2]  # 4 KB for the client's own work
    replies, _ = run(rig, install(kind, tmp_path / "his"), lines)
    assert_all_answered(replies, 10)


@pytest.mark.parametrize("kind", KINDS)
def test_fibres(rig: Rig, simulator: Simulator, tmp_path: Path, kind: Kind) -> None:
    """Several on one thread, each of which calls and gives way; with the first call of the process among them."""
    lines = [f"fibres 3 {SMALLEST[kind]} {line}" for line in five_calls(simulator)]
    replies, _ = run(rig, install(kind, tmp_path / "his"), lines)
    assert_all_answered(replies, 30)


def test_a_signal_handler(rig: Rig, simulator: Simulator, tmp_path: Path) -> None:
    """On an alternate stack."""
    lines = [f"handler {SMALLEST['linux-c']} {line}" for line in five_calls(simulator) * 2]
    replies, _ = run(rig, install("linux-c", tmp_path / "his"), lines)
    assert_all_answered(replies, 10)


def test_a_small_limit(rig: Rig, simulator: Simulator, tmp_path: Path) -> None:
    """`ulimit -s 64`: for the main thread, and for threads of no stated size.

    Ours have theirs stated: the one that carries a call out, and the one that waits with the insurance code.
    """
    program = tmp_path / "small"
    program.write_text(f'#!/bin/sh\nulimit -s 64\nexec env -i "{rig.program("inventory-linux")}" "$@"\n')
    program.chmod(0o755)
    calls = five_calls(simulator)
    replies, notes = run(rig, install("linux-c", tmp_path / "his"), [*calls * 2, calls[1], "note done"], program)
    assert_all_answered(replies, 11)
    (smallest,) = stages_of(notes, {})["done"]["figure.smallest stack of a thread"]
    assert int(smallest) >= 256 * 1024


@pytest.mark.parametrize("kind", KINDS)
def test_what_a_call_needs(rig: Rig, simulator: Simulator, tmp_path: Path, kind: Kind) -> None:
    """Bytes of the caller's stack that a call touches; the first of a process and a later one."""
    lines = [f"used {line}" for line in five_calls(simulator) * 2]
    _, notes = run(rig, install(kind, tmp_path / "his"), lines)
    used = [json.loads(note)["value"].split() for note in notes]
    first, later = (max(int(count) for _, count in part) for part in (used[:5], used[5:]))
    print(f"{kind}: {first} bytes of stack for a first call, {later} for later ones")
    assert max(first, later) <= PROMISED


@pytest.mark.parametrize("kind", KINDS)
def test_threads_that_end(rig: Rig, simulator: Simulator, tmp_path: Path, kind: Kind) -> None:
    """A thousand, each of which calls once, and ours, which end when they are idle: nothing is left of them.

    What Python had of the last of ours goes with the next.
    """
    call, rest = "call mode Set_QRflow_Mode 0", "rest 2 12000"
    lines = ["note none", *[call] * 3, rest, call, rest, "note warm", f"sequence 1000 {call}", rest, "note after"]
    replies, notes = run(rig, install(kind, tmp_path / "his"), lines)
    assert_all_answered(replies, 1004)
    stages = stages_of(notes, {})
    assert differences(stages["warm"], stages["after"]) == []
