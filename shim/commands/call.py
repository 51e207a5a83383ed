"""`vcshim call`: one call of an export, as a hospital program makes it, through the service in this process.

No DLL is loaded and no host's buffer is filled: settings, devices, wire, log and journal are those of a real call.
OutData goes to standard output; what the export returns, and with --explain each stage, to standard error. InData is a
file's, an example's, or made from the specification and changed field by field (call_request, call_form).
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

from shim import stages
from shim.commands import folder
from shim.commands.call_form import NoAnswer, fill_in
from shim.commands.call_request import (
    Change,
    WrongWord,
    changed,
    changes_of,
    export_of_method,
    near_method,
    numbered,
    of_method,
    parsed_request,
    with_new_serial,
    written,
)
from shim.commands.call_stages import Explained, LogLines, address_of, explained_lines
from shim.commands.catalogue import call as phrases
from shim.commands.console import warn, write_data
from shim.commands.files import STDIN, read_text, write_file
from shim.commands.language import joined
from shim.commands.machine import tell
from shim.commands.words import whole_number
from shim.curl import SHELLS, curl_command
from shim.deadline import Deadline
from shim.har import har
from shim.http_answer import HttpAnswer
from shim.settings.pairs import Pairs
from shim.simulator.examples import EXAMPLES, Example, find_example
from shim.spec import EXPORTS, Effect, Export, Parameter

if TYPE_CHECKING:
    from shim.wiring import Wired

_ADDRESS, _REQUEST = "strUrl", "InData"
_MOST_REPEATS = 10_000


def arguments(parser: argparse.ArgumentParser) -> None:
    """The words of this command."""
    exports = [export.name for export in EXPORTS]
    examples = [example.name for example in EXAMPLES]
    parser.add_argument("export", nargs="?", choices=exports, metavar="EXPORT", help=phrases.EXPORT())
    parser.add_argument("values", nargs="*", metavar="VALUE", help=phrases.VALUES())
    parser.add_argument("--url", default="sim:", help=phrases.URL())
    parser.add_argument("--example", choices=examples, metavar="NAME", help=phrases.EXAMPLE())
    parser.add_argument("--method", default="", metavar="METHOD", help=phrases.METHOD())
    parser.add_argument("--set", action="append", default=[], metavar="FIELD=VALUE", help=phrases.SET())
    parser.add_argument("--unset", action="append", default=[], metavar="FIELD", help=phrases.UNSET())
    parser.add_argument("--form", action="store_true", help=phrases.FORM_WORD())
    parser.add_argument("--key-file", type=Path, help=phrases.KEY_FILE())
    parser.add_argument("--explain", action="store_true", help=phrases.EXPLAIN())
    parser.add_argument("--repeat", type=whole_number(1, _MOST_REPEATS), default=1, metavar="N", help=phrases.REPEAT())
    parser.add_argument("--save", type=Path, metavar="FILE", help=phrases.SAVE())
    shell = SHELLS[1] if sys.platform == "win32" else SHELLS[0]
    parser.add_argument("--curl", nargs="?", choices=SHELLS, const=shell, help=phrases.CURL())
    folder.add_folder_word(parser)


def run(options: argparse.Namespace) -> int:
    """0 for success, 1 for a refusal or failure, 2 for words that do not fit the export."""
    example = find_example(options.example) if options.example else None
    named = options.export or (example.export if example else export_of_method(options.method))
    export = next((row for row in EXPORTS if row.name == named), None)
    if export is None:
        exports, near = " ".join(row.name for row in EXPORTS), near_method(options.method)
        row = phrases.NO_EXPORT_NEAR if near else phrases.NO_EXPORT
        return _wrong(row(exports=exports, method=options.method[:40], near=near))
    try:
        changes = changes_of(options)
        words = _words(export, example, options)
        make = _maker(export, words, changes, options)
        if options.curl:
            return _print_curl(export, make(1), options)
        return _perform(export, make, options)
    except WrongWord as error:
        return _wrong(str(error))


# ---- the inputs ------------------------------------------------------------------------------------------------------

_Words = list[str | int]


def _words(export: Export, example: Example | None, options: argparse.Namespace) -> _Words:
    """The inputs as the words of the command line have them. WrongWord if they do not fit the export."""
    wanted = [row for row in export.inputs if row.name != _ADDRESS]
    values, is_text = list(options.values), example is not None or bool(options.method)
    takes_request = any(row.name == _REQUEST for row in wanted)
    if not takes_request and (options.method or options.set or options.unset or options.form or options.key_file):
        raise WrongWord(phrases.NO_IN_DATA(export=export.name))
    if example is not None and (example.export != export.name or values or options.method):
        raise WrongWord(phrases.EXAMPLE_AND_VALUES(name=options.example, export=example.export))
    if options.method and values:
        raise WrongWord(phrases.METHOD_AND_VALUES())
    if example is not None:
        values = [example.text]
    elif options.method:
        values = [written(of_method(options.method, export))]
    if takes_request and not values:
        values = [STDIN]
    if len(values) != len(wanted):
        inputs = " ".join(row.name for row in wanted) or "-"
        raise WrongWord(phrases.WRONG_VALUES(export=export.name, values=inputs))
    try:
        given = dict(zip((row.name for row in wanted), values, strict=True))
        return [_value(row, given.get(row.name, options.url), is_text) for row in export.inputs]
    except ValueError:
        raise WrongWord(phrases.NO_NUMBER(name=wanted[0].name)) from None


def _value(row: Parameter, word: str, is_text: bool) -> str | int:
    """What the service takes for a parameter. ValueError for a number that is none, FileProblem for a file."""
    if not row.is_text:
        return int(word)
    return word if row.name != _REQUEST or is_text else read_text(word)


def _maker(
    export: Export, words: _Words, changes: Sequence[Change], options: argparse.Namespace
) -> Callable[[int], _Words]:
    """Makes the inputs of the call of a number. InData that nothing changes stays letter for letter as it came."""
    names = [row.name for row in export.inputs]
    edits = changes or options.form or options.key_file or options.repeat > 1
    if _REQUEST not in names or not edits:
        return lambda number: words
    at = names.index(_REQUEST)
    request = parsed_request(str(words[at]))
    if options.form:
        request = _with_key_asked(fill_in(request, export), export, options)
    if options.key_file is not None:
        request["key"] = read_text(options.key_file).strip()

    def make(number: int) -> _Words:
        asked = changed(request, export, numbered(changes, number))
        if options.repeat > 1:
            asked = with_new_serial(asked, export, number, changes)
        return [*words[:at], written(asked), *words[at + 1 :]]

    make(1)  # WrongWord before anything is sent
    return make


def _with_key_asked(request: dict[str, Any], export: Export, options: argparse.Namespace) -> dict[str, Any]:
    """The request with an application key, asked for without showing it if there is none anywhere."""
    if export.name != "VirtualCardTrans" or request.get("key") or options.key_file is not None:
        return request
    from shim import configuration
    from shim.commands.dialect_words import NoKey, application_key

    try:
        return {**request, "key": application_key(options, configuration.read(options.folder))}
    except NoKey as error:
        raise NoAnswer(str(error)) from error


# ---- the call --------------------------------------------------------------------------------------------------------


def _perform(export: Export, make: Callable[[int], _Words], options: argparse.Namespace) -> int:
    wired = _wired(options)
    calls: list[Explained] = []
    kept = options.json or options.save is not None
    succeeded, codes, times = True, Counter[str](), []
    for number in range(1, options.repeat + 1):
        call = _one_call(wired, export, make(number), watches=options.explain or options.save is not None)
        assert call.reply is not None
        succeeded &= call.reply.is_success
        codes[call.reply.code] += 1
        times.append(call.ms)
        if kept:
            calls.append(call)
        if not options.json:
            _show(call, number, options)
    if not options.json and options.repeat > 1:
        counts = joined(f"{code} x {count}" for code, count in codes.most_common())
        middle = sorted(times)[len(times) // 2]
        warn(phrases.SUMMARY(calls=len(times), codes=counts, least=min(times), middle=middle, most=max(times)))
    if options.json:
        records = [call.record(with_stages=options.explain) for call in calls]
        tell(**(records[0] if options.repeat == 1 else {"calls": records}))
    if options.save is not None:
        _save(options.save, calls)
    return 0 if succeeded else 1


def _wired(options: argparse.Namespace) -> Wired:
    from shim.local_copy import LoadedSet
    from shim.wiring import announce, wire  # with all that a call needs; not for the help

    folder.name_settings(options.folder)
    wired = wire(options.folder.absolute())
    announce(wired, options.folder.absolute(), LoadedSet(), is_child=False, names_problems=True)
    return wired


def _one_call(wired: Wired, export: Export, words: _Words, *, watches: bool) -> Explained:
    names = [row.name for row in export.inputs]
    shown = {name: _without_key(word) if name == _REQUEST else word for name, word in zip(names, words, strict=True)}
    call = Explained(export, shown)
    perform = wired.service.export(export.name)
    lines = LogLines(call.log)
    wired.logger.addHandler(lines)
    began = time.perf_counter()
    try:
        with stages.watched(call.observe) if watches else nullcontext():
            call.reply = perform(*words)
    finally:
        wired.logger.removeHandler(lines)
    call.ms = round((time.perf_counter() - began) * 1000, 1)
    return call


def _show(call: Explained, number: int, options: argparse.Namespace) -> None:
    assert call.reply is not None
    if options.explain:
        warn("\n".join(explained_lines(call)))
    elif options.repeat > 1:
        warn(phrases.RETURNED_IN(number=number, export=call.export.name, code=call.reply.code, ms=call.ms))
    else:
        warn(phrases.RETURNED(export=call.export.name, code=call.reply.code))
    if not call.reply.is_success:
        for line in call.log:
            warn(phrases.LOG_LINE(line=line))
    if call.reply.text:
        write_data(f"{call.reply.text}\n")


def _without_key(word: str | int) -> str:
    """InData for people and files: the application key is not in it."""
    try:
        request = parsed_request(str(word))
    except Exception:  # not JSON: what it is shows in the failure
        return "" if '"key"' in str(word) else str(word)
    return written({**request, "key": stages.KEY} if "key" in request else request)


def _save(path: Path, calls: Sequence[Explained]) -> None:
    """FileProblem if the file cannot be written."""
    if path.suffix.lower() == ".har":
        value: Any = har(entry for call in calls for entry in call.har_entries())
    else:
        value = [call.record(with_stages=True) for call in calls]
    write_file(path, (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode("utf-8", "backslashreplace"))
    warn(phrases.SAVED(file=path))


# ---- curl ------------------------------------------------------------------------------------------------------------


class _NotSent(BaseException):
    """Ends a call before it would send its request."""


class _Capture:
    """A Transport that keeps the request and sends nothing."""

    request: tuple[str, bytes, list[tuple[str, str]]] | None = None

    def post(
        self, url: str, body: bytes, content_type: str, effect: Effect, deadline: Deadline, headers: Pairs = ()
    ) -> HttpAnswer:
        """See Transport."""
        others = [(name, value) for name, value in headers if name.lower() != "content-type"]
        own = next((value for name, value in headers if name.lower() == "content-type"), content_type)
        self.request = url, body, [("Content-Type", own), *others]
        raise _NotSent


def _print_curl(export: Export, words: _Words, options: argparse.Namespace) -> int:
    """The request of the call as a command line, as the parts of the call make it; nothing is sent."""
    from shim.wiring import unrecorded, wire

    folder.name_settings(options.folder)
    capture = _Capture()
    reply = unrecorded(wire(options.folder.absolute()), capture).export(export.name)(*words)
    if capture.request is None:
        warn(phrases.NOTHING_TO_SEND(export=export.name, code=reply.code))
        if reply.text:
            write_data(f"{reply.text}\n")
        return 1
    url, body, headers = capture.request
    if url != (url := address_of(url, export)):
        warn(phrases.CURL_SIMULATOR(url=url))
    write_data(f"{curl_command(url, headers, body, options.curl)}\n")
    return 0


def _wrong(text: str) -> int:
    tell(error="wrong_words")
    warn(f"vcshim call: {text}")
    return 2
