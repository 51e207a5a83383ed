"""[terminal]: who this PC is for the insurance platform (EC 7.2.1.1). Read by shim/service.py."""

from __future__ import annotations

from typing import ClassVar

from shim.settings.option import Section, text, word


class TerminalSettings(Section):
    """[terminal]."""

    NAME: ClassVar[str] = "terminal"
    LIVE: ClassVar[bool] = True

    mac_field: str = text(
        "", "要扫码的医保请求中，放本机 MAC 地址的字段名；空为不带。EC 表 B.1、B.3 没有规定，须问医保平台"
    )
    ip_field: str = text("", "同上，放本机 IPv4 地址的字段名；空为不带")
    record_field: str = text("", "同上，放终端备案号的字段名；空为不带")
    record_no: str = text("", "本机的终端备案号，20 位（EC 2.8）；不是 term_id")
    place: str = word("data", "上述字段放在 InData 的哪里：data；extra；top 最外层", ("data", "extra", "top"))
    mac_style: str = word(
        "colon",
        "MAC 地址的写法：colon 如 f8:34:41:bd:e1:88（EC 7.2.1.1 表 1）；dash 如 F8-34-41-BD-E1-88；plain 无分隔符",
        ("colon", "dash", "plain"),
    )
    mac: str = text("", "固定写成此 MAC 地址；空为自动，取连接医保平台的网卡")
    ip: str = text("", "固定写成此 IPv4 地址；空为自动")
