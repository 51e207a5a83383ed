"""A hospital program with the extension screen, driven line by line, and what a patient sees on the desk.

The program is tests/native/screenhost.c with the built library. What is looked at are pictures of the whole desk; codes
are read by two decoders. Used by tests/product/screen, bench/screen.py and the screenshots.
"""

from __future__ import annotations

import json
import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import zxingcpp
from PIL import Image, ImageChops
from pyzbar import pyzbar

from buildlib import console
from buildlib.clients import C_FLAGS, WIN32
from buildlib.wine import Wine
from tests.support.consent import AUTHURL, QUERY, asking, in_data
from tests.support.desk import Box, Desk
from tests.support.paths import NATIVE
from tests.support.product import Product
from tests.support.screens import System

# A Wine prefix has no Chinese font; a site without one names a file in the same way.
_FONT = "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"
# Success stands a little longer than usual, so that a slow machine sees it.
INI = f"[screen]\nheading = 第一医院 · 三号窗口\nfonts = {_FONT}#2; Z:{_FONT}#2\nsuccess_seconds = 4\n"
# Colours that tell the pages apart (good_colour, bad_colour), and that of the bar, which every page has.
GOOD, BAD, BAR = (0x0A, 0x7D, 0x33), (0xB3, 0x26, 0x1E), (0x0B, 0x5F, 0xA5)
_SIGN_PIXELS = 1000  # a sign or a title has more of its colour
_COMPILE_SECONDS = 120


def compile_program(system: System, folder: Path) -> Path:
    """screenhost, compiled into `folder`."""
    source = NATIVE / "screenhost.c"
    if system == "win32":
        program = folder / "screenhost.exe"
        console.run([WIN32, *C_FLAGS, "-o", program, source, "-mwindows"], timeout=_COMPILE_SECONDS)
    else:
        program = folder / "screenhost"
        console.run(["gcc", *C_FLAGS, "-o", program, source, "-ldl"], timeout=_COMPILE_SECONDS)
    return program


class ScreenHost:
    """The program with a library loaded: orders, and the calls of VC that a consent needs.

    `wine` is None for Linux; `gateway` is the URL of the platform.
    """

    def __init__(self, program: Path, product: Product, desk: Desk, wine: Wine | None, gateway: str) -> None:
        library = product.library("VC")
        if wine is None:
            words, env = [str(program), str(library)], {**os.environ, **desk.env}
        else:
            words, env = ["wine", str(program), Wine.windows_path(library)], wine.env
        self._gateway = gateway
        self.last_microseconds = 0.0  # of the last `call`
        self.process = subprocess.Popen(
            words, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )

    def order(self, line: str) -> list[str]:
        """One order of screenhost.c; the words of its answer."""
        assert self.process.stdin is not None and self.process.stdout is not None
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        return self.process.stdout.readline().split()

    def kill(self) -> None:
        """End it at once, as a crash does."""
        self.process.kill()
        self.process.wait()
        for stream in (self.process.stdout, self.process.stdin):
            assert stream is not None
            stream.close()

    def mode(self, mode: int) -> int:
        """Set_QRflow_Mode."""
        return int(self.order(f"mode {mode}")[1])

    def call(self, method: str, content: dict[str, Any]) -> dict[str, Any]:
        """VirtualCardTrans, which must succeed; OutData."""
        data = json.dumps(in_data(method, content), ensure_ascii=False).encode("gb18030")
        _, code, out, microseconds = self.order(f"trans {self._gateway.encode().hex()} {data.hex()}")
        self.last_microseconds = float(microseconds)
        out_data = bytes.fromhex(out).decode("gb18030")
        assert bytes.fromhex(code) == b"00", out_data
        answer: dict[str, Any] = json.loads(out_data)
        return answer

    def ask(self, number: str) -> str:
        """authurl; the URL that the patient is to scan."""
        return str(self.call(AUTHURL, asking(number))["ehealth_authurl"])

    def query(self, number: str) -> str:
        """auth.query; the auth_status."""
        return str(self.call(QUERY, {"out_authorize_no": number})["auth_status"])


@contextmanager
def running(program: Path, product: Product, desk: Desk, wine: Wine | None, gateway: str) -> Iterator[ScreenHost]:
    """A ScreenHost from its start to its end, which must be an orderly one."""
    host = ScreenHost(program, product, desk, wine, gateway)
    try:
        yield host
        assert host.order("quit") == ["bye"]
        code = host.process.wait(60)
        assert code == 0, f"exit code {code}"
    finally:
        host.kill()


# ---- what is on the desk ---------------------------------------------------------------------------------------------


def codes(desk: Desk) -> list[str]:
    """The codes that a phone in front of the extension screen reads; both decoders must agree."""
    picture = desk.picture(desk.ext)
    first = [code.text for code in zxingcpp.read_barcodes(picture)]
    second = [code.data.decode() for code in pyzbar.decode(picture)]
    return first if first == second else [*first, "?", *second]


def pixels(desk: Desk, colour: tuple[int, int, int]) -> int:
    """How many pixels of the extension screen have exactly this colour."""
    return sum(count for count, found in desk.picture(desk.ext).getcolors(1 << 24) or [] if found == colour)


def shows(desk: Desk, colour: tuple[int, int, int]) -> bool:
    """Whether the title or the sign of a page has this colour."""
    return pixels(desk, colour) > _SIGN_PIXELS


def is_hidden(desk: Desk) -> bool:
    """Whether no page is on the extension screen."""
    return pixels(desk, BAR) == 0


def countdown(desk: Desk) -> Image.Image:
    """The top right corner of the extension screen."""
    _, top, right, bottom = desk.ext
    return desk.picture((right - 250, top, right, top + (bottom - top) * 15 // 100))


def at_rest(desk: Desk, box: Box | None = None) -> Image.Image:
    """A picture, as soon as nothing in `box` has changed for half a second."""
    while True:
        before = desk.picture(box)
        time.sleep(0.5)
        if not differ(before, desk.picture(box)):
            return before


def differ(one: Image.Image, other: Image.Image) -> bool:
    """Whether two pictures of one size differ."""
    return ImageChops.difference(one, other).getbbox() is not None
