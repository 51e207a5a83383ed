"""`vcshim config unset`: takes one setting out of a settings file, so that its default or another file counts."""

from __future__ import annotations

import argparse

from shim import configuration
from shim.commands.catalogue import config as phrases
from shim.commands.config_set import add_place_words, change
from shim.commands.config_values import add_key_word, find_key

HELP = phrases.UNSET_HELP


def arguments(parser: argparse.ArgumentParser) -> None:
    """The words of this command."""
    add_key_word(parser)
    add_place_words(parser)


def run(options: argparse.Namespace) -> int:
    """0; also where the file does not set it."""
    settings = configuration.read(options.folder.absolute())
    return change(options, find_key(options.name, settings), None)
