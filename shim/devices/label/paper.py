"""The paper and how to print on it: what a printer language needs to know besides the dots."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, unique
from typing import TYPE_CHECKING

from shim.devices.base import UnusableSetting
from shim.devices.label.layout import LabelLayout, millimetres
from shim.devices.label.settings import LabelSettings

if TYPE_CHECKING:
    from shim.devices.label.languages import Language


@unique
class Gap(Enum):
    """How the printer finds the next label."""

    GAP = "gap"
    BLINE = "bline"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Paper:
    """One label on its roll.

    Attributes:
        width, height: of the label, in mm.
        gap_mm: the height of the gap or of the black mark.
        density, speed: the language's own numbers; 0 leaves them to the printer.
    """

    width: float
    height: float
    dpi: int
    gap: Gap = Gap.GAP
    gap_mm: float = 2.0
    density: int = 0
    speed: int = 0

    def dots(self, mm: float) -> int:
        """Millimetres in dots, rounded."""
        return round(mm * self.dpi / 25.4)


def read_paper(settings: LabelSettings, layout: LabelLayout, language: Language) -> Paper:
    """The paper that [label] describes.

    Raises:
        UnusableSetting: a number that `language` does not have, or no number.
    """
    for key, value, highest in (
        ("density", settings.density, language.max_density), ("speed", settings.speed, language.max_speed),
    ):  # fmt: skip
        if value > highest:
            raise UnusableSetting(
                "{key} 在 language = {language} 时最大 {highest}，0 为打印机自己的设置",
                "{key} is at most {highest} with language = {language}; 0 leaves it to the printer",
                key=key, language=language.name, highest=highest,
            )  # fmt: skip
    gap_mm = millimetres("gap_mm", settings.gap_mm)
    gap = Gap(settings.gap)
    return Paper(layout.width, layout.height, settings.dpi, gap, gap_mm, settings.density, settings.speed)
