"""`vcshim fleet`: settings that all PCs take from one file. Its first word chooses the module that does the work."""

from __future__ import annotations

import argparse
from importlib import import_module

from shim.commands.catalogue import fleet as phrases
from shim.commands.words import add_json_word

# Each is the module fleet_NAME beside this one, with `arguments` and `run` as a command has them, and HELP, a Phrase.
SUBCOMMANDS = ("status", "check", "take", "sign", "key")
_DEFAULT = "status"


def arguments(parser: argparse.ArgumentParser) -> None:
    """The words of this command."""
    import_module(f"shim.commands.fleet_{_DEFAULT}").arguments(parser)
    subparsers = parser.add_subparsers(dest="subcommand", metavar="WORD", title=phrases.WORDS_TITLE())
    for name in SUBCOMMANDS:
        module = import_module(f"shim.commands.fleet_{name}")
        subparser = subparsers.add_parser(name, help=module.HELP(), description=module.HELP())
        module.arguments(subparser)
        add_json_word(subparser, is_inner=True)
        subparser.set_defaults(run=module.run, parser=subparser)


def run(options: argparse.Namespace) -> int:
    """Without a first word: status."""
    return int(import_module(f"shim.commands.fleet_{_DEFAULT}").run(options))
