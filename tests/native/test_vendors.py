"""The made-up vendors themselves: each speaks the dialect of its row, as its platform finds independently."""

from __future__ import annotations

from pathlib import Path

import pytest

from buildlib import vendors
from shim.capture.record import from_bytes, to_bytes
from tests.support.clients import ClientFailed, Rig
from tests.support.vendors import people
from tests.support.vendors.captured import captured
from tests.support.vendors.direct import DirectVendor
from tests.support.vendors.hosts import place_vendor, run_lines
from tests.support.vendors.platform import Platform
from tests.support.vendors.rows import BY_NAME, ROWS, VendorRow

CALLS = 20
CODES = {  # what each returns in these calls; the platform refuses three of them
    "raising": {b"00", b"-1"},
    "handler": {b"0000", b"1001", b"8104", b"2007"},
    "ec_data": {b"0000", b"1001", b"500159", b"2007"},
    "ec_top": {b"0", b"-1"},
    "ec_extra": {b"0000", b"1001", b"500159", b"2007"},
}


def test_every_dll_has_a_row() -> None:
    assert vendors.names() == tuple(sorted(BY_NAME))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_every_vendor_speaks_its_dialect(row: VendorRow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`captured` fails where the platform finds a sign, a cipher, a field or a charset that is not the row's."""
    monkeypatch.chdir(tmp_path)  # some write a file there
    calls = captured(row, CALLS)
    assert {call.code for call in calls} == CODES.get(row.name, {b"00", b"1001", b"8104", b"2007"})
    requests = [each for call in calls for each in call.traffic if not each.sent.startswith(b"GET ")]
    assert len(requests) == CALLS
    assert [from_bytes(to_bytes(call)) for call in calls] == calls
    assert (tmp_path / row.ini).is_file() if row.ini else list(tmp_path.iterdir()) == []


def test_the_platform_refuses_another_vendors_sign() -> None:
    with Platform() as platform:
        vendor = DirectVendor(BY_NAME["xiamen"])
        (call,) = people.calls(BY_NAME["xiamen"], 1)
        answer = vendor.call(platform.address(BY_NAME["salted"]), call.in_data(BY_NAME["xiamen"]))
    assert answer.code == b"9999"
    assert [problem.split("'")[1].split(" ")[0] for problem in platform.problems] == ["sign"]


@pytest.fixture(scope="module")
def windows(rig: Rig, tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[list[str], dict[str, str]]]:
    """Of all vendors, called in one program under Wine: what the Trans export returned, and what it did to the host."""
    folder = tmp_path_factory.mktemp("vendors")
    lines: list[str] = []
    names: list[str] = []
    with Platform("127.0.0.2") as platform:
        for row in ROWS:
            count = 1 if row.hangs_on or row.dies_on else 6
            made = place_vendor(row, "win32-c", folder / row.name).lines(
                platform.address(row), people.calls(row, count)
            )
            names += [row.name for line in made if line.startswith("call ")]
            lines += made
        replies = run_lines("win32-c", lines, rig)
    assert platform.problems == []
    assert platform.sent_twice() == []
    results: dict[str, tuple[list[str], dict[str, str]]] = {}
    for name, reply in zip(names, replies, strict=True):
        codes, broken = results.setdefault(name, ([], {}))
        codes.append(reply.ret)
        broken.update({check: state for check, state in reply.broken.items() if check != "error"})
    return results


# What some leave changed, as the client sees it; all others leave everything as it was but for the last error.
CHANGED = {"joinless": {"cw": "BROKEN:1372>27f", "mxcsr": "BROKEN:1900>1f80"}, "stamps": {"esp": "BROKEN:-4"}}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_every_vendor_works_under_wine(row: VendorRow, windows: dict[str, tuple[list[str], dict[str, str]]]) -> None:
    codes, broken = windows[row.name]
    good = {"ec_top": b"0", "handler": b"0000"}.get(row.name, b"0000" if row.dll == "EC" else b"00").hex()
    assert codes[0] == good
    assert broken == CHANGED.get(row.name, {})


@pytest.mark.parametrize("name", ["faulty", "raising"])
def test_two_of_them_end_their_host(name: str, rig: Rig, tmp_path: Path) -> None:
    row = BY_NAME[name]
    with Platform("127.0.0.2") as platform:
        lines = place_vendor(row, "win32-c", tmp_path).lines(platform.address(row), people.calls(row, row.dies_on))
        with pytest.raises(ClientFailed):
            run_lines("win32-c", lines, rig)
    assert sum(platform.serials.values()) == row.dies_on - 1
