"""Rows: why a label is not printed. EhealthID_Print returns a number, so that mostly the engineer's lines are read.

{printer} is the printer in words, with a blank at its end where one belongs before Chinese (`spaced`, devices/base.py).
Why a line to a printer cannot be opened is in lines.py.
"""

from __future__ import annotations

from shim.errors import Message, Reason, Unavailable
from shim.messages.clerk import IT_DEPARTMENT

_PRINTER = {"printer": "标签打印机 192.168.1.60:9100 "}


def _row(
    name: str, why: Unavailable, clerk: str, engineer: str, *, then: str = "", again: bool = True,
    english: str = "", **usual: object,
) -> Message:  # fmt: skip
    return Message(
        f"label.{name}", Reason.DEVICE_UNAVAILABLE, clerk, engineer, {**_PRINTER, **usual}, then, again, why=why,
        english=english,
    )  # fmt: skip


def _for_engineer(
    name: str, why: Unavailable, clerk: str, engineer: str, *, english: str = "", **usual: object
) -> Message:  # fmt: skip
    """A row of something that stays as it is until somebody changes it on this PC."""
    return _row(name, why, clerk, engineer, then=IT_DEPARTMENT, again=False, english=english, **usual)


# ---- the settings ----------------------------------------------------------------------------------------------------

NOT_SET_UP = _for_engineer(
    "not_set_up", Unavailable.NOT_SET_UP, "本机没有设置标签打印机",
    "本机没有设置标签打印机。请在 vcshim.ini 的 [label] 设置 type，然后用 vcshim label --print 试打",
    english="no label printer is set up on this PC: set type in [label] of vcshim.ini, then print a sample with "
    "vcshim label --print",
)  # fmt: skip
SETTING = _for_engineer(
    "setting", Unavailable.NOT_SET_UP, "标签打印机的设置有误",
    "标签打印机的设置有误，请改正 vcshim.ini 的 [label]：{problem}", problem="type = tcp 还须写 address",
    english="[label] of vcshim.ini cannot be used: {problem}; please correct it",
)  # fmt: skip
QUEUE_MISSING = _for_engineer(
    "queue_missing", Unavailable.NOT_FOUND, "找不到标签打印机",
    "Windows 中没有{printer}（系统错误 {error}）。本机现有打印机：{printers}。请在 vcshim.ini 的 [label] 改正 printer",
    error=1801, printers="TSC TTP-244 Pro、Microsoft Print to PDF",
    english="Windows has no {printer} (system error {error}); the printers of this PC are {printers}; correct printer "
    "in [label] of vcshim.ini",
)  # fmt: skip
QUEUE_DENIED = _for_engineer(
    "queue_denied", Unavailable.ACCESS_DENIED, "没有使用标签打印机的权限",
    "当前 Windows 用户没有使用{printer}的权限，请在打印机属性的“安全”中授权",
    english="this user of Windows may not use {printer}; allow it in the properties of the printer, under Security",
)  # fmt: skip
PAGE_TOO_SMALL = _for_engineer(
    "page_too_small", Unavailable.NOT_READY, "标签比打印机的纸大",
    "{printer}的驱动设置的纸张只能打印 {size} 毫米，放不下标签。请在该打印机的首选项中选好标签的纸张",
    size="40 x 25",
    english="the driver of {printer} is set to a paper on which {size} mm can be printed, too small for the label; "
    "choose the label's paper in the preferences of the printer",
)  # fmt: skip

# ---- what stands on the label ----------------------------------------------------------------------------------------

NO_FONT = _for_engineer(
    "no_font", Unavailable.NOT_READY, "本机没有可用的字体", "本机没有可用的字体，画不出标签。{remedy}",
    remedy="请恢复 Windows 自带的微软雅黑或宋体，或在 vcshim.ini 的 [label] fonts 写明中文字体文件",
    english="this PC has no font that can be used, so that no label can be drawn; {remedy}",
)  # fmt: skip
NO_CHINESE_FONT = _for_engineer(
    "no_chinese_font", Unavailable.NOT_READY, "本机没有中文字体", "本机的字体中没有中文字体，画不出标签。{remedy}",
    remedy="请恢复 Windows 自带的微软雅黑或宋体，或在 vcshim.ini 的 [label] fonts 写明中文字体文件",
    english="none of the fonts of this PC is Chinese, so that no label can be drawn; {remedy}",
)  # fmt: skip
CHARACTER_MISSING = _for_engineer(
    "character_missing", Unavailable.NOT_READY, "姓名中有打印不出的文字",
    "标签上有字体中没有的字符 {characters}。{remedy}",
    characters="U+2CCD6",
    remedy="请在 vcshim.ini 的 [label] fonts 加上含有该字的字体文件（扩展区汉字例如 simsunb.ttf、SimsunExtG.ttf）",
    english="the label has characters that no font has: {characters}; {remedy}",
)  # fmt: skip
SCRIPT_NOT_SUPPORTED = _for_engineer(
    "script_not_supported", Unavailable.NOT_READY, "姓名中有打印不出的文字",
    "标签上有{script}，这种文字的字母要按上下文变形或叠放，vcshim 画不对。"
    "请由医院程序传入汉字姓名", script="藏文",
    english="the label has {script}, whose letters change or stack by what stands beside them, which vcshim cannot "
    "draw; let the hospital program pass the Chinese name",
)  # fmt: skip
CARD_NO_TOO_LONG = _for_engineer(
    "card_no_too_long", Unavailable.NOT_READY, "卡号太长，标签放不下",
    "卡号或固定文字（{length} 字）即使用 2 毫米的字也放不进 {paper} 毫米的标签；号码不能截短",
    length=3000, paper="50 x 30",
    english="the card number or fixed text ({length} characters) does not fit on a label of {paper} mm even in "
    "letters of 2 mm; a number is never cut",
)  # fmt: skip
QR_TOO_LARGE = _for_engineer(
    "qr_too_large", Unavailable.NOT_READY, "二维码的内容太长，标签放不下",
    "二维码的内容（{length} 字）放不进 {paper} 毫米的标签：方格会小于 {module} 毫米，扫码枪读不出",
    length=1200, paper="50 x 30", module=0.2,
    english="the content of the code ({length} characters) does not fit on a label of {paper} mm: its modules would "
    "be smaller than {module} mm, which scanners cannot read",
)  # fmt: skip

# ---- the printer -----------------------------------------------------------------------------------------------------

PAPER_OUT = _row(
    "paper_out", Unavailable.NOT_READY, "标签打印机缺纸", "{printer}缺纸。装好标签纸后请补打",
    then="装好标签纸后请补打",
    english="{printer} is out of paper; put labels in, then print again",
)  # fmt: skip
PAPER_JAM = _row(
    "paper_jam", Unavailable.NOT_READY, "标签打印机卡纸", "{printer}卡纸。清理后请补打", then="清理后请补打",
    english="{printer} has a paper jam; clear it, then print again",
)  # fmt: skip
HEAD_OPEN = _row(
    "head_open", Unavailable.NOT_READY, "标签打印机的盖子没有合上",
    "{printer}的盖子没有合上。合好后请补打", then="合好后请补打",
    english="{printer} is open; close it, then print again",
)  # fmt: skip
RIBBON_OUT = _row(
    "ribbon_out", Unavailable.NOT_READY, "标签打印机的碳带用完或没有装好",
    "{printer}的碳带用完或没有装好。换好碳带后请补打；如果用的是热敏纸，请把打印机改为热敏方式",
    then="换好碳带后请补打",
    english="{printer} has no ribbon, or it is not put in well; put one in, then print again; with thermal paper set "
    "the printer to direct thermal",
)  # fmt: skip
PAUSED = _row(
    "paused", Unavailable.NOT_READY, "标签打印机已暂停", "{printer}处于暂停状态。请按打印机的暂停键恢复，再补打",
    then="请按打印机的暂停键恢复，再补打",
    english="{printer} is paused; press its pause key, then print again",
)  # fmt: skip
TOO_HOT = _row(
    "too_hot", Unavailable.NOT_READY, "标签打印机过热", "{printer}的打印头过热。过几分钟请补打", then="过几分钟请补打",
    english="the head of {printer} is too hot; print again in a few minutes",
)  # fmt: skip
OFFLINE = _row(
    "offline", Unavailable.NOT_READY, "标签打印机没有开机或没有连好",
    "{printer}没有开机或没有连好。请检查电源和连接线，再补打", then="请检查电源和连接线，再补打",
    english="{printer} is off or not connected; check power and cable, then print again",
)  # fmt: skip
FAULT = _row(
    "fault", Unavailable.NOT_READY, "标签打印机报告故障", "{printer}报告故障。请按打印机面板的提示处理，再补打",
    then="请按打印机面板的提示处理，再补打",
    english="{printer} reports a fault; do what its panel says, then print again",
)  # fmt: skip
BUSY = _row(
    "busy", Unavailable.BUSY, "标签打印机还在打印前一张标签",
    "{printer}{seconds} 秒内没有打完前一张标签。请看打印机是否缺纸、暂停或没有连好", seconds=20,
    english="{printer} has not printed the label before within {seconds} s; see whether it is out of paper, paused or "
    "disconnected",
)  # fmt: skip
LOST = _row(
    "lost", Unavailable.LOST, "标签打印机的连接断开了",
    "{printer}的连接在传送标签时断开（{error}）。请检查电源和连接线",
    error="Connection reset by peer",
    english="the connection to {printer} broke while the label was sent ({error}); check power and cable",
)  # fmt: skip
NOT_ACCEPTED = _row(
    "not_accepted", Unavailable.TIMED_OUT, "标签打印机没有收下标签",
    "{printer}{seconds} 秒内没有收下全部数据。请看打印机是否缺纸、暂停或没有连好", seconds=20,
    english="{printer} has not taken all of the data within {seconds} s; see whether it is out of paper, paused or "
    "disconnected",
)  # fmt: skip
NOT_CONFIRMED = _row(
    "not_confirmed", Unavailable.TIMED_OUT, "标签打印机没有确认收到标签",
    "数据已经发出，但 {seconds} 秒内没有迹象表明{printer}读了标签：它没有关闭连接，也没有应答状态查询。"
    "请看打印机有没有反应；如果标签都能打出，请在 vcshim.ini 的 [label] 设置 confirm = off", seconds=20,
    english="the data has gone out, and nothing shows within {seconds} s that {printer} has read the label: it "
    "neither closed the connection nor answered a status query; see what the printer does, and if labels do come out "
    "set confirm = off in [label] of vcshim.ini",
)  # fmt: skip
