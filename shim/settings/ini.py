"""Reads vcshim.ini into sections, and writes the commented template of it.

A line that cannot be used costs that line only, and becomes a problem: a sentence in Chinese for the log, the command
line and the first failure of the process. A value that is not understood leaves its key at the default, except where
the option `refuses`, and except for a file that cannot be read at all: those are refusals, and no call is made.

The [abi] keys are also read by native/settings.c, which must obey them when Python is not there; one table of cases
(tests/vectors/ini_abi.json) holds both readers together.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from shim.errors import mask
from shim.settings.file import UnreadableFile, read_file
from shim.settings.lines import Comment, KeyLine, SectionLine, fold, is_readable, narrow, read_lines, value_of
from shim.settings.option import Option, Section

FILE_NAME = "vcshim.ini"
_DIALECT = "dialect"
_PROBLEMS = 50  # sentences; a file that is something else has one in every line
_NAME_LENGTH = 24  # a longer name of a key may be a secret that stands on a line by itself

Overrides = Mapping[tuple[str, str], str]


@dataclass(frozen=True, slots=True)
class Parsed:
    """What an ini text says.

    Attributes:
        values: the values of the keys that are set and understood, by section and attribute.
        problems: all that is wrong, in the order of the lines; sentences in Chinese.
        refusals: those of them that refuse every call.
        unreadable: the file itself cannot be read, which may be over at the next call. It is the only refusal then.
        dialects: the sections ``[dialect NAME]`` as they stand; what their keys mean is known to shim/dialects only.
        dialect_problems: for sections with a line that cannot be read, the first of these problems.
    """

    values: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    problems: tuple[str, ...] = ()
    refusals: tuple[str, ...] = ()
    unreadable: bool = False
    dialects: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    dialect_problems: Mapping[str, str] = field(default_factory=dict)


def read_ini(folder: Path, sections: Sequence[type[Section]], overrides: Overrides | None = None) -> Parsed:
    """Read `folder`/vcshim.ini; all defaults if there is none. Never raises for what the file holds.

    Args:
        overrides: values that take the place of those in the file, by section and key.
    """
    try:
        lines = read_file(folder / FILE_NAME)
    except UnreadableFile as error:
        return _Reading(sections, folder).finished(overrides or {}, f"{FILE_NAME} 无法读取：{error}")
    return parse_ini(lines, sections, folder.absolute(), overrides)


def parse_ini(
    lines: Iterable[str], sections: Sequence[type[Section]], folder: Path, overrides: Overrides | None = None
) -> Parsed:
    """Read the lines of an ini; see `read_ini`. Relative paths in it are beside `folder`."""
    reading = _Reading(sections, folder)
    for line in read_lines(lines):
        reading.take(line)
    return reading.finished(overrides or {})


def ini_template(sections: Sequence[type[Section]]) -> str:
    """vcshim.ini as it ships: every key commented out with its default, so that deleting the file changes nothing."""
    lines = [
        "; vcshim.ini：vcshim 的设置。可以没有这个文件，每一项都有默认值。",
        "; 要改哪一项，就去掉那一行行首的分号，再改等号后面的值；改后须重新启动医院程序。",
        "; 用记事本以任何编码保存都可以。值后面空一格写分号，其后是注释。",
        "; 最常改的几项：[scanner] type、port、make 扫码枪；[label] type、printer 标签打印机；",
        ";   [screen] monitor 扩展屏；[transport] proxy 代理；[wire] dialect 报文格式。",
        "; 写错的行不影响其他行，日志会写明第几行、应该怎么写。",
    ]
    for section in sections:
        lines += ["", f"[{section.NAME}]"]
        for option in section.options():
            lines += [f"; {option.described}", f";{option.key} = {option.default}".rstrip()]
    return "\n".join(lines) + "\n"


class _Reading:
    """The lines that were read so far, and what is wrong with them."""

    def __init__(self, sections: Sequence[type[Section]], folder: Path) -> None:
        self._options = {section.NAME: {each.key: each for each in section.options()} for section in sections}
        self._folder = folder
        self._section = ""  # the known section that the next line belongs to, _DIALECT, or "" for none
        self._dialect = ""
        self._ignoring = False  # the lines belong to a section that has been reported already
        self._entries: dict[Option, KeyLine] = {}  # the last line of each key: that one counts
        self._dialects: dict[str, dict[str, str]] = {}
        self._dialect_problems: dict[str, str] = {}
        self._problems: list[tuple[int, str]] = []
        self._refusals: list[tuple[int, str]] = []
        self._untold = 0

    def take(self, line: SectionLine | KeyLine) -> None:
        """Read one more line."""
        if isinstance(line, SectionLine):
            self._open(line)
        elif self._section == _DIALECT:
            self._dialect_line(line)
        elif self._section:
            self._line(line)
        elif not self._ignoring:
            self._note(line, f"{_shown_key(line)}写在所有 [节] 之前，已忽略{self._home(line.key)}")

    def finished(self, overrides: Overrides, unreadable: str = "") -> Parsed:
        """What all lines say."""
        values: dict[str, dict[str, object]] = {}
        for option, entry in self._entries.items():
            text = option.text(entry.raw)
            sentence = self._set(values, option, text)
            if sentence is None:
                continue
            refuses = option.refuses and bool(text)  # an empty value asks for nothing
            if refuses:
                self._refuse(entry, sentence)
            default = option.default or "（空）"
            costs = f"默认值为 {default}，不猜测，拒绝所有调用" if refuses else f"已按默认值 {default} 运行"
            self._note(entry, f"{sentence}；{costs}")
        for (section, key), text in overrides.items():
            self._set(values, self._options[section][key], text)
        if unreadable:
            return Parsed(values, (unreadable,), (unreadable,), True)
        problems = [sentence for _, sentence in sorted(self._problems)]
        if self._untold:
            problems.append(f"{FILE_NAME} 另有 {self._untold} 处问题，未逐一列出")
        refusals = tuple(sentence for _, sentence in sorted(self._refusals))
        return Parsed(values, tuple(problems), refusals, False, self._dialects, self._dialect_problems)

    def _open(self, heading: SectionLine) -> None:
        name = narrow(heading.name)
        word, _, dialect = name.partition(" ")
        self._section, self._ignoring = "", True
        if word.lower() == _DIALECT and dialect:
            self._section = _DIALECT
            # One section may stand in several places, and in any case.
            self._dialect = next((known for known in self._dialects if fold(known) == fold(dialect)), dialect.strip())
            self._dialects.setdefault(self._dialect, {})
        elif name.lower() in self._options:
            self._section = name.lower()
        else:
            hint = _nearest(name, self._options, "[{}]") if self._may_tell() else ""
            hint = "；自定的报文格式应写作 [dialect 名称]" if word.lower().startswith(_DIALECT) else hint
            self._note(heading, f"[{_short(name)}] 不是已知的节，其中的设置都不起作用{hint}")
            return
        if not heading.whole:
            self._note(heading, f"[{_short(name)}] 缺少方括号，仍按这一节读取")

    def _line(self, line: KeyLine) -> None:
        options = self._options[self._section]
        option = options.get(line.key)
        if option is None and not line.delimited:
            option = options.get(line.key.partition(" ")[0])
            sentence = f"[{self._section}] {option.key if option else mask(line.key)} 缺少等号"
            if option is not None and option.refuses:
                self._refuse(line, sentence)
            self._note(line, f"{sentence}，已忽略此行")
        elif option is None:
            hint = ""
            if self._may_tell():
                hint = self._home(line.key) or _nearest(line.key, options, "{}")
            self._note(line, f"[{self._section}] {_shown_key(line)}不是已知的设置，已忽略{hint}")
        else:
            before = self._entries.pop(option, None)
            if before is not None and option.text(before.raw) != option.text(line.raw):
                self._note(line, f"[{self._section}] {option.key} 与第 {before.number} 行重复，以本行为准")
            self._entries[option] = line

    def _dialect_line(self, line: KeyLine) -> None:
        """A line that cannot be read makes the dialect unusable: without it, requests would be signed otherwise."""
        lines = self._dialects[self._dialect]
        value = value_of(line.raw, Comment.DIALECT)
        problem = None
        if not line.delimited:
            problem = "缺少等号"
        elif not is_readable(line.key + value):
            problem = "含有乱码（不是 UTF-8 或 GBK）"
        elif lines.setdefault(line.key, value) != value:
            problem = f"{_shown_key(line)}写了两次，值不相同"
        if problem:
            problem = f"[dialect {_short(self._dialect)}] {problem}"
            self._dialect_problems.setdefault(self._dialect, _place(line.number) + problem)
            self._note(line, problem)

    def _set(self, values: dict[str, dict[str, object]], option: Option, text: str) -> str | None:
        """Set the value of `option`; why it cannot be set, in Chinese."""
        problem = option.problem(text)
        if problem is None:
            values.setdefault(option.section, {})[option.attribute] = option.value(text, self._folder)
            return None
        shown = option.shown(text)
        written = "是空的" if not text else f"写的是 {mask(text) if shown is None else shown}"
        return f"[{option.section}] {option.key} {problem}，{written}"

    def _home(self, key: str) -> str:
        """Where a known key belongs, if it is in the wrong section."""
        homes = [name for name, options in self._options.items() if key in options]
        return f"；它属于 {'、'.join(f'[{name}]' for name in homes)}" if 0 < len(homes) < 3 else ""

    def _may_tell(self) -> bool:
        return len(self._problems) < _PROBLEMS

    def _refuse(self, line: KeyLine, sentence: str) -> None:
        if len(self._refusals) < _PROBLEMS:
            self._refusals.append((line.number, _place(line.number) + sentence))

    def _note(self, line: SectionLine | KeyLine, sentence: str) -> None:
        if self._may_tell():
            self._problems.append((line.number, _place(line.number) + sentence))
        else:
            self._untold += 1


def _place(number: int) -> str:
    return f"{FILE_NAME} 第 {number} 行 "


def _short(name: str) -> str:
    return name if len(name) <= 40 and is_readable(name) else mask(name)


def _shown_key(line: KeyLine) -> str:
    """The name of a key, with a blank behind it: hidden if it may be something else, say a key for signing."""
    return f"{line.key if 0 < len(line.key) <= _NAME_LENGTH and line.key.isprintable() else mask(line.key)} "


def _nearest(name: str, known: Iterable[str], form: str) -> str:
    """The known name that `name` may be meant for, as the end of a sentence; "" if none is near."""
    from difflib import get_close_matches  # only for a file that has a problem

    matches = get_close_matches(name.lower()[:_NAME_LENGTH], known, 1)
    return f"；最接近的是 {form.format(matches[0])}" if matches else ""
