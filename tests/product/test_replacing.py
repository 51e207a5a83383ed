"""A vendor's DLL behind ours under Wine: what it was, what the host sees, what is kept.

One made-up vendor for each kind of behaviour; with --long all of them. What is made of the captures is in
test_replacing_proof.py. The long form of both: `python3 build_dll.py captures` (docs/design/replacing.md).
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from shim.capture.record import CapturedCall
from tests.support.cleartext import assert_no_clear_text
from tests.support.clients import Kind, Rig
from tests.support.vendors import people
from tests.support.vendors.platform import Platform
from tests.support.vendors.proving import known_section
from tests.support.vendors.replacing import Run, captures, run_replaced, run_vendor, status, transcript
from tests.support.vendors.rows import BY_NAME, ROWS, VendorRow

KIND: Kind = "win32-c"
CALLS = 10
_TRANS = ("VirtualCardTrans", "NationEcTrans")
# Own registers left changed, cdecl, a handler of its own, memory of CoTaskMemAlloc and of the host's buffer.
HABITS = ("joinless", "stamps", "handler", "amp", "gbk")
# These differ from others in their signs and ciphers only, which recording does not look at.
LIKE_OTHERS = ("amp", "sichuan", "sealed", "aes256", "mianyang", "joinless", "salted", "rc4", "ec_top", "ec_extra")


@pytest.mark.parametrize(
    "row",
    [pytest.param(row, id=row.name, marks=[pytest.mark.long] if row.name in LIKE_OTHERS else []) for row in ROWS],
)
def test_a_vendor_is_captured(row: VendorRow, rig: Rig, tmp_path: Path) -> None:
    started = tmp_path / "started"
    started.touch()
    with Platform("127.0.0.2") as platform:
        run = run_replaced(row, KIND, rig, tmp_path, platform, 1 if row.hangs_on else CALLS)
        assert platform.problems == []
        assert platform.sent_twice() == []
        assert platform.updates == ([row.updater] if row.updater else [])
    kept = captures(run.host, rig)
    _check_clear_text(run, rig, started)
    if row.refuses_loopback:  # each call goes to the original address, and capture is off
        assert kept == []
        return
    _check_calls(run, kept)
    _check_traffic(run, kept)
    if row.ini:
        text = (run.host.folder / "work" / row.ini).read_bytes()
        assert text == f"[Updater]\r\nurl={platform.address(row)}\r\n".encode()


def _check_clear_text(run: Run, rig: Rig, started: Path) -> None:
    """Captures, journal, log and what is new in local application data: nothing private in them is readable.

    What is not new are copies of sets that other tests have made, thirty megabytes each.
    """
    (run.host.folder / "captures.jsonl").unlink(missing_ok=True)  # opened for this test
    values = [value for call in run.calls[:2] for value in people.private_values(run.host.row, call.serial)]
    local = rig.wine32.prefix / "drive_c" / "users"
    assert "captures" in {path.name for path in run.host.folder.iterdir()} or run.host.row.refuses_loopback
    for folder in (run.host.folder / "captures", run.host.folder / "journal", run.host.folder / "vcshim_log", local):
        assert_no_clear_text(folder, dict.fromkeys(values), started)


def _check_calls(run: Run, kept: list[CapturedCall]) -> None:
    """What the host passed and what it got."""
    row = run.host.row
    trans = [call for call in kept if call.function in _TRANS]
    address = run.platform.address(row).encode()
    assert [call.texts for call in trans] == [(address, call.in_data(row)) for call in run.calls]
    for number, (call, reply) in enumerate(zip(trans, run.trans, strict=True), 1):
        if number == row.dies_on:
            assert (call.habits.crashed, reply.returned) == (CRASHES[row.name], b"8009")  # nothing of it was sent
        else:
            assert (call.habits.crashed, call.code, call.out) == (0, reply.returned, reply.out)
    others = {call.function: call.number for call in kept if call.function not in _TRANS}
    assert others == {reply.id: reply.number for reply in run.replies if reply.id in row.exports[1:]}
    assert len(kept) == len(run.replies)


CRASHES = {"faulty": 0xC0000005, "raising": 0xE06D7363}


def _check_traffic(run: Run, kept: list[CapturedCall]) -> None:
    """What passed, to the byte: the recorder's own name instead of the platform's in Host is all that differs."""
    traffic = [each for call in kept for each in call.traffic]
    sent = [_without_host(each.sent) for each in traffic]
    # A thread of the vendor's may ask, or be answered, when no call is under way: that is served, and of no call.
    late = [each for each in run.exchanged if each.request.method == "GET" and run.host.row.asks_later]
    exchanged = [each for each in run.exchanged if each not in late]
    _check_pieces(sent, [_without_host(each.request.raw) for each in exchanged], exact=not late)
    _check_pieces([each.received for each in traffic], [each.received for each in exchanged], exact=not late)
    assert {each.origin for each in traffic} == {run.platform.url}
    assert {each.request.headers["host"] for each in run.exchanged} == {run.platform.url.removeprefix("http://")}


def _check_pieces(recorded: list[bytes], expected: list[bytes], *, exact: bool) -> None:
    """Several requests of a call may have passed over one connection."""
    assert [piece for piece in expected if not any(piece in each for each in recorded)] == []
    assert not exact or sum(map(len, recorded)) == sum(map(len, expected))


def _without_host(data: bytes) -> bytes:
    return re.sub(rb"(?i)\r\nhost: [^\r]*", b"", data)


@pytest.mark.parametrize("name", HABITS)
def test_a_host_sees_the_vendor_and_nothing_of_ours(name: str, rig: Rig, tmp_path: Path) -> None:
    """Line by line what the vendor's DLL alone gives: results, buffers, registers, flags, last error, memory."""
    row = BY_NAME[name]
    with Platform("127.0.0.2") as platform:
        alone = run_vendor(row, KIND, rig, tmp_path / "alone", platform, CALLS)
        ours = run_replaced(row, KIND, rig, tmp_path / "ours", platform, CALLS)
    assert transcript(ours.replies) == transcript(alone.replies)


@pytest.mark.parametrize("name", ["xiamen", "stamps", "ec_data"])
def test_a_vendor_is_shadowed(name: str, rig: Rig, tmp_path: Path) -> None:
    """The vendor answers; ours makes the same of it and sends nothing."""
    row = BY_NAME[name]
    with Platform("127.0.0.2") as platform:
        section = known_section(row)
        run = run_replaced(row, KIND, rig, tmp_path, platform, CALLS, mode="shadow", settings=section, last_ms=6000)
        assert (platform.problems, platform.sent_twice(), len(platform.serials)) == ([], [], CALLS + 1)
    compared = status(run.host, rig)["comparisons"]
    assert (compared["differ"], compared["missed"]) == (0, 0)
    assert compared["agree"] > 0
    assert [reply.returned for reply in run.trans].count(b"1001") == 1


def test_the_vendors_habits_are_kept(rig: Rig, tmp_path: Path) -> None:
    """What learn makes [abi] lines of: who removes the argument, what of OutData is touched, whose the text is."""
    with Platform("127.0.0.2") as platform:
        found = {}
        for name in ("stamps", "sichuan", "amp", "gbk", "joinless"):
            run = run_replaced(BY_NAME[name], KIND, rig, tmp_path / name, platform, 1)
            found[name] = {call.function: call.habits for call in captures(run.host, rig)}
    trans = {name: habits["VirtualCardTrans"] for name, habits in found.items()}
    assert {name: habits["Set_QRflow_Mode"].popped for name, habits in found.items()} == {
        "stamps": 0, "sichuan": 4, "amp": 4, "gbk": 4, "joinless": 4
    }  # fmt: skip
    assert {name: habits.memory for name, habits in trans.items()} == {
        "stamps": "module", "sichuan": "module", "amp": "heap", "gbk": "out", "joinless": "module"
    }  # fmt: skip
    assert {name: habits.popped for name, habits in trans.items()} == dict.fromkeys(trans, 12)
    assert (trans["sichuan"].out_touched, trans["joinless"].control_word) == (2048, 0x27F)
