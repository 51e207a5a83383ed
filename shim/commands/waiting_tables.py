"""The tables of docs/hosts.md: what a call may wait for, how long, by which settings, and the sum for each export.

Rows, from the settings and from the constants of the rooms that wait. A test performs each row of `LONGEST` against
devices and platforms that never answer. Not a command. Each function gives the heads and the rows of one table;
tables.py writes them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from shim import configuration
from shim.configuration import Configuration
from shim.devices.autofill.base import KEYBOARD_SECONDS
from shim.devices.lines.base import HANDOVER_SECONDS
from shim.devices.scanner.driver import STOP_SECONDS
from shim.devices.scanner.lock import LOCK_SECONDS
from shim.errors import Reason
from shim.settings.option import Option
from shim.terminal import RESOLVE_SECONDS

Table = tuple[Sequence[str], list[Sequence[str]]]
Limit = float | tuple[str, str]
"""Seconds that no setting changes, or the section and the field of a setting, in seconds."""

_CANCEL = "`Set_QRflow_Mode(0)`"


def _codes(reason: Reason) -> str:
    """What the two functions return for a reason, that of VirtualCardTrans first."""
    return f"{reason.vc_code}（NationEcTrans 为 {reason.ec_code}）"


_BUSY = _codes(Reason.DEVICE_UNAVAILABLE)
_UNAVAILABLE = Reason.DEVICE_UNAVAILABLE.vc_code


@dataclass(frozen=True, slots=True)
class WaitRow:
    """One thing that a call may wait for.

    Attributes:
        limits: they add up; none where nothing of ours limits the wait.
        within: the wait whose time it is a part of; "" where it adds to the call.
        ended_by: what ends it early.
        note: what else is to be known, or what decides where no limit does.
    """

    what: str
    limits: tuple[Limit, ...]
    within: str = ""
    ended_by: str = ""
    note: str = ""


_RELEASE = WaitRow(
    "上一次扫码放开扫码枪", (STOP_SECONDS,), ended_by=_CANCEL, note=f"平时几十毫秒；一直不放开的，返回 {_BUSY}"
)
_LOCK = WaitRow("另一个程序放开扫码枪", (LOCK_SECONDS,), ended_by=_CANCEL, note=f"到时还在扫码的，返回 {_BUSY}")
_QUIET = WaitRow(
    "扫码枪停顿下来", (("scanner", "quiet"), HANDOVER_SECONDS), ended_by=_CANCEL,
    note=f"丢弃旧码之后才亮灯；5 秒还不停的，返回 {_BUSY}，计入等患者出示二维码的时间",
)  # fmt: skip
_SCAN = WaitRow(
    "打开扫码枪，等患者出示二维码", (("scanner", "timeout_seconds"),), ended_by=_CANCEL,
    note=f"到时返回 {_codes(Reason.SCAN_TIMED_OUT)}",
)  # fmt: skip
_DRIVER = WaitRow(
    "扫码枪的驱动没有应答", (STOP_SECONDS,), note="只在出故障时；被取消的扫码也最多再等这么久，好让扫码枪熄灯"
)
_PLATFORM = WaitRow(
    "平台：从连接到收完应答", (("transport", "total_seconds"),),
    note="查询类自动再问的一次也在其内；到时没有发出的返回 "
    f"{_codes(Reason.CONNECT_FAILED)}，已经发出的返回 {_codes(Reason.UNKNOWN_OUTCOME)}",
)  # fmt: skip
_CONNECT = WaitRow(
    "连接平台：查域名、代理、TLS", (("transport", "connect_seconds"),), _PLATFORM.what,
    note=f"到时返回 {_codes(Reason.CONNECT_FAILED)}，没有提交",
)  # fmt: skip
_TERMINAL = WaitRow(
    "为终端信息查平台的域名", (RESOLVE_SECONDS,), _PLATFORM.what, note="到时不送查不到的终端信息，照常办理"
)
_LABEL = WaitRow(
    "前一张标签打完，加上打这一张", (("label", "timeout_seconds"),),
    note=f"到时 `EhealthID_Print` 返回 {_UNAVAILABLE}，`querywithreg` 照常返回成功",
)  # fmt: skip
_FILL_BEFORE = WaitRow(
    "前一次 `SetEcQrcode`", (("autofill", "modifier_seconds"), KEYBOARD_SECONDS), note=f"到时返回 {_UNAVAILABLE}"
)
_MODIFIERS = WaitRow(
    "松开 Ctrl、Alt、Shift、Win 键", (("autofill", "modifier_seconds"),), note=f"到时返回 {_UNAVAILABLE}"
)
_KEYBOARD = WaitRow(
    "系统收下按键", (KEYBOARD_SECONDS,), note="Linux 上是 X 服务器；Windows 立即收下，除非其他程序装了键盘钩子"
)

WAITS: tuple[WaitRow, ...] = (
    WaitRow("vcshim 启动", (), note="进程中第一次调用，一般不到 1 秒，慢在磁盘和杀毒软件；同时的其他调用一起等"),
    WaitRow("本进程的另一个线程正在 fork（Linux）", (), note="平时一两毫秒，最多 2 秒"),
    WaitRow("本进程另一次调用正在扫码", (0.0,), note=f"立即返回 {_BUSY}"),
    _RELEASE, _LOCK, _QUIET, _SCAN, _DRIVER, _PLATFORM, _CONNECT, _TERMINAL, _LABEL, _FILL_BEFORE, _MODIFIERS,
    _KEYBOARD,
    WaitRow("扩展屏", (0.0,), note="辅助进程的启动、画图、串口屏都在后台"),
    WaitRow("写日志、读证书、保存放不下的应答", (), note="由磁盘决定；不要把 `[log] folder`、`ca_file` 放在网络盘上"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class LongestRow:
    """How long one kind of call of an export may take at most.

    Attributes:
        waits: those that follow each other.
    """

    export: str
    kind: str
    waits: tuple[WaitRow, ...]

    def seconds(self, settings: Configuration) -> float:
        """The sum under these settings, without the start of the component and without what the disk decides."""
        return sum(_seconds(limit, settings) for wait in self.waits for limit in wait.limits)


_SCANNING = (_RELEASE, _LOCK, _QUIET, _SCAN, _DRIVER)
_FILLING = (_FILL_BEFORE, _MODIFIERS, _KEYBOARD)
LONGEST: tuple[LongestRow, ...] = (
    LongestRow("VirtualCardTrans", "不扫码，不打印标签", (_PLATFORM,)),
    LongestRow("VirtualCardTrans", "扫码：`ehc.ehealthcode.verify` 没有带码", (*_SCANNING, _PLATFORM)),
    LongestRow("VirtualCardTrans", "打印标签：`querywithreg` 的 `QRprint` = Y", (_PLATFORM, _LABEL)),
    LongestRow("NationEcTrans", "不扫码", (_PLATFORM,)),
    LongestRow("NationEcTrans", "扫码：`ec.query` 等没有带码", (*_SCANNING, _PLATFORM)),
    LongestRow("EhealthID_Print", "", (_LABEL,)),
    LongestRow("SetEcQrcode", "", _FILLING),
    LongestRow("Set_QRflow_Mode", "0 或 1", ()),
)


def waits() -> Table:
    """Every wait, with its limit by default and the setting that changes it."""
    rows = [(wait.what, _limit(wait), _settings(wait), wait.ended_by or "没有", _note(wait)) for wait in WAITS]
    return ("等什么", "最多", "设置（默认值）", "能提前结束它的", "说明"), [*rows]


def longest_calls() -> Table:
    """The sum for each export and kind of call."""
    rows = [
        (f"`{row.export}`", row.kind, " + ".join(_terms(row)) or "不等", f"{row.seconds(Configuration()):g} 秒")
        for row in LONGEST
    ]
    return ("函数", "业务", "最多等待", "按默认值"), [*rows]


def _limit(wait: WaitRow) -> str:
    if not wait.limits:
        return "不定"
    seconds = sum(_seconds(limit, Configuration()) for limit in wait.limits)
    return f"{seconds:g} 秒" if seconds else "不等"


def _settings(wait: WaitRow) -> str:
    named = [_option(limit) for limit in wait.limits if isinstance(limit, tuple)]
    return "；".join(f"`[{option.section}] {option.key}`（{option.default}）" for option in named) or (
        "固定" if wait.limits else "没有"
    )


def _note(wait: WaitRow) -> str:
    return f"计入“{wait.within}”；{wait.note}" if wait.within else wait.note


def _terms(row: LongestRow) -> list[str]:
    """The settings of a sum, and one number for all that no setting changes."""
    limits = [limit for wait in row.waits for limit in wait.limits]
    named: dict[str, int] = {}
    for limit in limits:
        if isinstance(limit, tuple):
            name = f"`[{_option(limit).section}] {_option(limit).key}`"
            named[name] = named.get(name, 0) + 1
    fixed = sum(limit for limit in limits if not isinstance(limit, tuple))
    terms = [f"{times} × {name}" if times > 1 else name for name, times in named.items()]
    return [*terms, f"{fixed:g} 秒"] if fixed else terms


def _seconds(limit: Limit, settings: Configuration) -> float:
    if not isinstance(limit, tuple):
        return limit
    section, attribute = limit
    return float(getattr(getattr(settings, section), attribute))


_OPTIONS: Mapping[tuple[str, str], Option] = {
    (option.section, option.attribute): option for option in configuration.options()
}


def _option(limit: tuple[str, str]) -> Option:
    return _OPTIONS[limit]
