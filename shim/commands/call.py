"""`vcshim call`: one call of an export, as a hospital program makes it, through the service in this process.

No DLL is loaded and no host's buffer is filled: settings, devices, wire, log and journal are those of a real call.
OutData goes to standard output, what the export returns to standard error.
"""

from __future__ import annotations

import argparse

from shim.commands import folder
from shim.commands.catalogue import call as phrases
from shim.commands.console import warn, write_data
from shim.commands.files import STDIN, read_text
from shim.simulator.examples import EXAMPLES, find_example
from shim.spec import EXPORTS, Export, Parameter

# The export, and the method of the service that takes the inputs of its row.
_METHODS = {
    "VirtualCardTrans": "virtual_card_trans",
    "Set_QRflow_Mode": "set_qrflow_mode",
    "EhealthID_Print": "ehealthid_print",
    "SetEcQrcode": "set_ec_qrcode",
    "NationEcTrans": "nation_ec_trans",
}
_ADDRESS, _REQUEST = "strUrl", "InData"


def arguments(parser: argparse.ArgumentParser) -> None:
    """The words of this command."""
    exports = [export.name for export in EXPORTS]
    examples = [example.name for example in EXAMPLES]
    parser.add_argument("export", nargs="?", choices=exports, metavar="EXPORT", help=phrases.EXPORT())
    parser.add_argument("values", nargs="*", metavar="VALUE", help=phrases.VALUES())
    parser.add_argument("--url", default="sim:", help=phrases.URL())
    parser.add_argument("--example", choices=examples, metavar="NAME", help=phrases.EXAMPLE())
    folder.add_folder_word(parser)


def run(options: argparse.Namespace) -> int:
    """0 for success, 1 for a refusal or failure, 2 for words that do not fit the export."""
    example = find_example(options.example) if options.example else None
    name = options.export or (example.export if example else "")
    export = next((row for row in EXPORTS if row.name == name), None)
    if export is None:
        return _wrong(phrases.NO_EXPORT(exports=" ".join(row.name for row in EXPORTS)))
    values = list(options.values)
    if example is not None and (example.export != name or values):
        return _wrong(phrases.EXAMPLE_AND_VALUES(name=options.example, export=example.export))
    if example is not None:
        values = [example.text]
    wanted = [row for row in export.inputs if row.name != _ADDRESS]
    if len(wanted) == 1 and wanted[0].name == _REQUEST and not values:
        values = [STDIN]
    if len(values) != len(wanted):
        return _wrong(phrases.WRONG_VALUES(export=name, values=" ".join(row.name for row in wanted) or "-"))
    try:
        given = dict(zip((row.name for row in wanted), values, strict=True))
        words = [_value(row, given.get(row.name, options.url), example is not None) for row in export.inputs]
    except ValueError:
        return _wrong(phrases.NO_NUMBER(name=wanted[0].name))
    return _perform(export, words, options)


def _value(row: Parameter, word: str, is_text: bool) -> str | int:
    """What the service takes for a parameter. ValueError for a number that is none, FileProblem for a file."""
    if not row.is_text:
        return int(word)
    return word if row.name != _REQUEST or is_text else read_text(word)


def _perform(export: Export, words: list[str | int], options: argparse.Namespace) -> int:
    from shim.local_copy import LoadedSet
    from shim.wiring import announce, wire  # with all that a call needs; not for the help

    folder.name_settings(options.folder)
    wired = wire(options.folder.absolute())
    announce(wired, options.folder.absolute(), LoadedSet(), is_child=False, names_problems=True)
    reply = getattr(wired.service, _METHODS[export.name])(*words)
    warn(phrases.RETURNED(export=export.name, code=reply.code))
    if reply.text:
        write_data(f"{reply.text}\n")
    return 0 if reply.is_success else 1


def _wrong(text: str) -> int:
    warn(f"vcshim call: {text}")
    return 2
