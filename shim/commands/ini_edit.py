"""One key of an ini, set or taken out: the bytes of one line change, and no others. Not a command.

As in ini_merge.py no ini library is used: none would give back two charsets, keys twice or lines that are no lines.
"""

from __future__ import annotations

import re

from shim.commands.ini_merge import charset_of, ends_of_lines, ends_with_newline, newline_of
from shim.settings.file import UnreadableFile, decode_lines
from shim.settings.layers import split_heading
from shim.settings.lines import BLANKS, KeyLine, SectionLine, comment_behind, read_lines
from shim.settings.option import Option

_HEADINGS = tuple[str, str | None]


def with_value(present: bytes, heading: str, option: Option, value: str | None) -> bytes | None:
    """The file with `value` as the value of a key under `heading`, or without that key.

    The last line of the key counts, and is changed; the comment behind its value stays. Where there is none, a line
    goes behind the key that is commented out, else to the end of the section, which is made if the file has none.

    Args:
        heading: a section, or one for some PCs, such as ``scanner@PC-017``.
        value: as it is written, with quotes if it needs them; None to take the key out, from every line.

    Returns:
        None if the file cannot be read as text, or the key would be read otherwise.
    """
    try:
        lines = decode_lines(present)
    except UnreadableFile:
        return None
    own, end, commented = _lines_of(lines, split_heading(heading), option.key)
    if value is None:
        return _without(present, own)
    if own:
        number, entry = own[-1]
        text = _changed(lines[number - 1], entry, option, value)
        return _checked(_replaced(present, number, text), heading, option, value)
    line = f"{option.key} = {value}"
    at = commented or end
    texts = [line] if at else (["", f"[{heading}]", line] if present.strip() else [f"[{heading}]", line])
    return _checked(_inserted(present, at or len(lines), texts), heading, option, value)


def _lines_of(lines: list[str], wanted: _HEADINGS, key: str) -> tuple[list[tuple[int, KeyLine]], int, int]:
    """The lines of the key, the last line of its first section, and the line where it is commented out (0: none)."""
    read: dict[int, list[SectionLine | KeyLine]] = {}
    for entry in read_lines(lines):
        read.setdefault(entry.number, []).append(entry)
    own: list[tuple[int, KeyLine]] = []
    end = commented = 0
    inside, is_first = False, True
    pattern = re.compile(rf"\s*[;#]+\s*{re.escape(key)}\s*[=:]")
    for number, line in enumerate(lines, 1):
        for entry in read.get(number, ()):
            if isinstance(entry, SectionLine):
                is_first = is_first and not (inside and end)
                inside = split_heading(entry.name) == wanted
            elif inside and entry.key == key:
                own.append((number, entry))
        if inside and is_first and line.strip(BLANKS):
            end = number
            commented = number if not commented and pattern.match(line) else commented
    return own, end, commented


def _changed(line: str, entry: KeyLine, option: Option, value: str) -> str:
    """The line with another value; what is before it and the comment behind it stay."""
    bare = line.rstrip(BLANKS)
    before = bare[: len(bare) - len(entry.raw)] if entry.raw else f"{bare} "
    if not entry.delimited:
        before = f"{option.key} = "
    return f"{before}{value}{comment_behind(entry.raw, option.comment)}"


def _without(present: bytes, own: list[tuple[int, KeyLine]]) -> bytes:
    ends = ends_of_lines(present, charset_of(present))
    for number, _ in reversed(own):
        start = ends[number - 2] if number > 1 else _begin(present)
        present = present[:start] + present[ends[number - 1] :]
    return present


def _replaced(present: bytes, number: int, text: str) -> bytes:
    """Another text for a line, in the charset of that line, with the line's own end."""
    charset = charset_of(present)
    ends = ends_of_lines(present, charset)
    start, end = ends[number - 2] if number > 1 else _begin(present), ends[number - 1]
    line = present[start:end]
    newline = next((mark for mark in ("\r\n", "\n", "\r") if line.endswith(mark.encode(charset))), "")
    if not charset.startswith("utf-16") and not line.isascii():
        charset = charset_of(line)
    return present[:start] + (text + newline).encode(charset, "surrogateescape") + present[end:]


def _inserted(present: bytes, at: int, texts: list[str]) -> bytes:
    """Lines behind the line `at`."""
    charset, newline = charset_of(present), newline_of(present)
    ends = ends_of_lines(present, charset)
    place = ends[min(at, len(ends)) - 1]
    begin = newline if place == len(present) and not ends_with_newline(present, charset) else ""
    return present[:place] + (begin + newline.join([*texts, ""])).encode(charset) + present[place:]


def _begin(present: bytes) -> int:
    return 2 if present[:2] in (b"\xff\xfe", b"\xfe\xff") else 3 if present.startswith(b"\xef\xbb\xbf") else 0


def _checked(changed: bytes, heading: str, option: Option, value: str) -> bytes | None:
    """The file, if the key is read from it as it was meant."""
    own, _, _ = _lines_of(decode_lines(changed), split_heading(heading), option.key)
    return changed if own and option.text(own[-1][1].raw) == option.text(value) else None
