"""The texts of `vcshim doctor` about this PC: bits, charsets, the right to write, security software."""

from __future__ import annotations

from shim.commands.language import Phrase

TITLE_BITS = Phrase("位数", "32 and 64 bits")
TITLE_CHARSETS = Phrase("字符集", "Charsets")
TITLE_WRITING = Phrase("写入", "Writing")
TITLE_SECURITY = Phrase("安全软件", "Security software")

# ---- bits ------------------------------------------------------------------------------------------------------------

BITS_SAME = Phrase("动态库和旁边的程序都是 {bits} 位", "the DLLs and the programs beside them have {bits} bits")
CORE_DIFFERS = Phrase("{path} 是 {bits} 位，{core} 是 {core_bits} 位", "{path} has {bits} bits, {core} has {core_bits}")
CORE_DIFFERS_MEANS = Phrase("动态库加载不了核心，每次调用都失败", "the DLL cannot load the core, and every call fails")
ONE_SET = Phrase(
    "请从同一个安装包重新复制两个动态库和 vcshim 文件夹", "copy the DLLs and the folder vcshim again, from one package"
)
HOST_DIFFERS = Phrase("{name} 是 {host_bits} 位，{dll} 是 {bits} 位", "{name} has {host_bits} bits, {dll} has {bits}")
ALL_DIFFER = Phrase(
    "这个文件夹里的程序都是 {host_bits} 位，{dll} 是 {bits} 位",
    "the programs of this folder have {host_bits} bits, {dll} has {bits}",
)
HOST_DIFFERS_MEANS = Phrase("医院程序加载不了动态库", "the host cannot load the DLL")
OTHER_SET = Phrase("请换用 {set} 安装包", "install the package {set} instead")
ANY_MACHINE = Phrase(
    "{name} 是 AnyCPU 的 .NET 程序，在 64 位 Windows 上按 64 位运行，{dll} 是 32 位",
    "{name} is a .NET program for any CPU: 64 bits on a Windows of 64 bits, and {dll} has 32",
)
ANY_MACHINE_MEANS = Phrase(
    "在 64 位 Windows 上加载不了动态库，.NET 报告 BadImageFormatException",
    "on a Windows of 64 bits it cannot load the DLL (BadImageFormatException)",
)
ANY_MACHINE_REMEDY = Phrase(
    "请让医院程序的开发者改为 x86 编译，或换用 win64 安装包",
    "have it compiled for x86, or install the package win64 instead",
)
TOOL_DIFFERS = Phrase("本命令是 {own} 位，动态库是 {bits} 位", "this program has {own} bits, the DLLs have {bits}")
TOOL_DIFFERS_MEANS = Phrase(
    "本命令不能直接加载这些动态库；检查结果不受影响",
    "it cannot load these DLLs itself; what it finds is right all the same",
)

# ---- charsets --------------------------------------------------------------------------------------------------------

SAVED_AS = Phrase("vcshim.ini 的字符集是 {charset}", "vcshim.ini was saved as {charset}")
UNMARKED = Phrase("vcshim.ini 是不带标记的 UTF-16", "vcshim.ini is UTF-16 without a mark")
UNMARKED_MEANS = Phrase(
    "设置读不出，改正之前每次调用都失败", "it cannot be read, and every call fails until it is saved anew"
)
MIXED = Phrase("vcshim.ini 中有的行是 UTF-8，有的行是 GBK", "vcshim.ini has lines in UTF-8 and lines in GBK")
MIXED_MEANS = Phrase("逐行猜测字符集，可能猜错", "the charset is guessed for each line, and may be guessed wrong")
OF_NEITHER = Phrase(
    "vcshim.ini 第 {line} 行既不是 UTF-8，也不是 GBK", "line {line} of vcshim.ini is neither UTF-8 nor GBK"
)
OF_NEITHER_MEANS = Phrase(
    "其中的汉字读成乱码，写在标签和扩展屏上也是", "its Chinese is read as garbage, also on labels and the screen"
)
RARE = Phrase(
    "vcshim.ini 按 GBK 读出的多是生僻字，可能是 Big5 等其他字符集",
    "read as GBK, vcshim.ini has mostly rare characters: it may be Big5 or another charset",
)
SAVE_AS_UTF8 = Phrase(
    "请用记事本打开 vcshim.ini，改正乱码，另存为 UTF-8",
    "open it in Notepad, correct what is garbled, and save it as UTF-8",
)
CODE_PAGE = Phrase(
    "Windows 的代码页是 {page}，[abi] charset = {charset}",
    "the code page of Windows is {page}, [abi] charset = {charset}",
)
UTF8_WINDOWS = Phrase(
    "Windows 的代码页是 {page}（UTF-8），[abi] charset = gbk",
    "the code page of Windows is {page} (UTF-8), and [abi] charset = gbk",
)
UTF8_WINDOWS_MEANS = Phrase(
    "医院程序若按系统的代码页传入中文，姓名会成为乱码",
    "names are garbled if the host hands over text in the code page of Windows",
)
UTF8_WINDOWS_REMEDY = Phrase(
    "请在 Windows 的区域设置中关闭“使用 Unicode UTF-8 提供全球语言支持”，或在 [abi] 中写 charset = utf-8",
    "turn off the UTF-8 support in the region settings of Windows, or write charset = utf-8 into [abi]",
)
FOREIGN_WINDOWS = Phrase("Windows 的代码页是 {page}，不是中文", "the code page of Windows is {page}, not a Chinese one")
FOREIGN_WINDOWS_MEANS = Phrase(
    "医院程序若按系统的代码页处理文字，汉字会成为问号",
    "Chinese turns into question marks in hosts that use the code page",
)
FOREIGN_WINDOWS_REMEDY = Phrase(
    "请把 Windows 区域设置中“非 Unicode 程序的语言”改为简体中文，再重新启动",
    "set the language for non-Unicode programs of Windows to Simplified Chinese, and restart",
)

# ---- writing ---------------------------------------------------------------------------------------------------------

LOG = Phrase("日志", "the log")
LOCAL_DATA = Phrase("本机数据", "local data")
JOURNAL = Phrase("交易流水", "the journal")
CAPTURES = Phrase("留存的报文", "captures")
WRITABLE = Phrase("可以写入 {path}（{what}）", "{path} can be written ({what})")
READ_ONLY = Phrase(
    "不能写入 {path}（{what}）：没有权限，或只读", "{path} cannot be written ({what}): no right, or read-only"
)
FULL = Phrase("不能写入 {path}（{what}）：磁盘已满", "{path} cannot be written ({what}): the disk is full")
WRITING_FAILED = Phrase(
    "不能写入 {path}（{what}）：系统错误 {number}", "{path} cannot be written ({what}): error {number} of the system"
)
LOST_MEANS = Phrase("调用不受影响，写往那里的内容会丢失", "calls go on; what is written there is lost")
LOG_ELSEWHERE_MEANS = Phrase(
    "调用不受影响，日志改写到当前用户的本机数据文件夹", "calls go on; the log goes to the local data of the user"
)
ALLOW_WRITING = Phrase(
    "请允许运行医院程序的 Windows 用户写入这个文件夹，或改用 vcshim.ini 中的 folder 另指一处",
    "let the user who runs the host write there, or name another folder in vcshim.ini",
)
MAKE_ROOM = Phrase("请清理磁盘，腾出至少 100 MB", "clear the disk: at least 100 MB")
NEARLY_FULL = Phrase(
    "{path}（{what}）所在的磁盘只剩 {megabytes} MB", "the disk of {path} ({what}) has only {megabytes} MB left"
)
NEARLY_FULL_MEANS = Phrase("磁盘写满以后，日志和交易流水会丢失", "once it is full, log and journal are lost")
CHECK_DISK = Phrase("请检查磁盘、网络共享和安全软件", "check the disk, the share and the security software")

# ---- security software -----------------------------------------------------------------------------------------------

SECURITY = Phrase("安全软件：{product}", "security software: {product}")
SECURITY_MEANS = Phrase(
    "它可能隔离 vcshim 的文件、拖慢第一次调用，或拦截到平台的连接",
    "it may quarantine files of vcshim, hold up the first call, or block connections to the platform",
)
EXEMPT = Phrase(
    "遇到这些情况时，请把医院程序的文件夹加入它的信任名单",
    "if that happens, add the folder of the host to its exceptions",
)
S_360 = Phrase("360 安全卫士或杀毒", "360 Total Security")
S_TIANQING = Phrase("奇安信天擎", "Qi-Anxin Tianqing")
S_HUORONG = Phrase("火绒安全", "Huorong")
S_TENCENT = Phrase("腾讯电脑管家", "Tencent PC Manager")
S_KINGSOFT = Phrase("金山毒霸", "Kingsoft Antivirus")
S_RISING = Phrase("瑞星", "Rising")
S_SANGFOR = Phrase("深信服 EDR", "Sangfor EDR")
S_VRV = Phrase("北信源", "VRV")
S_DEFENDER = Phrase("Windows Defender（正在运行）", "Windows Defender (running)")
S_KASPERSKY = Phrase("卡巴斯基", "Kaspersky")
S_SYMANTEC = Phrase("赛门铁克", "Symantec Endpoint Protection")
S_TREND = Phrase("趋势科技（亚信安全）", "Trend Micro")
S_ESET = Phrase("ESET 防病毒", "ESET")
S_MCAFEE = Phrase("迈克菲", "McAfee")
S_SOPHOS = Phrase("Sophos 防病毒", "Sophos")
S_CROWDSTRIKE = Phrase("CrowdStrike 终端防护", "CrowdStrike")
