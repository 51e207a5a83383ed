"""The texts of `vcshim doctor`: what the checks of shim/doctor find, what it means, what to do."""

from __future__ import annotations

from shim.commands.language import Phrase

HELP = Phrase(
    "检查安装是否完好、系统是否满足要求，说明怎样处理", "look the installation and the system over and say what to do"
)
DESCRIPTION = Phrase(
    "检查 Windows 版本和更新、安全软件、vcshim 文件夹的每个文件、两个动态库及其位数、设置文件、字符集、"
    "写入权限、代理、到平台的网络和本机时间，以及扫码枪、扩展屏、标签打印机、自动填值和字体，逐项说明问题、处理办法和影响。不改动任何文件，不扫码，不打印。"
    "平台的地址取自 [transport] alternatives、最近的日志和 --url，每个地址只发一个不带数据的 GET。"
    "设置了 [telemetry] endpoint 或 syslog 时，看能否连上，不发送日志。"
    "写了 --account 时，再用其中的 app_id 和 key 签名，向第一个 --url 查询一个不存在的授权流水号"
    "（VC 4.7，不影响业务）；"
    "签名被拒绝时，逐一换其他报文格式再查。没有需要处理的问题时退出码为 0，否则为 1。",
    "Look at the version and updates of Windows, security software, every file of the vcshim folder, the two DLLs and "
    "their bits, the settings, charsets, the right to write, proxies, the way to the platforms, the clock, scanner, "
    "screen, label printer, auto-fill and fonts; say what is wrong, what to do and what follows from it. Nothing is "
    "changed, scanned or printed. Addresses are those of [transport] "
    "alternatives, of the latest logs and of --url; each gets one GET without data. A collector and a syslog server of "
    "[telemetry] are connected to, and sent nothing of the log. With --account, its app_id and key "
    "sign one query about a consent that does not exist (VC 4.7, which changes nothing), sent to the first --url; if "
    "the sign is refused, the same in each other dialect. The exit code is 0 if there is nothing to do, else 1.",
)
URL = Phrase(
    "平台的地址，即医院程序传入的 strUrl；可以写多次",
    "address of a platform, as the host passes strUrl; may be repeated",
)
ACCOUNT = Phrase(
    "试签名用的 JSON 文件：医院程序的任意一个 InData，取其中的 app_id、term_id、key 等",
    "JSON file for a signed request: any InData of the host, for its app_id, term_id, key and the like",
)
KEY_FILE = Phrase(
    "只含应用密钥 key 的文件，代替 --account 中的 key", "file with the key alone, instead of that of --account"
)

EXAMINED = Phrase("检查 {folder}（vcshim {version}）", "{folder}, vcshim {version}")
EFFECT = Phrase("影响：{text}", "Effect: {text}")
MARK_OK = Phrase("[正常]", "[ok]")
MARK_NOTE = Phrase("[提示]", "[note]")
MARK_WARNING = Phrase("[注意]", "[warning]")
MARK_ERROR = Phrase("[错误]", "[error]")
ALL_WELL = Phrase("没有需要处理的问题", "There is nothing to do")
HELP_FILE = Phrase("各项的说明在 {path}，用浏览器打开", "Each is explained, in Chinese, in {path}")
BAD = Phrase("有 {count} 个问题需要处理", "To be dealt with: {count}")

CHECK_FAILED = Phrase(
    "这一项没有检查完：程序内部异常 {why}", "this check was not finished: a fault of the program, {why}"
)
REPORT_FAULT = Phrase("请把这一行反馈给 vcshim 项目", "report this line to the vcshim project")

TITLE_WINDOWS = Phrase("操作系统", "System")
TITLE_UPDATES = Phrase("Windows 更新", "Updates of Windows")
TITLE_FILES = Phrase("vcshim 文件夹", "The vcshim folder")
TITLE_FRONTS = Phrase("动态库", "The DLLs")
TITLE_SETS = Phrase("并存的版本", "Versions side by side")
TITLE_START = Phrase("上一次启动失败", "The last failed start")
TITLE_SETTINGS = Phrase("设置", "Settings")
TITLE_FLEET = Phrase("集中设置", "Settings of the hospital")

# ---- Windows ---------------------------------------------------------------------------------------------------------

WINDOWS = Phrase("Windows {version}，vcshim 为 {bits} 位", "Windows {version}, vcshim has {bits} bits")
WINE = Phrase("Wine（相当于 Windows {version}）", "Wine, as Windows {version}")
WINE_MEANS = Phrase(
    "不是真正的 Windows，检查结果不能代表正式环境", "not a real Windows: what is found here is not proof for one"
)
ELSEWHERE = Phrase("不是 Windows（{system}），跳过系统检查", "not Windows ({system}): its checks are left out")
TOO_OLD = Phrase(
    "Windows {version}，服务包 {pack}：低于 Windows 7 SP1",
    "Windows {version}, service pack {pack}: older than Windows 7 SP1",
)
TOO_OLD_MEANS = Phrase("vcshim 只支持 Windows 7 SP1 及以后的版本", "vcshim supports Windows 7 SP1 and later")
INSTALL_SP1 = Phrase("请安装 SP1，或换用新的 Windows", "install SP1, or a later Windows")
UPDATE = Phrase("{number} 的功能已具备", "what {number} brings is there")
NO_CRT = Phrase("缺少更新 {number}（通用 C 运行库）", "update {number} (the universal C runtime) is missing")
NO_CRT_MEANS = Phrase("动态库无法启动，每次调用都失败", "the DLLs cannot start, and every call fails")
NO_FOLDERS = Phrase("缺少更新 {number}", "update {number} is missing")
NO_FOLDERS_MEANS = Phrase(
    "vcshim 能在没有它的情况下加载自己的文件，但这种系统没有试验过",
    "vcshim can load its files without it, but such a system was not tried",
)
INSTALL_UPDATE = Phrase(
    "请从微软更新目录下载并安装 {number}，或通过 WSUS 分发",
    "install {number} from the Microsoft Update Catalog or by WSUS",
)

# ---- files -----------------------------------------------------------------------------------------------------------

FILES_COMPLETE = Phrase("{path}：{count} 个文件与清单一致（编号 {id}）", "{path}: {count} files as listed (set {id})")
NOT_INSTALLED = Phrase("{folder} 没有安装动态库", "no DLLs are installed in {folder}")
NAME_FOLDER = Phrase(
    "要检查安装，请把工具箱放到动态库旁边，或用 --folder 写明文件夹",
    "to look an installation over, put the toolbox beside the DLLs, or name the folder by --folder",
)
NO_SET = Phrase("{path} 不存在，或其中没有核心文件", "{path} does not exist, or has no core")
NO_SET_MEANS = Phrase("每次调用都失败", "every call fails")
NO_LIST = Phrase("{path} 缺少、无法读取或已损坏", "{path} is missing, unreadable or damaged")
NO_LIST_MEANS = Phrase("无法检查文件是否完整", "whether the files are complete cannot be checked")
MORE_FILES = Phrase("另有 {count} 个文件与清单不一致", "{count} more files are not as listed")
FILE_MISSING = Phrase("缺少 {path}", "{path} is missing")
FILE_MISSING_MEANS = Phrase(
    "可能被安全软件隔离，或复制不完整；用到它的调用会失败",
    "quarantined by security software, or not copied; calls that need it fail",
)
FILE_CHANGED = Phrase("{path} 与清单不一致", "{path} is not as listed")
FILE_CHANGED_MEANS = Phrase(
    "复制不完整、混入了其他版本的文件，或被改动过", "copied in part, of another version, or changed by somebody"
)
FILE_UNREADABLE = Phrase("{path} 无法读取", "{path} cannot be read")
FILE_UNREADABLE_MEANS = Phrase("没有权限，或被其他程序独占", "this user may not, or another program holds it")
ALLOW_READING = Phrase("请检查文件夹的权限和安全软件", "check the rights of the folder and the security software")
FILE_EXTRA = Phrase("清单之外的文件 {path}", "{path} is not on the list")
FILE_EXTRA_MEANS = Phrase("不会被加载", "it is not loaded")
INSTALL_AGAIN = Phrase("请换回完整的 vcshim 文件夹", "put back the whole vcshim folder")

FRONT = Phrase("{path}，版本 {version}", "{path}, version {version}")
FRONT_MISSING = Phrase("没有 {path}", "there is no {path}")
FRONT_MISSING_MEANS = Phrase(
    "用到这个动态库的医院程序找不到它；用不到时可以没有",
    "a host that needs this DLL does not find it; others do without",
)
FRONT_FOREIGN = Phrase("{path} 不是 vcshim 的动态库", "{path} is not a DLL of vcshim")
FRONT_FOREIGN_MEANS = Phrase(
    "医院程序加载的仍是原厂的动态库，vcshim 没有生效", "the host loads the vendor's DLL, and vcshim is not in use"
)
FRONT_OTHER = Phrase(
    "{path} 的版本是 {version}，与 vcshim 文件夹中的（{wanted}）不同",
    "{path} is version {version}, not that of the set ({wanted})",
)
FRONT_OTHER_MEANS = Phrase(
    "只换了一部分文件；动态库与核心的版本不合时，每次调用都失败",
    "only some of the files were replaced; if the DLL and the core do not fit, every call fails",
)
COPY_FRONT = Phrase(
    "请关闭医院程序，从 vcshim 的 fronts 文件夹复制同名文件",
    "close the host and copy the file of that name from the folder fronts of the set",
)

SET_CHOSEN = Phrase("使用 {name}", "{name} is in use")
CHOICE_UNUSABLE = Phrase("{path} 写的不是可用的版本", "{path} names no version that can be used")
CHOICE_UNUSABLE_MEANS = Phrase(
    "动态库改用 vcshim 文件夹本身；那里没有核心时，每次调用都失败",
    "the DLLs take the vcshim folder itself; if there is no core in it, every call fails",
)
CHOOSE_AGAIN = Phrase(
    "请把旁边一个版本文件夹的名称写进去，或重新安装",
    "write the name of a version's folder beside it there, or install again",
)

FAILED_START = Phrase("{path}：{reason}", "{path}: {reason}")
FAILED_START_MEANS = Phrase(
    "动态库曾经不能启动，原因见上；问题可能已经解决",
    "a DLL could not start, for this reason; it may be all right by now",
)
DELETE_NOTE = Phrase("解决之后请删除这个文件", "delete the file once it is put right")

# ---- vcshim.ini ------------------------------------------------------------------------------------------------------

SETTINGS_READ = Phrase("{path} 没有问题", "{path} has no problem")
SETTINGS_DEFAULTS = Phrase("没有 {path}，全部按默认值运行", "there is no {path}: all defaults are in force")
SETTINGS_PROBLEM = Phrase("{reason}", "{reason}")
SETTINGS_PROBLEM_MEANS = Phrase("该项按默认值运行", "the default is in force for this key")
SETTINGS_REFUSED_MEANS = Phrase("改正之前，每次调用都返回失败", "every call fails until it is corrected")
MEND_SETTINGS = Phrase("请改正 vcshim.ini", "correct vcshim.ini")
FLEET_GOOD = Phrase("{reason}", "{reason}")
FLEET_NEVER = Phrase("本用户还没有查看过 {source}", "this user has not looked at {source} yet")
FLEET_REFUSED = Phrase("{reason}", "{reason}")
FLEET_MEANS = Phrase("集中设置的更改到不了本机", "changes of the hospital's settings do not reach this PC")
MEND_FLEET = Phrase("运行 vcshim fleet check 查看原因", "run `vcshim fleet check` to see why")
