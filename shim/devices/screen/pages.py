"""What each phase of the extension screen says: its texts, colour and sign, as [screen] has them. No pixel, no device.

frames.py draws a page; a serial display has none.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum, unique

from shim.devices.screen.base import ScreenContent, ScreenPhase
from shim.devices.screen.settings import ScreenSettings


@unique
class Sign(Enum):
    """What stands in the place of a QR code."""

    NONE = "none"
    TICK = "tick"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class PageStyle:
    """The words and the look of one phase; `colour` is that of the title and the sign."""

    title: str
    hint: str
    colour: str
    sign: Sign = Sign.NONE


@dataclass(frozen=True, slots=True)
class ScreenPage:
    """Everything that one frame shows. `code` is the text of the QR code; empty texts are left out."""

    style: PageStyle
    code: str = field(default="", repr=False)
    countdown: str = ""


# The setting that holds the colour of a phase, and its sign.
_STYLES: Mapping[ScreenPhase, tuple[str, Sign]] = {
    ScreenPhase.WAITING: ("accent_colour", Sign.NONE),
    ScreenPhase.SUCCEEDED: ("good_colour", Sign.TICK),
    ScreenPhase.REFUSED: ("bad_colour", Sign.WARNING),
    ScreenPhase.EXPIRED: ("bad_colour", Sign.WARNING),
    ScreenPhase.REGISTERED: ("accent_colour", Sign.NONE),
    ScreenPhase.FOLLOW: ("accent_colour", Sign.NONE),
}


def pages(settings: ScreenSettings) -> Callable[[ScreenContent], ScreenPage]:
    """A function from a content, which must not be HIDDEN, to its page."""
    styles = {
        phase: PageStyle(
            getattr(settings, f"{phase.value}_title"),
            getattr(settings, f"{phase.value}_hint"),
            getattr(settings, colour),
            sign,
        )
        for phase, (colour, sign) in _STYLES.items()
    }
    countdown = settings.countdown

    def page(content: ScreenContent) -> ScreenPage:
        seconds = "" if content.seconds is None else countdown.replace("{seconds}", str(content.seconds))
        return ScreenPage(styles[content.phase], content.code, seconds)

    return page


def all_texts(settings: ScreenSettings) -> str:
    """Every text of the site that a page may show, for checking that the fonts have its characters."""
    keys = ["heading", "countdown", *(f"{phase.value}_{part}" for phase in _STYLES for part in ("title", "hint"))]
    return "".join(getattr(settings, key) for key in keys).replace("|", "")
