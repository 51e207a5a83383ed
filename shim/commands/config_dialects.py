"""A key of a section ``[dialect NAME]`` as a key of the settings, for the words of `vcshim config`. Not a command.

Such a section is a site's own: its name is whatever the site wrote, its keys are those of the table of dialects, and
its defaults those of the preset that it is made from.
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches

from shim.bilingual import NOTHING, Bilingual, filled
from shim.commands.catalogue import config as phrases
from shim.commands.machine import CommandFailed
from shim.configuration import Configuration
from shim.dialects.ciphers import NotAllowed
from shim.dialects.columns import SiteKey
from shim.dialects.table import DIALECTS, EHCSERVICE, SITE_KEYS, all_lines, site_dialect
from shim.errors import HostError
from shim.settings.lines import Comment, fold, narrow
from shim.settings.option import Option

_WORD = "dialect"
_OF_A_SHORT_NAME = 0.5  # how alike names must be: one of two characters may be another
_BY_KEY = {row.key: row for row in SITE_KEYS}


class NoSuchDialectKey(CommandFailed):
    """There is no such section, or no such key in one; the text says what is nearest."""


@dataclass(frozen=True, eq=False, repr=False, slots=True)
class DialectOption(Option):
    """One key of one section.

    Attributes:
        name: of the dialect, as the file has it.
        row: of the table.
    """

    name: str
    row: SiteKey

    @property
    def allowed(self) -> Bilingual:
        """What may stand there."""
        return self.row.form.advice


def dialect_option(name: str, key: str, settings: Configuration) -> DialectOption | None:
    """The key `key` of ``[dialect NAME]``; None if no dialect has such a key."""
    row = _BY_KEY.get(key)
    if row is None:
        return None
    base = settings.dialects.get(name, {}).get("base", "").lower()
    lines = {"base": EHCSERVICE.name, **all_lines(DIALECTS.get(base, EHCSERVICE))}
    return DialectOption(
        section=f"{_WORD} {name}", key=key, attribute="", default=lines.get(key, ""), low=None, high=None, refuses=True,
        is_path=False, live=False, _comment=Comment.DIALECT, _help=row.help, _choices=(), _convert=str,
        _check=lambda text: _problem(row, text), name=name, row=row,
    )  # fmt: skip


def _problem(row: SiteKey, text: str) -> Bilingual | None:
    try:
        row.form.read(text.strip())
    except NotAllowed as error:
        return _should_be(error.advice or row.form.advice)
    except ValueError:
        return _should_be(row.form.advice)
    return None


def _should_be(advice: Bilingual) -> Bilingual:
    return filled(*phrases.SHOULD_BE, {"allowed": advice})


def find_dialect_option(word: str, settings: Configuration, *, new: bool = False) -> DialectOption | None:
    """The key that ``dialect NAME.KEY`` or ``[dialect NAME] KEY`` means; None for a word that is of no dialect.

    Args:
        new: the section may be one that is not there yet.

    Raises:
        NoSuchDialectKey
    """
    section, _, key = narrow(word.replace("[", "").replace("]", ".")).rpartition(".")
    head, _, name = section.rstrip(". ").partition(" ")
    if fold(head) != _WORD or not name:
        return None
    named = next((known for known in settings.dialects if fold(known) == fold(name)), "")
    if not named and not new:
        _refuse(word, get_close_matches(name, settings.dialects, 1, _OF_A_SHORT_NAME), _WORD + " {near}." + key.strip())
    option = dialect_option(named or name, fold(key), settings)
    if option is None:
        _refuse(word, get_close_matches(fold(key), _BY_KEY, 1), f"{_WORD} {named or name}." + "{near}")
    elif not named:
        _check_name(name)
    return option


def _refuse(word: str, near: list[str], form: str) -> None:
    name = form.replace("{near}", near[0]) if near else ""
    raise NoSuchDialectKey(phrases.NO_KEY_NEAR(word=word, near=name) if name else phrases.NO_KEY(word=word))


def _check_name(name: str) -> None:
    try:
        site_dialect(name, {})
    except HostError as error:
        raise NoSuchDialectKey(phrases.BAD_NAME(reason=error.told)) from error


def dialect_fault(name: str, settings: Configuration) -> Bilingual:
    """Why the section as a whole cannot be used; an empty text if it can."""
    if name in settings.dialect_problems:
        return settings.dialect_problems[name].told
    try:
        site_dialect(name, settings.dialects.get(name, {}))
    except HostError as error:
        return error.told
    return NOTHING


def near_value(option: Option, value: str) -> str:
    """The word that may stand there and is nearest to `value`; "" where none is near."""
    words = option.row.form.choices if isinstance(option, DialectOption) else option.choices
    by_lower = {word.lower(): word for word in words}
    near = get_close_matches(value.lower(), by_lower, 1)
    return by_lower[near[0]] if near else ""
