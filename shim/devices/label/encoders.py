"""A picture as the bytes of one label, in each printer language. Pure functions; the rows are in languages.py.

Everything on the label is one picture: no font and no bar code of the printer's, so Chinese and rare characters need
nothing in the printer. NB: languages differ in which bit prints; the wrong one prints a black label.

A printer keeps many settings from one job to the next, and another program may have left them otherwise: each label
sets every one that moves, mirrors, turns, inverts or scales a picture, or leaves an older one on it. What a site may
have set for its paper (darkness, speed, media type, tear-off position) is left alone unless [label] sets it.
"""

from __future__ import annotations

from shim.devices.label.paper import Gap, Paper
from shim.drawing.dots import Dots


def tspl(dots: Dots, paper: Paper) -> bytes:
    """TSPL and TSPL2: 0 is black in BITMAP mode 0; the data is binary and starts right after the comma."""
    gap = {
        Gap.GAP: f"GAP {paper.gap_mm:g} mm,0 mm",
        Gap.BLINE: f"BLINE {paper.gap_mm:g} mm,0 mm",
        Gap.NONE: "GAP 0 mm,0 mm",
    }
    lines = [
        f"SIZE {paper.width:g} mm,{paper.height:g} mm",
        gap[paper.gap],
        *_unless_zero(paper.density, f"DENSITY {paper.density}"),
        *_unless_zero(paper.speed, f"SPEED {paper.speed}"),
        "DIRECTION 0,0",  # not turned, not mirrored
        "REFERENCE 0,0",  # the origin of coordinates
        "OFFSET 0 mm",
        "SHIFT 0",
        "CLS",
        f"BITMAP 0,0,{dots.stride},{dots.height},0,",
    ]
    return "\r\n".join(lines).encode("ascii") + dots.inverted + b"\r\nPRINT 1,1\r\n"


def zpl(dots: Dots, paper: Paper) -> bytes:
    """ZPL II: 1 is black; hexadecimal without compression, which every emulation understands."""
    size = len(dots.rows)
    tracking = {Gap.GAP: "^MNY", Gap.BLINE: "^MNM", Gap.NONE: "^MNN"}
    parts = [
        *_unless_zero(paper.density, f"~SD{paper.density:02d}"),
        "^XA",
        tracking[paper.gap],
        "^MUD^JMA",  # lengths in dots, and no dot doubled
        "^PON^PMN^LRN",  # not turned, not mirrored, not in reverse
        "^MCY",  # without the picture of the last label
        f"^PW{dots.stride * 8}^LL{dots.height}^LH0,0^LS0^LT0",
        *_unless_zero(paper.speed, f"^PR{paper.speed}"),
        f"^FO0,0^GFA,{size},{size},{dots.stride},{dots.rows.hex().upper()}^FS",
        "^PQ1",
        "^XZ",
    ]
    return "\n".join(parts).encode("ascii") + b"\n"


def cpcl(dots: Dots, paper: Paper) -> bytes:
    """CPCL: 1 is black; EG takes hexadecimal."""
    sensing = {Gap.GAP: ["GAP-SENSE"], Gap.BLINE: ["BAR-SENSE"], Gap.NONE: []}
    feeding = [] if paper.gap is Gap.NONE else ["FORM"]
    lines = [
        f"! 0 {paper.dpi} {paper.dpi} {dots.height} 1",  # a session begins; 0 is its offset to the right
        "IN-DOTS",
        f"PAGE-WIDTH {dots.stride * 8}",
        "LEFT",  # not centred
        *sensing[paper.gap],
        *_unless_zero(paper.density, f"TONE {paper.density}"),
        *_unless_zero(paper.speed, f"SPEED {paper.speed}"),
        f"EG {dots.stride} {dots.height} 0 0 {dots.rows.hex().upper()}",
        *feeding,
        "PRINT",
    ]
    return "\r\n".join(lines).encode("ascii") + b"\r\n"


def epl(dots: Dots, paper: Paper) -> bytes:
    """EPL2, page mode: 0 is black in GW, as CUPS prints; lines end with LF alone, the data is binary."""
    gap = {Gap.GAP: f"{paper.dots(paper.gap_mm)}", Gap.BLINE: f"B{paper.dots(paper.gap_mm)}", Gap.NONE: "0"}
    lines = [
        "",
        "N",
        "ZT",  # from the top
        "R0,0",  # the origin; NB: before q, which it would undo
        *_unless_zero(paper.density, f"D{paper.density}"),
        *_unless_zero(paper.speed, f"S{paper.speed}"),
        f"q{dots.stride * 8}",
        f"Q{dots.height},{gap[paper.gap]}",
        f"GW0,0,{dots.stride},{dots.height}",
    ]
    return "\n".join(lines).encode("ascii") + b"\n" + dots.inverted + b"\nP1\n"


def escpos(dots: Dots, paper: Paper) -> bytes:
    """ESC/POS: 1 is black in GS v 0; ESC @ puts back every setting of the last job (margins, area, turned or reversed
    printing). Marked paper is fed to the next mark by GS FF, a continuous roll by three lines.

    NB: some of the picture's bytes may be a real-time command, and a printer may obey it even there; DLE EOT only makes
    it answer.
    """
    size = dots.stride.to_bytes(2, "little") + dots.height.to_bytes(2, "little")
    feed = b"\x1bd\x03" if paper.gap is Gap.NONE else b"\x1d\x0c"
    return b"\x1b@\x1dv0\0" + size + dots.rows + feed


def _unless_zero(number: int, line: str) -> list[str]:
    return [line] if number else []
