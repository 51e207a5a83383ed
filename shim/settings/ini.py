"""Reads vcshim.ini into sections, and writes the commented template of it.

A value that is not understood never fails a call: the key keeps its default, and the problem is kept for the log. The
[abi] keys are also read by native/settings.c, which must obey them when Python is not there; one table of cases in the
tests holds both readers together.
"""

from __future__ import annotations

import configparser
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from shim.settings.option import Option, Section

FILE_NAME = "vcshim.ini"
_DIALECT = "dialect "

Overrides = Mapping[tuple[str, str], str]


@dataclass(frozen=True, slots=True)
class Parsed:
    """What an ini text says.

    Attributes:
        values: the values of the keys that are set and understood, by section and attribute.
        problems: sentences in Chinese for the log and the command line.
        dialects: the sections ``[dialect NAME]`` as they stand; what their keys mean is known to shim/dialects only.
    """

    values: Mapping[str, Mapping[str, object]]
    problems: tuple[str, ...] = ()
    dialects: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


def read_ini(folder: Path, sections: Sequence[type[Section]], overrides: Overrides | None = None) -> Parsed:
    """Read `folder`/vcshim.ini; all defaults if there is none. Never raises for what the file holds.

    Args:
        overrides: values that take the place of those in the file, by section and key.
    """
    path = folder / FILE_NAME
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return parse_ini("", sections, overrides)
    except OSError as error:
        return parse_ini("", sections, overrides, (f"{path} 无法读取（{error.strerror}），全部按默认值运行",))
    return parse_ini(_decode(data), sections, overrides)


def parse_ini(
    text: str, sections: Sequence[type[Section]], overrides: Overrides | None = None, problems: tuple[str, ...] = ()
) -> Parsed:
    """Read an ini text; see `read_ini`."""
    parser = configparser.ConfigParser(
        interpolation=None, delimiters=("=",), comment_prefixes=("#", ";"), strict=False, allow_no_value=True,
        default_section="",
    )  # fmt: skip
    noted = list(problems)
    try:
        parser.read_string(text)
    except configparser.Error as error:
        noted.append(f"{FILE_NAME} 格式有误，全部按默认值运行：{str(error).splitlines()[0]}")
        parser.clear()
    options = {(option.section, option.key): option for section in sections for option in section.options()}
    values: dict[str, dict[str, object]] = {}
    dialects: dict[str, dict[str, str]] = {}
    for name in parser.sections():
        items = {key: (value or "").strip() for key, value in parser.items(name)}
        if name.startswith(_DIALECT):
            dialects[name.removeprefix(_DIALECT).strip()] = items
            continue
        for key, value in items.items():
            problem = _take(values, options.get((name, key)), value)
            if problem:
                noted.append(f"{FILE_NAME} 中 [{name}] {key} {problem}")
    for place, value in (overrides or {}).items():
        _take(values, options[place], value)
    return Parsed(values, tuple(noted), dialects)


def ini_template(sections: Sequence[type[Section]]) -> str:
    """vcshim.ini as it ships: every key commented out with its default, so that deleting the file changes nothing."""
    lines = [
        "; vcshim.ini：虚拟卡组件的设置。整个文件可以没有；每一项都有默认值，去掉行首分号并修改即可生效。",
        "; 文件编码 UTF-8 或 GBK 均可。修改后需重新启动医院程序。",
    ]
    for section in sections:
        lines += ["", f"[{section.NAME}]"]
        for option in section.options():
            lines += [f"; {option.help}", f";{option.key} = {option.default}".rstrip()]
    return "\n".join(lines) + "\n"


def _take(values: dict[str, dict[str, object]], option: Option | None, text: str) -> str | None:
    """Set the value of `option`; why it cannot be set, in Chinese."""
    if option is None:
        return "不是已知的设置，已忽略"
    problem = option.problem(text)
    if problem is not None:
        return f"{problem}，已按默认值 {option.default} 运行"
    values.setdefault(option.section, {})[option.attribute] = option.value(text)
    return None


def _decode(data: bytes) -> str:
    """An ini that Notepad saved: UTF-8 with or without a mark, else GBK; bytes of neither are replaced."""
    for charset in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(charset)
        except UnicodeDecodeError:
            continue
    return data.decode("utf-8", "replace")
