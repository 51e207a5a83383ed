"""The commands that the documents print: `build_dll.py …` and `vcshim …`, in blocks of code and in the running text.

A block prints whole commands; the text may name the beginning of one (`vcshim sign --explain`), or use a word in
capitals for something of the reader's. Nothing is run here.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.support.paths import ROOT

_PROGRAM = re.compile(r"(?:[A-Za-z]:)?(?:[\w.]*[\\/])*(?P<name>build_dll\.py|vcshim(?:-toolbox)?(?:\.exe|\.cmd)?)$")
_PYTHONS = ("python", "python3", "py")
_PROMPT = re.compile(r"^(?:\$|>|PS>|[A-Za-z]:\\[^>]*>)\s+")
_ASSIGNMENT = re.compile(r"^[A-Z_]+=\S*$")
_PLACEHOLDER = re.compile(r"^(?:[A-Z][A-Z_]*|<.*>|\[.*\]|…|\.\.\.)$")


@dataclass(frozen=True)
class Command:
    """`words` follow the program's name. Of a `whole` command they are all, otherwise they may be only the first."""

    place: str
    program: str
    words: tuple[str, ...]
    whole: bool

    @property
    def document(self) -> str:
        """The file that prints it."""
        return self.place.partition(":")[0]

    def __str__(self) -> str:
        return f"{self.place} {' '.join((self.program, *self.words))}"


def documents() -> list[Path]:
    """Every Markdown file of the project."""
    folders = (ROOT, ROOT / "docs", ROOT / ".github", ROOT / "tests", ROOT / "native", ROOT / "examples")
    inner = [path for folder in folders[1:] if folder.exists() for path in sorted(folder.rglob("*.md"))]
    return [*sorted(ROOT.glob("*.md")), *inner]


def commands(path: Path) -> list[Command]:
    """The commands of one document, in its order."""
    name = path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else path.name
    found = []
    for number, line, is_code in _lines(path.read_text("utf-8")):
        pieces = [line] if is_code else re.findall(r"`([^`]+)`", line)
        for piece in pieces:
            found += [_command(f"{name}:{number}", words, is_code) for words in _split(piece, is_code)]
    return found


def _lines(text: str) -> Iterator[tuple[int, str, bool]]:
    """Number, text and whether it is code; lines that a backslash continues are one."""
    fenced, before_blank, started = False, True, 0
    continued = ""
    for number, line in enumerate(text.splitlines(), 1):
        if line.lstrip().startswith("```"):
            fenced = not fenced
            continue
        # An indented block comes after an empty line or another line of code; deeper ones are parts of lists.
        indented = line.startswith("    ") and before_blank
        is_code = fenced or indented
        before_blank = not line.strip() or indented
        if is_code and line.endswith("\\"):
            started = started or number
            continued += line[:-1].strip() + " "
            continue
        yield started or number, continued + (line.strip() if continued else line), is_code
        continued, started = "", 0


def _split(line: str, is_code: bool) -> Iterator[list[str]]:
    """The command lines in a line that are ours, each from its program's name."""
    # What stands behind a # or behind two blanks explains the command.
    line = re.sub(r"(?:^|\s)#.*|\s{2,}.*", "", _PROMPT.sub("", line.strip()))
    for part in re.split(r"\s*(?:;|&&|\|\||\||(?<=\s)>)\s*", line):
        try:
            words = shlex.split(part.replace("\\", "/"))
        except ValueError:
            continue  # prose with an apostrophe
        while words and _ASSIGNMENT.match(words[0]):
            words.pop(0)
        if words and words[0] in _PYTHONS:
            words.pop(0)
        # In the text, a program's name alone is no command.
        if words and _PROGRAM.match(words[0]) and (is_code or words[1:]):
            yield words


def _command(place: str, words: list[str], is_code: bool) -> Command:
    name = "build_dll.py" if words[0].endswith("build_dll.py") else "vcshim"
    whole = is_code and not any(_PLACEHOLDER.match(word) for word in words[1:])
    return Command(place, name, tuple(words[1:]), whole)
