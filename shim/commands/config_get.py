"""`vcshim config get`: one setting: its value in force; on stderr where it comes from and what it is for."""

from __future__ import annotations

import argparse

from shim import configuration
from shim.bilingual import Bilingual
from shim.commands.catalogue import config as phrases
from shim.commands.config_list import place_text
from shim.commands.config_values import add_key_word, find_key, setting_of
from shim.commands.console import warn, write_data, write_json
from shim.commands.folder import add_folder_word
from shim.commands.key_help import english_help

HELP = phrases.GET_HELP


def arguments(parser: argparse.ArgumentParser) -> None:
    """The words of this command."""
    add_key_word(parser)
    add_folder_word(parser)


def run(options: argparse.Namespace) -> int:
    """0. NoSuchKey for a key that there is not."""
    settings = configuration.read(options.folder.absolute())
    option = find_key(options.name, settings)
    row = setting_of(option, settings)
    if options.json:
        write_json(row.as_json())
        return 0
    write_data(f"{row.value}\n")
    warn(phrases.ABOUT(name=row.name, place=place_text(row), help=Bilingual(option.described, english_help(option))))
    warn(phrases.MAY_BE(allowed=option.allowed, default=option.default or phrases.EMPTY()))
    return 0
