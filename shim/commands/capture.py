"""`vcshim capture`: what was captured of the vendor's DLL. Its first word chooses the module that does the work."""

from __future__ import annotations

import argparse
from importlib import import_module

from shim.commands.catalogue import capture as phrases
from shim.commands.words import add_json_word

# Each is the module capture_NAME beside this one, with `arguments` and `run` as a command has them, and HELP, a Phrase.
SUBCOMMANDS = ("list", "delete", "export", "import")
_DEFAULT = "list"


def arguments(parser: argparse.ArgumentParser) -> None:
    """The words of this command."""
    import_module(f"shim.commands.capture_{_DEFAULT}").arguments(parser)
    subparsers = parser.add_subparsers(dest="subcommand", metavar="WORD", title=phrases.WORDS_TITLE())
    for name in SUBCOMMANDS:
        module = import_module(f"shim.commands.capture_{name}")
        subparser = subparsers.add_parser(name, help=module.HELP(), description=module.HELP())
        module.arguments(subparser)
        add_json_word(subparser, is_inner=True)
        subparser.set_defaults(run=module.run, parser=subparser)


def run(options: argparse.Namespace) -> int:
    """Without a first word: list."""
    return int(import_module(f"shim.commands.capture_{_DEFAULT}").run(options))
