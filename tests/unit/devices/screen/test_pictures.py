"""Pictures that come from outside: what is taken, and that nothing else does any harm."""

from __future__ import annotations

import base64
import io
import warnings
import zlib
from pathlib import Path

import pytest
from PIL import Image

from shim.devices.screen.pictures import UnusablePicture, code_picture, decoded, is_picture, read_logo


def file_of(image: Image.Image, kind: str = "PNG") -> bytes:
    file = io.BytesIO()
    image.save(file, kind)
    return file.getvalue()


def png_header(width: int, height: int) -> bytes:
    """A PNG that says it is so large, and ends where its pixels begin."""
    header = b"IHDR" + width.to_bytes(4, "big") + height.to_bytes(4, "big") + b"\x08\x02\0\0\0"
    return b"\x89PNG\r\n\x1a\n" + b"\0\0\0\x0d" + header + zlib.crc32(header).to_bytes(4, "big") + b"\0\0\0\x10IDAT"


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_the_two_kinds(kind: str) -> None:
    assert decoded(file_of(Image.new("RGB", (7, 5), "red"), kind)).size == (7, 5)


@pytest.mark.parametrize("kind", ["GIF", "BMP", "TIFF", "PPM"])
def test_other_kinds(kind: str) -> None:
    with pytest.raises(UnusablePicture, match="不是完整的 PNG 或 JPEG 图片"):
        decoded(file_of(Image.new("RGB", (7, 5), "red"), kind))


@pytest.mark.parametrize(
    ("side", "cause"),
    [
        (4001, "有 4001 x 4001 像素，每边最多 4000"),
        (10_000, "不是完整的 PNG 或 JPEG 图片"),  # Pillow warns of it
        (70_000, "不是完整的 PNG 或 JPEG 图片"),  # Pillow refuses it
    ],
)
def test_a_picture_that_would_fill_the_memory(side: int, cause: str) -> None:
    """Refused by its header, without the warning that Pillow prints."""
    with warnings.catch_warnings(record=True) as printed:
        warnings.simplefilter("always")
        with pytest.raises(UnusablePicture) as caught:
            decoded(png_header(side, side))
    assert (str(caught.value), printed) == (cause, [])


def test_every_half_of_a_picture_is_refused_or_drawn() -> None:
    """Cut anywhere, or with any byte changed: a picture or UnusablePicture, never another exception."""
    whole = file_of(Image.effect_mandelbrot((40, 40), (-2, -1.5, 1, 1.5), 50).convert("RGB"))
    jpeg = file_of(Image.effect_mandelbrot((40, 40), (-2, -1.5, 1, 1.5), 50).convert("RGB"), "JPEG")
    for data in (whole, jpeg):
        for at in range(0, len(data), 7):
            for broken in (data[:at], data[:at] + bytes([data[at] ^ 0xFF]) + data[at + 1 :]):
                try:
                    assert decoded(broken).mode == "RGBA"
                except UnusablePicture as error:
                    assert str(error)


def test_a_logo(tmp_path: Path) -> None:
    """One with a background of its own gets a white plate; a transparent one does not."""
    path = tmp_path / "logo"
    path.write_bytes(file_of(Image.new("RGB", (100, 50), "red")))
    logo = read_logo(path)
    assert logo.size == (112, 62) and logo.getpixel((1, 1)) == (255, 255, 255, 255)
    path.write_bytes(file_of(Image.new("RGBA", (100, 50), (255, 0, 0, 128))))
    assert read_logo(path).size == (100, 50)
    with pytest.raises(UnusablePicture, match="打不开"):
        read_logo(tmp_path)
    with pytest.raises(UnusablePicture):
        read_logo(Path("a\0b"))


@pytest.mark.parametrize(
    ("code", "picture"),
    [
        ("data:image/png;base64,AAAA", True),
        ("DATA:IMAGE/JPEG;base64,AAAA", True),
        ("data:text/plain,hello", False),
        ("https://h/data:image/png", False),
        ("iVBORw0KGgo" + "A" * 300, True),
        ("/9j/" + "A" * 300, True),
        ("/9j/AAAA", False),
        ("8BF77B9B0688AA6E:1:::35020010001", False),
    ],
)
def test_what_is_a_picture(code: str, picture: bool) -> None:
    assert is_picture(code) is picture


@pytest.mark.parametrize("size", [(30, 30), (30, 20), (900, 900), (400, 900)])
def test_a_code_fits_its_square(size: tuple[int, int]) -> None:
    text = "data:image/png;base64," + base64.b64encode(file_of(Image.new("L", size))).decode()
    drawn = code_picture(text, 400)
    assert drawn.mode == "RGB" and max(drawn.size) <= 400 and max(drawn.size) >= 380


@pytest.mark.parametrize(
    ("code", "cause"),
    [
        ("data:image/png,abc", "不是 base64 编码的图片"),
        ("data:image/svg+xml;utf8,<svg/>", "不是 base64 编码的图片"),
        ("data:image/png;base64,A", "base64 编码不完整"),
        ("data:image/png;base64,AAAA", "不是完整的 PNG 或 JPEG 图片"),
        ("data:image/png;base64,汉字", "base64 编码不完整"),
    ],
)
def test_codes_that_are_no_picture(code: str, cause: str) -> None:
    with pytest.raises(UnusablePicture) as caught:
        code_picture(code, 400)
    assert str(caught.value) == cause
