"""What Windows says about a queue or a printer, as a fault or a refusal. No real Windows was asked."""

from __future__ import annotations

import pytest

from shim.devices.label import windows_printers
from shim.devices.label.spooler import queue_fault
from shim.devices.label.statuses import Fault
from shim.errors import Unavailable


@pytest.mark.parametrize(
    ("status", "fault"),
    [
        (0x0, None), (0x400, None), (0x20, None),  # ready, printing, manual feed
        (0x1, Fault.PAUSED), (0x2, Fault.ERROR), (0x8, Fault.PAPER_JAM), (0x10, Fault.PAPER_OUT), (0x80, Fault.OFFLINE),
        (0x1000, Fault.OFFLINE), (0x100000, Fault.ERROR), (0x400000, Fault.HEAD_OPEN),
        (0x10 | 0x2 | 0x80, Fault.PAPER_OUT),
    ],
)  # fmt: skip
def test_the_status_of_a_queue(status: int, fault: Fault | None) -> None:
    """The bits of winspool.h."""
    assert queue_fault(status) is fault


@pytest.mark.parametrize(
    ("code", "why", "advice"),
    [
        (5, Unavailable.ACCESS_DENIED, "当前 Windows 用户没有使用标签打印机 TSC TTP-244 的权限"),
        (1801, Unavailable.NOT_FOUND, "系统错误 1801）。本机现有打印机：无。请在 vcshim.ini 的 [label] 改正 printer"),
    ],
)
def test_a_printer_that_windows_does_not_open(code: int, why: Unavailable, advice: str) -> None:
    error = OSError("refused")
    error.winerror = code  # type: ignore[attr-defined]
    refusal = windows_printers.printer_refusal("TSC TTP-244", error)
    assert refusal.why is why and "标签打印机 TSC TTP-244" in refusal.message and advice in refusal.message
