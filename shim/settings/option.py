"""One key of vcshim.ini as a field of a section: its type, default, help text and limits, written once.

A section is declared like this, and nothing else has to know its keys::

    class LogSettings(Section):
        NAME: ClassVar[str] = "log"
        level: str = word("info", "日志详细程度", ("error", "info", "debug"))
        keep_days: int = number(30, "日志保留天数", 1, 3650)

What it is not: the reader of the file, which is ini.py. Imports nothing of the project but the form of texts
in two languages, the names of colours and the form of values (lines.py).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath, PureWindowsPath
from typing import Any, ClassVar, NoReturn, dataclass_transform

from shim.bilingual import Bilingual, filled, word_list
from shim.settings.colours import is_colour
from shim.settings.lines import Comment, fold, is_readable, narrow, value_of

Words = Sequence[str] | Callable[[], Sequence[str]]
Text = str | Callable[[], str]
Check = Callable[[str], Bilingual | None]
"""Why a text cannot stand behind a key; None if it can."""
_GARBLED = Bilingual("含有乱码（不是 UTF-8 或 GBK）", "it has unreadable characters, neither UTF-8 nor GBK")


@dataclass(frozen=True, eq=False, repr=False, slots=True)
class Option:
    """One key.

    Attributes:
        section, key: where it stands in the file.
        attribute: the field of the section that holds its value.
        default: as it would stand in the file.
        low, high: the limits of a whole number, both included; None for a text.
        refuses: a value that is not understood refuses every call: the default could be weaker than what the site asked
            for. Of any other key it costs that key only, which takes its default.
        is_path: it names a file or folder (or several), and a relative one is relative to the folder of vcshim.ini.
        live: a change counts from the next call on; of any other key when the host program has been started again.
    """

    section: str
    key: str
    attribute: str
    default: str
    low: int | None
    high: int | None
    refuses: bool
    is_path: bool
    live: bool
    _comment: re.Pattern[str]
    _help: Text
    _choices: Words
    _convert: Callable[[str], object]
    _check: Check

    @property
    def help(self) -> str:
        """What the key is for, in Chinese, on one line."""
        return self._help() if callable(self._help) else self._help

    @property
    def described(self) -> str:
        """The help text as the template and the documents have it."""
        return f"{self.help}。写错则拒绝所有调用（8006）" if self.refuses else self.help

    @property
    def choices(self) -> tuple[str, ...]:
        """The words that may stand there, lower case; empty where any text may."""
        return tuple(self._choices() if callable(self._choices) else self._choices)

    @property
    def allowed(self) -> Bilingual:
        """What may stand there; its Chinese is in the template and the documents."""
        if self.choices:
            return word_list(self.choices)
        if self.low is not None:
            limits = {"low": self.low, "high": self.high}
            return filled("{low} 到 {high} 的整数", "a whole number from {low} to {high}", limits)
        if self._comment is Comment.WORD:
            return Bilingual("颜色", "a colour")
        if self.is_path and self._comment is Comment.LIST_BY_SEMICOLON:
            return Bilingual("文件，可以有多个", "a file, or several")
        return Bilingual("文件或文件夹", "a file or a folder") if self.is_path else Bilingual("文字", "text")

    @property
    def comment(self) -> re.Pattern[str]:
        """Where a comment behind its value starts."""
        return Comment.WORD if self.is_word else self._comment

    @property
    def is_word(self) -> bool:
        """Whether it is a number or one of a few words: such a value is compared as the names of keys are."""
        return self.low is not None or bool(self.choices)

    def text(self, raw: str) -> str:
        """The value in `raw`, which is what stands behind the delimiter: without quotes and comment."""
        if self.is_word:
            return fold(value_of(narrow(raw), Comment.WORD))
        return value_of(raw, self._comment)

    def problem(self, text: str) -> Bilingual | None:
        """Why `text` cannot stand here; None if it can."""
        choices = self.choices
        if choices and fold(text) not in choices:
            return filled("应为 {words} 之一", "it should be one of {words}", {"words": word_list(choices)})
        if self.low is not None and self.high is not None:
            number = _whole(text)
            if number is None or not self.low <= number <= self.high:
                limits = {"low": self.low, "high": self.high}
                return filled(
                    "应为 {low} 到 {high} 之间的整数", "it should be a whole number from {low} to {high}", limits
                )
        if not is_readable(text):
            return _GARBLED
        return self._check(text)

    def shown(self, text: str) -> str | None:
        """`text` as a problem may show it; None for a text that may be a secret."""
        harmless = self.is_word or (self.refuses and "@" not in text and is_readable(text))
        return text[:40] if harmless and text.isprintable() else None

    def value(self, text: str, folder: PurePath | None = None) -> object:
        """What the field of the section holds for `text`, which must have no problem.

        Args:
            folder: that of vcshim.ini, for a relative path.
        """
        value = self._convert(fold(text) if self.is_word else text)
        if self.is_path and isinstance(value, str):
            return resolved(value, folder or PurePath())
        if self.is_path and isinstance(value, tuple):
            return tuple(resolved(each, folder or PurePath()) for each in value)
        return value


# What Windows opens as a device whatever the folder, and what begins with \\.\ or \\?\: taken as they stand.
_DEVICE = r"(?is)(?:con|prn|aux|nul|(?:com|lpt)[0-9]):?|\\\\[.?]\\.*"


def resolved(path: str, folder: PurePath) -> str:
    """`path` beside vcshim.ini: never relative to the working directory, which is the host program's affair."""
    windows = isinstance(folder, PureWindowsPath)
    if not path or (windows and re.fullmatch(_DEVICE, path)) or path.lower().startswith(("https://", "http://")):
        return path
    if windows and PureWindowsPath(path).drive.endswith(":") and not PureWindowsPath(path).root:
        path = f"{path[:2]}\\{path[2:]}"  # D:codes.txt is relative to a working directory, too
    return str(folder / path)


def _whole(text: str) -> int | None:
    """A whole number in at most 19 decimal digits, as in C. NB: int() refuses more than 4,300 digits."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 19 else None


def _any(_text: str) -> Bilingual | None:
    return None


@dataclass(frozen=True, eq=False, repr=False, slots=True)
class _Declared:
    """What a field declares; `Keys.options` completes it with the names."""

    default: str
    help: Text
    convert: Callable[[str], object]
    choices: Words = ()
    low: int | None = None
    high: int | None = None
    key: str = ""
    check: Check = _any
    refuses: bool = False
    is_path: bool = False
    live: bool = False
    comment: re.Pattern[str] = Comment.TEXT


@dataclass_transform(frozen_default=True, kw_only_default=True)
class Keys:
    """The base of whatever has options for fields: a frozen record, every field with a default, built by keyword.

    NB: not a dataclass. The standard library writes and compiles the methods of each class, 2 ms for one of 20 fields;
    with all sections that was 9 ms of the first call of every host program.
    """

    _own: ClassVar[Mapping[str, _Declared]] = {}
    _declared: ClassVar[Mapping[str, _Declared]] = {}

    def __init_subclass__(cls) -> None:
        cls._own = {name: row for name, row in vars(cls).items() if isinstance(row, _Declared)}
        for name, row in cls._own.items():
            setattr(cls, name, row.convert(row.default))
        declared: dict[str, _Declared] = {}
        for base in reversed(cls.__mro__):
            declared.update(base.__dict__.get("_own", {}))
        cls._declared = declared

    def __init__(self, **values: object) -> None:
        unknown = values.keys() - self._declared.keys()
        if unknown:
            raise TypeError(f"{type(self).__name__} has no {', '.join(sorted(unknown))}")
        self.__dict__.update(values)

    @classmethod
    def attributes(cls) -> tuple[str, ...]:
        """The names of the fields, in the order of the file."""
        return tuple(cls._declared)

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"{type(self).__name__} is frozen")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError(f"{type(self).__name__} is frozen")

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and self._values() == other._values()

    def __hash__(self) -> int:
        return hash((type(self), self._values()))

    def __repr__(self) -> str:
        """The keys that differ from their defaults, without their values: one of them may be a secret."""
        return f"<{' '.join([type(self).__name__, *self.__dict__])}>"

    def _values(self) -> tuple[object, ...]:
        return tuple(getattr(self, name) for name in self._declared)


class Section(Keys):
    """The base of every section.

    NAME is the word in square brackets; LIVE says whether all its keys are live, see `Option`.
    """

    NAME: ClassVar[str]
    LIVE: ClassVar[bool] = False

    @classmethod
    def options(cls) -> tuple[Option, ...]:
        """The keys of this section, in the order of the file."""
        return tuple(
            Option(
                cls.NAME, row.key or name, name, row.default, row.low, row.high, row.refuses, row.is_path,
                cls.LIVE or row.live, row.comment, row.help, row.choices, row.convert, row.check,
            )
            for name, row in cls._declared.items()
        )  # fmt: skip

    @classmethod
    def option(cls, key: str) -> Option:
        """The option of `key`; KeyError if the section has none of that name."""
        for each in cls.options():
            if each.key == key:
                return each
        raise KeyError(key)


def text(default: str, help_: Text, check: Check = _any, *, refuses: bool = False) -> Any:
    """A field of type str that may hold any text.

    Args:
        check: why a text cannot stand there; None if it can.
        refuses: as in `Option`.
    """
    return _Declared(default, help_, str, check=check, refuses=refuses)


def path(help_: Text, *, refuses: bool = False) -> Any:
    """A field of type str that names a file or folder, "" by default; a relative one is beside vcshim.ini."""
    return _Declared("", help_, str, refuses=refuses, is_path=True)


def word(default: str, help_: Text, choices: Words, *, refuses: bool = False, live: bool = False) -> Any:
    """A field of type str that holds one of `choices`, in any case in the file, in lower case in the field.

    A function in the place of the choices or of the help is called when the key is checked or described: rows of a
    device's table are imported only then.
    """
    return _Declared(default, help_, str, choices, refuses=refuses, live=live)


def switch(default: bool, help_: Text) -> Any:
    """A field of type bool: on or off in the file."""
    return _Declared("on" if default else "off", help_, lambda value: value == "on", ("off", "on"))


def number(default: int, help_: Text, low: int, high: int, *, refuses: bool = False) -> Any:
    """A field of type int: a whole number from `low` to `high`."""
    return _Declared(str(default), help_, _number, low=low, high=high, refuses=refuses)


def milliseconds(key: str, default: int, help_: Text, low: int, high: int) -> Any:
    """A field of type float, in seconds, of a key that is written in whole milliseconds."""
    return _Declared(str(default), help_, lambda value: _number(value) / 1000, low=low, high=high, key=key)


def colour(default: str, help_: Text) -> Any:
    """A field of type str that holds a colour: #RRGGBB, or a name of CSS such as navy."""

    def check(value: str) -> Bilingual | None:
        return None if is_colour(value) else Bilingual("不是颜色（形如 #0B5FA5）", "it is no colour, such as #0B5FA5")

    return _Declared(default, help_, str, check=check, comment=Comment.WORD)


def listed(default: str, help_: Text, separator: str = ",", check: Check = _any) -> Any:
    """A field of type tuple[str, ...]: texts divided by `separator`, blanks around them and empty ones left out.

    Args:
        check: as in `text`, of the whole.
    """
    return _Declared(default, help_, _splitting(separator), check=check, comment=_COMMENT_OF[separator])


def paths(help_: Text, separator: str) -> Any:
    """A field of type tuple[str, ...] that names files, none by default; relative ones are beside vcshim.ini."""
    return _Declared("", help_, _splitting(separator), is_path=True, comment=_COMMENT_OF[separator])


_COMMENT_OF = {",": Comment.TEXT, ";": Comment.LIST_BY_SEMICOLON}
_FULL_WIDTH_OF = {",": "，", ";": "；"}


def _splitting(separator: str) -> Callable[[str], tuple[str, ...]]:
    def convert(value: str) -> tuple[str, ...]:
        parts = value.replace(_FULL_WIDTH_OF[separator], separator).split(separator)
        return tuple(part.strip() for part in parts if part.strip())

    return convert


def _number(text: str) -> int:
    number = _whole(text)
    assert number is not None  # Option.problem has looked at it
    return number
