"""The status query of each printer language: what is sent, and what the answer means.

Pure. An answer that is not understood counts as no fault, because many printers do not answer as the manual says.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, unique

from shim.bilingual import Bilingual
from shim.devices.base import spaced
from shim.messages import label as rows


@unique
class Fault(Enum):
    """Why a printer cannot print: the row that says what is wrong and what to do."""

    PAPER_OUT = rows.PAPER_OUT
    PAPER_JAM = rows.PAPER_JAM
    HEAD_OPEN = rows.HEAD_OPEN
    RIBBON_OUT = rows.RIBBON_OUT
    PAUSED = rows.PAUSED
    TOO_HOT = rows.TOO_HOT
    OFFLINE = rows.OFFLINE
    ERROR = rows.FAULT

    def told(self, title: str) -> Bilingual:
        """What is wrong with the printer `title`, in the words of its row."""
        return self.value.told(printer=spaced(title))


NO_WAY = Bilingual("这种接法不能查询打印机的状态", "over this connection no printer can be asked")
NO_ANSWER = Bilingual("打印机没有应答状态查询", "the printer did not answer")
BY_DRIVER = Bilingual("经驱动打印不能查询打印机的状态", "by its driver no printer can be asked")
"""Why a printer says nothing of its status."""


@dataclass(frozen=True, slots=True)
class Query:
    """One status query.

    Attributes:
        title: the command as manuals write it.
        command: its bytes.
        complete: whether all of the answer has arrived.
        fault: what a complete answer reports; None for a printer that is ready.
    """

    title: str
    command: bytes
    complete: Callable[[bytes], bool]
    fault: Callable[[bytes], Fault | None]


def _tspl(answer: bytes) -> Fault | None:
    bits = (
        (0x01, Fault.HEAD_OPEN), (0x40, Fault.HEAD_OPEN), (0x04, Fault.PAPER_OUT), (0x02, Fault.PAPER_JAM),
        (0x08, Fault.RIBBON_OUT), (0x10, Fault.PAUSED), (0x80, Fault.ERROR),
    )  # fmt: skip
    return next((fault for bit, fault in bits if answer[0] & bit), None)


def _zpl(answer: bytes) -> Fault | None:
    strings = [text.decode("ascii", "replace").split(",") for text in re.findall(rb"\x02([^\x03]*)\x03", answer)]
    if len(strings) < 2 or len(strings[0]) < 12 or len(strings[1]) < 4:
        return None
    first, second = strings[0], strings[1]
    flags = (
        (second[2], Fault.HEAD_OPEN), (first[1], Fault.PAPER_OUT), (second[3], Fault.RIBBON_OUT),
        (first[11], Fault.TOO_HOT), (first[2], Fault.PAUSED),
    )  # fmt: skip
    return next((fault for flag, fault in flags if flag == "1"), None)


def _cpcl(answer: bytes) -> Fault | None:
    bits = ((0x04, Fault.HEAD_OPEN), (0x02, Fault.PAPER_OUT))
    return next((fault for bit, fault in bits if answer[0] & bit), None)


def _epl(answer: bytes) -> Fault | None:
    code = re.search(rb"(\d\d)\r?\n", answer)
    faults = {b"07": Fault.PAPER_OUT, b"11": Fault.HEAD_OPEN, b"12": Fault.PAUSED}
    return faults.get(code[1]) if code else None


def _escpos(answer: bytes) -> Fault | None:
    if len(answer) < 2 or any(byte & 0x93 != 0x12 for byte in answer[:2]):
        return None
    offline, paper = answer[0], answer[1]
    if offline & 0x04:
        return Fault.HEAD_OPEN
    if paper & 0x60 or offline & 0x20:
        return Fault.PAPER_OUT
    return Fault.ERROR if offline & 0x40 else None


TSPL = Query("ESC !?", b"\x1b!?", lambda answer: len(answer) >= 1, _tspl)
ZPL = Query("~HS", b"~HS", lambda answer: answer.count(b"\x03") >= 3, _zpl)
CPCL = Query("ESC h", b"\x1bh", lambda answer: len(answer) >= 1, _cpcl)
EPL = Query("^ee", b"\n^ee\n", lambda answer: answer.endswith(b"\n"), _epl)
ESCPOS = Query("DLE EOT 2, DLE EOT 4", b"\x10\x04\x02\x10\x04\x04", lambda answer: len(answer) >= 2, _escpos)
