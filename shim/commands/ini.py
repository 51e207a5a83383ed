"""`vcshim ini`: the settings file with every key, its default and its meaning; --dialect: a site's own section."""

from __future__ import annotations

import argparse

from shim import configuration
from shim.commands.console import write_data
from shim.dialects.table import DIALECTS, SITE_KEYS

HELP = "print vcshim.ini with every key, its default and its meaning"


def arguments(parser: argparse.ArgumentParser) -> None:
    """The words of this command."""
    parser.add_argument("--dialect", action="store_true", help="print a [dialect NAME] section with every key instead")


def run(options: argparse.Namespace) -> int:
    """Write the template to stdout."""
    write_data(_section() if options.dialect else configuration.template() + _presets())
    return 0


def _presets() -> str:
    lines = [
        "",
        "; [wire] dialect 可用的预置方言：",
        *(f";   {row.name:<20} {row.title}" for row in DIALECTS.values()),
        "; 都不合适时，以其中之一为底自定一节，只写不同的项（全部可用的项：vcshim ini --dialect）：",
        ";[dialect 本院]",
        ";base = ehcservice",
        ";tail = &key=",
    ]
    return "\n".join(lines) + "\n"


def _section() -> str:
    lines = ["[dialect 本院]"]
    explained: set[str] = set()
    for row in SITE_KEYS:
        allowed = "同上" if row.allowed in explained and len(row.allowed) > 60 else row.allowed
        explained.add(row.allowed)
        lines += [f"; {row.help}", f";   可写：{allowed}", f";{row.key} ="]
    return "\n".join(lines) + "\n"
