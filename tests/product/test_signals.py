"""Signals of a host in C and in Free Pascal: what it had it keeps, before a call, in it and after it; Ctrl-C ends it.

tests/native/signalhost.c and signalhost.pas carry the steps out. Linux only.
"""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from shim.simulator.server import Simulator
from tests.support.calls import QUERY, VERIFY, query_line, verify_line
from tests.support.clients import Rig, hexed
from tests.support.interrupts import InterruptedHost
from tests.support.product import install

C, PASCAL = "signalhost", "signalhost-pascal"
PRINTED = ("8BF77B:1:::3502", "D000002", "龦㛃䶮𬱖")
SLOW = "?sim=again:1,delay:1000"
RIGHT = {
    0: f"answer 0 00 {VERIFY['out'].encode('gb18030').hex()}",
    1: f"answer 1 0000 {QUERY['out'].encode('gb18030').hex()}",
    2: "answer 2 0 -",
    3: "answer 3 9005 -",
    5: f"answer 5 00 {VERIFY['out'].encode('gb18030').hex()}",
    6: f"answer 6 0000 {QUERY['out'].encode('gb18030').hex()}",
}


# Everything that the libraries do in the background after a call has been imported.
SETTLED = ("call", "2", "drawn")


def start(rig: Rig, simulator: Simulator, folder: Path, program: str, *steps: str) -> InterruptedHost:
    """Start the program with these steps; call 5 and 6 take a second."""
    product = install("linux-c", folder / "his")
    calls, result = folder / "calls.txt", folder / "result.txt"
    lines = [
        verify_line("0", simulator),
        query_line("1", simulator),
        "call 2 Set_QRflow_Mode 1",
        f"call 3 EhealthID_Print {' '.join(hexed(text.encode('gb18030')) for text in PRINTED)}",
        "call 4 SetEcQrcode 256",
    ]
    if "every" not in steps:
        lines += [verify_line("5", simulator, SLOW), query_line("6", simulator, SLOW)]
    calls.write_text("".join(f"{line}\n" for line in lines), encoding="ascii")
    words: list[str | Path] = [
        rig.program(program),
        product.library("VC"),
        product.library("EC"),
        calls,
        result,
        *steps,
    ]
    return InterruptedHost(words, result, simulator)


def outcome(host: InterruptedHost) -> tuple[int, str, list[str]]:
    """The exit code, what was said, and the lines."""
    return *host.ended(), host.lines()


# ---- a host that leaves Ctrl-C alone ---------------------------------------------------------------------------------


@pytest.mark.parametrize("program", [C, PASCAL])
def test_five_exports(rig: Rig, simulator: Simulator, tmp_path: Path, program: str) -> None:
    """One after the other and by eight threads; a Pascal program's run-time errors are still exceptions after it."""
    steps = ["errors", "every", "errors"] if program == PASCAL else ["every"]
    code, said, lines = outcome(start(rig, simulator, tmp_path, program, *steps))
    assert (code, said) == (0, "")
    if program == PASCAL:
        raised = "caught EZeroDivide EInvalidOp EDivByZero EAccessViolation"
        assert (lines.pop(0), lines.pop()) == (raised, raised)
    filled = [lines.pop(lines.index(line)) for line in lines[:] if line.startswith("answer 4 9005 ")]
    assert len(filled) == 2
    assert all("医保码没有填入" in bytes.fromhex(line.split(" ")[3]).decode("gb18030") for line in filled)
    assert sorted(lines) == sorted([RIGHT[number] for number in range(4)] * 2)


@pytest.mark.parametrize("program", [C, PASCAL])
def test_an_interrupt_ends_an_idle_host(rig: Rig, simulator: Simulator, tmp_path: Path, program: str) -> None:
    host = start(rig, simulator, tmp_path, program, *SETTLED, "call", "0", "call", "1", "wait")
    host.interrupt_when_it_waits()
    assert outcome(host) == (-signal.SIGINT, "", [RIGHT[2], RIGHT[0], RIGHT[1], "waiting"])


@pytest.mark.parametrize("number", ["5", "6"])
@pytest.mark.parametrize("program", [C, PASCAL])
def test_an_interrupt_ends_a_host_in_a_call(
    rig: Rig, simulator: Simulator, tmp_path: Path, program: str, number: str
) -> None:
    host = start(rig, simulator, tmp_path, program, *SETTLED, "call", "0", "call", number, "wait")
    host.interrupt_in_call(2)
    assert outcome(host) == (-signal.SIGINT, "", [RIGHT[2], RIGHT[0]])


@pytest.mark.parametrize("program", [C, PASCAL])
def test_an_interrupt_ends_a_host_in_its_first_call(
    rig: Rig, simulator: Simulator, tmp_path: Path, program: str
) -> None:
    host = start(rig, simulator, tmp_path, program, "call", "5", "wait")
    host.interrupt_in_call(1)
    assert outcome(host) == (-signal.SIGINT, "", [])


# ---- a host with handlers of its own ---------------------------------------------------------------------------------


@pytest.mark.parametrize("program", [C, PASCAL])
def test_the_handler_of_a_host_runs_idle_and_in_a_call(
    rig: Rig, simulator: Simulator, tmp_path: Path, program: str
) -> None:
    """A handler from before the first call: it runs, and the call that it interrupted has its true answer."""
    steps = [
        "handler",
        "call",
        "5",
        "wait",
        "handled",
        *SETTLED,
        "call",
        "6",
        "handled",
        "call",
        "0",
        "wait",
        "handled",
    ]
    host = start(rig, simulator, tmp_path, program, *steps)
    host.interrupt_in_call(1)
    host.interrupt_when_it_waits()
    host.interrupt_in_call(2)
    host.interrupt_when_it_waits(2)
    assert outcome(host) == (
        0,
        "",
        [RIGHT[5], "waiting", "handled 2", RIGHT[2], RIGHT[6], "handled 3", RIGHT[0], "waiting", "handled 4"],
    )


@pytest.mark.parametrize("program", [C, PASCAL])
def test_a_handler_that_comes_after_the_first_call(
    rig: Rig, simulator: Simulator, tmp_path: Path, program: str
) -> None:
    steps = [*SETTLED, "call", "0", "handler", "call", "5", "wait", "handled", "call", "1"]
    host = start(rig, simulator, tmp_path, program, *steps)
    host.interrupt_in_call(2)
    host.interrupt_when_it_waits()
    assert outcome(host) == (0, "", [RIGHT[2], RIGHT[0], RIGHT[5], "waiting", "handled 2", RIGHT[1]])


@pytest.mark.parametrize("first", ["5", "6"])
def test_an_ignored_interrupt_stays_ignored(rig: Rig, simulator: Simulator, tmp_path: Path, first: str) -> None:
    """In the first call, and in a later one."""
    host = start(rig, simulator, tmp_path, C, "ignore", "call", first, *SETTLED, "call", first, "handled")
    host.interrupt_in_call(1)
    host.interrupt_in_call(2)
    right = RIGHT[int(first)]
    assert outcome(host) == (0, "", [right, RIGHT[2], right, "handled 0"])


def test_a_blocked_interrupt_waits_until_the_host_lets_it_through(
    rig: Rig, simulator: Simulator, tmp_path: Path
) -> None:
    host = start(rig, simulator, tmp_path, C, "block", "call", "5", "call", "0", "handled", "unblock", "handled")
    host.interrupt_in_call(1)
    assert outcome(host) == (-signal.SIGINT, "", [RIGHT[5], RIGHT[0], "handled 0"])


def test_timers_interrupt_calls_and_not_their_answers(rig: Rig, simulator: Simulator, tmp_path: Path) -> None:
    """SIGALRM and SIGPROF every 3 ms, the first call included, on no other thread than the host's."""
    steps = ["timer", "call", "5", "call", "6", "call", "0", "call", "1", "stop", "elsewhere"]
    code, said, lines = outcome(start(rig, simulator, tmp_path, C, *steps))
    assert (code, said) == (0, "")
    assert lines == [RIGHT[5], RIGHT[6], RIGHT[0], RIGHT[1], "alarms some", "elsewhere 0"]


@pytest.mark.parametrize("own", [(), ("handler",), ("ignore", "block"), ("handler", "block")], ids=" ".join)
def test_nothing_of_the_host_changes_at_any_time(
    rig: Rig, simulator: Simulator, tmp_path: Path, own: tuple[str, ...]
) -> None:
    """Dispositions of all signals and the mask, read all the time by another thread, in the first call too."""
    calls = ["call", "0", "call", "1", *SETTLED, "call", "3", "call", "5"]
    code, said, lines = outcome(start(rig, simulator, tmp_path, C, *own, "note", *calls, "compare", "handled"))
    assert (code, said) == (0, "")
    assert lines == [RIGHT[0], RIGHT[1], RIGHT[2], RIGHT[3], RIGHT[5], "handled 0"]


def test_a_change_is_seen(rig: Rig, simulator: Simulator, tmp_path: Path) -> None:
    """The negative control: the program changes everything itself."""
    steps = ["note", "call", "5", "handler", "block", "call", "5", "compare"]
    code, said, lines = outcome(start(rig, simulator, tmp_path, C, *steps))
    assert (code, said) == (0, "")
    assert lines == [RIGHT[5], RIGHT[5], "changed signal 2", "changed mask 6202", "changed stack"]
