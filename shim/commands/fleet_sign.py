"""`vcshim fleet sign`: makes the hospital's file of settings, if nothing in them is wrong on any PC."""

from __future__ import annotations

import argparse
import re
import time
from pathlib import Path

from shim import configuration
from shim.commands.catalogue import fleet as phrases
from shim.commands.console import say, warn
from shim.commands.files import file_problem, read_text, write_file
from shim.commands.folder import add_folder_word
from shim.commands.language import spoken
from shim.commands.words import whole_number
from shim.fleet.document import compose, parse_document, without_head
from shim.fleet.refusal import Refused
from shim.fleet.take import check_lines
from shim.settings.file import read_file
from shim.settings.layers import Layer

HELP = phrases.SIGN_HELP
_LARGEST = 10**18 - 1


def arguments(parser: argparse.ArgumentParser) -> None:
    """The words of this command."""
    parser.add_argument("settings", type=Path, metavar="SETTINGS", help=phrases.SETTINGS())
    parser.add_argument("--out", type=Path, required=True, metavar="FILE", help=phrases.OUT())
    parser.add_argument("--key", type=Path, metavar="FILE", help=phrases.KEY())
    parser.add_argument("--share", type=whole_number(0, 100), default=100, metavar="PERCENT", help=phrases.SHARE())
    parser.add_argument("--pcs", default="", metavar="NAMES", help=phrases.PCS())
    parser.add_argument("--serial", type=whole_number(0, _LARGEST), metavar="NUMBER", help=phrases.SERIAL())
    add_folder_word(parser)


def run(options: argparse.Namespace) -> int:
    """0: written; 1: the settings have problems, or a file cannot be used."""
    if not options.pcs.isascii() or not options.pcs.isprintable():
        return _failed(phrases.NAME_NOT_ASCII())
    private_key = None
    if options.key is not None:
        text = read_text(options.key).strip()
        if not re.fullmatch("[0-9A-Fa-f]{64}", text):
            return _failed(phrases.NOT_A_KEY(file=options.key))
        private_key = bytes.fromhex(text)
    _look_for(options.settings)
    read = without_head(read_file(options.settings, options.settings.name))
    lines = [line.encode("utf-8", "replace").decode("utf-8") for line in read]  # what is no text is in comments
    problems = _problems(lines, options)
    if problems:
        say("\n".join([phrases.PROBLEMS(), *problems]))
        return 1
    serial = max(_next_serial(options.out), _now()) if options.serial is None else options.serial
    pcs = [each.strip() for each in options.pcs.split(",") if each.strip()]
    data = compose(lines, serial, options.share, pcs, private_key)
    write_file(options.out, data)
    said = phrases.HASHED if private_key is None else phrases.SIGNED
    say(said(serial=serial, share=options.share, file=options.out))
    return 0


def _look_for(path: Path) -> None:
    """FileProblem if it is not there: the reader of settings takes that for an empty file."""
    try:
        path.stat()
    except OSError as error:
        raise file_problem(path, error) from error


def _problems(lines: list[str], options: argparse.Namespace) -> list[str]:
    """All that is wrong, with the numbers of the lines in the file that was given."""
    layer = Layer("fleet", options.settings, options.settings.name, required=False)
    found = [spoken(each) for each in configuration.check(layer, options.folder).problems]
    if found:
        return found
    try:
        check_lines("\r\n".join(lines).encode("utf-8"), options.folder)
    except Refused as refused:
        return [spoken(refused.text)]
    return []


def _next_serial(path: Path) -> int:
    """One more than that of the file that is about to be replaced."""
    try:
        return parse_document(path.read_bytes()).serial + 1
    except (OSError, Refused):
        return 0


def _now() -> int:
    return int(time.strftime("%Y%m%d%H%M%S", time.gmtime()))


def _failed(reason: str) -> int:
    warn(f"vcshim fleet: {reason}")
    return 1
