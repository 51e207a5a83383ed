"""The words that `vcshim sign` and `vcshim open` share: which dialect, and where the key comes from. Not a command.

The key is never a word of the command line, which every process of the PC can read: it comes from the request itself, a
file, vcshim.ini ([tools] key) or a prompt.
"""

from __future__ import annotations

import argparse
import getpass
import io
import sys
import warnings
from contextlib import redirect_stderr
from pathlib import Path

from shim.commands.catalogue import sealing as phrases
from shim.commands.files import STDIN, read_text
from shim.commands.folder import add_folder_word
from shim.commands.machine import CommandFailed
from shim.commands.words import choice_refusal
from shim.configuration import Configuration
from shim.dialects.dialect import Dialect
from shim.dialects.table import DIALECTS
from shim.errors import HostError
from shim.messages import settings as rows
from shim.settings.ini import FILE_NAME
from shim.wiring import pick_dialect


class NoKey(CommandFailed):
    """There is no application key, and nobody to ask for it."""


class NoSuchDialect(CommandFailed):
    """--dialect names a message format that there is not; the text says which there are."""

    row = rows.NO_DIALECT  # its name for programs


def add_dialect_words(parser: argparse.ArgumentParser) -> None:
    """Add the words that both commands take."""
    parser.add_argument("file", nargs="?", default=STDIN, help=phrases.FILE())
    parser.add_argument("--dialect", default="", help=phrases.DIALECT())
    add_folder_word(parser)
    parser.add_argument("--key-file", type=Path, help=phrases.KEY_FILE())


def input_text(options: argparse.Namespace) -> str:
    """The JSON to work on. FileProblem if it cannot be read."""
    return read_text(options.file)


def chosen_dialect(options: argparse.Namespace, settings: Configuration) -> Dialect:
    """The dialect of the options.

    Raises:
        NoSuchDialect: --dialect names none.
        HostError: SETTINGS, of what stands in vcshim.ini.
    """
    try:
        return pick_dialect(settings, options.dialect)
    except HostError as error:
        if not options.dialect or error.row is not rows.NO_DIALECT:
            raise
        raise NoSuchDialect(choice_refusal(options.dialect, (*DIALECTS, *settings.dialects))) from error


def application_key(options: argparse.Namespace, settings: Configuration, in_request: str = "") -> str:
    """The application key: from --key-file, from the request, from vcshim.ini, else from a prompt.

    Raises:
        FileProblem: the file cannot be read.
        NoKey: the prompt has nobody to answer it.
    """
    if options.key_file is not None:
        return read_text(options.key_file).strip()
    known = in_request or settings.tools.key
    try:
        return known or _ask(phrases.PROMPT())
    except (EOFError, OSError, UnicodeDecodeError) as error:
        ini = options.folder.absolute() / FILE_NAME
        raise NoKey(phrases.NO_KEY(ini=ini)) from error


def _ask(prompt: str) -> str:
    """A line from the terminal, not shown; without a terminal the next line of standard input, without a prompt."""
    if _has_terminal():
        return getpass.getpass(prompt)
    if sys.platform == "win32":
        line = sys.stdin.readline()  # NB: getpass would read WEOF from a console that is not there, for ever
        if not line:
            raise EOFError
        return line.rstrip("\r\n")
    with warnings.catch_warnings(), redirect_stderr(io.StringIO()):  # getpass warns of an echo
        warnings.simplefilter("ignore", getpass.GetPassWarning)
        return getpass.getpass(prompt)


def _has_terminal() -> bool:
    try:
        with open("CONIN$" if sys.platform == "win32" else "/dev/tty", "rb", buffering=0):
            return True
    except OSError:
        return sys.platform != "win32" and sys.stdin.isatty()
