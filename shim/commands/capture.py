"""`vcshim capture export` and `vcshim capture import`: captured calls for others, without anything private."""

from __future__ import annotations

import argparse
from pathlib import Path

from shim.commands import capture_export, capture_import
from shim.commands.captures import add_captures_word
from shim.commands.catalogue import capture as phrases
from shim.commands.folder import add_folder_word
from shim.settings.ini import FILE_NAME


def arguments(parser: argparse.ArgumentParser) -> None:
    """The words of this command."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", title=phrases.ACTION(), required=True)
    export = actions.add_parser("export", help=phrases.EXPORT(), description=phrases.EXPORT())
    add_captures_word(export)
    add_folder_word(export)
    export.add_argument("--pseudonymised", action="store_true", help=phrases.PSEUDONYMISED())
    export.add_argument("--out", type=Path, metavar="FILE", help=phrases.OUT())
    export.add_argument("--ini", type=Path, metavar="FILE", help=phrases.INI(ini=FILE_NAME))
    export.set_defaults(act=capture_export.export_captures)
    import_ = actions.add_parser("import", help=phrases.IMPORT(), description=phrases.IMPORT())
    import_.add_argument("file", type=Path, metavar="FILE", help=phrases.FILE())
    import_.set_defaults(act=capture_import.import_captures)


def run(options: argparse.Namespace) -> int:
    """The exit code of the action."""
    return int(options.act(options))
