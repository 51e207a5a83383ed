"""`vcshim config set`: writes one setting into a settings file, and nothing else in it; says what is then in force."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from shim import configuration
from shim.commands.catalogue import config as phrases
from shim.commands.config_dialects import DialectOption, dialect_fault, near_value
from shim.commands.config_list import place_text
from shim.commands.config_values import add_key_word, find_key, forget_files, is_secret, setting_of
from shim.commands.console import say, warn
from shim.commands.files import STDIN, file_problem, make_folder, replace_file
from shim.commands.folder import add_folder_word
from shim.commands.ini_edit import with_value
from shim.commands.machine import CommandFailed, tell
from shim.settings.option import Option

HELP = phrases.SET_HELP


class BadValue(CommandFailed):
    """The value cannot stand there; the text says what may."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """The words of this command."""
    add_key_word(parser)
    parser.add_argument("value", metavar="VALUE", help=phrases.VALUE())
    add_place_words(parser)


def add_place_words(parser: argparse.ArgumentParser) -> None:
    """Where a setting is written."""
    parser.add_argument("--pc", default="", metavar="NAME", help=phrases.PC())
    parser.add_argument("--machine", action="store_true", help=phrases.MACHINE())
    add_folder_word(parser)


def run(options: argparse.Namespace) -> int:
    """0: written, and in force on this PC; 1: it cannot stand there, or something stronger counts instead."""
    option = find_key(options.name, configuration.read(options.folder.absolute()), new=True)
    value = _value(option, options.value)
    problem = option.problem(option.text(_quoted(value)))
    if problem is not None:
        near = "" if is_secret(option) else near_value(option, value)
        row = phrases.BAD_VALUE_NEAR if near else phrases.BAD_VALUE
        raise BadValue(row(name=f"{option.section}.{option.key}", reason=problem, near=near))
    if not option.is_word and option.text(_quoted(value)) != value:
        raise BadValue(phrases.UNWRITABLE(name=f"{option.section}.{option.key}"))
    return change(options, option, value)


def _value(option: Option, word: str) -> str:
    """The value; that of a secret is a line of standard input, and BadValue where it is the word itself."""
    if not is_secret(option):
        return word
    if word != STDIN:
        raise BadValue(phrases.SECRET_ON_A_LINE(name=f"{option.section}.{option.key}"))
    return sys.stdin.readline().rstrip("\r\n")


def change(options: argparse.Namespace, option: Option, value: str | None) -> int:
    """Write `value`, or take the key out (None), and say what is in force then."""
    if isinstance(option, DialectOption) and options.pc:
        raise BadValue(phrases.NO_PC_OF_A_DIALECT())
    folder = options.folder.absolute()
    path = next(
        each.path for each in configuration.layers(folder) if each.name == ("machine" if options.machine else "folder")
    )
    heading = f"{option.section}@{options.pc}" if options.pc else option.section
    before = _content(path)
    after = with_value(before, heading, option, None if value is None else _quoted(value))
    if after is None:
        raise BadValue(phrases.UNREADABLE(path=path))
    changed = after != before
    if changed:
        if options.machine:
            make_folder(path.parent)
        replace_file(path, after, keep=f"{path.name}.bak" if before else "")
    forget_files()
    settings = configuration.read(folder)
    row = setting_of(option, settings)
    fault = dialect_fault(option.name, settings) if isinstance(option, DialectOption) else ""
    counts = row.source is not None and row.source.layer.path == path and row.source.heading.lower() == heading.lower()
    tell(file=path, changed=changed, in_force=row.as_json(), counts=counts or value is None, fault=fault or None)
    say((phrases.WRITTEN if changed else phrases.NOTHING_TO_DO)(path=path))
    say(phrases.IN_FORCE(name=row.name, value=row.value, place=place_text(row)))
    say((phrases.NEXT_CALL if option.live else phrases.NEXT_START)())
    if fault:
        warn(phrases.DIALECT_FAULT(reason=fault))
        return 1
    if counts or value is None or options.pc:
        return 0
    warn(phrases.OVERRULED(place=place_text(row)))
    return 1


def _content(path: Path) -> bytes:
    try:
        return Path(os.path.realpath(path)).read_bytes()
    except FileNotFoundError:
        return b""
    except OSError as error:
        raise file_problem(path, error) from error


def _quoted(value: str) -> str:
    """A value as it is written: in quotes where its ends or a part of it would be read otherwise."""
    odd = value != value.strip() or any(mark in value for mark in (";", "#")) or value[:1] in ('"', "'")
    mark = "'" if '"' in value else '"'
    return f"{mark}{value}{mark}" if odd else value
