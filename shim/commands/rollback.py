"""`vcshim rollback`: another set of those that stand side by side in the folder of a hospital program."""

from __future__ import annotations

import argparse

from shim.commands.catalogue import installing
from shim.commands.catalogue import rollback as phrases
from shim.commands.installing import add_run_words, carry_out, own_set
from shim.install.operations import roll_back


def arguments(parser: argparse.ArgumentParser) -> None:
    """The words of this command."""
    add_run_words(parser, installing.FOLDER_HERE, needs_folder=False)
    parser.add_argument("--to", metavar="SET", help=phrases.TO())


def run(options: argparse.Namespace) -> int:
    """An exit code of SetupOutcome."""
    return carry_out(options, lambda job: roll_back(job, options.to), lambda _job: own_set())
