"""What `vcshim ini` prints: vcshim.ini with the presets of a message format, or a section of a site's own.

Not a command: documents. They are in Chinese, as vcshim.ini ships, unless English is asked for: the hospital's staff
read them whatever the language of the system.
"""

from __future__ import annotations

from collections.abc import Iterator

from shim import configuration
from shim.commands.key_help import english_help
from shim.commands.language import CommandLanguage
from shim.dialects.columns import SiteKey
from shim.dialects.table import DIALECTS, SITE_KEYS
from shim.settings import guide
from shim.settings.option import Option

_IS_LONG = 60  # characters of what may be written, which are said once


def whole_file(language: CommandLanguage = CommandLanguage.CHINESE) -> str:
    """vcshim.ini with every key as a comment."""
    if language is CommandLanguage.CHINESE:
        return configuration.template() + _presets()
    return guide.ini_template(configuration.SECTIONS, _ENGLISH) + _presets_in_english()


def _presets() -> str:
    lines = [
        "",
        "; [wire] dialect 可用的预置报文格式：",
        *(f";   {row.name:<20} {row.title}" for row in DIALECTS.values()),
        "; 都不合适时，以其中之一为底自定一节，只写不同的项（全部可用的项：vcshim ini --dialect）：",
        ";[dialect 本院]",
        ";base = ehcservice",
        ";tail = &key=",
    ]
    return "\n".join(lines) + "\n"


def dialect_section(language: CommandLanguage = CommandLanguage.CHINESE) -> str:
    """A [dialect NAME] section with every key."""
    chinese = language is CommandLanguage.CHINESE
    lines = ["[dialect 本院]" if chinese else "[dialect mine]"]
    explained: set[str] = set()
    for row in SITE_KEYS:
        allowed = row.allowed if chinese else row.form.advice.english
        is_again = allowed in explained and len(allowed) > _IS_LONG
        explained.add(allowed)
        lines += (_about if chinese else _about_in_english)(row, "" if is_again else allowed)
        lines += [f";{row.key} ="]
    return "\n".join(lines) + "\n"


def _about(row: SiteKey, allowed: str) -> list[str]:
    return [f"; {row.help}", f";   可写：{allowed or '同上'}"]


# ---- in English ------------------------------------------------------------------------------------------------------


def _presets_in_english() -> str:
    lines = [
        "",
        "; The presets for [wire] dialect; docs/dialects.md has what each is:",
        *(f";   {name}" for name in DIALECTS),
        "; If none fits, make a section of your own from one of them, with the lines that differ and no others",
        "; (vcshim ini --dialect prints all that there are):",
        ";[dialect mine]",
        ";base = ehcservice",
        ";tail = &key=",
    ]
    return "\n".join(lines) + "\n"


def _about_in_english(row: SiteKey, allowed: str) -> list[str]:
    return [f"; {_sentence(row.english)}", f";   May be: {allowed or 'as above'}"]


def _about_key_in_english(option: Option) -> Iterator[str]:
    counts = "from the next call on" if option.live else "when the hospital program has been started again"
    yield _sentence(english_help(option))
    yield (
        f"  May be: {option.allowed.english}. Default: {option.default or 'empty'}. A change counts {counts}. "
        f"Since {guide.since(option)}. In Chinese: {guide.help_place(option)}"
    )


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."


_ENGLISH = guide.TemplateWords(
    head=(
        "vcshim.ini: the settings of vcshim. There need not be such a file: every key has a default.",
        "To change a key, take away the semicolon before it and change what is behind the equals sign. Each says when",
        "a change counts.",
        "Notepad may save it in any encoding. A blank and a semicolon behind a value begin a comment.",
        "A line that is wrong costs no other line. vcshim ini --check says what is wrong and what it should be.",
        "A section for some PCs has @ and their name behind its own, such as [scanner@PC-017] or [scanner@SF-*], and",
        "is stronger than the section without.",
        "Settings for all programs of a PC are in %ProgramFiles%\\vcshim\\vcshim.ini; those of this file are stronger.",
        "help.html in the vcshim folder, for a browser, explains every key, in Chinese; # is before the place in it.",
    ),
    common="The ten keys that most hospitals change; the others need not be looked at",
    topic=lambda topic: topic.title.english,
    about=_about_key_in_english,
)
