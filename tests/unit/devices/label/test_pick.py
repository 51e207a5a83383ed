"""From [label] to a label printer: which back end, what is imported for it, and settings that cannot be used."""

from __future__ import annotations

import logging
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from shim import configuration
from shim.devices import backends
from shim.devices.label import pick
from shim.devices.label.absent import AbsentLabelPrinter
from shim.devices.label.content import LabelContent
from shim.devices.label.languages import LANGUAGES
from shim.devices.label.layout import read_layout
from shim.devices.label.paper import Gap
from shim.devices.label.settings import LabelSettings
from shim.drawing import fonts
from shim.drawing.dots import CannotDraw
from shim.errors import Unavailable
from tests.support.label_printers import NOTO, label_printer, refusal
from tests.support.label_vectors import LANGUAGE_VECTORS

pytestmark = pytest.mark.needs("font")

# Modules of a label printer that a PC without one must not load; a back end loads some of them.
PARTS = (
    "driver", "drawing", "encoders", "gdi", "languages", "layout", "paper", "print_method", "raw", "spooler",
    "statuses", "windows_printers",
)  # fmt: skip


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({}, "[label] 设置 type"),
        ({"type": "tcp"}, "type = tcp 还须写 address"),
        ({"type": "tcp", "address": "10.1.1.1:99999"}, "address"),
        ({"type": "tcp", "address": "10.1.1.1:x"}, "address"),
        ({"type": "serial"}, "type = serial 还须写 port"),
        ({"type": "file"}, "type = file 还须写 file"),
        ({"type": "file", "file": "x", "width_mm": "wide"}, "width_mm"),
        ({"type": "file", "file": "x", "gap_mm": "-1"}, "gap_mm 应为毫米数"),
        ({"type": "file", "file": "x", "density": "16"}, "density 在 language = tspl 时最大 15"),
        ({"type": "file", "file": "x", "language": "epl", "speed": "7"}, "speed 在 language = epl 时最大 6"),
        ({"type": "file", "file": "x", "language": "escpos", "density": "1"}, "最大 0"),
        pytest.param(
            {"type": "spooler", "printer": "x"}, "type = spooler 只用于 Windows", marks=pytest.mark.needs("linux")
        ),
        pytest.param(
            {"type": "driver", "printer": "x"}, "type = driver 只用于 Windows", marks=pytest.mark.needs("linux")
        ),
        ({"type": "driver", "printer": "x", "line4": "30, 2, 30, 4, left, {name}"}, "line4 超出"),
    ],
)
def test_settings_that_cannot_be_used(tmp_path: Path, settings: dict[str, Any], words: str) -> None:
    """The start does not fail; the first label says what is wrong."""
    printer = label_printer(tmp_path, **settings)
    assert isinstance(printer, AbsentLabelPrinter)
    error = refusal(printer)
    assert error.why is Unavailable.NOT_SET_UP and words in error.message and "vcshim.ini" in error.message


def test_the_words_of_the_settings_come_from_the_rows() -> None:
    kind, language, gap = (LabelSettings.option(key) for key in ("type", "language", "gap"))
    assert kind.choices == ("none", "spooler", "driver", "tcp", "serial", "file")
    assert "driver 系统打印机（经驱动，任何打印机）" in kind.help
    assert set(language.choices) == set(LANGUAGE_VECTORS)
    assert "tspl（TSC、佳博、芯烨、汉印）、zpl（斑马及兼容机）" in language.help
    assert gap.choices == ("gap", "bline", "none") and [word in gap.help for word in gap.choices] == [True] * len(Gap)


def test_numbers_reach_as_far_as_the_languages() -> None:
    """The settings accept what some language accepts."""
    assert LabelSettings.option("density").high == max(row.max_density for row in LANGUAGES.values())
    assert LabelSettings.option("speed").high == max(row.max_speed for row in LANGUAGES.values())


@pytest.mark.needs("linux")
def test_the_survey_says_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the doctor will read, here on Linux; then on a Windows PC without Pillow."""
    windows = "只用于 Windows"
    survey = {"spooler": windows, "driver": windows, "tcp": None, "serial": None, "file": None}
    assert backends.survey(pick.BACK_ENDS) == survey
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(backends, "_is_installed", lambda name: name != "PIL")
    assert set(backends.survey(pick.BACK_ENDS).values()) == {"安装不完整，缺少 PIL，请重新安装 vcshim 文件夹"}


@pytest.mark.parametrize(
    ("ini", "loaded"),
    [
        ("type = none", set()),
        ("type = file\nfile = x\nlanguage = zpl", {*PARTS} - {"drawing", "gdi", "spooler", "windows_printers"}),
    ],
)
def test_a_back_end_is_imported_when_it_is_chosen(ini: str, loaded: set[str]) -> None:
    """Nothing of a label printer on a PC without one; no Pillow before the first label."""
    code = (
        "import logging, pathlib, sys\n"
        "from shim import configuration\n"
        "from shim.devices.label.pick import pick_printer\n"
        f"settings = configuration.parse({f'[label]{chr(10)}{ini}'!r}).label\n"
        "pick_printer(settings, logging.getLogger('x'))\n"
        "print(*(name for name in sys.modules if name.startswith(('shim.devices.label.', 'PIL', 'segno', 'serial'))))"
    )
    output = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    names = {name.removeprefix("shim.devices.label.") for name in output}
    assert names & {*PARTS, "PIL", "segno", "serial"} == loaded


def test_none_prints_nothing(tmp_path: Path) -> None:
    settings = configuration.parse(f"[label]\nfonts = {NOTO}\n").label
    assert isinstance(pick.pick_printer(settings, logging.getLogger("x")), AbsentLabelPrinter)


def test_a_font_that_is_installed_later_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a restart of the hospital program."""
    monkeypatch.setattr(fonts, "_SYSTEM_FONTS", {})
    font = tmp_path / "later.ttc"
    settings = configuration.parse(f"[label]\nfonts = {font}#2\n").label
    draw = pick.pick_drawing(settings, read_layout(settings))
    content = LabelContent(ehealth_code="8" * 40, card_no="1", name="张三")
    with pytest.raises(CannotDraw, match=r"later\.ttc 不存在"):
        draw(203, content)
    font.symlink_to(NOTO.partition("#")[0])
    assert draw(203, content).ink() != (0, 0)
