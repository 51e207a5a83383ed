"""Windows' functions as they are declared, against 32-bit Wine: every structure's size, every function's name."""

from __future__ import annotations

import pytest

from buildlib.wine import Wine
from tests.support.clients import Rig
from tests.support.paths import NATIVE
from tests.support.product import install, python_runtime

# Written by a C program of mingw-w64's headers (windows.h, winspool.h, iphlpapi.h), compiled for i686.
SIZES = {
    "BITMAPINFO2": 48,  # its header and two colours
    "BITMAPINFOHEADER": 40,
    "DATA_BLOB": 8,
    "DOCINFOW": 20,
    "DOC_INFO_1W": 12,
    "GUITHREADINFO": 48,
    "IP_ADAPTER_INFO": 468,  # up to GatewayList
    "IP_ADDR_STRING": 40,
    "JOBOBJECT_EXTENDED_LIMIT_INFORMATION": 112,
    "MIB_TCPROW_OWNER_PID": 24,
    "MODULEENTRY32W": 1064,
    "MONITORINFOEXW": 104,
    "OVERLAPPED": 20,
    "PAINTSTRUCT": 64,
    "PRINTER_INFO_4W": 12,
    "PROCESSENTRY32W": 556,
    "RAWINPUT": 40,
    "RAWINPUTDEVICE": 12,
    "RAWINPUTHEADER": 16,
    "SYSTEM_HANDLE_TABLE_ENTRY_INFO": 16,  # winternl.h calls it SYSTEM_HANDLE_ENTRY
    "WNDCLASSW": 40,
}


@pytest.fixture(scope="module")
def lines(rig: Rig, tmp_path_factory: pytest.TempPathFactory) -> list[list[str]]:
    """What winapi_rows.py writes, in words."""
    product = install("win32-ctypes", tmp_path_factory.mktemp("winapi") / "his")
    program = (python_runtime(product) / "python.exe", NATIVE / "winapi_rows.py")
    done = rig.wine32.run([Wine.windows_path(path) for path in program], timeout=120)
    assert done.returncode == 0, done.stderr
    return [line.split() for line in done.stdout.splitlines()]


def test_sizes(lines: list[list[str]]) -> None:
    assert {words[1]: int(words[2]) for words in lines if words[0] == "size"} == SIZES


def test_every_function_is_there(lines: list[list[str]]) -> None:
    assert [words for words in lines if words[0] == "missing"] == []
    rooms = {words[1] for words in lines if words[0] == "function"}
    libraries = {"advapi32", "crypt32", "gdi32", "iphlpapi", "kernel32", "user32", "winspool", "ws2_32", "ntdll"}
    assert rooms == {*libraries, "toolhelp"}
