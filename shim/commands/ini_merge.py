"""Keys that are new in vcshim.ini, put into the file of a site as comments, with their meaning. Not a command.

No byte that is there is changed, removed or moved: whole lines are put between its lines. So a file that no ini library
would read again as it was (two charsets, keys twice, lines that are no lines) keeps all that it has.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Mapping, Sequence

from shim.settings.file import UnreadableFile, decode_lines
from shim.settings.lines import KeyLine, SectionLine, fold, read_lines

_ENDS = re.compile(b"\r\n|\r|\n")
_UTF16 = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
_HEADING = re.compile(r"\[([^\]]+)\]\s*")
_COMMENTED_KEY = re.compile(r"\s*[;#]+\s*([A-Za-z_][A-Za-z0-9_]*)\s*[=:]")

Blocks = Mapping[str, Mapping[str, Sequence[str]]]


def merged(present: bytes, template: str) -> bytes:
    """The file with the keys of the template that it has neither set nor commented out.

    A key goes to the end of the first section of its name; a section that is not there, to the end of the file. What
    cannot be read as text is returned as it is.
    """
    try:
        lines = decode_lines(present)
    except UnreadableFile:
        return present
    charset = charset_of(present)
    known, places = _of_site(lines)
    ends = ends_of_lines(present, charset)
    newline = newline_of(present)
    added: list[tuple[int, bool, str]] = []  # where, whether it is a section of its own, what
    for section, keys in template_blocks(template).items():
        texts = [line for key, block in keys.items() if key not in known.get(section, ()) for line in block]
        if not texts:
            continue
        is_new = section not in places
        texts = ["", f"[{section}]", *texts] if is_new else texts
        at = ends[min(places.get(section, len(lines)), len(ends)) - 1]
        added.append((at, is_new, newline.join([*texts, ""])))
    result, complete = present, ends_with_newline(present, charset)
    for at, is_new, text in reversed(sorted(added, key=lambda each: each[:2])):  # of one place the last first
        first = not any(each[0] == at and each[:2] < (at, is_new) for each in added)
        begin = newline if at == len(present) and first and not complete else ""
        result = result[:at] + (begin + text).encode(charset) + result[at:]
    return result


def template_blocks(template: str) -> Blocks:
    """By section and key: the lines that explain the key, and the key as a comment. The first place of a key counts."""
    blocks: dict[str, dict[str, list[str]]] = {}
    section, comment = "", list[str]()
    for line in template.splitlines():
        heading, key = _HEADING.fullmatch(line), re.match(r";([a-z_0-9]+) =", line)
        if heading:
            section = fold(heading[1])
        elif key and section:
            blocks.setdefault(section, {}).setdefault(key[1], [*comment, line])
        if line.startswith("; ") and not key:
            comment.append(line)
        else:
            comment = []
    return blocks


def _of_site(lines: Sequence[str]) -> tuple[dict[str, set[str]], dict[str, int]]:
    """The keys of each section, set or commented out, and after which line what is added to a section goes."""
    read: dict[int, list[SectionLine | KeyLine]] = {}
    for entry in read_lines(lines):
        read.setdefault(entry.number, []).append(entry)
    keys: dict[str, set[str]] = {}
    places: dict[str, int] = {}
    section, counts = "", False
    for number, line in enumerate(lines, 1):
        for entry in read.get(number, ()):
            if isinstance(entry, SectionLine):
                section = fold(entry.name)
                counts = section not in places
            else:
                keys.setdefault(section, set()).add(entry.key)
        commented = _COMMENTED_KEY.match(line)
        if commented:
            keys.setdefault(section, set()).add(commented[1].lower())
        if section and counts and line.strip():
            places[section] = number
    return keys, places


def charset_of(present: bytes) -> str:
    """In which what is added is written: Notepad of Windows 7 takes a file without a mark for GBK."""
    if present[:2] in _UTF16:
        return _UTF16[present[:2]]
    if present.startswith(codecs.BOM_UTF8):
        return "utf-8"
    try:
        return "gb18030" if present.decode("utf-8").isascii() else "utf-8"
    except UnicodeDecodeError:
        return "gb18030"


def newline_of(present: bytes) -> str:
    """How lines that are added end."""
    return "\r\n" if b"\n" not in present or "\r\n".encode(charset_of(present)) in present else "\n"


def ends_of_lines(present: bytes, charset: str) -> list[int]:
    """Where each line ends, its newline included; as many as `decode_lines` gives lines."""
    if not charset.startswith("utf-16"):
        return [*(match.end() for match in _ENDS.finditer(present)), len(present)]
    text = present[2 : len(present) // 2 * 2].decode(charset, "surrogatepass")
    places = [*(match.end() for match in re.finditer("\r\n|\r|\n", text)), len(text)]
    return [2 + len(text[:place].encode(charset, "surrogatepass")) for place in places]


def ends_with_newline(present: bytes, charset: str) -> bool:
    """Whether the last line is ended; so is that of an empty file."""
    bare = present.removeprefix(codecs.BOM_UTF8)
    return not bare or present in _UTF16 or bare.endswith(("\n".encode(charset), "\r".encode(charset)))
