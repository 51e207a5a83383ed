"""[screen]: the settings of the extension screen. What the words of type and protocol are is known to their rows."""

from __future__ import annotations

from typing import ClassVar

from shim.settings.option import Section, colour, number, paths, switch, text, word


def _type_words() -> tuple[str, ...]:
    from shim.devices.screen.pick import type_words

    return type_words()


def _type_help() -> str:
    from shim.devices.screen.pick import type_help

    return f"Set_QRflow_Mode(1) 打开的扩展屏：{type_help()}"


def _protocol_words() -> tuple[str, ...]:
    from shim.devices.screen.protocols import protocol_words

    return protocol_words()


def _protocol_help() -> str:
    from shim.devices.screen.protocols import protocol_help

    return f"type = serial 时的协议：{protocol_help()}"


class ScreenSettings(Section):
    """[screen]."""

    NAME: ClassVar[str] = "screen"

    type: str = word("window", _type_help, _type_words)
    monitor: str = text("", "扩展显示器：编号（从 1 起）或名称，例如 2 或 DISPLAY2；空为第一个非主显示器")
    heading: str = text("", "画面左上角的文字：医院或窗口的名称")
    countdown: str = text("{seconds} 秒", "画面右上角的倒计时（VC 2.2），{seconds} 为剩余秒数")
    valid_seconds: int = number(60, "授权二维码的有效秒数（VC 2.2）", 5, 600)
    success_seconds: int = number(3, "“授权成功”显示的秒数", 0, 60)
    expired_seconds: int = number(3, "倒计时到 0 后提示“已过期”的秒数，之后收起；0 立即收起", 0, 60)
    new_code_seconds: int = number(60, "登记成功后二维码显示的秒数", 0, 600)
    after_registration: str = word(
        "code",
        "登记成功后显示：code 新的多码融合码（pub_flag = Y 时改为公众号关注码）、follow 只显示关注码、none 不显示",
        ("code", "follow", "none"),
    )
    waiting_title: str = text("请用微信或支付宝扫码授权", "等待授权的标题；各处文字中 | 表示换行")
    waiting_hint: str = text("打开“扫一扫”，扫描画面中的二维码，在手机上点“确认授权”", "等待授权的说明")
    succeeded_title: str = text("授权成功", "授权成功的标题")
    succeeded_hint: str = text("请继续办理", "授权成功的说明")
    refused_title: str = text("未授权", "授权失败或患者取消的标题；按 VC 2.2 画面保留，倒计时继续")
    refused_hint: str = text("没有得到您的授权。如需继续，请告诉窗口工作人员", "授权失败或患者取消的说明")
    expired_title: str = text("二维码已过期", "过期的标题")
    expired_hint: str = text("请让窗口工作人员重新出示二维码", "过期的说明")
    registered_title: str = text("您的多码融合码", "登记成功后新码的标题")
    registered_hint: str = text("请用手机拍下或扫描保存，就诊时出示", "登记成功后新码的说明")
    follow_title: str = text("请扫码关注公众号", "公众号关注码的标题")
    follow_hint: str = text("用微信“扫一扫”扫描画面中的二维码", "公众号关注码的说明")
    background_colour: str = colour("#F4F7FB", "画面的底色")
    text_colour: str = colour("#1F2D3D", "说明文字的颜色")
    bar_colour: str = colour("#0B5FA5", "顶栏的底色")
    bar_text_colour: str = colour("#FFFFFF", "顶栏文字的颜色")
    accent_colour: str = colour("#0B5FA5", "一般标题的颜色")
    good_colour: str = colour("#0A7D33", "授权成功的颜色")
    bad_colour: str = colour("#B3261E", "未授权、已过期的颜色")
    fonts: tuple[str, ...] = paths(
        "优先使用的字体文件，多个用 ; 分开，字体集中的第 N 个字体写作 文件#N；空为系统的中文字体", ";"
    )
    port: str = text("", "type = serial 时的串口名，例如 COM4")
    baud: int = number(9600, "type = serial 时的波特率", 300, 4000000)
    bits: str = word(
        "8n1", "type = serial 时的格式：数据位、校验、停止位", ("8n1", "8e1", "8o1", "8n2", "7e1", "7o1", "7n1")
    )
    protocol: str = word("plain", _protocol_help, _protocol_words)
    prefix: str = text(
        "", "protocol = custom 时二维码内容之前的字节，十六进制；LEN、LEN2、LEN2LE 为其后直到结尾的字节数"
    )
    suffix: str = text("", "protocol = custom 时二维码内容之后的字节，十六进制")
    hide: str = text("", "protocol = custom 时清除显示的字节，十六进制；空为不清除")
    spy: bool = switch(False, "type = serial 时把与二维码屏的往来记入日志（二维码只记长度），只在排查问题时打开")
