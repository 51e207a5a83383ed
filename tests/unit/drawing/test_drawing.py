"""Text and QR codes as dots: what a font lacks is reported, what is drawn is there, and a decoder reads it."""

from __future__ import annotations

from pathlib import Path

import pytest
import zxingcpp
from PIL import Image, ImageFont

from shim.drawing.fonts import FontChain, FontFile, font_files
from shim.drawing.qr import qr_fitting, qr_image, qr_modules

pytestmark = pytest.mark.needs("font")

NOTO = FontFile(Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"), 2)
AUTHURL = "http://127.0.0.1:8000/auth/c0e9be5aba699c5c?" + "x" * 80


@pytest.fixture
def chain() -> FontChain:
    return FontChain([NOTO])


def test_rare_characters_are_there(chain: FontChain) -> None:
    assert chain.missing("王𬱖㛃敏 李强①Ａ") == ""


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("王\ue000强\ue000\U0010fffd", "\ue000\U0010fffd"),  # private use, each once, in order
        ("\u0378王", "\u0378"),  # never assigned
        (" \t\u3000", ""),
        ("", ""),
    ],
)
def test_what_a_font_lacks_is_reported(chain: FontChain, text: str, missing: str) -> None:
    assert chain.missing(text) == missing


def test_no_font_at_all(tmp_path: Path) -> None:
    (tmp_path / "empty.ttf").write_bytes(b"")
    (tmp_path / "text.ttf").write_text("not a font")
    chain = FontChain([FontFile(tmp_path / name) for name in ("empty.ttf", "text.ttf", "absent.ttf")])
    assert chain.files == ()
    assert chain.missing("王A") == "王A"
    image = Image.new("L", (50, 50), 255)
    chain.draw(image, (0, 0), "王A", 20, 0)
    assert image.getextrema() == (255, 255)


def test_the_second_font_helps_out(tmp_path: Path) -> None:
    """The first font of the chain has no Chinese."""
    latin = tmp_path / "latin.ttf"
    latin.write_bytes(_latin_font())
    alone, both = FontChain([FontFile(latin)]), FontChain([FontFile(latin), NOTO])
    assert alone.missing("A王a强") == "王强"
    assert both.missing("A王a强") == ""
    assert both.width("A王", 40) == both.width("A", 40) + both.width("王", 40)
    image = Image.new("L", (200, 60), 255)
    both.draw(image, (5, 5), "A王", 40, 0)
    left, _, right, _ = image.point(lambda dot: 255 - dot).getbbox() or (0, 0, 0, 0)
    assert left < 10 and 5 + both.width("A", 40) + 30 < right <= 5 + both.width("A王", 40)


def _latin_font() -> bytes:
    """A TrueType font without Chinese, from Pillow itself."""
    font = ImageFont.load_default(20)
    assert isinstance(font, ImageFont.FreeTypeFont)
    return bytes(font.font_bytes)


def test_text_is_drawn_where_it_should_be(chain: FontChain) -> None:
    image = Image.new("L", (300, 100), 255)
    chain.draw(image, (20, 30), "王𬱖", 40, 0)
    left, top, right, bottom = image.point(lambda dot: 255 - dot).getbbox() or (0, 0, 0, 0)
    assert 20 <= left < 30 and 90 < right <= 20 + chain.width("王𬱖", 40) == 100
    assert 30 <= top and bottom <= 30 + chain.height(40)


def test_configured_fonts_come_first(tmp_path: Path) -> None:
    (tmp_path / "a.ttf").touch()
    found = font_files([f"{tmp_path}/a.ttf#3", " ", "absent.ttf"])
    assert found[0] == FontFile(tmp_path / "a.ttf", 3)
    assert NOTO in found


@pytest.mark.parametrize("text", ["A", AUTHURL, "8BF77B9B0688AA6E4CF6E3587BCE5150:1:::35020010001", "中文", "x" * 1000])
@pytest.mark.parametrize("dots", [1, 3, 4])
def test_a_decoder_reads_every_code(text: str, dots: int) -> None:
    image = qr_image(text, dots)
    assert image.mode == "1" and image.size == ((qr_modules(text) + 8) * dots,) * 2
    page = Image.new("L", (image.width + 40, image.height + 40), 128)
    page.paste(image, (20, 20))
    assert [code.text for code in zxingcpp.read_barcodes(page.resize((page.width * 3, page.height * 3), 0))] == [text]


def test_the_largest_that_fits() -> None:
    modules = qr_modules(AUTHURL) + 8
    assert qr_fitting(AUTHURL, modules - 1) is None
    for room, dots in ((modules, 1), (modules * 5 - 1, 4), (modules * 5, 5)):
        fitted = qr_fitting(AUTHURL, room)
        assert fitted is not None and fitted.width == modules * dots


def test_a_text_that_no_code_holds() -> None:
    with pytest.raises(ValueError):
        qr_modules("x" * 3000)
