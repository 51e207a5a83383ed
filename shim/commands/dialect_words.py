"""What `vcshim sign` and `vcshim open` share: which dialect, and where the key comes from. Not a command.

The key is never a word of the command line, where every process of the PC could read it: it stands in the request
itself, in a file, in vcshim.ini ([tools] key), or is asked for.
"""

from __future__ import annotations

import argparse
import getpass
import sys
from pathlib import Path

from shim import configuration
from shim.dialects.table import Dialect
from shim.wiring import pick_dialect


def arguments(parser: argparse.ArgumentParser) -> None:
    """The words both commands take."""
    parser.add_argument("file", nargs="?", default="-", help="a UTF-8 file with the JSON; - or nothing reads stdin")
    parser.add_argument("--dialect", default="", help="a preset or a [dialect NAME] (default: [wire] dialect)")
    parser.add_argument("--folder", type=Path, default=Path(), help="the folder of vcshim.ini (default: here)")
    parser.add_argument("--key-file", type=Path, help="a file that holds the application key and nothing else")


def text(options: argparse.Namespace) -> str:
    """The JSON to work on."""
    data = sys.stdin.buffer.read() if options.file == "-" else Path(options.file).read_bytes()
    return data.decode("utf-8-sig")


def dialect(options: argparse.Namespace) -> Dialect:
    """The dialect asked for; HostError where there is none of that name."""
    return pick_dialect(configuration.read(options.folder), options.dialect)


def key(options: argparse.Namespace, own: str = "") -> str:
    """The application key: of --key-file, of the request (`own`), of vcshim.ini, else from a prompt."""
    if options.key_file is not None:
        return str(options.key_file.read_text("utf-8-sig").strip())
    return own or configuration.read(options.folder).tools.key or getpass.getpass("application key: ")
