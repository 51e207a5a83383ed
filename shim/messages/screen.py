"""Rows: what keeps the extension screen from showing what it should.

Set_QRflow_Mode returns a number only, and most of these happen on the thread of the screen: the engineer's line is what
is read, in the log and in `vcshim screen`. Failures of a serial line to open are in lines.py.
"""

from __future__ import annotations

from shim.errors import Message, Reason, Unavailable
from shim.messages.clerk import IT_DEPARTMENT

_NOT_SHOWN = "扩展屏不能用"  # what a clerk would read of it


def _row(
    key: str, why: Unavailable, engineer: str, /, *,
    english: str, clerk: str = _NOT_SHOWN, again: bool = False, **usual: object,
) -> Message:  # fmt: skip
    return Message(
        f"screen.{key}", Reason.DEVICE_UNAVAILABLE, clerk, engineer, usual,
        then="" if again else IT_DEPARTMENT, again=again, why=why, english=english,
    )  # fmt: skip


# ---- settings --------------------------------------------------------------------------------------------------------

NOT_SET_UP = _row(
    "not_set_up", Unavailable.NOT_SET_UP,
    "扩展屏未配置：vcshim.ini 的 [screen] type = none；请改为 window 或 serial，可用 vcshim screen 试显示",
    clerk="本机没有设置扩展屏",
    english="no extension screen is set up: [screen] type = none in vcshim.ini; set window or serial, and try "
    "it with vcshim screen",
)  # fmt: skip
UNUSABLE = _row(
    "unusable", Unavailable.NOT_SET_UP,
    "扩展屏未配置，请改正 vcshim.ini 的 [screen]：{problem}",
    clerk="扩展屏的设置有误", problem="port 没有写串口名",
    english="[screen] of vcshim.ini cannot be used: {problem}; please correct it",
)  # fmt: skip
LOGO = _row(
    "logo", Unavailable.INCOMPLETE,
    "vcshim.ini 的 [screen] logo 所写的 {file} 不能用：{cause}；画面照常显示，没有院标",
    file="logo.png", cause="文件不存在",
    english="[screen] logo of vcshim.ini names {file}, which cannot be used: {cause}; the pages are shown "
    "without it",
)  # fmt: skip

# ---- fonts -----------------------------------------------------------------------------------------------------------

CHARACTERS_MISSING = _row(
    "characters_missing", Unavailable.INCOMPLETE,
    "{what}，扩展屏不显示缺字的那几句；{advice}",
    what="字体中没有字符 U+3400", advice="请在 vcshim.ini 的 [screen] fonts 加上含有该字的字体文件",
    english="{what}; the extension screen leaves out the sentences with them; {advice}",
)  # fmt: skip
NO_CHINESE_FONT = _row(
    "no_chinese_font", Unavailable.INCOMPLETE,
    "{what}，扩展屏只显示二维码、倒计时和表示结果的图形，没有汉字；{advice}",
    what="本机的字体中没有中文字体", advice="请恢复 Windows 自带的微软雅黑或宋体",
    english="{what}; the extension screen shows the code, the countdown and the signs of results, without "
    "words; {advice}",
)  # fmt: skip

# ---- what cannot be shown --------------------------------------------------------------------------------------------

CODE_MISSING = _row(
    "code_missing", Unavailable.INCOMPLETE,
    "平台的应答中没有二维码的内容，扩展屏没有显示，也没有请患者扫码；请多码融合平台核对这个接口的应答",
    english="the answer of the platform holds no content for the code; nothing is shown and no patient is "
    "asked to scan; ask the platform of the fused health code to check this answer",
)  # fmt: skip
CODE_TOO_LONG = _row(
    "code_too_long", Unavailable.INCOMPLETE,
    "平台给的内容有 {size} 字节，太长，二维码放不下（最多约 2,300 字节），扩展屏没有显示，也没有请患者扫码；"
    "请多码融合平台改给较短的地址",
    size=4000,
    english="the content from the platform has {size} bytes, which is too long for a code (about 2,300 at "
    "most); nothing is shown and no patient is asked to scan; ask the platform of the fused health "
    "code for a shorter address",
)  # fmt: skip
CODE_TOO_FINE = _row(
    "code_too_fine", Unavailable.INCOMPLETE,
    "二维码每边 {modules} 格，{width} x {height} 的扩展屏放不下，没有显示，也没有请患者扫码；请换用较大的扩展屏",
    modules=177, width=320, height=240,
    english="a code of {modules} modules a side does not fit on an extension screen of {width} x {height}; "
    "nothing is shown and no patient is asked to scan; use a larger screen",
)  # fmt: skip
PICTURE_UNREADABLE = _row(
    "picture_unreadable", Unavailable.INCOMPLETE,
    "平台给的不是地址，而是一幅图片（{size} 字符），二维码放不下，图片也不能显示：{cause}；"
    "扩展屏没有显示，也没有请患者扫码；请多码融合平台改给授权地址",
    size=4022, cause="不是完整的 PNG 或 JPEG 图片",
    english="the platform gave a picture ({size} characters) instead of an address; it is too long for a "
    "code, and cannot be shown: {cause}; nothing is shown and no patient is asked to scan; ask the "
    "platform of the fused health code for an address",
)  # fmt: skip
PICTURE_ON_SERIAL = _row(
    "picture_on_serial", Unavailable.INCOMPLETE,
    "平台给的不是地址，而是一幅图片（{size} 字符），二维码放不下，串口扩展屏也不能显示图片；已清除屏上的二维码；"
    "请多码融合平台改给授权地址",
    size=4022,
    english="the platform gave a picture ({size} characters) instead of an address; it is too long for a "
    "code, and a serial screen shows no pictures; the code on the screen was cleared; ask the "
    "platform of the fused health code for an address",
)  # fmt: skip
TOO_LONG_FOR_PROTOCOL = _row(
    "too_long_for_protocol", Unavailable.INCOMPLETE,
    "二维码超过扩展屏协议的长度，未显示：内容 {size} 字节，[screen] protocol = {protocol} 放不下；已清除屏上的二维码",
    size=300, protocol="dwin",
    english="the code is longer than the protocol of the extension screen allows and is not shown: {size} "
    "bytes of content, [screen] protocol = {protocol}; the code on the screen was cleared",
)  # fmt: skip
CANNOT_BE_CLEARED = _row(
    "cannot_be_cleared", Unavailable.INCOMPLETE,
    "[screen] hide 没有设置，串口扩展屏不能清除，最后的二维码会留在屏上；请向屏的厂商要清除显示的字节",
    english="[screen] hide is not set, so that a serial screen cannot be cleared and the last code stays on "
    "it; ask the maker of the screen for the bytes that clear it",
)  # fmt: skip
SERIAL_LOST = _row(
    "serial_lost", Unavailable.LOST,
    "{title} 已断开，请检查接线；接好后自动恢复显示",
    clerk="扩展屏断开了，请检查连接线", again=True, title="扩展屏 COM4",
    english="{title} was disconnected; check the cable; it is used again once it is back",
)  # fmt: skip

# ---- monitors --------------------------------------------------------------------------------------------------------

NO_MONITOR = _row(
    "no_monitor", Unavailable.NOT_FOUND,
    "没有任何显示器：系统没有列出显示器；由服务或计划任务启动的程序看不到显示器，应从登录后的桌面启动",
    english="there is no monitor: the system lists none; a program that a service or a scheduled task started "
    "sees none, and should be started from the desktop after the log-on",
)  # fmt: skip
NO_X_SERVER = _row(
    "no_x_server", Unavailable.NOT_FOUND,
    "没有任何显示器：连不上 X 服务器，请核对环境变量 DISPLAY",
    english="there is no monitor: the X server cannot be reached; check the environment variable DISPLAY",
)  # fmt: skip
NO_X_LIBRARY = _row(
    "no_x_library", Unavailable.INCOMPLETE,
    "没有任何显示器：本机没有 libX11.so.6 或 libXrandr.so.2，请安装软件包 libx11-6 和 libxrandr2",
    english="there is no monitor: this PC has no libX11.so.6 or no libXrandr.so.2; install the packages "
    "libx11-6 and libxrandr2",
)  # fmt: skip
NO_X_DEPTH = _row(
    "no_x_depth", Unavailable.NOT_FOUND,
    "没有任何显示器：X 服务器的色深不是 24 位，请改为 24 位",
    english="there is no monitor: the colour depth of the X server is not 24 bits; set it to 24",
)  # fmt: skip
MONITORS_GONE = _row(
    "monitors_gone", Unavailable.LOST,
    "没有可用的扩展屏：系统已不列出任何显示器；接好后会自动启用",
    clerk="没有找到扩展屏", again=True,
    english="there is no extension screen: the system lists no monitor any more; it is used once it is back",
)  # fmt: skip
ONE_MONITOR = _row(
    "one_monitor", Unavailable.NOT_FOUND,
    "没有可用的扩展屏：系统只有一个显示器（{names}），它留给窗口人员使用；接上扩展屏后会自动启用",
    clerk="没有找到扩展屏", names="DISPLAY1",
    english="there is no extension screen: the system has one monitor ({names}), which is left to the clerk; "
    "a second one is used once it is connected",
)  # fmt: skip
COPIED_MONITOR = _row(
    "copied_monitor", Unavailable.NOT_FOUND,
    "没有可用的扩展屏：{names} 显示同样的内容（系统设为“复制这些显示器”）；请改为“扩展这些显示器”，改后会自动启用",
    clerk="扩展屏与本机显示同样的内容", names="DISPLAY1 DISPLAY2",
    english="there is no extension screen: {names} show the same (the system is set to duplicate these "
    "displays); set it to extend them, and it is used at once",
)  # fmt: skip
NO_SUCH_MONITOR = _row(
    "no_such_monitor", Unavailable.NOT_FOUND,
    "没有可用的扩展屏：vcshim.ini 的 [screen] monitor = {setting} 不是可用的显示器；本机依次有 {names}",
    setting="3", names="DISPLAY1 DISPLAY2",
    english="there is no extension screen: [screen] monitor = {setting} of vcshim.ini is no monitor that can "
    "be used; this PC has, in this order, {names}",
)  # fmt: skip

# ---- the helper program ----------------------------------------------------------------------------------------------

HELPER_NOT_FOUND = _row(
    "helper_not_found", Unavailable.INCOMPLETE,
    "扩展屏辅助程序无法启动：没有 {program}；请重新复制 vcshim 文件夹，放好后会自动启用",
    program="vcshim.exe",
    english="the helper program of the extension screen cannot be started: there is no {program}; copy the "
    "vcshim folder again, and it is used once it is there",
)  # fmt: skip
HELPER_DENIED = _row(
    "helper_denied", Unavailable.ACCESS_DENIED,
    "扩展屏辅助程序无法启动：系统拒绝运行 {program}（{error}）；将自动再试",
    program="vcshim.exe", error="系统错误 5，拒绝访问",
    english="the helper program of the extension screen cannot be started: the system refuses to run "
    "{program} ({error}); it is tried again",
)  # fmt: skip
HELPER_NOT_STARTED = _row(
    "helper_not_started", Unavailable.NOT_DONE,
    "扩展屏辅助程序无法启动：{error}；将自动再试",
    error="系统错误 1455，页面文件太小，无法完成操作",
    english="the helper program of the extension screen cannot be started: {error}; it is tried again",
)  # fmt: skip
HELPER_FAILED = _row(
    "helper_failed", Unavailable.NOT_DONE,
    "扩展屏辅助程序无法启动：启动后随即退出（退出代码 {code}）；将自动再试",
    code=1,
    english="the helper program of the extension screen cannot be started: it ended at once (exit code "
    "{code}); it is tried again",
)  # fmt: skip
HELPER_SLOW = _row(
    "helper_slow", Unavailable.TIMED_OUT,
    "扩展屏辅助程序无法启动：{seconds} 秒内没有准备好，已将其结束；将自动再试",
    seconds=30,
    english="the helper program of the extension screen cannot be started: it was not ready within {seconds} "
    "s and was ended; it is tried again",
)  # fmt: skip
HELPER_ENDED = _row(
    "helper_ended", Unavailable.LOST,
    "扩展屏辅助程序已退出（退出代码 {code}），将自动重新启动",
    again=True, code=1,
    english="the helper program of the extension screen ended (exit code {code}); it is started again",
)  # fmt: skip
HELPER_SILENT = _row(
    "helper_silent", Unavailable.TIMED_OUT,
    "扩展屏辅助程序没有应答，已将其结束并重新启动",
    again=True,
    english="the helper program of the extension screen did not answer; it was ended and is started again",
)  # fmt: skip
INTERNAL = _row(
    "internal", Unavailable.NOT_DONE,
    "扩展屏内部错误，已收起，稍后自动再试；出错的位置见本行的 where",
    english="a fault of the program in the extension screen, which was hidden and is tried again; where of "
    "this line of the log says in which place",
)  # fmt: skip
