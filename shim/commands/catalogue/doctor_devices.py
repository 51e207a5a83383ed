"""The texts of `vcshim doctor` on devices and fonts: what was found, what it means, what to do.

They say in both languages what the log says in Chinese (shim/messages); here the cause and the remedy are two texts,
because the doctor prints them on two lines.
"""

from __future__ import annotations

from shim.commands.language import Phrase

TITLE_SCANNER = Phrase("扫码枪", "Scanner")
TITLE_SCREEN = Phrase("扩展屏", "Extension screen")
TITLE_LABEL = Phrase("标签打印机", "Label printer")
TITLE_AUTOFILL = Phrase("自动填值", "Auto-fill")
TITLE_FONTS = Phrase("字体", "Fonts")

NOT_SET_UP = Phrase(
    "没有设置；本机可用的接法：{words}；串口：{ports}", "not set up; this PC has: {words}; serial ports: {ports}"
)
SET_UP = Phrase(
    "要用时在 vcshim.ini 的 [{section}] 写明 {key}", "if it is wanted, set {key} in [{section}] of vcshim.ini"
)
UNUSABLE = Phrase("vcshim.ini 的 [{section}] 设置有误：{reason}", "[{section}] of vcshim.ini cannot be used: {reason}")
CORRECT = Phrase("请改正 vcshim.ini 的 [{section}]", "correct [{section}] of vcshim.ini")
WRONG_SYSTEM = Phrase("[{section}] {key} = {word} 只用于 {systems}", "[{section}] {key} = {word} is for {systems} only")
NO_LIBRARY = Phrase(
    "[{section}] {key} = {word} 所需的 {libraries} 不在安装之中",
    "[{section}] {key} = {word} needs {libraries}, which this installation lacks",
)
OTHER_WORD = Phrase("请改用：{words}", "use one of: {words}")
INSTALL_AGAIN = Phrase("请换回完整的 vcshim 文件夹", "put back the whole vcshim folder")

# ---- a line that cannot be opened: by its kind and the cause ---------------------------------------------------------

LINE_WHAT = {
    "serial_missing": Phrase(
        "{title}：本机没有这个串口（系统错误 {error}），现有串口 {ports}",
        "{title}: this PC has no such port (system error {error}); it has: {ports}",
    ),
    "serial_in_use": Phrase(
        "{title}：串口已被别的程序打开（系统错误 {error}）", "{title}: another program holds it (system error {error})"
    ),
    "serial_in_use_by": Phrase(
        "{title}：串口已被 {program} 打开（进程号 {pid}）", "{title}: {program} holds it (process {pid})"
    ),
    "serial_access_denied": Phrase(
        "{title}：当前用户没有该串口的权限（系统错误 {error}）",
        "{title}: this user may not open it (system error {error})",
    ),
    "serial_unsupported": Phrase(
        "{title}：该串口不支持波特率 {baud} 或格式 {bits}",
        "{title}: it does not support {baud} baud or the format {bits}",
    ),
    "serial_no_answer": Phrase(
        "{title}：串口的驱动没有应答（系统错误 {error}）", "{title}: its driver does not answer (system error {error})"
    ),
    "serial_other": Phrase(
        "{title}：系统打不开该串口（系统错误 {error}）", "{title}: it cannot be opened (system error {error})"
    ),
    "tcp_unreachable": Phrase(
        "{title}：网络不通（系统错误 {error}）", "{title}: there is no way to it (system error {error})"
    ),
    "tcp_no_answer": Phrase("{title}：{seconds} 秒没有应答", "{title}: no answer within {seconds} s"),
    "tcp_refused": Phrase(
        "{title}：该地址拒绝连接（系统错误 {error}）", "{title}: the connection is refused (system error {error})"
    ),
    "tcp_access_denied": Phrase(
        "{title}：本机的防火墙或安全软件不允许连接（系统错误 {error}）",
        "{title}: the firewall or security software of this PC does not allow it (system error {error})",
    ),
    "tcp_unknown_host": Phrase("{title}：找不到这个主机名", "{title}: there is no host of that name"),
    "tcp_other": Phrase(
        "{title}：系统连不上该地址（系统错误 {error}）", "{title}: it cannot be reached (system error {error})"
    ),
    "file_missing": Phrase(
        "{title}：没有这个设备或文件（系统错误 {error}）",
        "{title}: there is no such device or file (system error {error})",
    ),
    "file_in_use": Phrase(
        "{title}：正被别的程序使用（系统错误 {error}）", "{title}: another program holds it (system error {error})"
    ),
    "file_in_use_by": Phrase(
        "{title}：已被 {program} 打开（进程号 {pid}）", "{title}: {program} holds it (process {pid})"
    ),
    "file_access_denied": Phrase(
        "{title}：当前用户不能写入（系统错误 {error}）", "{title}: this user may not write to it (system error {error})"
    ),
    "file_other": Phrase(
        "{title}：系统打不开（系统错误 {error}）", "{title}: it cannot be opened (system error {error})"
    ),
}
LINE_REMEDY = {
    "serial_missing": Phrase(
        "请检查接线和电源，在设备管理器中核对端口号，把 [{section}] port 改为它",
        "check cable and power, look the number up in the Device Manager, and set port in [{section}] to it",
    ),
    "serial_in_use": Phrase(
        "请关闭另一个医院程序窗口、设备的配置工具和厂商控件，仍不行请拔插设备",
        "close other hosts, the device's own tools and the vendor's controls; if that does not help, replug the device",
    ),
    "serial_in_use_by": Phrase("请关闭该程序", "close that program"),
    "serial_access_denied": Phrase(
        "请把登录账户加入串口所属的组（多为 dialout），重新登录",
        "add the account to the group of the port (mostly dialout) and log in again",
    ),
    "serial_unsupported": Phrase("请核对 [{section}] baud 和 bits", "check baud and bits in [{section}]"),
    "serial_no_answer": Phrase(
        "蓝牙串口请检查设备是否开机、是否已配对，其他的请拔插设备",
        "Bluetooth: see whether the device is on and paired; others: replug the device",
    ),
    "serial_other": Phrase("请拔插设备，并核对 [{section}] port", "replug the device and check port in [{section}]"),
    "tcp_unreachable": Phrase(
        "请检查设备的网线和电源、本机的网络，并核对 [{section}] address",
        "check the cable and the power of the device, the network of this PC, and address in [{section}]",
    ),
    "tcp_no_answer": Phrase(
        "请检查设备的电源和网线，并核对 [{section}] address",
        "check the power and the cable of the device, and address in [{section}]",
    ),
    "tcp_refused": Phrase(
        "请检查设备是否开机，核对 [{section}] address 的端口；只接受一个连接的设备，请断开别的程序或电脑",
        "see whether the device is on, check the port of address in [{section}]; a device that takes one connection "
        "may be connected to another PC",
    ),
    "tcp_access_denied": Phrase(
        "请在防火墙和安全软件中放行医院程序", "let the host pass in the firewall and the security software"
    ),
    "tcp_unknown_host": Phrase(
        "请核对 [{section}] address，或改写 IP 地址", "check address in [{section}], or write an IP address"
    ),
    "tcp_other": Phrase("请核对 [{section}] address", "check address in [{section}]"),
    "file_missing": Phrase("请检查接线，并核对 [{section}] file", "check the cable and file in [{section}]"),
    "file_in_use": Phrase("请关闭使用它的程序", "close the program that uses it"),
    "file_in_use_by": Phrase("请关闭该程序", "close that program"),
    "file_access_denied": Phrase(
        "请给登录账户写入 [{section}] file 的权限", "give the account the right to write to file of [{section}]"
    ),
    "file_other": Phrase("请核对 [{section}] file", "check file in [{section}]"),
}

# ---- the scanner -----------------------------------------------------------------------------------------------------

SCANNER_ANSWERS = Phrase("{title} 已应答（make = {make}）", "{title} answers (make = {make})")
SCANNER_OPENS = Phrase(
    "{title} 可以打开；make = {make} 的扫码枪不应答指令，是否开机要用 vcshim scan 试扫",
    "{title} can be opened; a scanner of make = {make} answers nothing, so try it with vcshim scan",
)
SCANNER_SILENT = Phrase(
    "{title} 可以打开，但那里的扫码枪没有应答；本机另有串口：{ports}",
    "{title} can be opened, but no scanner answers there; other ports of this PC: {ports}",
)
SCANNER_SILENT_REMEDY = Phrase(
    "请检查扫码枪的电源和接线；接在另一个串口的，把 [scanner] port 改为它；仍不应答再核对 make 和 baud",
    "check its power and cable; if it is at another port, set port in [scanner]; if it still is silent, check make and "
    "baud",
)
SCANNER_NOT_UNDERSTOOD = Phrase(
    "{title} 有应答，但不认识 make = {make} 的指令", "{title} answers, but does not know the commands of make = {make}"
)
SCANNER_NOT_UNDERSTOOD_REMEDY = Phrase("请核对 [scanner] make 与型号是否相符", "check make in [scanner]")
SCANNER_GARBLED = Phrase(
    "{title} 发来 {received} 个字节，不是 make = {make} 的应答",
    "{title} sends {received} bytes that are no answer of make = {make}",
)
SCANNER_GARBLED_REMEDY = Phrase(
    "请核对 [scanner] baud、bits 和 make，以及这个端口接的是不是扫码枪",
    "check baud, bits and make in [scanner], and whether a scanner is at that port",
)
SCANNER_HID = Phrase("有 HID-POS 扫码枪（{names}）", "there is a HID-POS scanner ({names})")
SCANNER_HID_MISSING = Phrase("没有发现处于 HID-POS 模式的扫码枪", "there is no scanner in HID-POS mode")
SCANNER_HID_MISSING_REMEDY = Phrase(
    "请检查接线，用说明书上的设置码切换到 HID-POS，或改用串口模式",
    "check the cable, switch it to HID-POS with the code in its manual, or use it at a serial port",
)
SCANNER_NOTHING = Phrase(
    "type = auto：本机没有 HID-POS 扫码枪，也没有串口",
    "type = auto: there is neither a HID-POS scanner nor a serial port",
)
SCANNER_NOTHING_REMEDY = Phrase(
    "请检查接线；键盘模式的扫码枪请切换到 USB 虚拟串口或 HID-POS 模式",
    "check the cable; switch a scanner in keyboard mode to a USB serial port or HID-POS",
)
SCANNER_AUTO_SILENT = Phrase(
    "type = auto：没有一个串口上的扫码枪应答；试过：{ports}",
    "type = auto: no scanner answers at any port; tried: {ports}",
)
SCANNER_KEYBOARD = Phrase(
    "键盘模式的扫码枪不能查询，请用 vcshim scan 试扫",
    "a scanner in keyboard mode cannot be asked: try it with vcshim scan",
)
SCANNER_FILE = Phrase("{title}：二维码取自文件，只供演示", "{title}: codes come from a file, for demonstrations")
SCANNER_BUSY = Phrase("{title} 正在扫码，没有打扰它", "{title} is scanning, and was left alone")

# ---- the label printer -----------------------------------------------------------------------------------------------

LABEL_READY = Phrase("{title} 就绪", "{title} is ready")
LABEL_REACHED = Phrase(
    "{title} 可以打开；这台打印机不报告状态，请用 vcshim label --print 试打",
    "{title} can be opened; it does not tell its status: try it with vcshim label --print",
)
LABEL_QUEUE_MISSING = Phrase(
    "Windows 中没有 {title}；现有打印机：{printers}", "Windows has no {title}; it has: {printers}"
)
LABEL_QUEUE_MISSING_REMEDY = Phrase("请改正 [label] printer", "correct printer in [label]")
LABEL_QUEUE_DENIED = Phrase("当前用户没有使用 {title} 的权限", "this user may not use {title}")
LABEL_QUEUE_DENIED_REMEDY = Phrase(
    "请在打印机属性的“安全”中授权", "give the right in the properties of the printer, page Security"
)
LABEL_BUSY = Phrase(
    "{title} 没有应答：还在打印，或卡在前一张标签", "{title} does not answer: it prints, or hangs in a label"
)
LABEL_LOST = Phrase("{title} 在查询状态时断开", "{title} ended the connection when it was asked for its status")
LABEL_CHECK_POWER = Phrase("请检查打印机的电源、接线和面板", "check the power, the cable and the panel of the printer")
LABEL_FAULT = {
    "paper_out": Phrase("{title} 缺纸", "{title} is out of paper"),
    "paper_jam": Phrase("{title} 卡纸", "{title} has a paper jam"),
    "head_open": Phrase("{title} 的盖子没有合上", "{title} has its cover open"),
    "ribbon_out": Phrase("{title} 的碳带用完或没有装好", "{title} has no ribbon"),
    "paused": Phrase("{title} 处于暂停状态", "{title} is paused"),
    "too_hot": Phrase("{title} 的打印头过热", "{title} has a print head that is too hot"),
    "offline": Phrase("{title} 没有开机或没有连好", "{title} is off or not connected"),
    "fault": Phrase("{title} 报告故障", "{title} reports a fault"),
}
LABEL_FAULT_REMEDY = {
    "paper_out": Phrase("请装好标签纸", "put in labels"),
    "paper_jam": Phrase("请打开盖子，取出卡住的标签纸", "open the cover and take the labels out"),
    "head_open": Phrase("请合好盖子", "close the cover"),
    "ribbon_out": Phrase(
        "请换好碳带；用热敏纸的，请把打印机改为热敏方式", "put in a ribbon, or set it to direct thermal"
    ),
    "paused": Phrase("请按打印机的暂停键恢复", "press its pause button"),
    "too_hot": Phrase("请等几分钟", "wait some minutes"),
    "offline": Phrase("请检查电源和连接线", "check power and cable"),
    "fault": Phrase("请按打印机面板的提示处理", "follow its panel"),
}

# ---- the extension screen --------------------------------------------------------------------------------------------

SCREEN_READY = Phrase("{name}，{width} x {height}", "{name}, {width} x {height}")
SCREEN_SERIAL = Phrase("{title} 可以打开", "{title} can be opened")
SCREEN_NONE = {
    "desktop": Phrase("系统没有列出任何显示器", "the system lists no monitor"),
    "server": Phrase("连不上 X 服务器", "there is no X server"),
    "library": Phrase("本机没有 libX11.so.6 或 libXrandr.so.2", "libX11.so.6 or libXrandr.so.2 is not installed"),
    "depth": Phrase("X 服务器的色深不是 24 位", "the X server has not 24 bits a dot"),
    "only": Phrase(
        "没有第二个显示器：系统只有一个（{monitors}），它留给窗口人员",
        "there is no second monitor: the only one ({monitors}) is the clerk's",
    ),
    "copy": Phrase("两个显示器显示同样的内容（{monitors}）", "both monitors show the same ({monitors})"),
    "setting": Phrase(
        "[screen] monitor 所写的不是可用的显示器；本机依次有：{monitors}",
        "monitor of [screen] is none that can be used; this PC has: {monitors}",
    ),
}
SCREEN_NONE_REMEDY = {
    "desktop": Phrase(
        "请从登录后的桌面启动；由服务或计划任务启动的程序看不到显示器",
        "start it from the desktop: services and scheduled tasks see no monitor",
    ),
    "server": Phrase("请核对环境变量 DISPLAY", "check the variable DISPLAY"),
    "library": Phrase("请安装软件包 libx11-6 和 libxrandr2", "install the packages libx11-6 and libxrandr2"),
    "depth": Phrase("请把色深改为 24 位", "set it to 24 bits"),
    "only": Phrase(
        "请接好扩展屏的信号线和电源，按 Win+P 选“扩展”", "connect the second monitor, press Win+P and choose Extend"
    ),
    "copy": Phrase("请按 Win+P 选“扩展”", "press Win+P and choose Extend"),
    "setting": Phrase("请改正 [screen] monitor，或留空", "correct monitor in [screen], or leave it empty"),
}
SCREEN_NOT_STARTED = Phrase(
    "扩展屏的程序 {program} 无法启动（系统错误 {error}）",
    "the program of the screen, {program}, does not start (system error {error})",
)
SCREEN_ENDED = Phrase(
    "扩展屏的程序 {program} 启动后随即退出（退出码 {code}）", "the program of the screen, {program}, ended with {code}"
)
SCREEN_SLOW = Phrase(
    "扩展屏的程序 {program} 在 {seconds} 秒内没有准备好",
    "the program of the screen, {program}, was not ready in {seconds} s",
)
SCREEN_HELPER_REMEDY = Phrase(
    "请检查 vcshim 文件夹是否完整，并在安全软件中放行 vcshim.exe",
    "see whether the vcshim folder is complete, and let vcshim.exe pass in the security software",
)

# ---- auto-fill -------------------------------------------------------------------------------------------------------

AUTOFILL_READY = Phrase("可以使用（method = {method}）", "available (method = {method})")
AUTOFILL_OFF = Phrase("没有开启（method = none）", "switched off (method = none)")
AUTOFILL_NAMES = Phrase("programs 中有不是程序文件名的字", "programs holds what is no name of a program")
AUTOFILL_NAMES_REMEDY = Phrase(
    "只写程序文件名，不带路径，例如 his.exe", "write file names without folders, such as his.exe"
)

# ---- fonts -----------------------------------------------------------------------------------------------------------

FONTS_GOOD = Phrase("[{section}]：{fonts}", "[{section}]: {fonts}")
FONTS_NONE = Phrase("[{section}]：本机没有可用的字体", "[{section}]: this PC has no font that can be used")
FONTS_NO_CHINESE = Phrase("[{section}]：本机的字体中没有中文字体", "[{section}]: no font of this PC is Chinese")
FONTS_INSTALL = Phrase(
    "请恢复 Windows 自带的微软雅黑或宋体，或在 [{section}] fonts 写明中文字体文件",
    "put back Microsoft YaHei or SimSun of Windows, or name a Chinese font file in fonts of [{section}]",
)
FONTS_MISSING = Phrase(
    "[{section}] 的文字中有字体中没有的字符 {characters}",
    "texts of [{section}] have characters that no font has: {characters}",
)
FONTS_RARE = Phrase(
    "[{section}]：字体中没有一些姓名用字，例如 {characters}",
    "[{section}]: no font has some characters of names, such as {characters}",
)
FONTS_RARE_MEANS = Phrase("有这种字的姓名打印不出来", "a label with such a name is not printed")
FONTS_ADD = Phrase(
    "请在 [{section}] fonts 加上含有该字的字体文件，例如 simsunb.ttf、SimsunExtG.ttf",
    "add a font file that has them to fonts of [{section}], such as simsunb.ttf or SimsunExtG.ttf",
)
FONTS_UNUSABLE = Phrase(
    "[{section}] fonts 所写的 {file} 不存在或不是字体文件", "fonts of [{section}]: {file} is missing or no font file"
)

NO_NAMES = Phrase("无", "none")
# What devices are called in titles of the log, such as 扫码枪 COM3.
DEVICES = (
    Phrase("扫码枪", "scanner"),
    Phrase("标签打印机", "label printer"),
    Phrase("扩展屏", "extension screen"),
)
