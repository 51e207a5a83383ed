"""How a scanner is woken and put to rest, one row a make: data, with the evidence of each row.

What it is: command bytes and the replies that come on the same line as the codes. What it is not: line settings (those
of vcshim.ini) or anything that sends. Manuals are quoted by page; "public code" means a driver that others published,
and nothing here was tried on a real scanner. `make` is the word of [scanner] make. L2, used by wiring and scanning.py.
"""

from __future__ import annotations

from dataclasses import dataclass

from shim.devices.scanner.framing import Reply


@dataclass(frozen=True, slots=True)
class Trigger:
    """One make: bytes to send. An empty `start` or `stop` is not sent. `wake` goes first, then `wake_seconds` pass.

    `setup` puts the scanner into the mode in which it obeys `start`; it changes the scanner for good, so only
    `vcshim scan --setup` sends it.
    """

    make: str
    title: str
    start: bytes
    stop: bytes
    evidence: str
    wake: bytes = b""
    wake_seconds: float = 0.0
    replies: tuple[Reply, ...] = ()
    setup: bytes = b""


_HEX = bytes.fromhex

# 02 01 "0000", the command that is answered, 06 ok / 15 bad value / 05 unknown, 3B 03.
_NEWLAND = (Reply(_HEX("02 01 30 30 30 30"), 32, (_HEX("06 3B 03"),), (_HEX("15 3B 03"), _HEX("05 3B 03"))),)
_MODULE = (Reply(_HEX("02 00 00 01 00 33 31")),)

# NB: "@" in the place of "#" would write the setting to the scanner's flash for good: always "#".
TRIGGERS: tuple[Trigger, ...] = (
    Trigger(
        "newland", "新大陆 HR/FM/FR、FR80、FM430（统一指令）",
        _HEX("7E 01 30 30 30 30 23 53 43 4E 54 52 47 31 3B 03"),
        _HEX("7E 01 30 30 30 30 23 53 43 4E 54 52 47 30 3B 03"),
        "syntax and replies: Newland HR52 manual p.35, FM530 p.141; SCNTRG1/0: public code (Newland's Android SDK)",
        replies=_NEWLAND,
    ),
    Trigger(
        "newland-sdk", "新大陆（新 SDK）",
        _HEX("01 54 04"),
        _HEX("7E 01 30 30 30 30 23 53 43 4E 54 52 47 30 3B 03"),
        "public code (com.nlscan.nlsdk.NLDevice)",
        replies=_NEWLAND,
    ),
    Trigger(
        "module", "新大陆 FM30、GM65 等二维码模组（带校验）",
        _HEX("7E 00 08 01 00 02 01 02 DA"),
        _HEX("7E 00 08 01 00 02 02 32 B9"),
        "Newland wiki 435; Hamlet HBCS2D100W manual p.14; CRC-CCITT 1021 recomputed",
        replies=_MODULE,
    ),
    Trigger(
        "module-abcd", "GM65 等二维码模组（AB CD 代替校验）",
        _HEX("7E 00 08 01 00 02 01 AB CD"),
        _HEX("7E 00 08 01 00 02 02 AB CD"),
        "Newland wiki 435: AB CD in the place of the CRC",
        replies=_MODULE,
    ),
    Trigger(
        "honeywell", "霍尼韦尔（含原码捷）",
        _HEX("16 54 0D"),
        _HEX("16 55 0D"),
        "Honeywell 1250g manual p.9-4; Datalogic 7000 p.10-5",
    ),
    Trigger(
        "mindeo", "民德",
        _HEX("16 54 0D"),
        _HEX("16 55 0D"),
        "Mindeo ES4650 manual p.19: the command is echoed, then 06; obeyed in host mode only",
        replies=(Reply(_HEX("16 54 0D 06")), Reply(_HEX("16 55 0D 06"))),
        setup=_HEX("16 4D 0D 30 34 30 31 44 30 35 2E"),
    ),
    Trigger(
        "ssi", "斑马/讯宝 SSI 及兼容模组（如 M5 ATOM）",
        _HEX("04 E4 04 00 FF 14"),
        _HEX("04 E5 04 00 FF 13"),
        "public drivers, a vendor's command sheet; checksum: DS457 manual p.6-31, recomputed; host trigger mode only",
        wake=b"\x00",
        wake_seconds=0.05,
        replies=(
            Reply(_HEX("04 D0 00 00 FF 2C")),
            Reply(_HEX("05 D1 00 00"), 3, refusals=(b"",)),  # NAK, then its cause and the checksum
        ),
        setup=_HEX("07 C6 04 08 00 8A 08 FE 95"),
    ),
    Trigger(
        "zkteco", "中控 ZKB200",
        _HEX("54"),
        _HEX("50"),
        "ZKB200 manual p.12",
        replies=(Reply(b"%%NoRead", nothing_read=True),),
    ),
    Trigger("none", "不发指令（自动感应或按键的扫码枪）", b"", b"", "nothing to send"),
)  # fmt: skip

BY_MAKE = {row.make: row for row in TRIGGERS}
# The word for a row that is written in vcshim.ini.
CUSTOM = "custom"


def custom(start: bytes, stop: bytes, wake: bytes, wake_seconds: float, replies: tuple[bytes, ...]) -> Trigger:
    """A row of the site's own."""
    return Trigger(
        CUSTOM,
        "自定义",
        start,
        stop,
        "vcshim.ini",
        wake,
        wake_seconds,
        tuple(Reply(reply) for reply in replies if reply),
    )
