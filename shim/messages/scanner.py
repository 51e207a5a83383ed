"""Rows: why no code was scanned. Why a line could not be opened is in lines.py.

Facts that most rows have: title, the scanner with its port; seconds, how long the scan waited.
"""

from __future__ import annotations

from shim.errors import Message, Reason, Unavailable
from shim.messages.clerk import IT_DEPARTMENT

_DEVICE, _TIMED_OUT = Reason.DEVICE_UNAVAILABLE, Reason.SCAN_TIMED_OUT
_TITLE = {"title": "扫码枪 COM3"}
_WAITED = {**_TITLE, "seconds": "30"}
_REPLUG = "请拔插扫码枪再试；仍不行请联系信息科"
_PLUG = "请插好连接线再试；仍不行请联系信息科"

# ---- what vcshim.ini says --------------------------------------------------------------------------------------------

NOT_SET_UP = Message(
    "scanner.not_set_up", _DEVICE, "本机没有设置扫码枪",
    "调用中没有带二维码，而 vcshim.ini 的 [scanner] 没有设置 type；请写明扫码枪的接法，可用 vcshim scan 试扫",
    then=IT_DEPARTMENT, again=False, why=Unavailable.NOT_SET_UP,
    english="the call brought no code, and [scanner] of vcshim.ini sets no type; name how the scanner is connected, "
    "and try it with vcshim scan",
)  # fmt: skip
UNUSABLE = Message(
    "scanner.unusable", _DEVICE, "本机的扫码枪设置有误", "请改正 vcshim.ini 的 [scanner]：{problem}",
    {"problem": "type = serial 还须写 port，本机现有串口 COM3"},
    then=IT_DEPARTMENT, again=False, why=Unavailable.NOT_SET_UP,
    english="[scanner] of vcshim.ini cannot be used: {problem}; please correct it",
)  # fmt: skip

# ---- one scan at a time ----------------------------------------------------------------------------------------------

BUSY_HERE = Message(
    "scanner.busy_here", _DEVICE, "扫码枪正被另一个窗口使用",
    "{title}：医院程序的另一次调用正在扫码；请等它结束，或由程序调用 Set_QRflow_Mode(0) 取消它", _TITLE,
    then="请先在那里扫完或取消", again=False, why=Unavailable.BUSY,
    english="{title}: another call of the hospital program is scanning; wait until it is done, or let the program "
    "cancel it with Set_QRflow_Mode(0)",
)  # fmt: skip
BUSY_ELSEWHERE = Message(
    "scanner.busy_elsewhere", _DEVICE, "扫码枪正被 {program} 使用",
    "{title}：另一个程序 {program}（进程号 {pid}）正在扫码；请等它结束，或在那里取消",
    {**_TITLE, "program": "HIS.exe", "pid": 4711},
    then="请先在那里扫完或取消", again=False, why=Unavailable.BUSY,
    english="{title}: another program, {program} (process {pid}), is scanning; wait until it is done, or cancel it "
    "there",
)  # fmt: skip
BUSY_ELSEWHERE_UNNAMED = Message(
    "scanner.busy_elsewhere_unnamed", _DEVICE, "扫码枪正被另一个程序使用",
    "{title}：另一个程序正在扫码，它没有写下名称；请等它结束，或在那里取消", _TITLE,
    then="请先在那里扫完或取消", again=False, why=Unavailable.BUSY,
    english="{title}: another program is scanning and has left no name; wait until it is done, or cancel it there",
)  # fmt: skip
NOT_RELEASED = Message(
    "scanner.not_released", _DEVICE, "扫码枪还没有放开",
    "{title}：上一次扫码已经结束，而系统还没有关闭它；请拔插扫码枪，仍不行请重新启动医院程序", _TITLE,
    then=_REPLUG, again=False, why=Unavailable.BUSY,
    english="{title}: the last scan is over, and the system has not closed it yet; unplug the scanner and plug it in, "
    "else start the hospital program again",
)  # fmt: skip
STILL_OPENING = Message(
    "scanner.still_opening", _DEVICE, "扫码枪还没有应答",
    "{title}：上一次扫码已经结束，而系统还没有打开它；请检查接线和 [scanner] 所写的端口、地址或文件", _TITLE,
    then=_REPLUG, again=False, why=Unavailable.BUSY,
    english="{title}: the last scan is over, and the system has not opened it yet; check the cable and the port, "
    "address or file in [scanner]",
)  # fmt: skip
CANCELLED = Message(
    "scanner.cancelled", Reason.SCAN_CANCELLED, "已取消扫码", "{title}：扫码已由 Set_QRflow_Mode(0) 取消", _TITLE,
    why=Unavailable.CANCELLED,
    english="{title}: Set_QRflow_Mode(0) has cancelled the scan",
)  # fmt: skip

# ---- while it waited -------------------------------------------------------------------------------------------------

LOST = Message(
    "scanner.lost", _DEVICE, "扫码枪断开了",
    "{title}：等待扫码时断开，{seconds} 秒内没有重新接上；请检查接线和供电", _WAITED,
    then="请插好后再扫", again=False, why=Unavailable.LOST,
    english="{title}: lost during the scan and not back within {seconds} s; check its cable and power",
)  # fmt: skip
NEVER_SILENT = Message(
    "scanner.never_silent", _DEVICE, "扫码枪一直在发送数据",
    "{title}：打开后一直收到数据（{received} 字节），没有停顿满 {quiet} 毫秒（[scanner] quiet_ms），没有发出触发指令；"
    "请核对端口接的是不是扫码枪，波特率 baud 是否相符，并关闭扫码枪的连续扫码模式",
    {**_TITLE, "received": 5120, "quiet": 150},
    then=IT_DEPARTMENT, again=False, why=Unavailable.NOT_READY,
    english="{title}: data came from the beginning on ({received} bytes) and never paused for {quiet} ms (quiet_ms in "
    "[scanner]), so that no command was sent; check whether a scanner is at that port, check baud, and switch off its "
    "continuous mode",
)  # fmt: skip
NO_ANSWER = Message(
    "scanner.no_answer", _TIMED_OUT, "扫码枪没有应答",
    "{title}：{seconds} 秒到时，系统的驱动没有应答；请拔插扫码枪", _WAITED,
    then=_REPLUG, again=False, why=Unavailable.TIMED_OUT,
    english="{title}: the driver of the system did not answer by the end of {seconds} s; unplug the scanner and plug "
    "it in",
)  # fmt: skip
NOT_OPENED = Message(
    "scanner.not_opened", _TIMED_OUT, "扫码枪没有应答",
    "{title}：{seconds} 秒到时，系统还没有打开它；请拔插扫码枪，type = auto 的，请在 [scanner] port 只写扫码枪的串口",
    _WAITED, then=_REPLUG, again=False, why=Unavailable.TIMED_OUT,
    english="{title}: the system had not opened it by the end of {seconds} s; unplug the scanner and plug it in; with "
    "type = auto name the port of the scanner alone in [scanner] port",
)  # fmt: skip

# ---- no code in time, and what came instead (devices/scanner/diagnosis.py) -------------------------------------------

_CLERK = "{seconds} 秒内没有扫到码"
_SHOW = "请患者调亮屏幕，对准扫码窗再扫一次"
_LIGHT = "扫码枪灯亮请再扫一次；灯不亮请联系信息科"

NOT_A_CODE = Message(
    "scanner.not_a_code", _TIMED_OUT, "扫到的不是医保码或多码融合码",
    "{title}：{seconds} 秒内扫到 {foreign} 次，都不是医保码或多码融合码，已丢弃；最后一次：{problem}",
    {**_WAITED, "foreign": 2, "problem": "医保码为 28 位数字，实为 18 位"},
    then="请患者打开医保码再扫一次", why=Unavailable.TIMED_OUT,
    english="{title}: {foreign} scans within {seconds} s, none an insurance code or a health code, all discarded; the "
    "last: {problem}",
)  # fmt: skip
COMMAND_REFUSED = Message(
    "scanner.command_refused", _TIMED_OUT, _CLERK,
    "{title}：{seconds} 秒内没有扫到码，扫码枪不认识触发指令；请核对 [scanner] make（现为 {make}）与型号是否相符",
    {**_WAITED, "make": "newland"}, then=IT_DEPARTMENT, again=False, why=Unavailable.TIMED_OUT,
    english="{title}: no code within {seconds} s, and the scanner does not know the command; check that make in "
    "[scanner], {make}, is that of the model",
)  # fmt: skip
NO_TERMINATOR = Message(
    "scanner.no_terminator", _TIMED_OUT, _CLERK,
    "{title}：{seconds} 秒内收到 {waiting} 个字节，而没有等到结束符；请核对 [scanner] terminator（现为 {ending}），"
    "并让扫码枪在二维码后加回车",
    {**_WAITED, "waiting": 28, "ending": "cr"}, then=_SHOW, why=Unavailable.TIMED_OUT,
    english="{title}: {waiting} bytes within {seconds} s, and no end of a code; check terminator in [scanner], "
    "{ending}, and have the scanner send CR after a code",
)  # fmt: skip
ONLY_NOISE = Message(
    "scanner.only_noise", _TIMED_OUT, _CLERK,
    "{title}：{seconds} 秒内收到 {received} 个字节，其中没有二维码；请检查串口是否接着别的设备，波特率 baud 是否相符",
    {**_WAITED, "received": 6000}, then=IT_DEPARTMENT, again=False, why=Unavailable.TIMED_OUT,
    english="{title}: {received} bytes within {seconds} s with no code in them; check whether another device is at "
    "that port, and check baud",
)  # fmt: skip
GARBLED = Message(
    "scanner.garbled", _TIMED_OUT, _CLERK,
    "{title}：{seconds} 秒内收到 {received} 个字节的乱码；请核对 [scanner] 波特率 baud、格式 bits 与扫码枪的设置",
    {**_WAITED, "received": 64}, then=IT_DEPARTMENT, again=False, why=Unavailable.TIMED_OUT,
    english="{title}: {received} unreadable bytes within {seconds} s; check baud and bits in [scanner] against the "
    "settings of the scanner",
)  # fmt: skip
STRAY_BYTES = Message(
    "scanner.stray_bytes", _TIMED_OUT, _CLERK,
    "{title}：{seconds} 秒内只收到 {received} 个零散字节；反复出现请检查接线和波特率 baud", {**_WAITED, "received": 2},
    then=_SHOW, why=Unavailable.TIMED_OUT,
    english="{title}: only {received} stray bytes within {seconds} s; if this comes again, check the cable and baud",
)  # fmt: skip
NOTHING_READ = Message(
    "scanner.nothing_read", _TIMED_OUT, _CLERK,
    "{title}：{seconds} 秒内没有扫到码，扫码枪已应答触发指令，工作正常", _WAITED, then=_SHOW, why=Unavailable.TIMED_OUT,
    english="{title}: no code within {seconds} s; the scanner has answered the command and works",
)  # fmt: skip
NO_DATA = Message(
    "scanner.no_data", _TIMED_OUT, _CLERK,
    "{title}：{seconds} 秒内没有收到任何数据；请看扫码枪的灯是否亮起，不亮的请核对 [scanner] 的端口、"
    "make（现为 {make}）、波特率 baud，以及扫码枪是否设为这种接法",
    {**_WAITED, "make": "newland"}, then=_LIGHT, again=False, why=Unavailable.TIMED_OUT,
    english="{title}: nothing came within {seconds} s; see whether the scanner lights up, and if not check the port, "
    "make ({make}) and baud in [scanner], and whether the scanner is set to this connection",
)  # fmt: skip
NO_DATA_WITHOUT_COMMAND = Message(
    "scanner.no_data_without_command", _TIMED_OUT, _CLERK,
    "{title}：{seconds} 秒内没有收到任何数据；make = none 不发触发指令，请按下扫码键，并核对扫码枪是否设为这种接法",
    _WAITED, then=_LIGHT, again=False, why=Unavailable.TIMED_OUT,
    english="{title}: nothing came within {seconds} s; make = none sends no command, so press the key of the scanner, "
    "and check whether it is set to this connection",
)  # fmt: skip

# ---- scanners that are not at the end of a line of lines.py ----------------------------------------------------------

NOTHING_TO_TRY = Message(
    "scanner.nothing_to_try", _DEVICE, "没有找到扫码枪",
    "type = auto：本机没有 HID-POS 扫码枪，也没有串口；请检查接线，"
    "键盘模式的扫码枪请切换到 USB 虚拟串口或 HID-POS 模式",
    then=_PLUG, again=False, why=Unavailable.NOT_FOUND,
    english="type = auto: this PC has neither a HID-POS scanner nor a serial port; check the cable, and set a scanner "
    "in keyboard mode to a virtual serial port or to HID-POS",
)  # fmt: skip
HID_MISSING = Message(
    "scanner.hid_missing", _DEVICE, "没有找到扫码枪",
    "{title}：没有发现处于 HID-POS 模式的扫码枪；请检查接线，用说明书上的设置码切换到 HID-POS，或改用串口模式", _TITLE,
    then=_PLUG, again=False, why=Unavailable.NOT_FOUND,
    english="{title}: there is no scanner in HID-POS mode; check the cable, set it to HID-POS by the code in its "
    "manual, or use a serial port",
)  # fmt: skip
HID_IN_USE = Message(
    "scanner.hid_in_use", _DEVICE, "扫码枪打不开",
    "{title}：系统打不开这个 HID-POS 设备，没有说原因（{error}）；请关闭使用扫码枪的其他程序，仍不行请拔插扫码枪",
    {**_TITLE, "error": "open failed"}, then=_REPLUG, again=False, why=Unavailable.BUSY,
    english="{title}: the system does not open this HID-POS device and gives no reason ({error}); close other "
    "programs that use the scanner, else unplug it and plug it in",
)  # fmt: skip
HID_IN_USE_BY = Message(
    "scanner.hid_in_use_by", _DEVICE, "扫码枪正被 {program} 使用",
    "{title}：这个 HID-POS 设备已被 {program}（进程号 {pid}）打开（{error}）；请关闭该程序",
    {**_TITLE, "program": "HIS.exe", "pid": 4711, "error": "open failed"},
    then="请先在那里扫完或关闭", again=False, why=Unavailable.BUSY,
    english="{title}: {program} (process {pid}) holds this HID-POS device ({error}); close that program",
)  # fmt: skip
HID_DENIED = Message(
    "scanner.hid_denied", _DEVICE, "没有使用扫码枪的权限",
    "{title}：当前用户没有这个 HID-POS 设备的权限（{error}）；请用 udev 规则给登录账户读写 {node} 的权限",
    {**_TITLE, "error": "open failed", "node": "/dev/hidraw0"},
    then=IT_DEPARTMENT, again=False, why=Unavailable.ACCESS_DENIED,
    english="{title}: this user may not open the HID-POS device ({error}); let the account read and write {node} by a "
    "rule of udev",
)  # fmt: skip
HID_FORKED = Message(
    "scanner.hid_forked", _DEVICE, "扫码枪正被另一个程序使用",
    "{title}：本进程由 fork 产生，而父进程已在使用 HID 扫码枪；请由父进程扫码，或在父进程首次扫码之前 fork", _TITLE,
    then=IT_DEPARTMENT, again=False, why=Unavailable.BUSY,
    english="{title}: this process was forked, and its parent uses the HID scanner already; scan in the parent, or "
    "fork before its first scan",
)  # fmt: skip
KEYBOARD_NOT_STARTED = Message(
    "scanner.keyboard_not_started", _DEVICE, "扫码枪不能使用",
    "{title}：监听键盘的辅助程序 vcshim.exe 无法启动（{error}）；请检查安装是否完整、安全软件是否拦截，"
    "并建议把扫码枪切换到 USB 虚拟串口或 HID-POS 模式",
    {"title": "扫码枪（键盘模式）", "error": "系统错误 2"},
    then=IT_DEPARTMENT, again=False, why=Unavailable.NOT_FOUND,
    english="{title}: the helper vcshim.exe, which hears the keyboard, cannot be started ({error}); check whether the "
    "installation is whole and whether security software stops it; better set the scanner to a virtual serial port or "
    "to HID-POS",
)  # fmt: skip
KEYBOARD_NOT_READY = Message(
    "scanner.keyboard_not_ready", _DEVICE, "扫码枪不能使用",
    "{title}：监听键盘的辅助程序 vcshim.exe 没有就绪；请检查安装是否完整、安全软件是否拦截，"
    "并建议把扫码枪切换到 USB 虚拟串口或 HID-POS 模式",
    {"title": "扫码枪（键盘模式）"}, then=IT_DEPARTMENT, again=False, why=Unavailable.NOT_FOUND,
    english="{title}: the helper vcshim.exe, which hears the keyboard, did not get ready; check whether the "
    "installation is whole and whether security software stops it; better set the scanner to a virtual serial port or "
    "to HID-POS",
)  # fmt: skip
FILE_UNREADABLE = Message(
    "scanner.file_unreadable", _DEVICE, "没有找到扫码枪",
    "{title}：不能读取 [scanner] file 所写的文件（{error}）；每行应是一个二维码的内容",
    {"title": "扫码枪 file:codes.txt", "error": "系统错误 2"},
    then=IT_DEPARTMENT, again=False, why=Unavailable.NOT_FOUND,
    english="{title}: the file in [scanner] file cannot be read ({error}); each of its lines should be the content of "
    "a code",
)  # fmt: skip
