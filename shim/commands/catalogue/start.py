"""What vcshim.exe says if the core cannot be loaded, so that no command runs: native/messages_build.py gives it to C.

{path} is the file that is missing, or the core; {error} the number of Windows' error.
"""

from __future__ import annotations

from shim.commands.language import Phrase

NOT_LOADED = Phrase(
    "无法加载 {path} 或它依赖的文件（系统错误 {error}），请换回完整的 vcshim 文件夹",
    "{path}, or a file that it needs, cannot be loaded (system error {error}): put back the whole vcshim folder",
)
NO_FILE = Phrase(
    "缺少文件 {path}（系统错误 {error}），请换回完整的 vcshim 文件夹",
    "{path} is missing (system error {error}): put back the whole vcshim folder",
)
NO_CRT = Phrase(
    "本机缺少 Windows 更新 KB2999226（通用 C 运行库），{path} 无法加载（系统错误 {error}）；"
    "请安装该更新，Windows 7 须先装 SP1",
    "update KB2999226 of Windows (the universal C runtime) is missing on this PC, and {path} cannot be loaded "
    "(system error {error}): install it; Windows 7 needs SP1 first",
)
NO_FOLDERS = Phrase(
    "{path} 无法加载（系统错误 {error}），本机缺少 Windows 更新 KB2533623；"
    "请安装该更新，仍不行再换回完整的 vcshim 文件夹",
    "{path} cannot be loaded (system error {error}), and update KB2533623 of Windows is missing on this PC: "
    "install it; if that does not help, put back the whole vcshim folder",
)
SEMICOLON = Phrase(
    "无法加载 {path} 或它依赖的文件（系统错误 {error}）；文件夹名中有分号，Windows 会把它当作两个文件夹，请改名",
    "{path}, or a file that it needs, cannot be loaded (system error {error}): the name of its folder has a semicolon, "
    "which Windows takes for the end of a name; rename the folder",
)
PRESS_ENTER = Phrase("按回车键关闭", "Press Enter to close")
