"""Which vcshim.ini the commands read: --folder, its default, and what was found there. Not a command.

The default is what the DLLs read: vcshim.exe in the vcshim folder takes the folder above its own, wherever it is
started. Elsewhere, as in a checkout, it is the current folder.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from shim import configuration
from shim.commands import console
from shim.configuration import Configuration
from shim.settings.ini import FILE_NAME, Overrides

_PROGRAM = "vcshim"
_HELP = {
    False: f"the folder of {FILE_NAME} (default: the one above vcshim.exe, else this one)",
    True: f"{FILE_NAME} 所在的文件夹（默认为 vcshim.exe 上一级文件夹；不是由它启动时为当前文件夹）",
}


def add_folder_word(parser: argparse.ArgumentParser, *, chinese: bool = False) -> None:
    """Add --folder to a command; `options.folder` is then a Path."""
    parser.add_argument("--folder", type=Path, default=default_folder(), help=_HELP[chinese])


def default_folder() -> Path:
    """The folder of the DLLs if this is their vcshim.exe, else the current one.

    sys.executable is the program in the vcshim folder (native/isolated.h), or the interpreter of a checkout.
    """
    program = Path(sys.executable or "")
    return program.parent.parent if program.stem.lower() == _PROGRAM else Path()


def name_settings(folder: Path, *, chinese: bool = False) -> None:
    """Print to stderr which vcshim.ini is read, or that there is none."""
    path = folder.absolute() / FILE_NAME
    if os.path.exists(path):
        console.warn(f"设置文件：{path}" if chinese else f"settings: {path}")
    else:
        console.warn(f"没有设置文件 {path}，全部按缺省值" if chinese else f"no settings file {path}: defaults")


def read_settings(folder: Path, overrides: Overrides | None = None) -> Configuration:
    """Read vcshim.ini for a command that tries a device; print which file it was, and what is wrong with it."""
    name_settings(folder, chinese=True)
    result = configuration.read(folder, overrides)
    for problem in result.problems:
        console.say(problem)
    return result
