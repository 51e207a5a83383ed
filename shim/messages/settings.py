"""Rows: what is wrong with vcshim.ini. Those of a line are problems first (shim/settings/ini.py), for the log.

A problem whose key `refuses`, and a file that cannot be read, end every call; the others cost their line only.
"""

from __future__ import annotations

from typing import Any

from shim.bilingual import Bilingual
from shim.errors import Message, Reason
from shim.messages.clerk import IT_DEPARTMENT

CLERK = "本机设置有误"

NOTE = "另外，本机设置有误，请联系信息科。"
NOTE_FOR_DEVELOPERS = "；另外，{problem}（设置共 {count} 处问题，运行 vcshim ini --check 查看）"
"""What the first failure of a process says beside its own reason, where vcshim.ini has problems that refuse nothing."""


def _row(cause: str, engineer: str, english: str, clerk: str = CLERK, /, **usual: Any) -> Message:
    return Message(
        f"settings.{cause}", Reason.SETTINGS, clerk, engineer, usual,
        then=IT_DEPARTMENT, again=False, english=english,
    )  # fmt: skip


# ---- the file as a whole ---------------------------------------------------------------------------------------------

_UNREADABLE = "本机的设置文件无法读取"

_FILE: dict[str, Any] = {"file": "vcshim.ini"}
NOT_A_FILE = _row(
    "not_a_file", "{file} 不是文件，请改名或删除同名的文件夹后再试",
    "{file} is no file; rename or delete the folder of that name", _UNREADABLE, **_FILE,
)  # fmt: skip
DEAD_LINK = _row(
    "dead_link", "{file} 是失效的链接，请改正链接后再试", "{file} is a link to nothing; correct the link",
    _UNREADABLE, **_FILE,
)  # fmt: skip
TOO_LARGE = _row(
    "too_large", "{file} 超过 1 MB，不是设置文件，请换回正确的文件后再试",
    "{file} has more than 1 MB and is no settings file; put the right file there", _UNREADABLE, **_FILE,
)  # fmt: skip
DAMAGED = _row(
    "damaged", "{file} 的内容已损坏（含 NUL 字符），请用备份恢复后再试",
    "{file} is damaged (it holds NUL characters); restore it from a backup", _UNREADABLE, **_FILE,
)  # fmt: skip
UTF_16 = _row(
    "utf_16", "{file} 是不带标记的 UTF-16，请用记事本另存为 UTF-8 后再试",
    "{file} is UTF-16 without a mark; save it as UTF-8 with Notepad", _UNREADABLE, **_FILE,
)  # fmt: skip
LOCKED = _row(
    "locked", "{file} 正被其他程序占用，请关闭打开它的程序后再试",
    "another program holds {file}; close that program", _UNREADABLE, **_FILE,
)  # fmt: skip
NO_ACCESS = _row(
    "no_access", "{file} 没有读取权限，请允许运行医院程序的 Windows 用户读取它后再试",
    "{file} may not be read; allow the Windows user of the hospital program to read it", _UNREADABLE, **_FILE,
)  # fmt: skip
NOT_READ = _row(
    "not_read", "{file} 读取失败（系统错误 {error}），请检查磁盘和权限后再试",
    "{file} could not be read (system error {error}); check the disk and the permissions",
    _UNREADABLE, **_FILE, error=5,
)  # fmt: skip

# ---- its lines -------------------------------------------------------------------------------------------------------

_LINE: dict[str, Any] = {**_FILE, "line": 12}
_KEY: dict[str, Any] = {**_LINE, "section": "wire", "key": "verify"}
_AT, _AT_LINE = "{file} 第 {line} 行 ", "{file}, line {line}: "
_RESTART = "；请改正后重新启动医院程序"
_START_AGAIN = "; correct it and start the hospital program again"
_STOPS = "; the default need not be what is wanted, so every call is refused" + _START_AGAIN

REFUSED = _row(
    "refused",
    _AT + "[{section}] {key} = {value}：{problem}；默认值 {default} 未必是所要的，停用全部函数" + _RESTART,
    _AT_LINE + "[{section}] {key} = {value}: {problem}; the default {default} need not be what is wanted, so every "
    "call is refused" + _START_AGAIN,
    **_KEY, value="stict", problem="应为 off、warn、strict 之一", default="warn",
)  # fmt: skip
REFUSED_LINE = _row(
    "refused_line", _AT + "[{section}] {key} 缺少等号；默认值未必是所要的，停用全部函数" + _RESTART,
    _AT_LINE + "[{section}] {key} has no equals sign" + _STOPS, **_KEY,
)  # fmt: skip
REFUSED_MORE = _row(
    "refused_more", "{first}；这样的设置共 {count} 处，详见日志",
    "{first}; there are {count} settings like that, all of them in the log",
    first="vcshim.ini 第 12 行 [wire] verify 缺少等号；默认值未必是所要的，停用全部函数" + _RESTART, count=3,
)  # fmt: skip
_BAUD: dict[str, Any] = {
    **_FILE, "line": 30, "section": "scanner", "key": "baud", "value": "96OO",
    "problem": "应为 1200 到 921600 之间的整数",
}  # fmt: skip
BAD_VALUE = _row(
    "bad_value", _AT + "[{section}] {key} = {value}：{problem}；已按默认值 {default} 运行，请改正",
    _AT_LINE + "[{section}] {key} = {value}: {problem}; the default {default} is used; please correct it",
    **_BAUD, default="9600",
)  # fmt: skip
BAD_VALUE_OTHER = _row(
    "bad_value_other", _AT + "[{section}] {key} = {value}：{problem}；已按 {other} 第 {other_line} 行运行，请改正",
    _AT_LINE + "[{section}] {key} = {value}: {problem}; line {other_line} of {other} is used; please correct it",
    **_BAUD, other="C:\\Program Files\\vcshim\\vcshim.ini", other_line=3,
)  # fmt: skip
NO_EQUALS = _row(
    "no_equals", _AT + "[{section}] {key} 缺少等号，已忽略此行，请改正",
    _AT_LINE + "[{section}] {key} has no equals sign; the line is ignored; please correct it", **_KEY,
)  # fmt: skip
_NO_KEY = _AT_LINE + "[{section}] has no key {key}; the line is ignored"
UNKNOWN_KEY = _row("unknown_key", _AT + "[{section}] {key} 不是已知的设置，已忽略此行", _NO_KEY, **_KEY)
UNKNOWN_KEY_NEAR = _row(
    "unknown_key_near", _AT + "[{section}] {key} 不是已知的设置，已忽略此行；最接近的是 {near}",
    _NO_KEY + " (did you mean {near}?)", **_KEY, near="verify",
)  # fmt: skip
KEY_OF_OTHERS = _row(
    "key_of_others", _AT + "[{section}] {key} 不是已知的设置，已忽略此行；它属于 {homes}",
    _NO_KEY + "; it belongs to {homes}", **_KEY, homes="[abi]",
)  # fmt: skip
_BEFORE = _AT_LINE + "{key} stands before every [section]; the line is ignored"
KEY_OF_NO_SECTION = _row(
    "key_of_no_section", _AT + "{key} 写在所有 [节] 之前，已忽略此行", _BEFORE, **_LINE, key="some_key"
)  # fmt: skip
KEY_BEFORE_SECTION = _row(
    "key_before_section", _AT + "{key} 写在所有 [节] 之前，已忽略此行；它属于 {homes}",
    _BEFORE + "; it belongs to {homes}", **_LINE, key="charset", homes="[abi]",
)  # fmt: skip
TWICE = _row(
    "twice", _AT + "[{section}] {key} 与第 {before} 行重复，以本行为准",
    _AT_LINE + "[{section}] {key} stands in line {before} as well; this line counts", **_KEY, before=7,
)  # fmt: skip
_NO_SECTION = _AT_LINE + "there is no section [{section}]; nothing in it counts"
UNKNOWN_SECTION = _row(
    "unknown_section", _AT + "[{section}] 不是已知的节，其中的设置都不起作用", _NO_SECTION, **_LINE, section="some"
)  # fmt: skip
UNKNOWN_SECTION_NEAR = _row(
    "unknown_section_near", _AT + "[{section}] 不是已知的节，其中的设置都不起作用；最接近的是 [{near}]",
    _NO_SECTION + " (did you mean [{near}]?)", **_LINE, section="scaner", near="scanner",
)  # fmt: skip
UNKNOWN_SECTION_DIALECT = _row(
    "unknown_section_dialect",
    _AT + "[{section}] 不是已知的节，其中的设置都不起作用；自定的报文格式应写作 [dialect 名称]",
    _NO_SECTION + "; a message format of a site's own is written [dialect NAME]", **_LINE, section="dialect",
)  # fmt: skip
NO_BRACKET = _row(
    "no_bracket", _AT + "[{section}] 缺少方括号，仍按这一节读取",
    _AT_LINE + "[{section}] lacks a bracket; it is read as this section all the same", **_LINE, section="screen",
)  # fmt: skip
NO_PC = _row(
    "no_pc", _AT + "[{section}] 的 @ 后面没有计算机名，其中的设置都不起作用",
    _AT_LINE + "[{section}] names no PC behind the @; nothing in it counts", **_LINE, section="scanner@",
)  # fmt: skip
MORE = _row(
    "more", "设置文件另有 {count} 处问题，未逐一列出",
    "the settings file has {count} more problems, which are not listed", count=120,
)  # fmt: skip

# ---- [dialect NAME] --------------------------------------------------------------------------------------------------

_DIALECT: dict[str, Any] = {"name": "本院", "key": "sort"}
IN_FILE = Bilingual("vcshim.ini 中 ", "vcshim.ini: ")
"""What a problem begins with that knows no line; whoever knows it takes it away."""
_IN, _IN_ENGLISH = str(IN_FILE), IN_FILE.english

DIALECT_NO_EQUALS = _row(
    "dialect_no_equals", _AT + "[dialect {name}] 缺少等号，请改正",
    _AT_LINE + "[dialect {name}] a line has no equals sign; please correct it", **_LINE, name="本院",
)  # fmt: skip
DIALECT_UNREADABLE = _row(
    "dialect_unreadable", _AT + "[dialect {name}] 含有乱码（不是 UTF-8 或 GBK），请改正",
    _AT_LINE + "[dialect {name}] has unreadable characters, neither UTF-8 nor GBK; please correct it",
    **_LINE, name="本院",
)  # fmt: skip
DIALECT_TWICE = _row(
    "dialect_twice", _AT + "[dialect {name}] {key} 写了两次，值不相同，请只保留一行",
    _AT_LINE + "[dialect {name}] {key} stands there twice, with different values; leave one line", **_LINE, **_DIALECT,
)  # fmt: skip
DIALECT_VALUE = _row(
    "dialect_value", _IN + "[dialect {name}] {key} = {value}，应为：{allowed}" + _RESTART,
    _IN_ENGLISH + "[dialect {name}] {key} = {value}; it should be: {allowed}" + _START_AGAIN,
    **_DIALECT, value="asci", allowed="ascii、ignore-case、fixed",
)  # fmt: skip
DIALECT_KEY = _row(
    "dialect_key", _IN + "[dialect {name}] {key} 不是已知的设置（写的是 {value}），可用：{known}" + _RESTART,
    _IN_ENGLISH + "[dialect {name}] has no key {key} (its value is {value}); there are: {known}" + _START_AGAIN,
    name="本院", key="sorted", value="a***（5 字）", known="base、title、sort",
)  # fmt: skip
DIALECT_NAME = _row(
    "dialect_name", _IN + "[dialect {name}] 的名称应为 1 到 40 个字，不含空格和方括号" + _RESTART,
    _IN_ENGLISH + "the name in [dialect {name}] should have 1 to 40 characters, without blanks and brackets"
    + _START_AGAIN, name="本院 甲",
)  # fmt: skip
DIALECT_NAME_TAKEN = _row(
    "dialect_name_taken", _IN + "[dialect {name}] 的名称与预置的报文格式相同，请换一个名称，再重新启动医院程序",
    _IN_ENGLISH + "[dialect {name}] has the name of a message format that is built in; choose another name, then start "
    "the hospital program again", name="ehcservice",
)  # fmt: skip
DIALECT_LACKS = _row(
    "dialect_lacks", "vcshim.ini 的 [dialect {name}] 没有 {key}，无法签名，请补上",
    _IN_ENGLISH + "[dialect {name}] has no {key}, without which nothing can be signed; please add it",
    name="本院", key="sm2_private_key",
)  # fmt: skip
EC_VALUE = _row(
    "ec_value", _IN + "[wire] {key} = {value}，应为：{allowed}" + _RESTART,
    _IN_ENGLISH + "[wire] {key} = {value}; it should be: {allowed}" + _START_AGAIN,
    key="ec_body_spaces", value="two", allowed="none、colon、both",
)  # fmt: skip
NO_DIALECT = _row(
    "no_dialect", _IN + "[wire] dialect = {name} 不存在，可用：{known}" + _RESTART,
    _IN_ENGLISH + "[wire] dialect = {name} does not exist; there are: {known}" + _START_AGAIN,
    name="ehcservcie", known="ehcservice、sister",
)  # fmt: skip

# ---- what vcshim ini --check finds besides ---------------------------------------------------------------------------

AT = _row(
    "at", "{file} 第 {line} 行：{problem}", _AT_LINE + "{problem}",
    **_LINE, problem="[scanner] type = serial 还须写 port；请改正",
)  # fmt: skip
DEVICE = _row(
    "device", "[{section}] {problem}；请改正", "[{section}] {problem}; please correct it",
    section="scanner", problem="type = serial 还须写 port，本机现有串口 COM3",
)  # fmt: skip
NO_FILE = _row(
    "no_file", "[{section}] {key} 所写的文件不存在：{path}；请改正路径",
    "[{section}] {key} names a file that does not exist, {path}; correct the path",
    section="transport", key="ca_file", path="D:\\his\\root.pem",
)  # fmt: skip
NEAREST = "；最接近的是 {near}", " (did you mean {near}?)"

# ---- the simulator ---------------------------------------------------------------------------------------------------

SIMULATOR_FILE = _row(
    "simulator_file", "[simulator] file 无法使用：{why}；请改正路径，或关闭占用它的程序",
    "[simulator] file cannot be used: {why}; correct the path, or close the program that holds it",
    why="unable to open database file",
)  # fmt: skip
