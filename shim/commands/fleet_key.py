"""`vcshim fleet key`: makes the key by which the hospital's file is signed, and shows the public half of it."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from shim.commands.catalogue import fleet as phrases
from shim.commands.console import warn, write_data
from shim.commands.files import file_problem
from shim.commands.folder import add_folder_word
from shim.commands.machine import tell
from shim.crypto.ed25519 import ED25519_KEY_BYTES, ed25519_public_key

HELP = phrases.KEY_HELP


def arguments(parser: argparse.ArgumentParser) -> None:
    """The words of this command."""
    parser.add_argument("file", type=Path, metavar="FILE", help=phrases.KEY_FILE())
    add_folder_word(parser)


def run(options: argparse.Namespace) -> int:
    """0: made; 1: the file exists, which would be lost with all that was signed by it."""
    private_key = os.urandom(ED25519_KEY_BYTES)
    public_key = ed25519_public_key(private_key).hex()
    try:
        file = os.open(options.file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        warn(f"vcshim fleet: {phrases.EXISTS(file=options.file)}")
        return 1
    except (OSError, ValueError) as error:
        raise file_problem(options.file, error, writing=True) from error
    with os.fdopen(file, "wb") as stream:
        stream.write(private_key.hex().encode("ascii") + b"\n")
    tell(file=options.file, public_key=public_key)
    warn(phrases.MADE(file=options.file))
    write_data(f"{public_key}\n")
    return 0
