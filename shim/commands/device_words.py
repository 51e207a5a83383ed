"""Words on the command line that overrule a section of vcshim.ini, for the commands that try a device. Not a command.

A word must be what the option allows, as in the ini; any other ends the command with 2.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping, Sequence

from shim.commands.folder import add_folder_word, read_settings
from shim.configuration import Configuration
from shim.devices.base import Device, DeviceUnavailable
from shim.messages.lines import SET_TYPE, SET_TYPE_OR_WORD
from shim.settings.option import Option, Section


def arguments(parser: argparse.ArgumentParser, section: type[Section], keys: Sequence[str]) -> None:
    """Add --folder, and a word for each of `keys` of `section`."""
    add_folder_word(parser, chinese=True)
    for key in keys:
        option = section.option(key)
        parser.add_argument(
            f"--{key.replace('_', '-')}",
            dest=key,
            type=_fitting(option),
            choices=option.choices or None,
            help=option.help.replace("%", "%%"),
        )


def overruled_settings(
    options: argparse.Namespace, section: type[Section], keys: Sequence[str], more: Mapping[str, str] | None = None
) -> Configuration:
    """The ini in --folder, overruled by the words that were given and by `more`. Prints what is wrong with the ini."""
    words = {key: getattr(options, key) for key in keys if getattr(options, key) is not None}
    values = {(section.NAME, key): value for key, value in {**words, **(more or {})}.items()}
    return read_settings(options.folder, values)


def not_set_up(device: Device, *, words: bool = True) -> DeviceUnavailable:
    """What a command says of a device that vcshim.ini does not name, where the DLL would advise that command.

    Args:
        words: the command also takes --type.
    """
    return DeviceUnavailable(SET_TYPE_OR_WORD if words else SET_TYPE, section=device.section)


def _fitting(option: Option) -> Callable[[str], str]:
    def word(text: str) -> str:
        problem = None if option.choices else option.problem(text)  # argparse checks choices
        if problem is not None:
            raise argparse.ArgumentTypeError(problem)
        return text

    return word
