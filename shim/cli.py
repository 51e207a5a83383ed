"""The `vcshim` command: for people at a terminal. It may print; nothing below it may.

Each command is a module of shim/commands, over the same wiring as the DLLs.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module

from shim import __version__

COMMANDS = ("simulator", "scan", "screen", "label", "ini", "kept", "sign", "open", "spec", "reference")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0 done, 1 not found or failed, 2 wrong words."""
    parser = argparse.ArgumentParser(prog="vcshim", description="virtualcard-shim: tools around the two DLLs")
    parser.add_argument("--version", action="version", version=f"vcshim {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name in COMMANDS:
        module = import_module(f"shim.commands.{name}")
        # No abbreviations: `--key SECRET` would be taken for --key-file, and the secret printed as a missing file.
        words = commands.add_parser(name, help=module.HELP, description=module.__doc__, allow_abbrev=False)
        module.arguments(words)
        words.set_defaults(run=module.run)
    options = parser.parse_args(arguments)
    try:
        code = int(options.run(options))
        sys.stdout.flush()
    except BrokenPipeError:
        # `vcshim reference | more`, and the reader had enough: nothing more can be said, not even at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return code


if __name__ == "__main__":
    sys.exit(main())
