"""Pictures of labels: ``python -m tests.support.screenshots_labels FOLDER``. Made by `vcshim label`; not a test.

The data is invented. tests/unit/devices/label/test_pictures.py compares what is drawn now with these pictures.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from shim.cli import main as vcshim
from shim.devices.label.layout import PAPERS
from tests.support.label_printers import NAME, NOTO


@dataclass(frozen=True)
class LabelPicture:
    """One picture: the layout as in vcshim.ini, and the patient's name."""

    ini: str
    name: str

    @property
    def settings(self) -> str:
        """The [label] section that draws it."""
        return f"[label]\nfonts = {NOTO}\n{self.ini}"


UYGHUR = "ئابدۇرەھىم تۇرسۇن"
# The settings of label-60x40 and label-layout are examples of docs/labels.md.
PICTURES: Mapping[str, LabelPicture] = {
    "default": LabelPicture("", "张三"),
    "rare": LabelPicture("", NAME),
    "uyghur": LabelPicture("", UYGHUR),
    "60x40": LabelPicture(
        "width_mm = 60\nheight_mm = 40\ndpi = 300\nhospital = 市第一人民医院\n", "买买提·吐尔逊·阿卜杜热合曼"
    ),
    "layout": LabelPicture(
        "width_mm = 70\nheight_mm = 50\nlayout = {name} *** | {card_no} | 请妥善保管，就诊时出示\n", "欧阳娜娜"
    ),
}
# Of 2, 4, 12, 27 and 50 characters; a rare one; one that is joined and runs to the left.
NAMES = (
    "张三", "欧阳娜娜", "买买提·吐尔逊·阿卜杜热", "阿卜杜热合曼·阿卜杜热伊木江·买买提吐尔逊·艾尼瓦尔江",
    "上官欧阳诸葛司马" * 6 + "张三", NAME, UYGHUR,
)  # fmt: skip
SHEET = "label-papers.png"
_SPACE = 24


def file_name(name: str) -> str:
    """The file of the picture `name`."""
    return f"label-{name}.png"


def draw(home: Path, settings: str, name: str, *words: str) -> Image.Image:
    """The label that `vcshim label` draws with `settings`."""
    (home / "vcshim.ini").write_text(settings, "utf-8")
    file = home / "label.png"
    code = vcshim(["label", "--folder", str(home), "--png", str(file), "--name", name, *words])
    assert code == 0, "it could not be drawn"
    with Image.open(file) as image:
        return image.copy()


def sheet(home: Path) -> Image.Image:
    """A row a paper, a label a name, on grey."""
    settings = f"[label]\nfonts = {NOTO}\n"
    rows = [[draw(home, settings, name, "--size", paper) for name in NAMES] for paper in PAPERS]
    width = max(sum(label.width + _SPACE for label in row) for row in rows) + _SPACE
    picture = Image.new("L", (width, sum(row[0].height + _SPACE for row in rows) + _SPACE), 150)
    top = _SPACE
    for row in rows:
        left = _SPACE
        for label in row:
            picture.paste(label.convert("L"), (left, top))
            left += label.width + _SPACE
        top += row[0].height + _SPACE
    return picture.quantize(4)


def main(folder: Path) -> None:
    """All pictures into `folder`."""
    with tempfile.TemporaryDirectory() as home:
        for name, row in PICTURES.items():
            (Path(home) / "vcshim.ini").write_text(row.settings, "utf-8")
            file = folder / file_name(name)
            code = vcshim(["label", "--folder", home, "--png", str(file), "--name", row.name])
            assert code == 0, f"{file.name} could not be drawn"
        sheet(Path(home)).save(folder / SHEET, optimize=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
