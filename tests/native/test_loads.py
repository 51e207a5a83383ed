"""Where CPython and its modules look for a DLL: native/imports_windows.c, on Windows of today and without an update."""

from __future__ import annotations

import pytest

from tests.support.clients import Rig

SYSTEM = r"C:\windows\system32"
NOT_FOUND = "126"

# Function, name, flags; then path and flags of each request to Windows of today, and what comes back.
ROWS: list[tuple[str, str, str, list[str], str]] = [
    # LOAD_LIBRARY_SEARCH_DEFAULT_DIRS and DLL_LOAD_DIR, as CPython loads a module; DLL_LOAD_DIR and SYSTEM32 come of it
    ("ExW", r"Z:\his\vcshim\_socket.pyd", "1100", [r"Z:\his\vcshim\_socket.pyd 900"], NOT_FOUND),
    ("ExA", r"\\server\his\vcshim\a.pyd", "8", [r"\\server\his\vcshim\a.pyd 900"], NOT_FOUND),
    ("W", r"Z:\his\vcshim\b.dll", "0", [r"Z:\his\vcshim\b.dll 900"], NOT_FOUND),
    # as data, which stays so
    ("ExW", r"Z:\his\a.dll", "1002", [r"Z:\his\a.dll 902"], NOT_FOUND),
    # bare names
    ("W", "hid.dll", "0", [rf"{SYSTEM}\hid.dll 800"], NOT_FOUND),
    ("A", "fribidi", "0", [rf"{SYSTEM}\fribidi 800"], NOT_FOUND),
    ("ExW", "kernel32", "200", [rf"{SYSTEM}\kernel32 800"], NOT_FOUND),
    ("W", "CfgMgr32.dll", "0", [rf"{SYSTEM}\setupapi.dll 800", rf"{SYSTEM}\CfgMgr32.dll 800"], NOT_FOUND),
    ("ExW", "api-ms-win-core-path-l1-1-0.dll", "0", ["api-ms-win-core-path-l1-1-0.dll 800"], NOT_FOUND),
    # relative to the host's working directory: refused
    ("W", r".\a.dll", "0", [], NOT_FOUND),
    ("ExW", r"sub\a.dll", "1000", [], NOT_FOUND),
    ("A", r"\a.dll", "0", [], NOT_FOUND),
    ("W", "sub/a.dll", "0", [], NOT_FOUND),
    # never looked for
    ("ExW", "python3", "200", [], "python"),
    ("ExW", r"Z:\his\vcshim\python3", "100", [], "python"),
    ("ExW", r"Z:\his\vcshim\DLLs\Python3.dll", "1000", [], "python"),
]  # fmt: skip


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row[0]} {row[1]}")
@pytest.mark.parametrize("age", ["new", "old"])
def test_where_a_dll_is_looked_for(rig: Rig, age: str, row: tuple[str, str, str, list[str], str]) -> None:
    """Without the update the old flag follows each refusal; an API set is left alone."""
    function, name, flags, requests, end = row
    done = rig.wine32.run([rig.program("loads.exe"), age, function, name, flags])
    expected = list(requests)
    if age == "old":
        expected = [line for request in requests for line in (request, with_old_flag(request))]
        if name.startswith("api-"):
            expected, end = requests, "87"
    assert (done.stdout.splitlines(), done.returncode) == ([*expected, end], 0)


def with_old_flag(request: str) -> str:
    """LOAD_WITH_ALTERED_SEARCH_PATH, 8, in the place of the folders."""
    path, _, flags = request.rpartition(" ")
    return f"{path} {int(flags, 16) & 0xFF | 8:x}"
