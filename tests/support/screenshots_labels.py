"""Pictures of labels: ``python -m tests.support.screenshots_labels FOLDER``. Made by `vcshim label`; not a test.

The data is invented. tests/unit/devices/label/test_pictures.py compares what is drawn now with these pictures.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from shim.cli import main as vcshim
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


# The settings of label-60x40 are the example of docs/labels.md.
PICTURES: Mapping[str, LabelPicture] = {
    "default": LabelPicture("", "张三"),
    "rare": LabelPicture("", NAME),
    "60x40": LabelPicture(
        "width_mm = 60\nheight_mm = 40\ndpi = 300\nqr = 1, 1, 30\n"
        "line1 = 32, 4, 27, 6, left, {name}\nline2 = 1, 33, 58, 5, centre, 卡号 {card_no}\n",
        "买买提·吐尔逊·阿卜杜热合曼",
    ),
}


def file_name(name: str) -> str:
    """The file of the picture `name`."""
    return f"label-{name}.png"


def main(folder: Path) -> None:
    """All pictures into `folder`."""
    with tempfile.TemporaryDirectory() as home:
        for name, row in PICTURES.items():
            (Path(home) / "vcshim.ini").write_text(row.settings, "utf-8")
            file = folder / file_name(name)
            code = vcshim(["label", "--folder", home, "--png", str(file), "--name", row.name])
            assert code == 0, f"{file.name} could not be drawn"


if __name__ == "__main__":
    main(Path(sys.argv[1]))
