"""Why a line could not be opened: the cause of each error, and the row of each cause."""

from __future__ import annotations

import errno
import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from shim.devices.base import Device
from shim.devices.lines.refusal import cause, refusal, system_text
from shim.errors import Unavailable
from shim.messages.lines import ENGINEER, ROWS, Cause, LineKind
from tests.support.terminals import FarEnd

DEVICE = Device("扫码枪", "scanner")
FACTS: dict[str, Any] = {"ports": "COM1、COM3", "baud": 9600, "bits": "8N1"}


# As pyserial 3.5 words them: on Windows the system's error stands in the text only.
def windows_error(kind: str, number: int) -> OSError:
    return OSError(f"could not open port 'COM3': {kind}(13, 'What Windows says.', None, {number})")


@pytest.mark.parametrize(
    ("error", "wanted"),
    [
        (OSError(errno.ENOENT, "no such file"), Cause.MISSING),
        (OSError(errno.ENODEV, "no such device"), Cause.MISSING),
        (OSError(errno.ENOTTY, "not a terminal"), Cause.MISSING),
        (OSError(errno.EBUSY, "busy"), Cause.IN_USE),
        (OSError(errno.EAGAIN, "locked"), Cause.IN_USE),
        (PermissionError(errno.EACCES, "denied"), Cause.ACCESS_DENIED),
        (OSError(errno.EPERM, "denied"), Cause.ACCESS_DENIED),
        (OSError(errno.EROFS, "read-only"), Cause.ACCESS_DENIED),
        (ValueError("Invalid baud rate: 7"), Cause.UNSUPPORTED),
        (OSError(errno.ENETUNREACH, "no network"), Cause.UNREACHABLE),
        (OSError(errno.EHOSTUNREACH, "no route"), Cause.UNREACHABLE),
        (OSError(errno.ENETDOWN, "down"), Cause.UNREACHABLE),
        (TimeoutError("timed out"), Cause.NO_ANSWER),
        (ConnectionRefusedError(errno.ECONNREFUSED, "refused"), Cause.REFUSED),
        (socket.gaierror(socket.EAI_NONAME, "unknown"), Cause.UNKNOWN_HOST),
        (UnicodeError("label too long"), Cause.UNKNOWN_HOST),
        (OSError(errno.EMFILE, "too many open files"), Cause.OTHER),
        (OSError("no number"), Cause.OTHER),
    ],
)
def test_causes(error: Exception, wanted: Cause) -> None:
    """What the system does not tell is not guessed."""
    assert cause(error) is wanted


@pytest.mark.parametrize(
    ("error", "wanted"),
    [
        (windows_error("PermissionError", 5), Cause.IN_USE),
        (windows_error("FileNotFoundError", 2), Cause.MISSING),
        (windows_error("OSError", 433), Cause.MISSING),
        (windows_error("OSError", 1167), Cause.MISSING),
        (windows_error("OSError", 121), Cause.NO_ANSWER),  # a Bluetooth port whose device is off
        (windows_error("OSError", 87), Cause.UNSUPPORTED),
        (windows_error("OSError", 1450), Cause.OTHER),
    ],
)
def test_windows_ports(monkeypatch: pytest.MonkeyPatch, error: OSError, wanted: Cause) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    assert cause(error) is wanted


def test_a_file_that_windows_shares_with_nobody() -> None:
    error = PermissionError(errno.EACCES, "shared")
    error.winerror = 32  # type: ignore[attr-defined]
    assert cause(error) is Cause.IN_USE


def test_every_device_has_every_cause_of_its_lines() -> None:
    """Each with a sentence of its own for the clerk, that names the device and neither a port nor a key."""
    for section, title in (("scanner", "扫码枪"), ("label", "标签打印机"), ("screen", "扩展屏")):
        kinds = {kind for of, kind, _ in ROWS if of == section}
        assert {(section, kind, each) for kind in kinds for each in ENGINEER[kind]} == {
            key for key in ROWS if key[0] == section
        }
        for (of, kind, _), row in ROWS.items():
            if of == section:
                assert title in row.clerk, row.key
                assert not {"title", "ports", "error", "section"} & set(
                    row.clerk.replace("{", " ").replace("}", " ").split()
                )
                assert "{error}" in row.engineer and "{title}" in row.engineer
                assert kind is LineKind.TCP or "拒绝连接" not in row.clerk
    assert {row.why for (_, kind, each), row in ROWS.items() if each is Cause.REFUSED} == {Unavailable.REFUSED}


def test_the_engineer_reads_port_system_and_key() -> None:
    error = refusal(LineKind.SERIAL, DEVICE, "扫码枪 COM9", OSError(errno.ENOENT, "No such file"), **FACTS)
    assert error.why is Unavailable.NOT_FOUND
    assert error.message == (
        "扫码枪 COM9：本机没有这个串口，现有串口 COM1、COM3（系统错误 2：No such file）；请检查接线，"
        "在设备管理器中核对端口号，并在 vcshim.ini 的 [scanner] 改正 port"
    )
    assert error.row is not None and error.row.clerk == "没有找到扫码枪"


def test_what_the_system_said() -> None:
    """Its number and its words; pyserial repeats the port in them."""
    assert system_text(OSError(errno.EBUSY, "could not open port /dev/ttyS0: [Errno 16] busy")) == (
        f"系统错误 16：{os.strerror(errno.EBUSY)}"
    )
    assert system_text(windows_error("PermissionError", 5)) == "系统错误 5：What Windows says."
    assert system_text(TimeoutError("timed out")) == "TimeoutError：timed out"
    assert system_text(TimeoutError()) == "TimeoutError"


def test_a_cause_without_a_row_says_what_the_system_said() -> None:
    error = refusal(LineKind.FILE, Device("标签打印机", "label"), "标签打印机 lp0", ConnectionRefusedError("odd"))
    assert error.message == "标签打印机 lp0：系统打不开（ConnectionRefusedError：odd）；请核对 [label] file"


def test_a_port_without_rights() -> None:
    error = refusal(LineKind.SERIAL, DEVICE, "扫码枪 /dev/ttyUSB0", PermissionError(errno.EACCES, "denied"), **FACTS)
    assert error.why is Unavailable.ACCESS_DENIED and "dialout" in error.message


# ---- which program holds it ------------------------------------------------------------------------------------------

_HOLD = """
import fcntl, os, sys
held = os.open(sys.argv[1], os.O_RDWR | os.O_NOCTTY)
if sys.argv[2] == "lock":
    fcntl.flock(held, fcntl.LOCK_EX)
print("held", flush=True)
sys.stdin.read()
"""


@pytest.mark.needs("linux")
@pytest.mark.parametrize("how", ["lock", "open"])
def test_the_program_that_holds_a_port_is_named(tmp_path: Path, how: str) -> None:
    """By its lock, also beside programs that have it open; else by its descriptor."""
    path = tmp_path / "lp0"
    path.touch()
    with FarEnd() as device:
        target = device.path if how == "lock" else str(path)
        words = [sys.executable, "-c", _HOLD, target, how]
        with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as program:
            assert program.stdout is not None and program.stdout.readline() == "held\n"
            error = refusal(LineKind.SERIAL, DEVICE, "扫码枪 X", OSError(errno.EAGAIN, "locked"), target, **FACTS)
            assert error.why is Unavailable.BUSY
            assert error.facts["pid"] == program.pid and str(error.facts["program"]).startswith("python")
            assert f"（进程号 {program.pid}）" in error.message
            assert error.row is not None and error.row.clerk.format(**error.facts).startswith("扫码枪正被 python")


@pytest.mark.needs("linux")
def test_a_holder_that_the_system_does_not_tell(tmp_path: Path) -> None:
    for path in (str(tmp_path / "gone"), os.devnull + "\0", ""):
        error = refusal(LineKind.SERIAL, DEVICE, "扫码枪 X", OSError(errno.EBUSY, "busy"), path, **FACTS)
        assert error.why is Unavailable.BUSY and "没有说是哪一个" in error.message
