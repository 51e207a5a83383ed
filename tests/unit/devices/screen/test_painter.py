"""What the log says of the fonts of the extension screen."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from shim import configuration
from shim.devices.screen.painter import make_painter
from shim.drawing import fonts

NOTO = "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc#2"


def logged(ini: str, caplog: pytest.LogCaptureFixture) -> list[str]:
    """What is logged where the system has no font of its own."""
    logger = logging.getLogger("vcshim.tests.painter")
    with caplog.at_level(logging.INFO, logger.name):
        make_painter(configuration.parse(f"[screen]\n{ini}").screen, logger)
    return [record.getMessage() for record in caplog.records if record.name == logger.name]


@pytest.fixture(autouse=True)
def no_system_fonts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "_SYSTEM_FONTS", {})


def test_no_font_at_all(caplog: pytest.LogCaptureFixture, tmp_path: Path) -> None:
    (text,) = logged(f"fonts = {tmp_path}/absent.ttf\n", caplog)
    assert text.startswith("本机没有可用的字体，扩展屏只显示二维码、倒计时和表示结果的图形，没有汉字；请安装中文字体")
    assert "[screen] fonts 所写的 absent.ttf 不存在或不是字体文件" in text and "U+" not in text


@pytest.mark.needs("font")
def test_a_character_that_no_font_has(caplog: pytest.LogCaptureFixture) -> None:
    (text,) = logged(f"fonts = {NOTO}\nwaiting_title = 请\ue000\n", caplog)
    assert text.startswith("字体中没有字符 U+E000，扩展屏不显示缺字的那几句；请在 vcshim.ini 的 [screen] fonts 加上")


@pytest.mark.parametrize(
    ("content", "cause"),
    [
        (None, "没有这个文件"),
        (b"", "不是完整的 PNG 或 JPEG 图片"),
        (b"GIF89a" + bytes(50), "不是完整的 PNG 或 JPEG 图片"),
        (b"\x89PNG\r\n\x1a\n" + bytes(50), "不是完整的 PNG 或 JPEG 图片"),
        (bytes((4 << 20) + 1), "超过 4 MB"),
    ],
    ids=["missing", "empty", "gif", "half", "large"],
)
def test_a_logo_that_cannot_be_used(
    caplog: pytest.LogCaptureFixture, tmp_path: Path, content: bytes | None, cause: str
) -> None:
    """A problem of the settings in the log, and a screen all the same."""
    if content is not None:
        (tmp_path / "logo.png").write_bytes(content)
    *_, text = logged(f"fonts = {NOTO}\nlogo = {tmp_path}/logo.png\n", caplog)
    assert text == f"vcshim.ini 的 [screen] logo 所写的 logo.png 不能用：{cause}；画面照常显示，没有院标"


@pytest.mark.needs("font")
def test_nothing_is_missing(caplog: pytest.LogCaptureFixture) -> None:
    assert logged(f"fonts = {NOTO}\n", caplog) == []
