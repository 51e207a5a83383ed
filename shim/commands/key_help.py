"""What a key of vcshim.ini is for, in English: one of a section, or one of a dialect. Not a command.

The Chinese is `Option.described`, which is all that host programs, vcshim.ini as it ships and docs/ have.
"""

from __future__ import annotations

from shim.commands.catalogue import config as phrases
from shim.commands.catalogue.settings_words import ENGLISH
from shim.commands.config_dialects import DialectOption
from shim.settings.option import Option


def english_help(option: Option) -> str:
    """What `Option.described` says, in English."""
    text = option.row.english if isinstance(option, DialectOption) else ENGLISH[option.section][option.key]
    return phrases.OR_REFUSED.en.format(help=text) if option.refuses else text
