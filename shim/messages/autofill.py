"""Rows: why SetEcQrcode typed nothing, or perhaps not all. Raised by shim/devices/autofill and the service."""

from __future__ import annotations

from shim.errors import Message, Reason, State, Unavailable
from shim.messages.clerk import IT_DEPARTMENT

_DEVICE = Reason.DEVICE_UNAVAILABLE
_CLICK = "请先点一下要填的输入框，再按一次"
_RESTART, _START_AGAIN = "；改正后须重新启动医院程序", "; then start the hospital program again"
_SYSTEM = {"number": "系统错误 5"}

# ---- no code -----------------------------------------------------------------------------------------------------

NO_CODE = Message(
    "autofill.no_code", _DEVICE, "没有可填的医保码（只保留 {seconds} 秒，只能填一次）",
    "没有可填的医保码：[scanner] keep_code_seconds = {seconds}，填过一次即清除，新的扫码、注册、授权等请求一开始也清除",
    {"seconds": 300}, then="请先扫患者的医保码", why=Unavailable.NO_CODE,
    english="there is no insurance code to fill in: [scanner] keep_code_seconds = {seconds}; it is forgotten once it "
    "was filled in, and when a new scan, registration or authorisation begins",
)  # fmt: skip
KEEPS_NOTHING = Message(
    "autofill.keeps_nothing", _DEVICE, "本机没有开启自动填值",
    "[scanner] keep_code_seconds = 0，医保码不保留，SetEcQrcode 没有可填的；要使用请设为秒数，默认 300" + _RESTART,
    then=IT_DEPARTMENT, again=False, why=Unavailable.NOT_SET_UP,
    english="[scanner] keep_code_seconds = 0 keeps no insurance code, and SetEcQrcode has nothing to fill in; to use "
    "it, set a number of seconds, 300 by default" + _START_AGAIN,
)  # fmt: skip
SUPERSEDED = Message(
    "autofill.superseded", _DEVICE, "填值前开始了新的扫码或办理",
    "等候填值时开始了新的扫码、注册、授权等请求，原来的医保码已清除，没有键入",
    then="请先扫患者的医保码", why=Unavailable.NO_CODE,
    english="a new scan, registration or authorisation began before the code was filled in; the old insurance code is "
    "forgotten, and nothing was typed",
)  # fmt: skip
NOT_TEXT = Message(
    "autofill.not_text", _DEVICE, "医保码中有不能键入的字符",
    "医保码中有不是文字的字符，例如回车、制表符，没有键入",
    then="请患者刷新医保码，再扫一次", why=Unavailable.NOT_DONE,
    english="the insurance code has characters that are not text, such as carriage return or tab; nothing was typed",
)  # fmt: skip
NO_KEY = Message(
    "autofill.no_key", _DEVICE, "医保码中有键盘上没有的字符",
    "医保码中有当前键盘布局上没有的字符，没有键入；xtest 只能键入 ASCII 字符",
    then=IT_DEPARTMENT, again=False, state=State.NOT_DONE, why=Unavailable.NOT_DONE,
    english="the insurance code has characters that the keyboard layout does not have; nothing was typed; xtest types "
    "ASCII characters only",
)  # fmt: skip

# ---- settings ----------------------------------------------------------------------------------------------------

SWITCHED_OFF = Message(
    "autofill.switched_off", _DEVICE, "本机没有开启自动填值",
    "[autofill] method = none；要使用请改为 sendinput" + _RESTART,
    then=IT_DEPARTMENT, again=False, why=Unavailable.NOT_SET_UP,
    english="[autofill] method = none; to use it, set sendinput" + _START_AGAIN,
)  # fmt: skip
NOT_HERE = Message(
    "autofill.not_here", _DEVICE, "本机的自动填值设置有误",
    "[autofill] method = {method} 不能用于本系统" + _RESTART,
    {"method": "xtest"}, then=IT_DEPARTMENT, again=False, why=Unavailable.NOT_SET_UP,
    english="[autofill] method = {method} does not work on this system; correct it" + _START_AGAIN,
)  # fmt: skip
NOT_A_FILE_NAME = Message(
    "autofill.not_a_file_name", _DEVICE, "本机的自动填值设置有误",
    "[autofill] programs 只写程序文件名，不带路径，例如 his.exe" + _RESTART,
    then=IT_DEPARTMENT, again=False, why=Unavailable.NOT_SET_UP,
    english="[autofill] programs should name programs by their files, such as his.exe, without a path; correct it"
    + _START_AGAIN,
)  # fmt: skip
NO_DISPLAY = Message(
    "autofill.no_display", _DEVICE, "本机没有图形界面",
    "本机没有图形界面：环境变量 DISPLAY 没有设置",
    then=IT_DEPARTMENT, again=False, why=Unavailable.NOT_FOUND,
    english="this PC has no graphical desktop: the environment variable DISPLAY is not set",
)  # fmt: skip

# ---- not typed ---------------------------------------------------------------------------------------------------

BUSY = Message(
    "autofill.busy", _DEVICE, "另一次填值还没有结束", "等了 {seconds} 秒，前一次 SetEcQrcode 还没有返回",
    {"seconds": 5.5}, then="请稍后再按一次", why=Unavailable.BUSY,
    english="after {seconds} s the SetEcQrcode before this one had not returned",
)  # fmt: skip
NO_KEYBOARD = Message(
    "autofill.no_keyboard", _DEVICE, "本机不允许自动填值", "系统不允许模拟按键（{number}）",
    _SYSTEM, then=IT_DEPARTMENT, again=False, why=Unavailable.NOT_DONE,
    english="the system does not allow simulated keys ({number})",
)  # fmt: skip
CANNOT_LOOK = Message(
    "autofill.cannot_look", _DEVICE, "没有找到要填的输入框", "查不到前台窗口或按着的键（{number}）",
    _SYSTEM, then=_CLICK, why=Unavailable.NOT_DONE,
    english="neither the window in the foreground nor the keys held down can be found out ({number})",
)  # fmt: skip
NO_WINDOW = Message(
    "autofill.no_window", _DEVICE, "没有选中要填的输入框", "没有窗口在前台",
    then=_CLICK, why=Unavailable.NOT_DONE,
    english="no window is in the foreground",
)  # fmt: skip
OWN_WINDOW = Message(
    "autofill.own_window", _DEVICE, "没有选中要填的输入框", "前台是 vcshim 自己的窗口（窗口类 {window_class}）",
    {"window_class": "vcshim-screen"}, then=_CLICK, why=Unavailable.NOT_DONE,
    english="a window of vcshim itself is in the foreground (window class {window_class})",
)  # fmt: skip
DESKTOP = Message(
    "autofill.desktop", _DEVICE, "没有选中要填的输入框", "前台是桌面或任务栏（窗口类 {window_class}）",
    {"window_class": "Progman"}, then=_CLICK, why=Unavailable.NOT_DONE,
    english="the desktop or the taskbar is in the foreground (window class {window_class})",
)  # fmt: skip
OTHER_PROGRAM = Message(
    "autofill.other_program", _DEVICE, "选中的不是医院程序的输入框",
    "前台窗口的程序 {program} 不在 [autofill] programs 之中；要向它填值请加入",
    {"program": "chrome.exe"}, then=_CLICK, why=Unavailable.NOT_DONE,
    english="program {program} of the window in the foreground is not among [autofill] programs; to fill in there, "
    "add it",
)  # fmt: skip
MODIFIERS = Message(
    "autofill.modifiers", _DEVICE, "键盘上的 {keys} 键还按着或开着",
    "等了 {milliseconds} 毫秒（[autofill] modifier_ms），{keys} 仍按着或开着",
    {"keys": "Ctrl、Alt", "milliseconds": 500}, then="请松开后再按一次", why=Unavailable.NOT_DONE,
    english="after {milliseconds} ms ([autofill] modifier_ms) still held down or on: {keys}",
)  # fmt: skip
MORE_RIGHTS = Message(
    "autofill.more_rights", _DEVICE, "要填的程序与医院程序的运行权限不同",
    "前台窗口的程序 {program} 权限高于医院程序（例如以管理员身份运行），Windows 会丢弃按键；两者须以相同身份运行",
    {"program": "ec.exe"}, then=IT_DEPARTMENT, again=False, why=Unavailable.BLOCKED,
    english="program {program} of the window in the foreground has more rights than the hospital program (it runs as "
    "administrator, perhaps), and Windows discards the keys; run both as the same user",
)  # fmt: skip
NOTHING_ACCEPTED = Message(
    "autofill.nothing_accepted", _DEVICE, "电脑没有收下按键",
    "系统没有收下任何按键；可能的原因有电脑已锁定、前台窗口的程序 {program} 运行权限更高",
    {"program": "ec.exe"}, then=_CLICK, state=State.NOT_DONE, why=Unavailable.BLOCKED,
    english="the system accepted no key; perhaps this PC is locked, or program {program} of the window in the "
    "foreground has more rights",
)  # fmt: skip

# ---- perhaps typed in part: the code is kept, the field must be emptied first ------------------------------------

_EMPTY = "只填了一部分的，请清空后再填"
PART_ACCEPTED = Message(
    "autofill.part_accepted", _DEVICE, "电脑没有收下全部按键",
    "{total} 个按键事件系统只收下 {accepted} 个，医保码只填了一部分；须清空输入框再填",
    {"total": 128, "accepted": 7}, then=_EMPTY, state=State.UNKNOWN, why=Unavailable.INCOMPLETE,
    english="the system accepted only {accepted} of {total} key events, so that the insurance code is filled in in "
    "part; empty the field and fill it in again",
)  # fmt: skip
BROKEN_OFF = Message(
    "autofill.broken_off", _DEVICE, "填值时电脑出错",
    "键入时出错（{number}），医保码可能只填了一部分；须清空输入框再填",
    _SYSTEM, then=_EMPTY, state=State.UNKNOWN, why=Unavailable.INCOMPLETE,
    english="an error while typing ({number}); the insurance code may be filled in in part; empty the field and fill "
    "it in again",
)  # fmt: skip
WINDOW_CHANGED = Message(
    "autofill.window_changed", _DEVICE, "填值时另一个程序到了前面",
    "填值时前台由 {program} 变为 {other}，医保码可能填到了别处；须核对两处的内容，清空后再填",
    {"program": "his.exe", "other": "chat.exe"}, then="填到别处的，请清空两处再填", state=State.UNKNOWN,
    why=Unavailable.INCOMPLETE,
    english="while typing, {program} in the foreground gave way to {other}, and the insurance code may have gone "
    "elsewhere; check both places, empty them and fill in again",
)  # fmt: skip
