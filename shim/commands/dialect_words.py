"""The words that `vcshim sign` and `vcshim open` share: which dialect, and where the key comes from. Not a command.

The key is never a word of the command line, which every process of the PC can read: it comes from the request itself, a
file, vcshim.ini ([tools] key) or a prompt.
"""

from __future__ import annotations

import argparse
import getpass
import sys
from pathlib import Path

from shim import configuration
from shim.dialects.dialect import Dialect
from shim.wiring import pick_dialect


def add_dialect_words(parser: argparse.ArgumentParser) -> None:
    """Add the words that both commands take."""
    parser.add_argument("file", nargs="?", default="-", help="a UTF-8 file with the JSON (default: -, which is stdin)")
    parser.add_argument("--dialect", default="", help="a preset or a [dialect NAME] (default: [wire] dialect)")
    parser.add_argument("--folder", type=Path, default=Path(), help="the folder of vcshim.ini (default: this one)")
    parser.add_argument("--key-file", type=Path, help="a file that contains the application key and nothing else")


def input_text(options: argparse.Namespace) -> str:
    """The JSON to work on."""
    data = sys.stdin.buffer.read() if options.file == "-" else Path(options.file).read_bytes()
    return data.decode("utf-8-sig")


def chosen_dialect(options: argparse.Namespace) -> Dialect:
    """The dialect of the options. HostError SETTINGS if there is none of that name."""
    return pick_dialect(configuration.read(options.folder), options.dialect)


def application_key(options: argparse.Namespace, in_request: str = "") -> str:
    """The application key: from --key-file, from the request, from vcshim.ini, else from a prompt."""
    if options.key_file is not None:
        return str(options.key_file.read_text("utf-8-sig").strip())
    return in_request or configuration.read(options.folder).tools.key or getpass.getpass("application key: ")
