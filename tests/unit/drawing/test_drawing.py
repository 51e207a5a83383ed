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
    assert [file.path.name for file in chain.unusable] == ["empty.ttf", "text.ttf", "absent.ttf"]
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


def told(chain: FontChain, text: str) -> str:
    """What and advice of a problem as one text; "" for none."""
    problem = chain.problem(text, "label")
    return "" if problem is None else f"{problem.what}；{problem.advice}"


INSTALL = "请安装中文字体（例如软件包 fonts-noto-cjk），或在 vcshim.ini 的 [label] fonts 写明中文字体文件"


def test_a_pc_without_any_font_is_told_so() -> None:
    """Not every character of the text, its digits included, as if each were rare."""
    assert told(FontChain([]), "张三 D00000002") == f"本机没有可用的字体；{INSTALL}"
    assert told(FontChain([]), "12") == f"本机没有可用的字体；{INSTALL}"
    assert told(FontChain([]), " \t") == ""


def test_files_that_are_no_fonts_are_named(tmp_path: Path) -> None:
    (tmp_path / "text.ttf").write_text("not a font")
    chain = FontChain([FontFile(tmp_path / "absent.ttf"), FontFile(tmp_path / "text.ttf")])
    what = f"本机没有可用的字体；{INSTALL}；[label] fonts 所写的 absent.ttf、text.ttf 不存在或不是字体文件"
    assert told(chain, "张三") == what
    rare = told(FontChain([FontFile(tmp_path / "absent.ttf"), NOTO]), "\ue000")
    assert rare.startswith("字体中没有字符 U+E000；") and "absent.ttf 不存在或不是字体文件" in rare


def test_a_pc_without_a_chinese_font_is_told_so(tmp_path: Path) -> None:
    """The name of a patient is not spelt in code points."""
    latin = tmp_path / "latin.ttf"
    latin.write_bytes(_latin_font())
    chain = FontChain([FontFile(latin)])
    assert not chain.has_chinese
    assert told(chain, "张三 D00000002") == f"本机的字体中没有中文字体；{INSTALL}"
    assert told(chain, "D00000002") == ""


def test_many_rare_characters_are_counted(chain: FontChain) -> None:
    assert chain.has_chinese
    text = "".join(map(chr, range(0xE000, 0xE00C)))
    assert "U+E007 等 12 个；" in told(chain, text) and "U+E008" not in told(chain, text)
    assert told(chain, "王\ue000") == (
        "字体中没有字符 U+E000；请在 vcshim.ini 的 [label] fonts 加上含有该字的字体文件"
        "（扩展区汉字例如 simsunb.ttf、SimsunExtG.ttf）"
    )


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
    assert found[:2] == (FontFile(tmp_path / "a.ttf", 3), FontFile(Path("absent.ttf")))
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
