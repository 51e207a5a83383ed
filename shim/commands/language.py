"""The language of the commands, Chinese or English, and `Phrase`, a text in both. Not a command.

`shim/cli.py` chooses the language once: --lang, else that of the system. The texts are the rows of
shim/commands/catalogue; a command calls a row and gets the text in the chosen language. Only commands may use this:
what a host or a log gets is Chinese (shim/messages), and documents have one language each (`*_tables.py`,
`*_document.py`).
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from enum import Enum, unique
from typing import NamedTuple

from shim.bilingual import Bilingual

OPTION = "--lang"
_VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")  # POSIX: the first that is set and not empty decides
_CHINESE_OF_WINDOWS = 0x04  # LANG_CHINESE, the lower ten bits of a LANGID: mainland, Taiwan, Hong Kong ...


@unique
class CommandLanguage(Enum):
    """A language by its word after --lang."""

    CHINESE = "zh"
    ENGLISH = "en"


class Phrase(NamedTuple):
    """One text of the commands in both languages; ``{name}`` is a fact, the same ones in both, ``{{`` a brace.

    A fact may be a phrase, or a text of a lower layer in both languages: it is put in within the language of the text.
    """

    zh: str
    en: str

    def __call__(self, **facts: object) -> str:
        """The text in the language of this run."""
        return self.within(current_language(), **facts)

    def within(self, language: CommandLanguage, **facts: object) -> str:
        """The text in `language`, for what must not depend on the run, such as JSON."""
        text = self.zh if language is CommandLanguage.CHINESE else self.en
        return text.format(**{name: _within(fact, language) for name, fact in facts.items()})


def _within(fact: object, language: CommandLanguage) -> object:
    if isinstance(fact, Phrase):
        return fact.within(language)
    return fact.english if isinstance(fact, Bilingual) and language is CommandLanguage.ENGLISH else fact


def spoken(text: object) -> str:
    """A text of a lower layer in the language of this run, if it has both; any other as it is."""
    return str(_within(text, current_language()))


SEPARATOR = Phrase("、", ", ")
NONE = Phrase("无", "none")

_chosen: CommandLanguage | None = None
_asked: CommandLanguage | None = None


@contextmanager
def speaking(language: CommandLanguage | None) -> Iterator[None]:
    """Choose the language of a run; None for that of the system."""
    global _chosen, _asked
    before = _chosen, _asked
    _chosen, _asked = language or system_language(), language
    try:
        yield
    finally:
        _chosen, _asked = before


def current_language() -> CommandLanguage:
    """The language that was chosen, else that of the system."""
    return _chosen or system_language()


def settings_language() -> CommandLanguage:
    """That of vcshim.ini, which the hospital's staff read: Chinese on every system, unless --lang asks for English."""
    return _asked or CommandLanguage.CHINESE


def system_language() -> CommandLanguage:
    """What the system is set to: on Windows the user's language of the desktop, elsewhere the locale."""
    if sys.platform == "win32":
        from shim.winapi.kernel32 import GetUserDefaultUILanguage

        return windows_language(GetUserDefaultUILanguage())
    return locale_language(os.environ)


def windows_language(identifier: int) -> CommandLanguage:
    """The language of a LANGID of Windows."""
    return CommandLanguage.CHINESE if identifier & 0x3FF == _CHINESE_OF_WINDOWS else CommandLanguage.ENGLISH


def locale_language(environ: Mapping[str, str]) -> CommandLanguage:
    """The language of the variables of a POSIX system. C and POSIX are English, and so is no variable at all."""
    name = next((environ[variable] for variable in _VARIABLES if environ.get(variable)), "")
    return CommandLanguage.CHINESE if re.match(r"(?i)zh(?![a-z])", name) else CommandLanguage.ENGLISH


def take_language(arguments: Sequence[str]) -> tuple[CommandLanguage | None, list[str]]:
    """Take --lang out of the words of the command line, wherever it stands before ``--``; the last one counts.

    It has to be known before the parser is built, since help is in that language. A word that names no language is
    left in, for the parser to refuse.
    """
    language: CommandLanguage | None = None
    rest: list[str] = []
    words = list(arguments)
    while words:
        word = words.pop(0)
        if word == "--":
            return language, [*rest, word, *words]
        name, equals, value = word.partition("=")
        if name == OPTION and (equals or words):
            value = value if equals else words[0]
            if value in {each.value for each in CommandLanguage}:
                language = CommandLanguage(value)
                del words[: 0 if equals else 1]
                continue
        rest.append(word)
    return language, rest


def joined(names: Iterable[str]) -> str:
    """Names as a list for people; the word for none if there are none."""
    return SEPARATOR().join(names) or NONE()
