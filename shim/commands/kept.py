"""`vcshim kept`: answers that were too long for the host's buffer and were kept, encrypted, by this Windows user."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from shim.wiring import wire

HELP = "list or show answers that did not fit into OutData"


def arguments(parser: argparse.ArgumentParser) -> None:
    """The words of this command."""
    parser.add_argument("name", nargs="?", help="which one to show; without it all are listed")
    parser.add_argument("--folder", type=Path, required=True, help="the folder of the DLLs and vcshim.ini")


def run(options: argparse.Namespace) -> int:
    """List names, or show one answer; 1 where it is not there or not this user's."""
    wired = wire(options.folder)
    answer_store = wired.answer_store
    if wired.configuration.refusal:
        sys.stderr.write(f"{wired.configuration.refusal}\n")
    if options.name is None:
        for name in answer_store.names():
            print(name)
        return 0
    try:
        print(answer_store.read(options.name))
    except OSError as error:
        sys.stderr.write(f"vcshim kept: {error}\n")
        return 1
    return 0
