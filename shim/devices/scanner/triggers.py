"""How each make of scanner is triggered and stopped: one row a make, with the evidence of the row.

What it is: command bytes, and the replies that come on the same line as the codes. What it is not: line settings (those
of vcshim.ini), or anything that sends. Manuals are quoted by page; "public code" means a driver that others published,
and nothing here was tried on a real scanner.

A new make is one row here and one row in tests/vectors/scanners.json; the words and help of [scanner] make and the
tables in docs/ come from the rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

from shim.devices.base import UnusableSetting
from shim.devices.scanner import replies
from shim.devices.scanner.columns import CommandColumns
from shim.devices.scanner.replies import CommandReply

CUSTOM_MAKE = "custom"
"""The word of [scanner] make for a row that the site writes itself, in the other keys of the section."""


class TriggerRow(CommandColumns):
    """One make; see CommandColumns for its commands.

    Attributes:
        make: the word of [scanner] make.
        title: the makes and models that it serves, in Chinese, for help texts and pages.
        evidence: where the bytes come from: a manual's page, or public code.
    """

    def __init__(self, make: str, title: str, evidence: str, **columns: Any) -> None:
        super().__init__(**columns)
        self.__dict__.update(make=make, title=title, evidence=evidence)

    make: str
    title: str
    evidence: str


# 02 01 "0000", the command that is answered, 06 ok / 15 bad value / 05 unknown, 3B 03.
_NEWLAND = "02 01 30 30 30 30 * 06 3B 03, !02 01 30 30 30 30 * 15 3B 03, !02 01 30 30 30 30 * 05 3B 03"

# NB: "@" in the place of "#" would write the setting to the scanner's flash for good: always "#".
TRIGGERS: tuple[TriggerRow, ...] = (
    TriggerRow(
        "newland", "新大陆 HR/FM/FR、FR80、FM430（统一指令）",
        "syntax and replies: Newland HR52 manual p.35, FM530 p.141; SCNTRG1/0: public code (Newland's Android SDK)",
        start="7E 01 30 30 30 30 23 53 43 4E 54 52 47 31 3B 03",
        stop="7E 01 30 30 30 30 23 53 43 4E 54 52 47 30 3B 03",
        replies=_NEWLAND,
    ),
    TriggerRow(
        "newland-sdk", "新大陆（新 SDK）",
        "public code (com.nlscan.nlsdk.NLDevice)",
        start="01 54 04",
        stop="7E 01 30 30 30 30 23 53 43 4E 54 52 47 30 3B 03",
        replies=_NEWLAND,
    ),
    TriggerRow(
        "module", "新大陆 FM30、GM65 等二维码模组（带校验）",
        "Newland wiki 435; Hamlet HBCS2D100W manual p.14; CRC-CCITT 1021 recomputed",
        start="7E 00 08 01 00 02 01 02 DA",
        stop="7E 00 08 01 00 02 02 32 B9",
        replies="02 00 00 01 00 33 31",
    ),
    TriggerRow(
        "module-abcd", "GM65 等二维码模组（AB CD 代替校验）",
        "Newland wiki 435: AB CD in the place of the CRC",
        start="7E 00 08 01 00 02 01 AB CD",
        stop="7E 00 08 01 00 02 02 AB CD",
        replies="02 00 00 01 00 33 31",
    ),
    TriggerRow(
        "honeywell", "霍尼韦尔（含原码捷）",
        "Honeywell 1250g manual p.9-4; Datalogic 7000 p.10-5",
        start="16 54 0D",
        stop="16 55 0D",
    ),
    TriggerRow(
        "mindeo", "民德",
        "Mindeo ES4650 manual p.19: the command is echoed, then 06; obeyed in host mode only",
        start="16 54 0D",
        stop="16 55 0D",
        replies="16 54 0D 06, 16 55 0D 06",
        setup="16 4D 0D 30 34 30 31 44 30 35 2E",
    ),
    TriggerRow(
        "ssi", "斑马/讯宝 SSI 及兼容模组（如 M5 ATOM）",
        "public drivers, a vendor's command sheet; checksum: DS457 manual p.6-31, recomputed; host trigger mode only",
        start="04 E4 04 00 FF 14",
        stop="04 E5 04 00 FF 13",
        wake="00",
        wake_delay=0.05,
        replies="04 D0 00 00 FF 2C, !05 D1 00 00 .. .. ..",  # ACK; NAK, then its cause and the checksum
        setup="07 C6 04 08 00 8A 08 FE 95",
    ),
    TriggerRow(
        "zkteco", "中控 ZKB200",
        "ZKB200 manual p.12",
        start="54",
        stop="50",
        replies="~25 25 4E 6F 52 65 61 64",  # %%NoRead
    ),
    TriggerRow("none", "不发指令（自动感应或按键的扫码枪）", "nothing to send"),
)  # fmt: skip

BY_MAKE = {row.make: row for row in TRIGGERS}


@dataclass(frozen=True, slots=True)
class Trigger:
    """The commands of one make, ready to send. An empty one is not sent.

    Attributes:
        start: what switches the light on; sent after `wake` and `wake_delay` seconds.
        stop: what switches it off.
        replies: what the scanner answers, and what is no part of a code.
        setup: what makes the scanner obey `start`, and changes it permanently: sent on request only.
    """

    make: str
    start: bytes
    stop: bytes
    wake: bytes
    wake_delay: float
    replies: tuple[CommandReply, ...]
    setup: bytes

    @classmethod
    def read(cls, make: str, columns: CommandColumns) -> Self:
        """The commands that `columns` hold, those of a row or those of [scanner].

        Raises:
            UnusableSetting: a column is not written as it must be.
        """
        return cls(
            make,
            _octets("start", columns.start),
            _octets("stop", columns.stop),
            _octets("wake", columns.wake),
            columns.wake_delay,
            _replies("replies", columns.replies),
            _octets("setup", columns.setup),
        )


def make_columns(make: str, own: CommandColumns) -> CommandColumns:
    """The columns of the row that [scanner] make names, or those that the site wrote itself."""
    return own if make == CUSTOM_MAKE else BY_MAKE[make]


def make_words() -> tuple[str, ...]:
    """The words of [scanner] make."""
    return (*BY_MAKE, CUSTOM_MAKE)


def makes_help() -> str:
    """The same words with what they mean, for a help text."""
    rows = "；".join(f"{row.make} {row.title}" for row in TRIGGERS)
    return f"{rows}；{CUSTOM_MAKE} 用下面自定的"


def _octets(key: str, text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError:
        raise UnusableSetting(
            "{key} 应为十六进制，例如 16 54 0D", "{key} should be hexadecimal, such as 16 54 0D", key=key
        ) from None


def _replies(key: str, text: str) -> tuple[CommandReply, ...]:
    try:
        return replies.parse_replies(text)
    except ValueError:
        raise UnusableSetting(
            "{key} 应为十六进制，可含 .. 和 *，例如 16 54 0D 06 或 02 01 * 06 3B 03",
            "{key} should be hexadecimal, with .. and * as well, such as 16 54 0D 06 or 02 01 * 06 3B 03",
            key=key,
        ) from None
