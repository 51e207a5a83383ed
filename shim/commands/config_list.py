"""`vcshim config list`: the settings in force on this PC, and the file and line that each comes from."""

from __future__ import annotations

import argparse

from shim import configuration
from shim.commands.catalogue import config as phrases
from shim.commands.columns import width
from shim.commands.config_values import Setting, settings_in_force
from shim.commands.console import show, warn, write_json
from shim.commands.folder import add_folder_word
from shim.settings_check import check_folder

HELP = phrases.LIST_HELP


def common_words(parser: argparse.ArgumentParser) -> None:
    """The words that are also taken without `list`."""
    parser.add_argument("--all", action="store_true", help=phrases.ALL())
    add_folder_word(parser)


def arguments(parser: argparse.ArgumentParser) -> None:
    """The words of this command."""
    parser.add_argument("section", nargs="?", default="", metavar="SECTION", help=phrases.SECTION())
    common_words(parser)


def run(options: argparse.Namespace) -> int:
    """0; also where everything is a default."""
    folder = options.folder.absolute()
    settings, findings = configuration.read(folder), check_folder(folder)
    rows = [row for row in settings_in_force(settings) if options.section.lower() in ("", row.section.lower())]
    defaults = sum(row.source is None for row in rows)
    shown = rows if options.all else [row for row in rows if row.source is not None]
    if options.json:
        files = [
            {"layer": each.name, "file": each.path, "exists": each.path.exists()}
            for each in configuration.layers(folder)
        ]
        problems = [*settings.problems, *findings.together]
        write_json({"files": files, "settings": [row.as_json() for row in shown], "problems": problems})
        return 0
    for layer in configuration.layers(folder):
        row = phrases.FILE if layer.path.exists() else phrases.NO_FILE
        show(row(layer=phrases.LAYERS[layer.name](), path=layer.path))
    show("\n".join(_lines(shown)))
    if not options.all:
        show(f"\n{phrases.DEFAULTS(count=defaults)}")
    if findings.count:
        warn(phrases.PROBLEMS(count=findings.count))
    return 0


def _lines(rows: list[Setting]) -> list[str]:
    """A line for each key, under the names of their sections; places in a column of their own."""
    texts = [f"{row.key} = {row.value}" for row in rows]
    most = min(max((width(text) for text in texts), default=0), 48)
    lines: list[str] = []
    section = ""
    for row, text in zip(rows, texts, strict=True):
        if row.section != section:
            section = row.section
            lines += ["", f"[{section}]"]
        lines.append(f"{text}{' ' * (most - width(text))}  {place_text(row)}")
    return lines


def place_text(row: Setting) -> str:
    """Where a value comes from, for people."""
    source = row.source
    if source is None:
        return phrases.DEFAULT()
    text = phrases.AT(layer=phrases.LAYERS[source.layer.name](), line=source.line)
    return text if source.heading == row.section else phrases.AT_HEADING(place=text, heading=source.heading)
