"""`vcshim examples`: requests that the simulator answers with success: listed, shown, or written as files."""

from __future__ import annotations

import argparse
from pathlib import Path

from shim.commands.catalogue import examples as phrases
from shim.commands.console import say, show, write_data, write_json
from shim.commands.files import make_folder, write_file
from shim.commands.machine import tell
from shim.simulator.examples import EXAMPLES, find_example
from shim.spec import METHODS


def arguments(parser: argparse.ArgumentParser) -> None:
    """The words of this command."""
    names = [example.name for example in EXAMPLES]
    parser.add_argument("name", nargs="?", choices=names, metavar="NAME", help=phrases.NAME())
    parser.add_argument("--write", type=Path, metavar="FOLDER", help=phrases.WRITE())


def run(options: argparse.Namespace) -> int:
    """0. FileProblem for a folder that cannot be written."""
    if options.write is not None:
        _write(options.write)
    elif options.json and not options.name:
        rows = [(each.name, each.export, each.method, METHODS[each.method].title) for each in EXAMPLES]
        write_json([dict(zip(("name", "export", "method", "title"), row, strict=True)) for row in rows])
    elif options.name:
        example = find_example(options.name)
        assert example is not None
        write_data(example.text)
    else:
        width = max(len(example.name) for example in EXAMPLES)
        for example in EXAMPLES:
            show(f"{example.name:{width}}  {example.export}  {METHODS[example.method].title}")
    return 0


def _write(folder: Path) -> None:
    make_folder(folder)
    tell(files=[folder / f"{example.name}.json" for example in EXAMPLES])
    for example in EXAMPLES:
        path = folder / f"{example.name}.json"
        write_file(path, example.text.encode())
        say(phrases.WRITTEN(path=path))
