"""Negative controls: every check of every native client fails when the bad stub DLL breaks it, and only then.

Says nothing about the product.
"""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from buildlib import clients as build
from tests.support.clients import (
    CHECKS,
    ClientFailed,
    Kind,
    Reply,
    Rig,
    Streams,
    chdir_line,
    hexed,
    load_line,
    path_of,
    run_client,
    trans_line,
)

WIN32: tuple[Kind, ...] = ("win32-c", "win32-gui", "win32-delphi")
NATIVE: tuple[Kind, ...] = (*WIN32, "win64-c", "linux-c")
ALL: tuple[Kind, ...] = (*NATIVE, "linux-ctypes")

# What the stub is told to break: the check that has to fail, and what the client has to say about it.
EVERYWHERE = {
    "guard_after": ("guards", "BROKEN"),
    "guard_before": ("guards", "BROKEN"),
    "cwd": ("cwd", None),
}
STATE = {
    "cw": ("cw", "BROKEN:1372>1072"),
    "mxcsr": ("mxcsr", "BROKEN:1900>900"),
    "mxcsr_flag": ("mxcsr", "BROKEN:1900>1920"),
    "x87": ("x87", "BROKEN:ffff>3fff"),
    "df": ("df", "BROKEN"),
}
ERROR: tuple[Kind, ...] = ("win32-c", "win32-gui", "win64-c", "linux-c")
REGISTERS: dict[Kind, tuple[str, ...]] = {
    "win32-c": ("ebx", "esi", "edi", "ebp"),
    "win32-gui": ("ebx", "esi", "edi", "ebp"),
    "win32-delphi": ("ebx", "esi", "edi", "ebp"),
    "win64-c": ("rbx", "rbp", "rsi", "rdi", "r12", "r13", "r14", "r15"),
    "linux-c": ("rbx", "rbp", "r12", "r13", "r14", "r15"),
}


def faults(kind: Kind) -> dict[str, tuple[str, str | None]]:
    """The faults this kind of client can tell, with the check and its words."""
    found: dict[str, tuple[str, str | None]] = dict(EVERYWHERE)
    if kind in NATIVE:
        found |= STATE
        found |= {register: ("regs", f"BROKEN:{register}") for register in REGISTERS[kind]}
    if kind in ERROR:
        found["error"] = ("error", "BROKEN:4712")
    if kind in WIN32:
        found["esp"] = ("esp", "BROKEN:-12")
    return found


def stub(rig: Rig, kind: Kind, library: str = "VirtualCardChk") -> Path:
    """The bad stub this kind of client can load, under the product's file name."""
    if kind.startswith("linux"):
        return rig.program(f"bad-linux/lib{library}.so")
    return rig.program(f"bad-{kind[:5]}/{library}.dll")


def run(rig: Rig, kind: Kind, *lines: str, streams: Streams = "capture", exit_code: int = 0) -> list[Reply]:
    script = ["# a comment", "", load_line(kind, "VC", stub(rig, kind)), *lines]
    return run_client(kind, script, rig=rig, streams=streams, exit_code=exit_code)


@pytest.fixture(scope="session")
def replies(rig: Rig) -> Callable[[Kind], dict[str, Reply]]:
    """The replies of one kind of client to all faults, a good call after each, made by one process, once."""

    @cache
    def of(kind: Kind) -> dict[str, Reply]:
        lines = []
        for fault in faults(kind):
            lines += [trans_line(fault, fault), trans_line(f"good-after-{fault}", "good")]
        return {reply.id: reply for reply in run(rig, kind, *lines)}

    return of


@pytest.mark.parametrize(("kind", "fault"), [(kind, fault) for kind in ALL for fault in faults(kind)])
def test_fault_is_told(replies: Callable[[Kind], dict[str, Reply]], kind: Kind, fault: str) -> None:
    check, words = faults(kind)[fault]
    broken = replies(kind)[fault].broken
    assert list(broken) == [check]
    assert broken[check].startswith("BROKEN")
    assert words is None or broken[check] == words


@pytest.mark.parametrize("kind", ALL)
def test_good_call_passes_after_each_fault(replies: Callable[[Kind], dict[str, Reply]], kind: Kind) -> None:
    for fault in faults(kind):
        reply = replies(kind)[f"good-after-{fault}"]
        assert reply.broken == {}
        assert (reply.returned, reply.out, reply.nul) == (b"00", b"{}", 2)


@pytest.mark.parametrize("kind", ALL)
def test_checks_that_are_not_made_are_said(replies: Callable[[Kind], dict[str, Reply]], kind: Kind) -> None:
    reply = replies(kind)["good-after-cwd"]
    silent = {name for name in CHECKS if getattr(reply, name) == "n/a"}
    expected = {
        "win64-c": {"esp"},
        "linux-c": {"esp"},
        "win32-delphi": {"error"},
        "linux-ctypes": {"cw", "mxcsr", "x87", "esp", "regs", "df", "error"},
    }
    assert silent == expected.get(kind, set())


@pytest.mark.parametrize("kind", ALL)
def test_missing_nul_and_null_return(rig: Rig, kind: Kind) -> None:
    no_nul, null = run(rig, kind, trans_line("a", "no_nul"), trans_line("b", "null_return"))
    assert (no_nul.out, no_nul.nul, no_nul.guards) == (b"x" * 2048, None, "ok")
    assert (null.returned, null.out) == (None, b"{}")


@pytest.mark.parametrize("kind", ALL)
def test_other_exports(rig: Rig, kind: Kind) -> None:
    lines = ["call m Set_QRflow_Mode -7", "call p EhealthID_Print 414243 4142 -", *["call e SetEcQrcode 256"] * 3]
    mode, printed, first, full, over = run(rig, kind, *lines)
    assert (mode.number, mode.broken, mode.out) == (-7, {}, None)
    assert (printed.number, printed.broken) == (23, {})
    assert (first.number, first.out, first.nul, first.broken) == (100, b"eeeee", 5, {})
    assert (full.number, full.out, full.nul, full.broken) == (101, b"e" * 256, None, {})
    assert list(over.broken) == ["guards"]


@pytest.mark.parametrize("kind", ALL)
def test_nation_library(rig: Rig, kind: Kind) -> None:
    lines = [
        load_line(kind, "EC", stub(rig, kind, "NationECCode")),
        trans_line("n", "echo:nation", export="NationEcTrans"),
    ]
    assert [reply.out for reply in run(rig, kind, *lines)] == [b"nation"]


@pytest.mark.parametrize("kind", ALL)
def test_inputs_are_what_they_claim(rig: Rig, kind: Kind) -> None:
    expected = {
        "@noaccess": b"noaccess",
        "@unterminated": b"unterminated:61:41",
        "@big:3000": b"text:3000:41",
        "@bigjson:5000": b"text:5000:5b",
        "": b"text:0:00",
        "\u4e2d": b"text:3:e4",
    }
    lines = [trans_line("x", "describe_url", url=url) for url in expected]
    assert [reply.out for reply in run(rig, kind, *lines)] == list(expected.values())
    assert run(rig, kind, trans_line("x", "describe_url", url=None))[0].out == b"NULL"


@pytest.mark.parametrize("kind", ALL)
def test_buffers_are_what_they_claim(rig: Rig, kind: Kind) -> None:
    expected = {"null": b"NULL", "@noaccess": b"noaccess", "@readonly": b"readonly", "2048": b"writable"}
    lines = [trans_line("x", "describe_out", capacity=capacity) for capacity in expected]
    answers = run(rig, kind, *lines)
    assert [reply.returned for reply in answers] == list(expected.values())
    assert [reply.out for reply in answers] == [None, None, b"\xcc" * 2048, b"\xcc" * 2048]


@pytest.mark.parametrize("kind", WIN32)
def test_stack_alignment_rotates(rig: Rig, kind: Kind) -> None:
    answers = run(rig, kind, *[trans_line("x", "alignment")] * 5)
    assert [reply.out for reply in answers] == [b"0", b"12", b"8", b"4", b"0"]


@pytest.mark.parametrize("kind", NATIVE)
def test_floating_point_state_of_the_script(rig: Rig, kind: Kind) -> None:
    (reply,) = run(rig, kind, "fp 027f 1f80", trans_line("x", "mxcsr"))
    assert reply.mxcsr == "BROKEN:1f80>f80"


@pytest.mark.parametrize("kind", ALL)
def test_threads_and_reload(rig: Rig, kind: Kind) -> None:
    calls = [trans_line(f"t{index}", f"echo:{index}") for index in range(100)]
    reload = ["free VC", load_line(kind, "VC", stub(rig, kind))]
    answers = run(rig, kind, "cycle VC 5", "threads 7", *calls, "end", *reload, trans_line("t100", "echo:100"))
    assert {reply.id: reply.out for reply in answers} == {f"t{index}": b"%d" % index for index in range(101)}
    assert all(reply.broken == {} for reply in answers)


@pytest.mark.parametrize("kind", ALL)
def test_exit_with_a_call_in_flight(rig: Rig, kind: Kind) -> None:
    call = trans_line("flying", "sleep")
    assert run(rig, kind, trans_line("a", "good"), f"exitinflight 300 7 {call}", exit_code=7)[0].id == "a"


@pytest.mark.parametrize("kind", ALL)
def test_working_directory(rig: Rig, kind: Kind, tmp_path: Path) -> None:
    elsewhere = tmp_path / "\u533b\u4fdd folder"
    elsewhere.mkdir()
    good, moved = run(rig, kind, chdir_line(kind, elsewhere), trans_line("g", "good"), trans_line("c", "cwd"))
    assert good.cwd == "ok"
    assert moved.cwd == f"BROKEN:{hexed('/' if kind.startswith('linux') else 'C:' + chr(92))}"


@pytest.mark.parametrize("kind", WIN32)
@pytest.mark.parametrize("streams", ["unix-file", "null", "file", "pipe", "nul", "inherit"])
def test_standard_handles_on_windows(rig: Rig, kind: Kind, streams: Streams) -> None:
    for lines in ([], ["closestd"], ["setstd null"], ["setstd invalid"]):
        (reply,) = run(rig, kind, *lines, trans_line("a", "good"), streams=streams)
        assert reply.broken == {}


@pytest.mark.parametrize("kind", ["linux-c", "linux-ctypes"])
@pytest.mark.parametrize("streams", ["unix-file", "closed"])
def test_standard_handles_on_linux(rig: Rig, kind: Kind, streams: Streams) -> None:
    (reply,) = run(rig, kind, "closestd" if streams == "unix-file" else "", trans_line("a", "good"), streams=streams)
    assert reply.broken == {}


@pytest.mark.parametrize("kind", ALL)
@pytest.mark.parametrize("line", ["bogus", "call x Nothing -", "call x VirtualCardTrans zz - 2048", "free EC"])
def test_impossible_script_is_an_error(rig: Rig, kind: Kind, line: str) -> None:
    with pytest.raises(ClientFailed, match="error line 4"):
        run(rig, kind, line, exit_code=2)


@pytest.mark.parametrize("kind", ALL)
def test_missing_library_is_an_error(rig: Rig, kind: Kind) -> None:
    with pytest.raises(ClientFailed, match="error line 1"):
        run_client(kind, [load_line(kind, "VC", build.NATIVE / "none.dll")], rig=rig)


@pytest.mark.parametrize("kind", ALL)
def test_crash_is_an_error(rig: Rig, kind: Kind) -> None:
    with pytest.raises(ClientFailed, match="exit code"):
        run(rig, kind, trans_line("a", "good"), trans_line("crash", "@noaccess"))


@pytest.mark.parametrize("kind", ALL)
def test_time_limit(rig: Rig, kind: Kind) -> None:
    script = [load_line(kind, "VC", stub(rig, kind)), trans_line("slow", "sleep")]
    with pytest.raises(subprocess.TimeoutExpired):
        run_client(kind, script, rig=rig, timeout=1)
    assert run(rig, kind, trans_line("after", "good"))[0].broken == {}


def test_paths_on_windows_are_on_drive_z() -> None:
    assert path_of("win32-c", Path("/a b/c.dll")) == "Z:\\a b\\c.dll"
