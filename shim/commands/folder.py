"""Which vcshim.ini the commands read: --folder, its default, and what was found there. Not a command.

The default is what the DLLs read: vcshim.exe in the vcshim folder takes the folder above it, wherever it is started,
also from one of several sets in there; vcshim-toolbox.exe its own, if the DLLs or a vcshim.ini are there. Elsewhere, as
in a checkout, it is the current folder.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from shim import configuration
from shim.commands import console
from shim.commands.catalogue import common as phrases
from shim.commands.language import spoken
from shim.configuration import Configuration
from shim.sets import folder_of
from shim.settings.ini import FILE_NAME, Overrides

_PROGRAM, _TOOLBOX = "vcshim", "vcshim-toolbox"
_BESIDE = (FILE_NAME, "VirtualCardChk.dll", "NationECCode.dll")


def add_folder_word(parser: argparse.ArgumentParser) -> None:
    """Add --folder to a command; `options.folder` is then a Path."""
    parser.add_argument("--folder", type=Path, default=default_folder(), help=phrases.FOLDER(ini=FILE_NAME))


def default_folder() -> Path:
    """The folder of the DLLs if this is their vcshim.exe, or the toolbox beside them; else the current one.

    sys.executable is the program in the vcshim folder (native/isolated.h), or the interpreter of a checkout.
    """
    program = Path(sys.executable or "")
    if program.stem.lower() == _PROGRAM:
        return folder_of(program.parent)
    is_beside_them = program.stem.lower() == _TOOLBOX and any((program.parent / name).exists() for name in _BESIDE)
    return program.parent if is_beside_them else Path()


def name_settings(folder: Path) -> None:
    """Print to stderr which vcshim.ini is read, or that there is none."""
    path = folder.absolute() / FILE_NAME
    console.warn(phrases.SETTINGS(path=path) if os.path.exists(path) else phrases.NO_SETTINGS(path=path))


def read_settings(folder: Path, overrides: Overrides | None = None) -> Configuration:
    """Read vcshim.ini for a command that tries a device; print which file it was, and what is wrong with it."""
    name_settings(folder)
    result = configuration.read(folder, overrides)
    if result.problems:
        console.say("\n".join([phrases.PROBLEMS(), *map(spoken, result.problems)]))
    return result
