"""The texts of the page of `vcshim doctor`, and of what opens it: a double click, `--page`."""

from __future__ import annotations

from shim.commands.language import Phrase

TITLE = Phrase("vcshim 检查结果", "vcshim: the doctor's report")
PRODUCT = Phrase("多码融合码与医保电子凭证动态库", "DLLs for fused health codes and insurance codes")
VERDICT_ERROR = Phrase("有错误，必须处理", "There are errors")
VERDICT_WARNING = Phrase("有问题需要处理", "There is something to do")
VERDICT_GOOD = Phrase("没有需要处理的问题", "There is nothing to do")
ADVICE_BAD = Phrase(
    "请从第一项开始，照“怎么办”处理，然后再检查一次。",
    "Start with the first one, do what it says, and look again.",
)
ADVICE_GOOD = Phrase(
    "安装、设置和设备都已检查。医院程序仍有问题的，请把报告发给软件厂商。",
    "Installation, settings and devices were looked at. If the host still has a problem, send this report.",
)
COUNT_ERROR = Phrase("错误", "errors")
COUNT_WARNING = Phrase("注意", "warnings")
COUNT_NOTE = Phrase("提示", "notes")
COUNT_OK = Phrase("正常", "good")
LEVEL_ERROR = Phrase("错误", "error")
LEVEL_WARNING = Phrase("注意", "warning")
LEVEL_NOTE = Phrase("提示", "note")
LEVEL_OK = Phrase("正常", "good")
TO_DO = Phrase("需要处理", "To do")
ALL = Phrase("全部检查", "All checks")
REMEDY = Phrase("怎么办", "What to do")
MEANING = Phrase("影响", "What follows")
MORE = Phrase("在帮助中查看", "More in the help (Chinese)")
COPY = Phrase("复制报告", "Copy report")
COPIED = Phrase("已复制", "Copied")
PRINT = Phrase("打印", "Print")
PC = Phrase("本机", "PC")
FOLDER = Phrase("文件夹", "Folder")
VERSION = Phrase("版本", "Version")
SET = Phrase("正在使用", "In use")
TIME = Phrase("检查时间", "Looked at")
FOOTER = Phrase(
    "这一页不连接网络，不含患者信息和应用密钥 key。再检查一次：再次双击 vcshim.exe，或运行 vcshim doctor。",
    "This page asks no network and holds nothing of a patient and no key. To look again: double click vcshim.exe, or "
    "run vcshim doctor.",
)

# ---- what the command says -------------------------------------------------------------------------------------------

PAGE_WORD = Phrase("把检查结果保存为可用浏览器打开的一页", "save what is found as one page for a browser")
OPEN_WORD = Phrase(
    "把检查结果在默认浏览器中打开；双击 vcshim.exe 与此相同",
    "open what is found in the default browser, as a double click on vcshim.exe does",
)
BUNDLE_WORD = Phrase(
    "保存支持包（zip）：检查结果、遮盖后的设置、最近的日志，不含患者信息和应用密钥 key，并列出其中的内容",
    "save a zip for support: what is found, the masked settings, the last log lines; nothing of a patient, no key; "
    "what is in it is listed",
)
SAVED = Phrase("已保存到 {file}", "Saved to {file}")
LOOKING = Phrase("正在检查，结果将在浏览器中打开", "Looking; the report will open in the browser")
OPENED = Phrase("已在浏览器中打开 {file}", "Opened in the browser: {file}")
NOT_OPENED = Phrase("浏览器没有打开，请用浏览器打开 {file}", "The browser did not open: open {file} in it")
