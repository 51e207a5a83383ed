"""`vcshim config`: the settings in force and where each comes from; one of them, changed. Its first word chooses.

The whole file with every key is `vcshim ini`; here the keys are those of all files that count on this PC.
"""

from __future__ import annotations

import argparse
from importlib import import_module

from shim.commands.catalogue import config as phrases
from shim.commands.words import add_json_word

# Each is the module config_NAME beside this one, with `arguments` and `run` as a command has them, and HELP, a Phrase.
SUBCOMMANDS = ("list", "get", "set", "unset", "check")
_DEFAULT = "list"


def arguments(parser: argparse.ArgumentParser) -> None:
    """The words of this command."""
    parser.epilog = phrases.EPILOG()
    import_module(f"shim.commands.config_{_DEFAULT}").common_words(parser)
    parser.set_defaults(section="")
    subparsers = parser.add_subparsers(dest="subcommand", metavar="WORD", title=phrases.WORDS_TITLE())
    for name in SUBCOMMANDS:
        module = import_module(f"shim.commands.config_{name}")
        subparser = subparsers.add_parser(name, help=module.HELP(), description=module.HELP())
        module.arguments(subparser)
        add_json_word(subparser, is_inner=True)
        subparser.set_defaults(run=module.run, parser=subparser)


def run(options: argparse.Namespace) -> int:
    """Without a first word: list."""
    return int(import_module(f"shim.commands.config_{_DEFAULT}").run(options))
