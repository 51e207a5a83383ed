"""[screen]: the settings of the extension screen. What the words of type and protocol are is known to their rows."""

from __future__ import annotations

from typing import ClassVar

from shim.settings.option import Section, colour, number, path, paths, switch, text, word


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
    monitor: str = text("", "用作扩展屏的显示器：编号（从 1 起）或名称，例如 2 或 DISPLAY2；空为第一个非主显示器")
    heading: str = text("", "画面顶栏的文字：医院或窗口的名称")
    logo: str = path("画面顶栏左端的院标：PNG 或 JPEG 图片，最大 4 MB、每边 4,000 像素；空为没有")
    countdown: str = text("还剩 {seconds} 秒", "画面右上角的倒计时（VC 2.2），{seconds} 为剩余秒数")
    valid_seconds: int = number(60, "授权二维码的有效秒数（VC 2.2）", 5, 600)
    success_seconds: int = number(3, "“授权成功”显示的秒数", 0, 60)
    expired_seconds: int = number(3, "倒计时到 0 后“二维码已过期”显示的秒数，之后收起；0 立即收起", 0, 60)
    new_code_seconds: int = number(60, "注册成功后新码显示的秒数；time_expire 更短的按 time_expire", 0, 600)
    after_registration: str = word(
        "code",
        "注册成功后显示：code 新的多码融合码（pub_flag = Y 时改为公众号关注码）、follow 只显示关注码、none 不显示",
        ("code", "follow", "none"),
    )
    waiting_title: str = text("请扫码授权", "等待授权的标题；各标题和说明中 | 表示换行")
    waiting_hint: str = text("打开微信或支付宝扫一扫，|在手机上点“确认授权”", "等待授权的说明")
    succeeded_title: str = text("授权成功", "授权成功的标题")
    succeeded_hint: str = text("请稍候，|正在为您办理", "授权成功的说明")
    refused_title: str = text("授权未成功", "授权未成功（fail、cancel）的标题；按 VC 2.2 二维码和倒计时保留")
    refused_hint: str = text("如需继续办理，|请联系工作人员", "授权未成功的说明")
    expired_title: str = text("二维码已过期", "二维码过期的标题")
    expired_hint: str = text(
        "请联系工作人员，|重新获取二维码", "二维码过期的说明；自助机可改为“请返回上一页，|重新获取二维码”"
    )
    registered_title: str = text("您的多码融合码", "注册成功后新码的标题，请求中没有 time_expire（静态码）")
    registered_hint: str = text("请拍照保存，|就诊时出示", "新码的说明，请求中没有 time_expire（静态码）")
    expiring_title: str = text("您的多码融合码", "注册成功后新码的标题，请求中有 time_expire（限时码）")
    expiring_hint: str = text("请现在使用，|过期后需重新获取", "新码的说明，请求中有 time_expire（限时码）")
    follow_title: str = text("请关注公众号", "公众号关注码的标题")
    follow_hint: str = text("打开微信扫一扫，|扫描此二维码", "公众号关注码的说明")
    background_colour: str = colour("#F4F7FB", "画面的底色")
    text_colour: str = colour("#1F2D3D", "画面上说明文字的颜色")
    bar_colour: str = colour("#0B5FA5", "画面顶栏的底色")
    bar_text_colour: str = colour("#FFFFFF", "画面顶栏文字的颜色")
    accent_colour: str = colour("#0B5FA5", "等待授权、新码、关注码的标题的颜色")
    good_colour: str = colour("#0A7D33", "授权成功的底色")
    bad_colour: str = colour("#B3261E", "授权未成功、二维码已过期的底色")
    fonts: tuple[str, ...] = paths(
        "画面优先使用的字体文件，多个用 ; 分开，字体集中的第 N 个字体写作 文件#N；空为系统的中文字体", ";"
    )
    port: str = text("", "type = serial 时扩展屏的串口，例如 COM4")
    baud: int = number(9600, "type = serial 时的波特率", 300, 4000000)
    bits: str = word(
        "8n1", "type = serial 时的格式：数据位、校验、停止位", ("8n1", "8e1", "8o1", "8n2", "7e1", "7o1", "7n1")
    )
    protocol: str = word("plain", _protocol_help, _protocol_words)
    prefix: str = text(
        "",
        "protocol = custom 时二维码内容之前的字节，十六进制，由屏的厂商提供，例如 5A A5 LEN 82 50 00；"
        "LEN、LEN2、LEN2LE 为其后直到结尾的字节数",
    )
    suffix: str = text("", "protocol = custom 时二维码内容之后的字节，十六进制，例如 FF FF")
    hide: str = text("", "protocol = custom 时清除显示的字节，十六进制；空为不能清除，最后的二维码留在屏上")
    spy: bool = switch(False, "type = serial 时把与扩展屏的往来记入日志（二维码只记长度），只在排查问题时打开")
