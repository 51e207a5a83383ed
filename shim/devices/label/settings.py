"""[label]: the label printer. The words of `type`, `language` and `gap` come from their rows."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import ClassVar

from shim.bilingual import Bilingual
from shim.settings.option import Section, number, path, paths, switch, text, word

_TEXT_LINE = re.compile("line[0-9]+")
_ANOTHER_LINE = "又一行固定位置的文字，写法同 line1；空为没有"


def _types() -> tuple[str, ...]:
    from shim.devices import backends
    from shim.devices.label.pick import BACK_ENDS

    return backends.words_of(BACK_ENDS)


def _types_help() -> str:
    from shim.devices import backends
    from shim.devices.label.pick import BACK_ENDS

    return f"标签打印机的接法：{backends.choices_help(BACK_ENDS)}"


def _languages() -> tuple[str, ...]:
    from shim.devices.label.languages import LANGUAGES

    return tuple(LANGUAGES)


def _languages_help() -> str:
    from shim.devices.label.languages import LANGUAGES

    described = "、".join(f"{row.name}（{row.printers}）" for row in LANGUAGES.values())
    return f"打印机语言：{described}；type = driver 时不用"


def _gaps() -> tuple[str, ...]:
    from shim.devices.label.paper import Gap

    return tuple(gap.value for gap in Gap)


def _check_layout(text: str) -> Bilingual | None:
    from shim.devices.base import UnusableSetting
    from shim.devices.label.layout import read_rows

    try:
        read_rows(text)
    except UnusableSetting as error:
        return error.problem.without("layout ")
    return None


class LabelSettings(Section):
    """[label]."""

    NAME: ClassVar[str] = "label"
    LIVE: ClassVar[bool] = True

    type: str = word("none", _types_help, _types)
    printer: str = text("", "type = spooler 或 driver 时系统打印机的名称，与控制面板所列相同")
    address: str = text("", "type = tcp 时打印机的地址，例如 192.168.1.60；端口不是 9100 时加 :端口")
    port: str = text("", "type = serial 时的串口名，例如 COM4")
    baud: int = number(115200, "串口波特率，须与打印机一致；9600 时一张标签要十几秒", 300, 4000000)
    bits: str = word("8n1", "串口格式：数据位、校验、停止位", ("8n1", "8e1", "8o1", "8n2"))
    file: str = path("type = file 时的设备或文件，例如 \\\\.\\LPT1；普通文件会留存患者信息，只供调试")
    language: str = word("tspl", _languages_help, _languages)
    width_mm: str = text("50", "标签宽，毫米")
    height_mm: str = text("30", "标签高，毫米")
    dpi: int = number(203, "打印机每英寸点数；type = driver 时按驱动", 100, 1200)
    gap: str = word("gap", "标签之间：gap 间隙、bline 黑标、none 连续纸", _gaps)
    gap_mm: str = text("2", "间隙或黑标的高，毫米")
    density: int = number(0, "打印浓度，按打印机语言的数值；0 为打印机自己的设置", 0, 200)
    speed: int = number(0, "打印速度，按打印机语言的数值；0 为打印机自己的设置", 0, 18)
    layout: str = text(
        "{hospital} | 姓名 {name} ** | 卡号 {card_no} *",
        "标签上的文字，从上到下，各行用 | 分开；{hospital} 医院、{name} 姓名、{card_no} 卡号；行末的 * 使这一行更大更"
        "醒目，最多三个；内容为空的行不印",
        _check_layout,
    )
    hospital: str = text("", "医院名称；空为不印")
    qr: str = text(
        "auto", "二维码的位置：auto 按纸张安排，尽量大；或 左,上,边长，毫米，含四周空白；每个小方格总是整数个点"
    )
    line1: str = text(
        "auto",
        "固定位置的一行文字，代替 layout：左,上,宽,高（毫米）,left 或 centre 或 right,文字；auto 按 layout 安排；"
        "放不下则缩小或换行",
    )
    line2: str = text("auto", _ANOTHER_LINE)
    line3: str = text("", _ANOTHER_LINE)
    line4: str = text("", _ANOTHER_LINE)
    fonts: tuple[str, ...] = paths(
        "优先使用的字体文件，多个用 ; 分开，字体集中的第 N 个字体写作 文件#N（从 0 起）；其后总是系统的中文字体",
        ";",
    )
    upside_down: bool = switch(False, "整张标签转 180 度")
    timeout_seconds: int = number(20, "一张标签最多等待的秒数", 1, 120)
    confirm: bool = switch(
        True,
        "标签发出后要有打印机读了它的迹象，否则按没有打印返回；off 为数据交出即可，只用于能打印却从不确认的打印机",
    )
    spy: bool = switch(
        False, "把与标签打印机的往来记入日志（标签的内容只记长度），只在排查问题时打开；type = driver 时不用"
    )

    @property
    def text_lines(self) -> Mapping[str, str]:
        """The values of line1, line2 and so on by their keys, in the order of the file: a key more is a line more."""
        keys = (option.key for option in self.options() if _TEXT_LINE.fullmatch(option.key))
        return {key: getattr(self, key) for key in keys}
