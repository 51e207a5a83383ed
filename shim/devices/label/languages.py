"""The printer languages as rows: how a label is written, how the printer is asked for its status, and the evidence.

None of them was tried on a real printer. The words of [label] language, its help text and the tables of docs/labels.md
and docs/design/labels.md come from these rows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from shim.devices.label import encoders, statuses
from shim.devices.label.paper import Paper
from shim.devices.label.statuses import Query
from shim.drawing.dots import Dots


@dataclass(frozen=True, slots=True)
class Language:
    """One language.

    Attributes:
        name: what [label] language calls it.
        printers: which printers understand it, in Chinese.
        encode: the picture and the paper to the bytes of one label.
        query: how the printer is asked for its status; None if the language has no such command.
        max_density, max_speed: the highest numbers that it accepts; 0 if it has no such command.
        evidence: where its commands, and which bit prints, are printed or used.
    """

    name: str
    printers: str
    encode: Callable[[Dots, Paper], bytes]
    query: Query | None
    max_density: int
    max_speed: int
    evidence: str


_ROWS = (
    Language(
        "tspl", "TSC、佳博、芯烨、汉印", encoders.tspl, statuses.TSPL, 15, 18,
        "commands: TSC TSPL/TSPL2 programming manual (DIRECTION n,m; REFERENCE; OFFSET; SHIFT); "
        "BITMAP 0 = black: also in labeljetty 0.6.0; "
        "ESC !? bits: Gprinter GP-2120T manual p.30",
    ),
    Language(
        "zpl", "斑马及兼容机", encoders.zpl, statuses.ZPL, 30, 14,
        "ZPL II programming guide 45541L-004 (GF, MN, PR, SD, PO, PM, LR, LS, LT, JM, MU, MC; ~HS p.171-172); "
        "picture read back by zebrafy 2.0.0",
    ),
    Language(
        "cpcl", "便携", encoders.cpcl, statuses.CPCL, 200, 5,
        "Zebra mobile printer CPCL manual (EG, TONE, SPEED, FORM, IN-DOTS, LEFT; ESC h p.11-3); "
        "the same in CUPS rastertolabel.c",
    ),
    Language(
        "epl", "老式斑马", encoders.epl, statuses.EPL, 15, 6,
        "EPL2 programmer's manual 980352-001; R undoes q: Intermec ESim manual, q; "
        "GW 0 = black, LF: CUPS rastertolabel.c, which was tried on an LP-2844; "
        "status 11 in the manual's p.3-32; ^ee in public drivers; status 07 and 12 not verified",
    ),
    Language(
        "escpos", "小票机", encoders.escpos, statuses.ESCPOS, 0, 0,
        "Epson TM manuals: GS v 0 (1 = printed), DLE EOT 2 and 4 (TM-U220 p.54-55), GS FF for marked paper",
    ),
)  # fmt: skip
LANGUAGES: Mapping[str, Language] = {row.name: row for row in _ROWS}
