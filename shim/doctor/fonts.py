"""Check of the fonts: whether what stands in vcshim.ini, and characters of real names, can be drawn.

Of the devices that are set up only; without one nothing is drawn. Which characters a name may have is a sample.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from shim.commands.catalogue import doctor_devices as phrases
from shim.devices.label.settings import LabelSettings
from shim.devices.screen.pages import all_texts
from shim.doctor.device_lines import bilingual_list
from shim.doctor.finding import CheckFinding, FindingRow, Level, Place

GOOD = FindingRow("fonts.good", Level.OK, phrases.FONTS_GOOD)
NONE = FindingRow("fonts.none", Level.ERROR, phrases.FONTS_NONE, None, phrases.FONTS_INSTALL)
NO_CHINESE = FindingRow("fonts.no_chinese", Level.ERROR, phrases.FONTS_NO_CHINESE, None, phrases.FONTS_INSTALL)
MISSING = FindingRow("fonts.missing", Level.WARNING, phrases.FONTS_MISSING, None, phrases.FONTS_ADD)
RARE = FindingRow("fonts.rare", Level.NOTE, phrases.FONTS_RARE, phrases.FONTS_RARE_MEANS, phrases.FONTS_ADD)
UNUSABLE = FindingRow("fonts.unusable", Level.WARNING, phrases.FONTS_UNUSABLE, None, phrases.FONTS_ADD)

# Of names on identity cards, one for each block of GB 18030-2022 that they come from: the basic block, its
# supplements, extensions A, B, C, D and E.
NAMES = "喆䶮鿍㛃𠙶𫍯𫟹𬱖"


def look_at_fonts(place: Place) -> Iterator[CheckFinding]:
    """The fonts of the label and of the window, each if it is set up."""
    settings = place.settings
    if settings.label.type != "none":
        yield from _look("label", settings.label.fonts, _label_texts(settings.label), NAMES)
    if settings.screen.type == "window":
        yield from _look("screen", settings.screen.fonts, all_texts(settings.screen), "")


def _look(section: str, configured: Sequence[str], texts: str, names: str) -> Iterator[CheckFinding]:
    from shim.drawing.fonts import FontChain, font_files

    chain = FontChain(font_files(configured))
    facts = {"section": section}
    yield from (UNUSABLE(**facts, file=file.path.name) for file in chain.unusable)
    if not chain.files:
        yield NONE(**facts)
    elif not chain.has_chinese:
        yield NO_CHINESE(**facts)
    else:
        missing, rare = chain.missing(texts), chain.missing(names)
        if missing:
            yield MISSING(**facts, characters=_points(missing))
        else:
            yield GOOD(**facts, fonts=bilingual_list(dict.fromkeys(file.path.name for file in chain.files)))
        if rare:
            yield RARE(**facts, characters=_points(rare))


def _label_texts(settings: LabelSettings) -> str:
    """What is printed on every label, whoever it is for."""
    lines = (getattr(settings, name) for name in settings.attributes() if name.startswith("line"))
    return "".join([settings.hospital, settings.layout, *lines]).replace("|", "")


def _points(characters: str) -> object:
    return bilingual_list(f"U+{ord(character):04X}" for character in characters[:8])
