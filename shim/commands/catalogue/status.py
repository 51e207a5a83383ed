"""The texts of `vcshim status`."""

from __future__ import annotations

from shim.commands.language import Phrase

HELP = Phrase(
    "版本、设备、最近的调用、运行方式、留存与比对的情况，以及能否改由 vcshim 应答",
    "versions, devices, last calls, run mode, captures, comparisons, and whether it is safe to go native",
)
DESCRIPTION = Phrase(
    "显示版本、设备、最近的调用、运行方式、留存和后台比对的情况，逐条核对能否改由 vcshim 应答的规则。"
    "只统计本机当前用户的交易，不打开设备。退出码：0 可以，或已经由 vcshim 应答；1 还不可以。",
    "Show versions, devices, the last calls, the run mode, the captures and the comparisons in the background, and "
    "check each condition of the rule for going native. Only calls of this user on this PC are counted; no device is "
    "opened. Exit codes: 0 safe, or native already; 1 not yet.",
)
VERSION = Phrase("vcshim {version}（Python {python}），{folder}", "vcshim {version} (Python {python}), {folder}")
SET = Phrase("在用的版本：{folder}", "set in use: {folder}")
NO_SET = Phrase("这个文件夹中没有 vcshim", "there is no set of vcshim in this folder")
DEVICES = {
    "scanner": Phrase("扫码枪", "scanner"),
    "screen": Phrase("扩展屏", "extension screen"),
    "label": Phrase("标签打印机", "label printer"),
}
DEVICE = Phrase("{device}：{type}", "{device}: {type}")
DEVICE_NONE = Phrase("{device}：未配置", "{device}: not set up")
DEVICE_BAD = Phrase("{device}：{type}，设置须改正（{problem}）", "{device}: {type}, to be corrected: {problem}")
LOG = Phrase("日志：{folder}", "log: {folder}")
NO_CALLS = Phrase("最近的调用：没有记录", "last calls: none are known")
CALLS = Phrase(
    "最近的调用（交易流水中有 {count} 次，其中 {open} 次结果未知，尚未核对）：",
    "Last calls ({count} in the journal, {open} of them of unknown outcome and not yet settled):",
)
JOURNAL_UNREADABLE = Phrase("交易流水读不了：{reason}", "the journal cannot be read: {reason}")
MODE = Phrase("运行方式：{mode}", "run mode: {mode}")
MODES = {
    "native": Phrase("native（vcshim 应答）", "native (ours answers)"),
    "capture": Phrase("capture（原厂动态库应答，留存报文）", "capture (the vendor's DLL answers, its traffic is kept)"),
    "shadow": Phrase("shadow（原厂动态库应答，vcshim 在后台比对）", "shadow (the vendor's DLL answers, ours compares)"),
}
SET_IN = Phrase("设在 {path} 的 [mode] run", "set in {path}, [mode] run")
BY_DEFAULT = Phrase("默认值，{path} 中没有设 [mode] run", "the default: {path} has no [mode] run")
PROBLEM = Phrase("设置文件的问题：{reason}", "problem of the settings: {reason}")
CAPTURES = Phrase(
    "留存：{days} 天，{calls} 次交易，{size} MB，在 {folder}",
    "captures: {days} days, {calls} calls, {size} MB in {folder}",
)
NO_CAPTURES = Phrase("留存：没有（{folder}）", "captures: none ({folder})")
CAPTURES_UNREADABLE = Phrase("留存读不了：{reason}", "the captures cannot be read: {reason}")
SWITCHED_OFF = Phrase(
    "{day} 在 {host} 中已自行停止留存和比对：{reason}",
    "{day}: switched itself off in {host}, in the words of the log: {reason}",
)
SHADOW = Phrase(
    "比对 {days} 天，{calls} 次交易：{agree} 次一致，{differ} 次不同，{apart} 次无法比对，{missed} 次来不及比对",
    "comparisons: {days} days, {calls} calls: {agree} agree, {differ} differ, {apart} cannot be compared, {missed} "
    "came too fast",
)
NO_SHADOW = Phrase("比对：按现在的设置还没有比对过交易", "comparisons: none yet with the settings in force")
OTHERS = Phrase(
    "另有 {calls} 次是用别的设置或别的版本比对的，不计在内",
    "{calls} more were compared with other settings or by another version, which do not count",
)
SHADOW_UNREADABLE = Phrase("比对的记录读不了：{reason}", "the record of comparisons cannot be read: {reason}")
OUTCOMES = Phrase("出现过的交易和返回值：", "Methods and return values seen:")
OUTCOME_ROW = Phrase(
    "{function} {method} {code}：{calls} 次，其中不同 {differ} 次，无法比对 {apart} 次",
    "{function} {method} {code}: {calls} calls, {differ} of them differ, {apart} cannot be compared",
)
DIFFERENCES = Phrase("不同之处（次数，种类）：", "Differences (calls, kind):")
KIND_ROW = Phrase("{calls} 次：{kind}", "{calls} calls: {kind}")
RULE = Phrase("能否改由 vcshim 应答（[mode] run = native）：", "Whether it is safe to go native ([mode] run = native):")
HOLDS = Phrase("满足：{text}", "holds: {text}")
HOLDS_AT = Phrase("满足：{text}（现为 {value}）", "holds: {text} (now {value})")
FAILS = Phrase("不满足：{text}", "missing: {text}")
FAILS_AT = Phrase("不满足：{text}（现为 {value}）", "missing: {text} (now {value})")
MISSING = Phrase("还缺：{names}", "still missing: {names}")
SAFE = Phrase("可以改由 vcshim 应答", "it is safe to go native")
NOT_SAFE = Phrase("还不可以改由 vcshim 应答", "it is not yet safe to go native")
NATIVE_ALREADY = Phrase("已经由 vcshim 应答", "ours answers already")
