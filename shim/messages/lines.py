"""Rows: why a line to a device could not be opened. A sentence for each device and cause, for each kind of line.

The clerk knows the device; the engineer also learns the port or the address, what the system said, and which key to
look at. shim/devices/lines/refusal.py finds the cause. Facts that every row has: title, the device with its port;
section, where vcshim.ini configures it; error, what the system said. Also: ports, baud and bits of a serial port;
program and pid of who holds a port or a file; seconds that a connection was waited for.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum, unique

from shim.errors import Message, Reason, Unavailable
from shim.messages.clerk import IT_DEPARTMENT


@unique
class Cause(Enum):
    """What the system says when a line cannot be opened."""

    MISSING = "missing"
    IN_USE = "in_use"
    IN_USE_BY = "in_use_by"
    ACCESS_DENIED = "access_denied"
    UNSUPPORTED = "unsupported"
    UNREACHABLE = "unreachable"
    NO_ANSWER = "no_answer"
    REFUSED = "refused"
    UNKNOWN_HOST = "unknown_host"
    OTHER = "other"


@unique
class LineKind(Enum):
    """The kinds of line."""

    SERIAL = "serial"
    TCP = "tcp"
    FILE = "file"


# For programs, and for the engineer, in Chinese and in English.
_Line = tuple[Unavailable, str, str]
_SERIAL: Mapping[Cause, _Line] = {
    Cause.MISSING: (
        Unavailable.NOT_FOUND,
        "{title}：本机没有这个串口，现有串口 {ports}（{error}）；请检查接线，在设备管理器中核对端口号，"
        "并在 vcshim.ini 的 [{section}] 改正 port",
        "{title}: this PC has no such serial port, but {ports} ({error}); check the cable and the number "
        "in the device manager, and correct port in [{section}] of vcshim.ini",
    ),
    Cause.IN_USE: (
        Unavailable.BUSY,
        "{title}：串口已被别的程序打开，系统没有说是哪一个（{error}）；请关闭另一个医院程序窗口、设备的配置工具和厂商控件，"
        "仍不行请拔插设备",
        "{title}: another program holds the port, the system does not say which ({error}); close other "
        "windows of the hospital program, tools of the device and controls of its maker, else unplug the "
        "device and plug it in",
    ),
    Cause.IN_USE_BY: (
        Unavailable.BUSY,
        "{title}：串口已被 {program}（进程号 {pid}）打开（{error}）；请关闭该程序",
        "{title}: {program} (process {pid}) holds the port ({error}); close that program",
    ),
    Cause.ACCESS_DENIED: (
        Unavailable.ACCESS_DENIED,
        "{title}：当前用户没有该串口的权限（{error}）；请把登录账户加入串口所属的组（多为 dialout），重新登录",
        "{title}: this user may not open the port ({error}); add the account to the group of the port, "
        "mostly dialout, and log on again",
    ),
    Cause.UNSUPPORTED: (
        Unavailable.NOT_SET_UP,
        "{title}：该串口不支持波特率 {baud} 或格式 {bits}（{error}）；请核对 [{section}] baud 和 bits",
        "{title}: the port does not support {baud} baud or the format {bits} ({error}); check baud and "
        "bits in [{section}]",
    ),
    Cause.NO_ANSWER: (
        Unavailable.TIMED_OUT,
        "{title}：串口的驱动没有应答（{error}）；蓝牙串口请检查设备是否开机、是否已配对，其他的请拔插设备",
        "{title}: the driver of the port does not answer ({error}); switch on and pair a Bluetooth "
        "device, unplug any other and plug it in",
    ),
    Cause.OTHER: (
        Unavailable.NOT_FOUND,
        "{title}：系统打不开该串口（{error}）；请拔插设备，并核对 [{section}] port",
        "{title}: the port cannot be opened ({error}); unplug the device and plug it in, and check port in [{section}]",
    ),
}
_TCP: Mapping[Cause, _Line] = {
    Cause.UNREACHABLE: (
        Unavailable.UNREACHABLE,
        "{title}：网络不通（{error}）；请检查设备的网线和电源、本机的网络，并核对 [{section}] address",
        "{title}: there is no way to it ({error}); check its network cable and power, the network of this "
        "PC, and address in [{section}]",
    ),
    Cause.NO_ANSWER: (
        Unavailable.TIMED_OUT,
        "{title}：{seconds} 秒没有应答（{error}）；请检查设备的电源和网线，并核对 [{section}] address",
        "{title}: no answer within {seconds} s ({error}); check its power and network cable, and address "
        "in [{section}]",
    ),
    Cause.REFUSED: (
        Unavailable.REFUSED,
        "{title}：该地址的设备拒绝连接（{error}）；请核对 [{section}] address 的端口，并检查设备是否开机；"
        "只接受一个连接的设备被别的程序或电脑连着时也会这样",
        "{title}: the connection is refused ({error}); check the port of address in [{section}] and "
        "whether the device is on; a device that takes one connection refuses while another program or PC "
        "has it",
    ),
    Cause.ACCESS_DENIED: (
        Unavailable.BLOCKED,
        "{title}：本机的防火墙或安全软件不允许连接（{error}）；请放行医院程序",
        "{title}: the firewall or security software of this PC does not allow the connection ({error}); "
        "allow the hospital program",
    ),
    Cause.UNKNOWN_HOST: (
        Unavailable.NOT_FOUND,
        "{title}：找不到这个主机名（{error}）；请核对 [{section}] address，或改写 IP 地址",
        "{title}: there is no host of that name ({error}); check address in [{section}], or write an IP address",
    ),
    Cause.OTHER: (
        Unavailable.UNREACHABLE,
        "{title}：系统连不上该地址（{error}）；请核对 [{section}] address",
        "{title}: it cannot be reached ({error}); check address in [{section}]",
    ),
}
_FILE: Mapping[Cause, _Line] = {
    Cause.MISSING: (
        Unavailable.NOT_FOUND,
        "{title}：没有这个设备或文件（{error}）；请检查接线，并核对 [{section}] file",
        "{title}: there is no such device or file ({error}); check the cable, and file in [{section}]",
    ),
    Cause.IN_USE: (
        Unavailable.BUSY,
        "{title}：设备或文件正被别的程序使用，系统没有说是哪一个（{error}）；请关闭该程序",
        "{title}: another program holds it, the system does not say which ({error}); close that program",
    ),
    Cause.IN_USE_BY: (
        Unavailable.BUSY,
        "{title}：设备或文件已被 {program}（进程号 {pid}）打开（{error}）；请关闭该程序",
        "{title}: {program} (process {pid}) holds it ({error}); close that program",
    ),
    Cause.ACCESS_DENIED: (
        Unavailable.ACCESS_DENIED,
        "{title}：当前用户不能写入（{error}）；请给登录账户写入 [{section}] file 的权限，并关闭正在使用它的程序",
        "{title}: this user may not write to it ({error}); let the account write to file in [{section}], "
        "and close the program that holds it",
    ),
    Cause.OTHER: (
        Unavailable.NOT_FOUND,
        "{title}：系统打不开（{error}）；请核对 [{section}] file",
        "{title}: it cannot be opened ({error}); check file in [{section}]",
    ),
}
ENGINEER: Mapping[LineKind, Mapping[Cause, _Line]] = {
    LineKind.SERIAL: _SERIAL,
    LineKind.TCP: _TCP,
    LineKind.FILE: _FILE,
}

# For the clerk: what happened, and what to do next.
_Clerk = tuple[str, str]
_CLERK: Mapping[str, Mapping[Cause, _Clerk]] = {
    "scanner": {
        Cause.MISSING: ("没有找到扫码枪", "请插好连接线再试；仍不行请联系信息科"),
        Cause.IN_USE: ("扫码枪正被另一个程序使用", "请先在那里扫完或关闭"),
        Cause.IN_USE_BY: ("扫码枪正被 {program} 使用", "请先在那里扫完或关闭"),
        Cause.ACCESS_DENIED: ("没有使用扫码枪的权限", IT_DEPARTMENT),
        Cause.UNSUPPORTED: ("本机的扫码枪设置有误", IT_DEPARTMENT),
        Cause.UNREACHABLE: ("连不上扫码枪，网络不通", "请检查扫码枪的网线；仍不行请联系信息科"),
        Cause.NO_ANSWER: ("扫码枪没有应答", "请检查扫码枪的电源和连接线；仍不行请联系信息科"),
        Cause.REFUSED: ("扫码枪拒绝连接", "请检查扫码枪是否开机；仍不行请联系信息科"),
        Cause.UNKNOWN_HOST: ("找不到扫码枪的网络地址", IT_DEPARTMENT),
        Cause.OTHER: ("扫码枪打不开", "请拔插扫码枪再试；仍不行请联系信息科"),
    },
    "label": {
        Cause.MISSING: ("没有找到标签打印机", "请检查电源和连接线，再补打"),
        Cause.IN_USE: ("标签打印机正被另一个程序使用", "请等它打完再补打"),
        Cause.IN_USE_BY: ("标签打印机正被 {program} 使用", "请等它打完再补打"),
        Cause.ACCESS_DENIED: ("没有使用标签打印机的权限", IT_DEPARTMENT),
        Cause.UNSUPPORTED: ("本机的标签打印机设置有误", IT_DEPARTMENT),
        Cause.UNREACHABLE: ("连不上标签打印机，网络不通", "请检查打印机的网线，再补打"),
        Cause.NO_ANSWER: ("标签打印机没有应答", "请检查电源和连接线，再补打"),
        Cause.REFUSED: ("标签打印机拒绝连接", "请检查打印机是否开机，再补打"),
        Cause.UNKNOWN_HOST: ("找不到标签打印机的网络地址", IT_DEPARTMENT),
        Cause.OTHER: ("标签打印机打不开", "请检查电源和连接线，再补打"),
    },
    "screen": {
        Cause.MISSING: ("没有找到扩展屏", "请检查扩展屏的连接线"),
        Cause.IN_USE: ("扩展屏正被另一个程序使用", "请关闭该程序"),
        Cause.IN_USE_BY: ("扩展屏正被 {program} 使用", "请关闭该程序"),
        Cause.ACCESS_DENIED: ("没有使用扩展屏的权限", IT_DEPARTMENT),
        Cause.UNSUPPORTED: ("本机的扩展屏设置有误", IT_DEPARTMENT),
        Cause.NO_ANSWER: ("扩展屏没有应答", "请检查扩展屏的电源和连接线"),
        Cause.OTHER: ("扩展屏打不开", "请拔插扩展屏"),
    },
}
_BLOCKED: Mapping[str, _Clerk] = {
    "scanner": ("本机的安全软件不允许连接扫码枪", IT_DEPARTMENT),
    "label": ("本机的安全软件不允许连接标签打印机", IT_DEPARTMENT),
}
# The kinds of line that each device has.
_KINDS: Mapping[str, tuple[LineKind, ...]] = {
    "scanner": (LineKind.SERIAL, LineKind.TCP),
    "label": (LineKind.SERIAL, LineKind.TCP, LineKind.FILE),
    "screen": (LineKind.SERIAL,),
}
_TITLES = {"scanner": "扫码枪", "label": "标签打印机", "screen": "扩展屏"}
_USUAL: Mapping[LineKind, Mapping[str, object]] = {
    LineKind.SERIAL: {
        "port": "COM3", "error": "系统错误 2", "ports": "COM1、COM4", "baud": 9600, "bits": "8N1",
        "program": "HIS.exe", "pid": 4711,
    },
    LineKind.TCP: {"port": "192.168.1.50:4001", "error": "系统错误 10061", "seconds": "3"},
    LineKind.FILE: {"port": "lp0", "error": "系统错误 2", "program": "lpd", "pid": 4711},
}  # fmt: skip


def _row(section: str, kind: LineKind, cause: Cause) -> Message:
    why, engineer, english = ENGINEER[kind][cause]
    clerk, then = _BLOCKED[section] if why is Unavailable.BLOCKED else _CLERK[section][cause]
    key = f"lines.{section}_{kind.value}_{cause.value}"
    usual = {**_USUAL[kind], "title": f"{_TITLES[section]} {_USUAL[kind]['port']}", "section": section}
    return Message(
        key, Reason.DEVICE_UNAVAILABLE, clerk, engineer, usual, then=then, again=False, why=why, english=english
    )  # fmt: skip


ROWS: Mapping[tuple[str, LineKind, Cause], Message] = {
    (section, kind, cause): _row(section, kind, cause)
    for section, kinds in _KINDS.items()
    for kind in kinds
    for cause in ENGINEER[kind]
}
"""By the section of the device in vcshim.ini, the kind of line and the cause."""

# What a command of `vcshim` says of a device that vcshim.ini does not name, where the DLL would advise that command.
SET_TYPE = Message(
    "lines.set_type", Reason.DEVICE_UNAVAILABLE, "本机没有设置这个设备",
    "vcshim.ini 的 [{section}] 没有设置 type，请写明接法", {"section": "screen"},
    then=IT_DEPARTMENT, again=False, why=Unavailable.NOT_SET_UP,
    english="[{section}] of vcshim.ini sets no type; name how the device is connected",
)  # fmt: skip
SET_TYPE_OR_WORD = Message(
    "lines.set_type_or_word", Reason.DEVICE_UNAVAILABLE, "本机没有设置这个设备",
    "vcshim.ini 的 [{section}] 没有设置 type，请写明接法，或在命令行写 --type", {"section": "scanner"},
    then=IT_DEPARTMENT, again=False, why=Unavailable.NOT_SET_UP,
    english="[{section}] of vcshim.ini sets no type; name how the device is connected, there or with --type",
)  # fmt: skip
