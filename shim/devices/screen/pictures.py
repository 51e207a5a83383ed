"""Pictures that come from outside: the logo of the site, and a code that a platform gives as a picture.

Only PNG and JPEG, only up to a size at which decoding takes a fraction of a second, and whatever is wrong with one is
`UnusablePicture`. Imports Pillow: only for the thread of the screen.
"""

from __future__ import annotations

import base64
import binascii
import warnings
from io import BytesIO
from pathlib import Path

from PIL import Image

from shim.bilingual import filled

MOST_BYTES = 4 << 20
MOST_PIXELS = 4000  # along a side
_FORMATS = ("PNG", "JPEG")
_PLATE = 0.12  # of the height: the white plate around a logo that has a background of its own
# How base64 of a PNG and of a JPEG begins; a QR code never holds this many characters of it.
_BARE = ("iVBORw0KGgo", "/9j/")
_BARE_LENGTH = 200


class UnusablePicture(Exception):
    """Why a picture cannot be used: the end of a sentence, with {facts} in it.

    Attributes:
        cause: the same in both languages; as text the error is the Chinese.
    """

    def __init__(self, chinese: str, english: str, /, **facts: object) -> None:
        self.cause = filled(chinese, english, facts)
        super().__init__(self.cause)


def decoded(data: bytes) -> Image.Image:
    """The picture in `data`, mode RGBA.

    Raises:
        UnusablePicture: it is none, or too large.
    """
    if len(data) > MOST_BYTES:
        raise UnusablePicture("超过 {limit} MB", "it has more than {limit} MB", limit=MOST_BYTES >> 20)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # Pillow's of a picture that is very large; never printed in a host
            with Image.open(BytesIO(data), formats=_FORMATS) as image:
                if max(image.size) > MOST_PIXELS:
                    raise UnusablePicture(
                        "有 {size} 像素，每边最多 {most}", "it has {size} pixels, and may have {most} a side",
                        size=f"{image.width} x {image.height}", most=MOST_PIXELS,
                    )  # fmt: skip
                return image.convert("RGBA")
    except UnusablePicture:
        raise
    except Exception as error:  # NB: a decoder raises many kinds of errors for bytes that make no sense
        raise UnusablePicture("不是完整的 PNG 或 JPEG 图片", "it is no whole picture, PNG or JPEG") from error


def read_logo(path: Path) -> Image.Image:
    """The logo in the file `path`, mode RGBA. One that has no transparent part gets a white plate around it.

    Raises:
        UnusablePicture: there is no such file, or no picture in it.
    """
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except FileNotFoundError:
        raise UnusablePicture("没有这个文件", "there is no such file") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise UnusablePicture("打不开（{reason}）", "it cannot be opened ({reason})", reason=reason) from None
    logo = decoded(data)
    if any(logo.getchannel("A").histogram()[:255]):
        return logo
    rim = round(logo.height * _PLATE)
    plate = Image.new("RGBA", (logo.width + 2 * rim, logo.height + 2 * rim), "white")
    plate.paste(logo, (rim, rim))
    return plate


def is_picture(code: str) -> bool:
    """Whether a platform has given a picture in the place of a text: a data: address, or base64 alone."""
    return code[:11].lower() == "data:image/" or (len(code) > _BARE_LENGTH and code.startswith(_BARE))


def code_picture(code: str, side: int) -> Image.Image:
    """The picture that `is_picture` has seen, on white, as large as fits into `side` x `side`, mode RGB.

    Raises:
        UnusablePicture: it cannot be decoded, or is too large.
    """
    head, comma, payload = code.partition(",")
    if not comma:
        head, payload = "base64", code
    if not head.lower().endswith("base64"):
        raise UnusablePicture("不是 base64 编码的图片", "it is no picture in base64")
    if len(payload) > MOST_BYTES * 2:
        raise UnusablePicture("超过 {limit} MB", "it has more than {limit} MB", limit=MOST_BYTES >> 20)
    try:
        data = base64.b64decode(payload)
    except (binascii.Error, ValueError) as error:
        raise UnusablePicture("base64 编码不完整", "its base64 is incomplete") from error
    picture = decoded(data)
    white = Image.new("RGB", picture.size, "white")
    white.paste(picture, mask=picture.getchannel("A"))
    factor = side // max(picture.size)
    if factor:
        return white.resize((white.width * factor, white.height * factor), Image.Resampling.NEAREST)
    share = side / max(picture.size)
    size = (max(1, round(white.width * share)), max(1, round(white.height * share)))
    return white.resize(size, Image.Resampling.LANCZOS)
