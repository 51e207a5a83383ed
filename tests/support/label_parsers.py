"""What a printer would print for a label's bytes: one parser a language, written from the manuals. None of it ships.

Each takes a whole label and returns the picture as rows of '#' and '.', and the commands beside it. They are strict:
bytes that are left over, an unknown command, or too little data raise. That they read bytes as printers do is shown on
the output of CUPS's own label filter (tests/vectors/labels). ZPL is read by zebrafy instead.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import zxingcpp
from PIL import Image
from zebrafy.zebrafy_zpl import ZebrafyZPL

from buildlib import tools


class Misread(AssertionError):
    """The bytes are not a label of this language."""


@dataclass
class Sheet:
    """The label as it comes out: `rows` of '#' (black) and '.', and the commands beside the picture in their order."""

    width: int = 0
    rows: list[str] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)

    def image(self) -> Image.Image:
        picture = Image.new("L", (self.width, len(self.rows)), 255)
        picture.putdata([0 if dot == "#" else 255 for row in self.rows for dot in row])
        return picture

    def place(self, y: int, stride: int, data: bytes, *, black: str) -> None:
        """Put rows of `stride` bytes at line `y`; `black` is the bit that prints."""
        self.width = max(self.width, stride * 8)
        while len(self.rows) < y:
            self.rows.append("." * self.width)
        if len(data) % stride:
            raise Misread("half a row")
        for start in range(0, len(data), stride):
            bits = "".join(f"{byte:08b}" for byte in data[start : start + stride])
            self.rows.append("".join("#" if bit == black else "." for bit in bits))


def tspl(data: bytes) -> Sheet:
    """TSPL: lines of CRLF; BITMAP X,Y,width in bytes,height in dots,mode,data: in the data 0 is a printed dot."""
    sheet, rest, printed = Sheet(), data, False
    while rest:
        head = re.match(rb"BITMAP (\d+),(\d+),(\d+),(\d+),0,", rest)
        if head:
            x, y, stride, height = (int(part) for part in head.groups())
            if x:
                raise Misread("not at the left")
            picture, rest = _take(rest[head.end() :], stride * height)
            sheet.place(y, stride, picture, black="0")
            rest = _after(rest, b"\r\n")
            continue
        line, mark, rest = rest.partition(b"\r\n")
        if not mark:
            raise Misread("a line without an end")
        text = line.decode("ascii")
        if not re.fullmatch(r"(SIZE|GAP|BLINE|DENSITY|SPEED|DIRECTION|REFERENCE|OFFSET|SHIFT|CLS|PRINT)( .*)?", text):
            raise Misread(text[:40])
        printed = text == "PRINT 1,1"
        sheet.commands.append(text)
    return _printed(sheet, printed)


def cpcl(data: bytes) -> Sheet:
    """CPCL: `! offset dpi dpi height copies`; EG is hexadecimal, CG binary: bytes wide, dots high, x, y; 1 prints."""
    sheet, rest, printed = Sheet(), data, False
    head, _, rest = rest.partition(b"\r\n")
    if not re.fullmatch(rb"! 0 \d+ \d+ \d+ 1", head):
        raise Misread("no session")
    sheet.commands.append(head.decode("ascii"))
    while rest:
        graphic = re.match(rb"(EG|CG) (\d+) (\d+) (\d+) (\d+) ", rest)
        if graphic:
            kind, (stride, height, x, y) = graphic[1], (int(graphic[i]) for i in range(2, 6))
            if x:
                raise Misread("not at the left")
            size = stride * height * (2 if kind == b"EG" else 1)
            picture, rest = _take(rest[graphic.end() :], size)
            sheet.place(y, stride, bytes.fromhex(picture.decode("ascii")) if kind == b"EG" else picture, black="1")
            rest = _after(rest, b"\r\n")
            continue
        line, mark, rest = rest.partition(b"\n")
        text = line.rstrip(b"\r").decode("ascii")
        if not mark or not re.fullmatch(
            r"(PAGE-WIDTH|PAGE-HEIGHT|TONE|SPEED) \d+|IN-DOTS|LEFT|GAP-SENSE|BAR-SENSE|FORM|PRINT", text
        ):
            raise Misread(text[:40])
        printed = text == "PRINT"
        sheet.commands.append(text)
    return _printed(sheet, printed)


def epl(data: bytes) -> Sheet:
    """EPL2: lines of LF; GW x,y,bytes wide,dots high, then LF and the data: in the data 0 is a printed dot."""
    sheet, rest, printed = Sheet(), data, False
    while rest:
        graphic = re.match(rb"GW(\d+),(\d+),(\d+),(\d+)\n", rest)
        if graphic:
            x, y, stride, height = (int(part) for part in graphic.groups())
            if x:
                raise Misread("not at the left")
            picture, rest = _take(rest[graphic.end() :], stride * height)
            sheet.place(y, stride, picture, black="0")
            rest = _after(rest, b"\n")
            continue
        line, mark, rest = rest.partition(b"\n")
        text = line.decode("ascii")
        if not mark or not re.fullmatch(r"|N|ZT|R0,0|[DSq]\d+|Q\d+,B?\d+|P1", text):
            raise Misread(text[:40])
        printed = text == "P1"
        sheet.commands.append(text)
    return _printed(sheet, printed)


def escpos(data: bytes) -> Sheet:
    """ESC/POS: ESC @; GS v 0 m xL xH yL yH data, x in bytes, 1 prints; ESC d n feeds lines, GS FF to the next mark."""
    sheet, rest = Sheet(), data
    while rest:
        if rest.startswith(b"\x1b@"):
            sheet.commands.append("ESC @")
            rest = rest[2:]
        elif rest.startswith(b"\x1dv0\0"):
            stride, height = int.from_bytes(rest[4:6], "little"), int.from_bytes(rest[6:8], "little")
            picture, rest = _take(rest[8:], stride * height)
            sheet.place(0, stride, picture, black="1")
        elif rest.startswith(b"\x1bd"):
            sheet.commands.append(f"ESC d {rest[2]}")
            rest = rest[3:]
        elif rest.startswith(b"\x1d\x0c"):
            sheet.commands.append("GS FF")
            rest = rest[2:]
        else:
            raise Misread(rest[:8].hex(" "))
    return sheet


def zpl(data: bytes) -> Sheet:
    """ZPL by zebrafy, which this project did not write."""
    text = data.decode("ascii")
    (picture,) = ZebrafyZPL(text).to_images()
    grey = picture.convert("L")
    dots = ["#" if grey.getpixel((x, y)) == 0 else "." for y in range(grey.height) for x in range(grey.width)]
    rows = ["".join(dots[y * grey.width : (y + 1) * grey.width]) for y in range(grey.height)]
    return Sheet(grey.width, rows, re.findall(r"[~^][A-Z]{2}[^~^\n]{0,20}", text))


Parser = Callable[[bytes], Sheet]
PARSERS: Mapping[str, Parser] = {"tspl": tspl, "zpl": zpl, "cpcl": cpcl, "epl": epl, "escpos": escpos}


def picture(data: bytes) -> list[str]:
    """The rows of a PNG file, padded to whole bytes with white."""
    with Image.open(io.BytesIO(data)) as image:
        grey = image.convert("L")
        dots = ["#" if grey.getpixel((x, y)) == 0 else "." for y in range(grey.height) for x in range(grey.width)]
        fill = "." * (-grey.width % 8)
        return ["".join(dots[y * grey.width : (y + 1) * grey.width]) + fill for y in range(grey.height)]


def codes(image: Image.Image) -> set[str]:
    """The QR codes in the picture, as zxing-cpp and zbar read them; they must agree."""
    try:
        from pyzbar import pyzbar  # loads libzbar
    except (ImportError, OSError) as error:
        raise tools.Missing(("zbar",)) from error
    by_zxing = {code.text for code in zxingcpp.read_barcodes(image)}
    by_zbar = {code.data.decode() for code in pyzbar.decode(image)}
    assert by_zxing == by_zbar
    return by_zxing


def _take(data: bytes, size: int) -> tuple[bytes, bytes]:
    if len(data) < size:
        raise Misread("too short")
    return data[:size], data[size:]


def _after(data: bytes, mark: bytes) -> bytes:
    if not data.startswith(mark):
        raise Misread(f"{mark!r} is missing")
    return data[len(mark) :]


def _printed(sheet: Sheet, printed: bool) -> Sheet:
    if not printed:
        raise Misread("nothing makes it print")
    return sheet
