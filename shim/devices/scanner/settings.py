"""[scanner]: the scanner."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from shim.settings.option import Section, listed, milliseconds, number, switch, text, word


@dataclass(frozen=True, slots=True)
class ScannerSettings(Section):
    """[scanner]."""

    NAME: ClassVar[str] = "scanner"

    type: str = word(
        "none",
        "扫码枪的接法：none 没有、auto 逐个试（会向每个空闲串口发唤醒指令）、serial、tcp、hidpos、wedge（键盘）、file",
        ("none", "auto", "serial", "tcp", "hidpos", "wedge", "file"),
    )
    port: tuple[str, ...] = listed("", "串口名，例如 COM3；type = auto 时可写多个，用逗号分开，只试这些")
    make: str = word(
        "newland",
        "唤醒指令：newland、newland-sdk、module（FM30、GM65 等模组）、module-abcd、honeywell、mindeo、"
        "ssi（斑马等）、zkteco、none 不发、custom 用下面自定的",
        ("newland", "newland-sdk", "module", "module-abcd", "honeywell", "mindeo", "ssi", "zkteco", "none", "custom"),
    )
    baud: int = number(9600, "串口波特率；USB 虚拟串口一般不计", 300, 4000000)
    bits: str = word("8n1", "串口格式：数据位、校验、停止位", ("8n1", "8e1", "8o1", "8n2", "7e1", "7o1", "7n1"))
    address: str = text("", "type = tcp 时扫码枪的地址，例如 192.168.1.50:4001")
    hid_device: str = text("", "type = hidpos 时只用此设备，十六进制 VID:PID，例如 1EAB:0022；空为第一个")
    hid_layout: str = text(
        "", "HID-POS 报告的格式：报告号,长度位置,数据起,数据止,续报位置，例如 2,1,2,57,63；空为按厂商"
    )
    wedge_device: str = text("", "type = wedge 时只听名称含此文字的键盘，例如 VID_1EAB")
    file: str = text("", "type = file 时每行一个二维码的文本文件，只供演示和测试")
    timeout_seconds: int = number(30, "等待扫码的秒数", 1, 300)
    terminator: str = word(
        "auto",
        "二维码的结束符：auto（CR、LF、CRLF，没有则看静默）、cr、lf、crlf、none（只看静默）",
        ("auto", "cr", "lf", "crlf", "none"),
    )
    idle_gap: float = milliseconds("idle_gap_ms", 80, "没有结束符时，静默多少毫秒算一个二维码结束", 10, 2000)
    again_seconds: int = number(0, "等待中每隔几秒重发唤醒指令，供自己会熄灯的扫码枪用；0 不重发", 0, 60)
    start: str = text("", "make = custom 的唤醒指令，十六进制，例如 7E 01 30")
    stop: str = text("", "make = custom 的熄灯指令，十六进制")
    wake: str = text("", "make = custom 在唤醒指令之前先发的字节，十六进制")
    wake_delay: float = milliseconds("wake_ms", 50, "make = custom 发出 wake 之后等待的毫秒数", 0, 1000)
    replies: str = text("", "make = custom 应从数据中去掉的指令应答，十六进制，多个用逗号分开")
    spy: bool = switch(False, "把与扫码枪的往来记入日志（二维码只记长度），只在排查问题时打开")
    keep_code_seconds: int = number(
        300, "为 SetEcQrcode 在内存中保留最近一个医保码的秒数，用后即清；0 不保留", 0, 86400
    )
