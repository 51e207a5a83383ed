"""[scanner]: the scanner."""

from __future__ import annotations

from typing import ClassVar

from shim.devices.scanner.columns import CommandColumns
from shim.settings.option import Section, listed, milliseconds, number, path, switch, text, word


def _types() -> tuple[str, ...]:
    from shim.devices import backends
    from shim.devices.scanner.pick import BACK_ENDS

    return backends.words_of(BACK_ENDS)


def _types_help() -> str:
    from shim.devices import backends
    from shim.devices.scanner.pick import BACK_ENDS

    return f"扫码枪的接法：{backends.choices_help(BACK_ENDS)}"


def _makes() -> tuple[str, ...]:
    from shim.devices.scanner import triggers

    return triggers.make_words()


def _makes_help() -> str:
    from shim.devices.scanner import triggers

    return f"扫码枪的品牌，决定触发指令和停止指令：{triggers.makes_help()}"


def _hid_layout_help() -> str:
    from shim.devices.scanner import hid_layouts

    usual = hid_layouts.LAYOUTS[0].layout
    return (
        "USB HID-POS 扫码枪所发数据的格式，读不出码时才按厂商的说明书填写："
        f"{hid_layouts.layout_help()}，例如 {usual}；空为按厂商"
    )


def _terminators() -> tuple[str, ...]:
    from shim.devices.scanner.framing import Ending

    return tuple(ending.value for ending in Ending)


class _GeneralKeys(Section):
    """The keys that hold for every make."""

    NAME: ClassVar[str] = "scanner"

    type: str = word("none", _types_help, _types)
    port: tuple[str, ...] = listed("", "串口名，例如 COM3；type = auto 时可写多个，用逗号分开，只试这些")
    make: str = word("newland", _makes_help, _makes)
    baud: int = number(9600, "串口波特率；USB 虚拟串口一般不计", 300, 4000000)
    bits: str = word("8n1", "串口格式：数据位、校验、停止位", ("8n1", "8e1", "8o1", "8n2", "7e1", "7o1", "7n1"))
    address: str = text("", "type = tcp 时扫码枪的地址，例如 192.168.1.50:4001")
    hid_device: str = text("", "type = hidpos 时只用此设备，十六进制 VID:PID，例如 1EAB:0022；空为第一个")
    hid_layout: str = text("", _hid_layout_help)
    wedge_device: str = text("", "type = wedge 时只听名称含此文字的键盘，例如 VID_1EAB")
    file: str = path("type = file 时每行一个二维码的文本文件，只供演示和测试")
    timeout_seconds: int = number(30, "等待扫码的秒数", 1, 300)
    terminator: str = word(
        "auto",
        "二维码的结束符：auto（CR、LF、CRLF，没有则看停顿；见过结束符的扫码枪不再看停顿）、cr、lf、crlf、none（只看停顿）",
        _terminators,
    )
    idle_gap: float = milliseconds("idle_gap_ms", 80, "没有结束符时，停顿多少毫秒算一个二维码结束", 10, 2000)
    quiet: float = milliseconds(
        "quiet_ms",
        150,
        "打开扫码枪 0.1 秒之后，要停顿满多少毫秒才发触发指令；此前收到的是扫码枪或串口服务器留着的旧码，一律丢弃",
        20,
        2000,
    )
    again_seconds: int = number(0, "等待中每隔几秒再发一次触发指令，供自己会熄灯的扫码枪用；0 不再发", 0, 60)
    spy: bool = switch(False, "把与扫码枪的往来记入日志（二维码只记长度），只在排查问题时打开")
    keep_code_seconds: int = number(
        300, "为 SetEcQrcode 在内存中保留最近一个医保码的秒数，用后即清；0 不保留", 0, 86400
    )


class ScannerSettings(CommandColumns, _GeneralKeys):
    """[scanner]: the general keys, then a key for each column of a make."""
