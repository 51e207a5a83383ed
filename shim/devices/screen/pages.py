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
    """The mark of a result, which is read from two metres; NONE for a page that asks for something."""

    NONE = "none"
    TICK = "tick"
    CROSS = "cross"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class PageStyle:
    """The words and the look of one phase; `colour` is that of the title, or of the card on which the sign stands."""

    title: str
    hint: str
    colour: str
    sign: Sign = Sign.NONE


@dataclass(frozen=True, slots=True)
class ScreenPage:
    """Everything that one frame shows.

    Attributes:
        code: the text of the QR code, or a picture of one as a data: address; "" for none.
        countdown: its text; "" for none.
        left: the part of the countdown's time that is left, 0 to 1.
    """

    style: PageStyle
    code: str = field(default="", repr=False)
    countdown: str = ""
    left: float = 1.0


# The setting that holds the colour of a phase, and its sign.
_STYLES: Mapping[ScreenPhase, tuple[str, Sign]] = {
    ScreenPhase.WAITING: ("accent_colour", Sign.NONE),
    ScreenPhase.SUCCEEDED: ("good_colour", Sign.TICK),
    ScreenPhase.REFUSED: ("bad_colour", Sign.CROSS),
    ScreenPhase.EXPIRED: ("bad_colour", Sign.WARNING),
    ScreenPhase.REGISTERED: ("accent_colour", Sign.NONE),
    ScreenPhase.EXPIRING: ("accent_colour", Sign.NONE),
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
        style = styles[content.phase]
        if content.seconds is None:
            return ScreenPage(style, content.code)
        left = content.seconds / max(content.total or content.seconds, content.seconds, 1)
        return ScreenPage(style, content.code, countdown.replace("{seconds}", str(content.seconds)), left)

    return page


def all_texts(settings: ScreenSettings) -> str:
    """Every text of the site that a page may show, for checking that the fonts have its characters."""
    keys = ["heading", "countdown", *(f"{phase.value}_{part}" for phase in _STYLES for part in ("title", "hint"))]
    return "".join(getattr(settings, key) for key in keys).replace("|", "")
