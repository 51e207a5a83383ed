"""What native/failure.c says without Python, by the rows of shim/messages. Run by buildlib/compile.py; not shipped.

`python -m native.messages_build FOLDER` writes FOLDER/messages.h: for each outcome of a call that the core did not
answer, the clerk's sentence for each export, and the engineer's line. {mark}, {path}, {error} and {reason} stay in them
as they are; failure.c puts the values there. FOLDER/program_messages.h is what vcshim.exe says without the core.
"""

from __future__ import annotations

import sys
from pathlib import Path

from shim.commands.catalogue import start as program
from shim.commands.language import Phrase
from shim.errors import Message, State
from shim.messages import own, start, vendor
from shim.messages.clerk import sentence
from shim.spec import EXPORTS, Effect, Export, Family, Shape

# By the names of `enum outcome` in native/failure.h: the row, and what became of the call.
ROWS: dict[str, tuple[Message, State]] = {
    "NOT_ANSWERED": (own.INTERNAL, State.NOT_DONE),
    "UNKNOWN": (own.INTERNAL_SENT, State.UNKNOWN),
    "NOT_STARTED": (start.NOT_STARTED, State.NOT_DONE),
    "NOT_LOADED": (start.NOT_LOADED, State.NOT_DONE),
    "NO_FILE": (start.NO_FILE, State.NOT_DONE),
    "NO_CRT": (start.NO_CRT, State.NOT_DONE),
    "NO_FOLDERS": (start.NO_FOLDERS, State.NOT_DONE),
    "SEMICOLON": (start.SEMICOLON, State.NOT_DONE),
    "NO_MEMORY": (start.NO_MEMORY, State.NOT_DONE),
    "NO_THREAD": (start.NO_THREAD, State.NOT_DONE),
    "NO_VENDOR": (vendor.NOT_LOADED, State.NOT_DONE),
    "VENDOR_IS_OURS": (vendor.IS_OURS, State.NOT_DONE),
    "NO_EXPORT": (vendor.NO_EXPORT, State.NOT_DONE),
    "CRASHED": (vendor.CRASHED, State.NOT_DONE),
    "CRASHED_SENT": (vendor.CRASHED_SENT, State.UNKNOWN),
}
# By the names of `enum vcshim_lacking` in native/lacking.h.
PROGRAM_ROWS: dict[str, Phrase] = {
    "VCSHIM_LACKS_NOTHING_KNOWN": program.NOT_LOADED,
    "VCSHIM_LACKS_FILE": program.NO_FILE,
    "VCSHIM_LACKS_CRT": program.NO_CRT,
    "VCSHIM_LACKS_FOLDERS": program.NO_FOLDERS,
    "VCSHIM_HAS_SEMICOLON": program.SEMICOLON,
}
PLACES = ("mark", "path", "error", "reason")


def clerk(row: Message, state: State, export: Export) -> str:
    """The sentence for the clerk; "" for an export that gives back no text. What was asked is not known to C."""
    if export.shape is Shape.NUMBER:
        return ""
    code = row.reason.vc_code if export.family is Family.VC else row.reason.ec_code
    return sentence(row, _places(), export, state, Effect.CHANGE, code)


def engineer(row: Message) -> str:
    """The engineer's line."""
    return row.engineer.format(**_places())


def header() -> str:
    """messages.h."""
    lines = [
        "/* messages.h - generated from shim/messages by native/messages_build.py: do not edit. */",
        "static const struct {",
        f"    const char *clerk[{max(export.number for export in EXPORTS) + 1}]; /* by enum vcshim_function */",
        "    const char *engineer;",
        "} messages[] = {",
    ]
    for name, (row, state) in ROWS.items():
        lines += [f"    [{name}] = {{{{"]
        lines += [f"        [VCSHIM_{export.name}] = {_quoted(clerk(row, state, export))}," for export in EXPORTS]
        lines += [f"    }}, {_quoted(engineer(row))}}},"]
    names = ", ".join(map(_quoted, start.FILE_NAME))
    lines += ["};", f"static const char *const start_file[] = {{{names}}};"]
    return "".join(f"{line}\n" for line in lines)


def program_header() -> str:
    """program_messages.h."""
    lines = [
        "/* program_messages.h - generated from shim/commands/catalogue by native/messages_build.py: do not edit. */",
        "static const struct {",
        "    const char *zh, *en;",
        "} program_messages[] = {",
        *(f"    [{name}] = {{{_quoted(row.zh)}, {_quoted(row.en)}}}," for name, row in PROGRAM_ROWS.items()),
        f"}}, press_enter = {{{_quoted(program.PRESS_ENTER.zh)}, {_quoted(program.PRESS_ENTER.en)}}};",
    ]
    return "".join(f"{line}\n" for line in lines)


def write(folder: Path) -> None:
    """The files, with the rows as they are now."""
    (folder / "messages.h").write_text(header(), "utf-8")
    (folder / "program_messages.h").write_text(program_header(), "utf-8")


def _places() -> dict[str, object]:
    return {name: f"{{{name}}}" for name in PLACES}


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


if __name__ == "__main__":
    write(Path(sys.argv[1]))
