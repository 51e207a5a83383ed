"""One scan at a time on the PC: what a second program is told, and when the lock is free again."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from shim.devices.base import DeviceUnavailable
from shim.devices.scanner.lock import ScanLock
from shim.errors import Unavailable
from tests.support.forked import descriptors, in_child
from tests.support.paths import ROOT
from tests.support.scanners import INSURANCE, LOGGER, driven, simulated

_HOLD = """
import sys
from pathlib import Path
from shim.devices.scanner.lock import ScanLock
from tests.support.scanners import LOGGER
ScanLock(Path(sys.argv[1]), "扫码枪", LOGGER).acquire()
print("held", flush=True)
sys.stdin.read()
"""


def busy(lock: ScanLock) -> DeviceUnavailable:
    with pytest.raises(DeviceUnavailable) as caught:
        lock.acquire()
    assert caught.value.why is Unavailable.BUSY
    return caught.value


def holder(file: Path) -> subprocess.Popen[str]:
    """Another program that holds the lock."""
    words = [sys.executable, "-c", _HOLD, str(file)]
    program = subprocess.Popen(words, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert program.stdout is not None and program.stdout.readline() == "held\n"
    return program


def test_another_thread(tmp_path: Path) -> None:
    """Any thread may release it: a scan's own thread does."""
    lock = ScanLock(tmp_path / "lock", "扫码枪 COM3", LOGGER)
    lock.acquire()
    error = busy(lock)
    assert error.message.startswith("扫码枪 COM3：") and "Set_QRflow_Mode(0)" in error.message
    assert error.row is not None and error.row.clerk == "扫码枪正被另一个窗口使用"
    lock.release()
    lock.acquire()
    lock.release()


def test_another_program_is_named(tmp_path: Path) -> None:
    lock = ScanLock(tmp_path / "lock", "扫码枪 COM3", LOGGER)
    program = holder(tmp_path / "lock")
    error = busy(lock)
    assert "另一个程序 python" in error.message and f"（进程号 {program.pid}）" in error.message
    assert error.row is not None and error.row.clerk.format(**error.facts).startswith("扫码枪正被 python")
    program.communicate("")
    lock.acquire()  # a refused attempt leaves nothing locked
    lock.release()


def test_another_program_that_has_written_no_name(tmp_path: Path) -> None:
    """A disk that was full."""
    lock = ScanLock(tmp_path / "lock", "扫码枪 COM3", LOGGER)
    program = holder(tmp_path / "lock")
    (tmp_path / "lock").write_bytes(b"")
    assert busy(lock).message == "扫码枪 COM3：另一个程序正在扫码，它没有写下名称；请等它结束，或在那里取消"
    program.communicate("")


def test_a_killed_program(tmp_path: Path) -> None:
    program = holder(tmp_path / "lock")
    program.kill()
    program.communicate()
    lock = ScanLock(tmp_path / "lock", "扫码枪", LOGGER)
    lock.acquire()
    lock.release()


def test_the_holder_is_this_program(tmp_path: Path) -> None:
    first, second = (ScanLock(tmp_path / "lock", "扫码枪", LOGGER) for _ in range(2))
    first.acquire()
    assert f"进程号 {os.getpid()}" in busy(second).message
    first.release()


def test_no_folder_for_the_file(tmp_path: Path) -> None:
    """A read-only profile: threads are still kept apart."""
    (tmp_path / "file").write_text("")
    lock = ScanLock(tmp_path / "file" / "below" / "lock", "扫码枪", LOGGER)
    lock.acquire()
    busy(lock)
    lock.release()


def test_another_program_scans_right_after_ours(tmp_path: Path) -> None:
    """Two locks on one file, as two programs have them: the first has its code and is only stopping its scanner."""
    with simulated() as port:
        first, second = driven(port.path, tmp_path), driven(port.path, tmp_path)
        for _ in range(3):
            assert first.scan() == INSURANCE
            assert second.scan() == INSURANCE


# ---- forks -----------------------------------------------------------------------------------------------------------


def test_a_forked_child_does_not_hold_it(tmp_path: Path) -> None:
    """It is another program, which is told who scans; its end does not release the lock of its parent."""
    lock = ScanLock(tmp_path / "lock", "扫码枪 COM3", LOGGER)
    lock.acquire()
    number = lock._descriptor
    assert number in descriptors() and in_child(lambda: number not in descriptors())
    message = in_child(lambda: busy(lock).message)
    assert f"进程号 {os.getpid()}）" in message
    assert in_child(lambda: busy(ScanLock(tmp_path / "lock", "扫码枪", LOGGER)).message) != ""
    lock.release()
    assert in_child(lambda: lock.acquire()) is None  # and ends, holding it
    lock.acquire()
    lock.release()


def test_free_although_a_child_has_a_copy(tmp_path: Path) -> None:
    """A child that makes no call keeps the descriptor for as long as it lives."""
    lock = ScanLock(tmp_path / "lock", "扫码枪 COM3", LOGGER)
    lock.acquire()
    assert lock._descriptor is not None
    copy = os.dup(lock._descriptor)
    lock.release()
    other = ScanLock(tmp_path / "lock", "扫码枪", LOGGER)
    other.acquire()
    other.release()
    os.close(copy)
