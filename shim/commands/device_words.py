"""Words on the command line that overrule a section of vcshim.ini, for the commands that try a device. Not a command.

A word must be what the option allows, as in the ini; any other ends the command with 2.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from shim.bilingual import Bilingual
from shim.commands.catalogue import common as phrases
from shim.commands.catalogue.settings_words import ENGLISH
from shim.commands.console import say
from shim.commands.folder import add_folder_word, read_settings
from shim.commands.language import CommandLanguage, current_language
from shim.commands.machine import CommandFailed
from shim.configuration import Configuration
from shim.settings.option import Option, Section

if TYPE_CHECKING:
    from shim.doctor.finding import CheckFinding


class NotSetUp(CommandFailed):
    """vcshim.ini names no such device; the text says which key does, where the DLL would advise a command."""


def arguments(parser: argparse.ArgumentParser, section: type[Section], keys: Sequence[str]) -> None:
    """Add --folder, and a word for each of `keys` of `section`."""
    add_folder_word(parser)
    for key in keys:
        option = section.option(key)
        parser.add_argument(
            f"--{key.replace('_', '-')}",
            dest=key,
            type=_fitting(option),
            choices=option.choices or None,
            help=_help(option).replace("%", "%%"),
        )


def overruled_settings(
    options: argparse.Namespace, section: type[Section], keys: Sequence[str], more: Mapping[str, str] | None = None
) -> Configuration:
    """The ini in --folder, overruled by the words that were given and by `more`. Prints what is wrong with the ini."""
    words = {key: getattr(options, key) for key in keys if getattr(options, key) is not None}
    values = {(section.NAME, key): value for key, value in {**words, **(more or {})}.items()}
    return read_settings(options.folder, values)


def say_unavailable(in_log: str, finding: Callable[[], CheckFinding]) -> None:
    """Say why a device cannot serve: in Chinese as the log does, in English as the doctor does, if it knows the cause.

    Args:
        in_log: the sentence with the line of the log.
        finding: that of the doctor.
    """
    found = finding() if current_language() is CommandLanguage.ENGLISH else None
    if found is None or "reason" in found.facts:  # the text of the log
        say(in_log)
        return
    say(phrases.FAILED(reason=found.text(found.row.what)))
    if found.row.remedy is not None:
        say(f"  {found.text(found.row.remedy)}")


def failure(told: Bilingual) -> str:
    """That a command failed, and why."""
    return phrases.FAILED(reason=told)


def _help(option: Option) -> str:
    """What the word is for: in Chinese as vcshim.ini has it."""
    return option.help if current_language() is CommandLanguage.CHINESE else ENGLISH[option.section][option.key]


def _fitting(option: Option) -> Callable[[str], str]:
    def word(text: str) -> str:
        if not option.choices and option.problem(text) is not None:  # the parser checks choices
            raise argparse.ArgumentTypeError(_refusal(option, text[:40]))
        return text

    return word


def _refusal(option: Option, text: str) -> str:
    if option.low is None:
        return phrases.NOT_ALLOWED(word=text)
    return phrases.NOT_WHOLE(word=text, low=option.low, high=option.high)
