"""Settings: every key of vcshim.ini with its default, its check and its help text, read once into frozen objects.

`OPTIONS` is the whole truth: `read` walks it, `template` writes the commented vcshim.ini from it, the documentation
quotes it. A value that is not understood never fails a call: its default is taken and the problem is kept for the log.
The [abi] keys are also read by native/settings.c, which must obey them when Python is not there; one table of cases
in the tests holds both readers together.

L0: imports errors only; built by wiring, handed down, changed by nobody.
"""

from __future__ import annotations

import configparser
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

FILE_NAME = "vcshim.ini"


@dataclass(frozen=True, slots=True)
class Option:
    """One key: `default` as it would stand in the file; `choices` for words, `low`/`high` for whole numbers."""

    section: str
    key: str
    default: str
    help: str
    choices: tuple[str, ...] = ()
    low: int | None = None
    high: int | None = None

    def problem(self, value: str) -> str | None:
        """Why `value` cannot stand here, in Chinese, or None."""
        if self.choices and value.lower() not in self.choices:
            return f"应为 {'、'.join(self.choices)} 之一"
        if self.low is not None and self.high is not None:
            if not (value.isascii() and value.isdigit()) or not self.low <= int(value) <= self.high:
                return f"应为 {self.low} 到 {self.high} 之间的整数"
        return None


# fmt: off
OPTIONS: tuple[Option, ...] = (
    Option("abi", "charset", "gbk", "与医院程序交换文本的字符集：gbk（按 GB18030，生僻字不丢）、utf-8、auto",
           choices=("gbk", "utf-8", "auto")),
    Option("abi", "out_capacity", "2048", "医院程序为 OutData 分配的字节数（含结尾 NUL）；只有确知分配得更大才可改大",
           low=256, high=1048576),
    Option("abi", "return_memory", "cotaskmem", "返回字符串的内存：cotaskmem（.NET 程序声明为 string 也安全）或 static",
           choices=("cotaskmem", "static")),
    Option("abi", "set_qrflow_mode", "stdcall", "Set_QRflow_Mode 的调用约定；按规范 3.3 原文编译的程序用 cdecl",
           choices=("stdcall", "cdecl")),

    Option("wire", "dialect", "ehcservice", "与平台之间的报文方言：预置名称，或本文件中 [dialect 名称] 一节的名称"),
    Option("wire", "verify", "warn", "平台应答的验签：off 不验、warn 不符时只记日志、strict 不符即拒绝（9003）",
           choices=("off", "warn", "strict")),
    Option("wire", "content_type", "application/json; charset=UTF-8", "请求的 Content-Type 标签；正文总是 UTF-8"),
    Option("wire", "ec_code_field", "ecQrCode", "医保请求 data 中放二维码的字段名"),

    Option("transport", "connect_seconds", "10", "建立连接最多等待的秒数", low=1, high=120),
    Option("transport", "total_seconds", "90", "一次请求最多等待的秒数，到时返回“结果未知”", low=1, high=600),
    Option("transport", "idle_seconds", "10", "空闲超过此秒数的连接不再使用，另建新连接", low=0, high=3600),
    Option("transport", "proxy", "", "HTTP 代理地址，例如 http://10.1.1.1:3128；空为直连（不读取系统代理）"),
    Option("transport", "ca_file", "", "HTTPS 根证书文件（PEM）；空为随组件附带的根证书"),

    Option("validate", "level", "warn", "按规范检查入参：off、warn 记日志后照常发送、strict 不符即拒绝（9001、-2）",
           choices=("off", "warn", "strict")),

    Option("scanner", "type", "none",
           "扫码枪的接法：none 没有、auto 逐个试（会向每个空闲串口发唤醒指令）、serial、tcp、hidpos、"
           "wedge（键盘）、file",
           choices=("none", "auto", "serial", "tcp", "hidpos", "wedge", "file")),
    Option("scanner", "port", "", "串口名，例如 COM3；type = auto 时可写多个，用逗号分开，只试这些"),
    Option("scanner", "make", "newland",
           "唤醒指令：newland、newland-sdk、module（FM30、GM65 等模组）、module-abcd、honeywell、mindeo、"
           "ssi（斑马等）、zkteco、none 不发、custom 用下面自定的",
           choices=("newland", "newland-sdk", "module", "module-abcd", "honeywell", "mindeo", "ssi", "zkteco", "none",
                    "custom")),
    Option("scanner", "baud", "9600", "串口波特率；USB 虚拟串口一般不计", low=300, high=4000000),
    Option("scanner", "bits", "8n1", "串口格式：数据位、校验、停止位",
           choices=("8n1", "8e1", "8o1", "8n2", "7e1", "7o1", "7n1")),
    Option("scanner", "address", "", "type = tcp 时扫码枪的地址，例如 192.168.1.50:4001"),
    Option("scanner", "hid_device", "", "type = hidpos 时只用此设备，十六进制 VID:PID，例如 1EAB:0022；空为第一个"),
    Option("scanner", "hid_layout", "",
           "HID-POS 报告的格式：报告号,长度位置,数据起,数据止,续报位置，例如 2,1,2,57,63；空为按厂商"),
    Option("scanner", "wedge_device", "", "type = wedge 时只听名称含此文字的键盘，例如 VID_1EAB"),
    Option("scanner", "file", "", "type = file 时每行一个二维码的文本文件，只供演示和测试"),
    Option("scanner", "timeout_seconds", "30", "等待扫码的秒数", low=1, high=300),
    Option("scanner", "terminator", "auto",
           "二维码的结束符：auto（CR、LF、CRLF，没有则看静默）、cr、lf、crlf、none（只看静默）",
           choices=("auto", "cr", "lf", "crlf", "none")),
    Option("scanner", "idle_gap_ms", "80", "没有结束符时，静默多少毫秒算一个二维码结束", low=10, high=2000),
    Option("scanner", "again_seconds", "0", "等待中每隔几秒重发唤醒指令，供自己会熄灯的扫码枪用；0 不重发",
           low=0, high=60),
    Option("scanner", "start", "", "make = custom 的唤醒指令，十六进制，例如 7E 01 30"),
    Option("scanner", "stop", "", "make = custom 的熄灯指令，十六进制"),
    Option("scanner", "wake", "", "make = custom 在唤醒指令之前先发的字节，十六进制"),
    Option("scanner", "wake_ms", "50", "make = custom 发出 wake 之后等待的毫秒数", low=0, high=1000),
    Option("scanner", "replies", "", "make = custom 应从数据中去掉的指令应答，十六进制，多个用逗号分开"),
    Option("scanner", "spy", "off", "把与扫码枪的往来记入日志（二维码只记长度），只在排查问题时打开",
           choices=("off", "on")),
    Option("scanner", "keep_code_seconds", "300", "为 SetEcQrcode 在内存中保留最近一个医保码的秒数，用后即清；0 不保留",
           low=0, high=86400),

    Option("screen", "type", "window",
           "Set_QRflow_Mode(1) 打开的扩展屏：window 扩展显示器（没有扩展显示器时不显示，绝不遮挡唯一的屏幕）、"
           "serial 串口二维码屏、none 没有",
           choices=("window", "serial", "none")),
    Option("screen", "monitor", "", "扩展显示器：编号（从 1 起）或名称，例如 2 或 DISPLAY2；空为第一个非主显示器"),
    Option("screen", "heading", "", "画面左上角的文字：医院或窗口的名称"),
    Option("screen", "countdown", "{seconds} 秒", "画面右上角的倒计时（VC 2.2），{seconds} 为剩余秒数"),
    Option("screen", "valid_seconds", "60", "授权二维码的有效秒数（VC 2.2）", low=5, high=600),
    Option("screen", "success_seconds", "3", "“授权成功”显示的秒数", low=0, high=60),
    Option("screen", "expired_seconds", "3", "倒计时到 0 后提示“已过期”的秒数，之后收起；0 立即收起", low=0, high=60),
    Option("screen", "new_code_seconds", "60", "登记成功后二维码显示的秒数", low=0, high=600),
    Option("screen", "after_registration", "code",
           "登记成功后显示：code 新的多码融合码（pub_flag = Y 时改为公众号关注码）、follow 只显示关注码、none 不显示",
           choices=("code", "follow", "none")),
    Option("screen", "waiting_title", "请用微信或支付宝扫码授权", "等待授权的标题；各处文字中 | 表示换行"),
    Option("screen", "waiting_hint", "打开“扫一扫”，扫描画面中的二维码，在手机上点“确认授权”", "等待授权的说明"),
    Option("screen", "succeeded_title", "授权成功", "授权成功的标题"),
    Option("screen", "succeeded_hint", "请继续办理", "授权成功的说明"),
    Option("screen", "refused_title", "未授权", "授权失败或患者取消的标题；按 VC 2.2 画面保留，倒计时继续"),
    Option("screen", "refused_hint", "没有得到您的授权。如需继续，请告诉窗口工作人员", "授权失败或患者取消的说明"),
    Option("screen", "expired_title", "二维码已过期", "过期的标题"),
    Option("screen", "expired_hint", "请让窗口工作人员重新出示二维码", "过期的说明"),
    Option("screen", "registered_title", "您的多码融合码", "登记成功后新码的标题"),
    Option("screen", "registered_hint", "请用手机拍下或扫描保存，就诊时出示", "登记成功后新码的说明"),
    Option("screen", "follow_title", "请扫码关注公众号", "公众号关注码的标题"),
    Option("screen", "follow_hint", "用微信“扫一扫”扫描画面中的二维码", "公众号关注码的说明"),
    Option("screen", "background_colour", "#F4F7FB", "画面的底色"),
    Option("screen", "text_colour", "#1F2D3D", "说明文字的颜色"),
    Option("screen", "bar_colour", "#0B5FA5", "顶栏的底色"),
    Option("screen", "bar_text_colour", "#FFFFFF", "顶栏文字的颜色"),
    Option("screen", "accent_colour", "#0B5FA5", "一般标题的颜色"),
    Option("screen", "good_colour", "#0A7D33", "授权成功的颜色"),
    Option("screen", "bad_colour", "#B3261E", "未授权、已过期的颜色"),
    Option("screen", "fonts", "",
           "优先使用的字体文件，多个用 ; 分开，字体集中的第 N 个字体写作 文件#N；空为系统的中文字体"),
    Option("screen", "port", "", "type = serial 时的串口名，例如 COM4"),
    Option("screen", "baud", "9600", "type = serial 时的波特率", low=300, high=4000000),
    Option("screen", "bits", "8n1", "type = serial 时的格式：数据位、校验、停止位",
           choices=("8n1", "8e1", "8o1", "8n2", "7e1", "7o1", "7n1")),
    Option("screen", "protocol", "plain",
           "type = serial 时的协议：plain 原文加回车换行、nextion（淘晶驰等）、dwin（迪文）、custom 用下面自定的",
           choices=("plain", "nextion", "dwin", "custom")),
    Option("screen", "prefix", "",
           "protocol = custom 时二维码内容之前的字节，十六进制；LEN、LEN2、LEN2LE 为其后直到结尾的字节数"),
    Option("screen", "suffix", "", "protocol = custom 时二维码内容之后的字节，十六进制"),
    Option("screen", "hide", "", "protocol = custom 时清除显示的字节，十六进制；空为不清除"),

    Option("autofill", "method", "sendinput",
           "SetEcQrcode 把医保码填入焦点窗口的方法：sendinput 模拟按键（Linux 上经 XTEST）、"
           "messages 向焦点控件发字符消息、none 不用",
           choices=("sendinput", "messages", "none")),
    Option("autofill", "enter", "off", "填完后是否再按一次回车，与大多数键盘式扫码枪相同", choices=("off", "on")),
    Option("autofill", "programs", "",
           "只向这些程序的窗口填值，写程序文件名，多个用逗号分开，例如 his.exe；空为不限"),
    Option("autofill", "modifier_ms", "500", "Ctrl、Alt、Shift、Win 键按着时，最多等几毫秒松开，仍按着则不填",
           low=0, high=5000),

    Option("label", "type", "none",
           "标签打印机的接法：none 没有、spooler 系统打印机（直接发指令）、driver 系统打印机（经驱动，任何打印机）、"
           "tcp、serial、file",
           choices=("none", "spooler", "driver", "tcp", "serial", "file")),
    Option("label", "printer", "", "type = spooler 或 driver 时系统打印机的名称，与控制面板所列相同"),
    Option("label", "address", "", "type = tcp 时打印机的地址，例如 192.168.1.60；端口不是 9100 时加 :端口"),
    Option("label", "port", "", "type = serial 时的串口名，例如 COM4"),
    Option("label", "baud", "115200", "串口波特率，须与打印机一致；9600 时一张标签要十几秒", low=300, high=4000000),
    Option("label", "bits", "8n1", "串口格式：数据位、校验、停止位", choices=("8n1", "8e1", "8o1", "8n2")),
    Option("label", "file", "", "type = file 时的设备或文件，例如 \\\\.\\LPT1；普通文件会留存患者信息，只供调试"),
    Option("label", "language", "tspl",
           "打印机语言：tspl（TSC、佳博、芯烨、汉印）、zpl（斑马及兼容机）、cpcl（便携）、epl（老式斑马）、escpos（小票机）；"
           "type = driver 时不用",
           choices=("tspl", "zpl", "cpcl", "epl", "escpos")),
    Option("label", "width_mm", "50", "标签宽，毫米"),
    Option("label", "height_mm", "30", "标签高，毫米"),
    Option("label", "dpi", "203", "打印机每英寸点数；type = driver 时按驱动", low=100, high=1200),
    Option("label", "gap", "gap", "标签之间：gap 间隙、bline 黑标、none 连续纸", choices=("gap", "bline", "none")),
    Option("label", "gap_mm", "2", "间隙或黑标的高，毫米"),
    Option("label", "density", "0", "打印浓度，按打印机语言的数值；0 为打印机自己的设置", low=0, high=200),
    Option("label", "speed", "0", "打印速度，按打印机语言的数值；0 为打印机自己的设置", low=0, high=18),
    Option("label", "qr", "1, 1, 22", "二维码的位置：左,上,边长，毫米，含四周空白；每个小方格总是整数个点"),
    Option("label", "line1", "24, 4, 25, 6, left, {name}",
           "第 1 行文字：左,上,宽,高（毫米）,left 或 centre 或 right,文字；{name} 姓名、{card_no} 卡号；放不下则缩小"),
    Option("label", "line2", "1.5, 24, 47, 5, centre, {card_no}", "第 2 行文字，写法同上；空为没有"),
    Option("label", "line3", "", "第 3 行文字，写法同上"),
    Option("label", "line4", "", "第 4 行文字，写法同上"),
    Option("label", "fonts", "",
           "优先使用的字体文件，多个用 ; 分开，字体集中的第 N 个字体写作 文件#N（从 0 起）；其后总是系统的中文字体"),
    Option("label", "upside_down", "off", "整张标签转 180 度", choices=("off", "on")),
    Option("label", "timeout_seconds", "20", "一张标签最多等待的秒数", low=1, high=120),

    Option("terminal", "mac_field", "", "扫码类医保请求中放本机 MAC 地址的字段名；空为不带（EC 表 B.1、B.3 没有规定）"),
    Option("terminal", "ip_field", "", "扫码类医保请求中放本机 IPv4 地址的字段名；空为不带"),
    Option("terminal", "record_field", "", "扫码类医保请求中放终端备案号的字段名；空为不带"),
    Option("terminal", "record_no", "", "终端备案号，20 位（EC 2.8）"),
    Option("terminal", "place", "data", "上述字段放在哪里：data、extra、top（InData 的最外层）",
           choices=("data", "extra", "top")),
    Option("terminal", "mac_style", "colon",
           "MAC 的写法：colon 如 f8:34:41:bd:e1:88（EC 7.2.1.1 表 1）、dash 如 F8-34-41-BD-E1-88、plain",
           choices=("colon", "dash", "plain")),
    Option("terminal", "mac", "", "固定的 MAC 地址；空为通向平台的网卡的地址"),
    Option("terminal", "ip", "", "固定的 IPv4 地址；空为自动"),

    Option("simulator", "file", "", "地址 sim: 的模拟平台的数据文件，可与 vcshim simulator --file 共用；空为内存"),

    Option("tools", "key", "", "vcshim sign、vcshim open 使用的应用密钥；空则从文件或提示读取。DLL 不用它"),

    Option("log", "level", "info", "日志详细程度；wire 另记报文（仍然脱敏），只在排查问题时打开",
           choices=("error", "info", "debug", "wire")),
    Option("log", "folder", "", "日志目录；空为 DLL 所在目录下的 vcshim_log，不可写时用本机应用数据目录"),
    Option("log", "keep_days", "30", "日志保留天数", low=1, high=3650),
)
# fmt: on

_DIALECT = "dialect "
_BY_KEY = {(option.section, option.key): option for option in OPTIONS}


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings in force. `problems` are sentences in Chinese for the log and the doctor.

    `dialects` holds the sections ``[dialect NAME]`` as they stand: what their keys mean is known to shim/dialects only.
    """

    values: Mapping[tuple[str, str], str]
    problems: tuple[str, ...] = ()
    dialects: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def text(self, section: str, key: str) -> str:
        """The value of a key of `OPTIONS`; KeyError for any other: a typing slip of ours."""
        return self.values[section, key]

    def number(self, section: str, key: str) -> int:
        """The value of a key that has limits."""
        return int(self.values[section, key])


def read(folder: Path) -> Settings:
    """The settings of `folder`/vcshim.ini; all defaults where there is none. Never raises for what the file holds."""
    path = folder / FILE_NAME
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return parse("")
    except OSError as error:
        return parse("", (f"{path} 无法读取（{error.strerror}），全部按默认值运行",))
    return parse(_text(data))


def parse(text: str, problems: tuple[str, ...] = ()) -> Settings:
    """The settings that an ini text gives."""
    found = list(problems)
    values = {(option.section, option.key): option.default for option in OPTIONS}
    parser = configparser.ConfigParser(
        interpolation=None, delimiters=("=",), comment_prefixes=("#", ";"), strict=False, allow_no_value=True,
        default_section="",
    )  # fmt: skip
    try:
        parser.read_string(text)
    except configparser.Error as error:
        found.append(f"{FILE_NAME} 格式有误，全部按默认值运行：{str(error).splitlines()[0]}")
        return Settings(values, tuple(found))
    dialects: dict[str, dict[str, str]] = {}
    for section in parser.sections():
        if section.startswith(_DIALECT):
            cells = {key: (value or "").strip() for key, value in parser.items(section)}
            dialects[section.removeprefix(_DIALECT).strip()] = cells
            continue
        for key, value in parser.items(section):
            option = _BY_KEY.get((section, key))
            if option is None:
                found.append(f"{FILE_NAME} 中 [{section}] {key} 不是已知的设置，已忽略")
                continue
            value = (value or "").strip()
            problem = option.problem(value)
            if problem is not None:
                found.append(f"{FILE_NAME} 中 [{section}] {key} {problem}，已按默认值 {option.default} 运行")
                continue
            values[section, key] = value.lower() if option.choices else value
    return Settings(values, tuple(found), dialects)


def template() -> str:
    """vcshim.ini as it ships: every key commented out with its default, so that deleting the file changes nothing."""
    lines = [
        "; vcshim.ini：虚拟卡组件的设置。整个文件可以没有；每一项都有默认值，去掉行首分号并修改即可生效。",
        "; 文件编码 UTF-8 或 GBK 均可。修改后需重新启动医院程序。",
    ]
    section = ""
    for option in OPTIONS:
        if option.section != section:
            section = option.section
            lines += ["", f"[{section}]"]
        lines += [f"; {option.help}", f";{option.key} = {option.default}".rstrip()]
    return "\n".join(lines) + "\n"


def _text(data: bytes) -> str:
    """An ini that Notepad saved: UTF-8 with or without a mark, else GBK, and then whatever it is."""
    for charset in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(charset)
        except UnicodeDecodeError:
            continue
    return data.decode("utf-8", "replace")
