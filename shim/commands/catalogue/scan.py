"""The texts of `vcshim scan`."""

from __future__ import annotations

from collections.abc import Mapping

from shim.commands.language import Phrase

HELP = Phrase("试用扫码枪：逐步显示经过，并推测哪里不对", "try the scanner: show each step, guess what is wrong")
DESCRIPTION = Phrase(
    "试用扫码枪：逐步显示经过，说明二维码的种类，并推测哪里不对。读取 --folder 中 vcshim.ini 的 [scanner]，命令行上写的"
    "优先。二维码可能是患者的，默认只显示种类和字数。",
    "Try the scanner: each step as it happens, the kind of the code, a guess of what is wrong. Reads the [scanner] "
    "section of the vcshim.ini in --folder; words on the command line overrule it. A code may be a patient's, so only "
    "its kind and length are shown by default.",
)
SHOW = Phrase("显示二维码的内容（默认只显示种类和字数）", "show the content of the code (default: its kind and length)")
TIMES = Phrase("连续扫几个二维码（默认：1）", "how many codes to scan (default: 1)")
SETUP = Phrase(
    "先发出该品牌的设置指令，使它听从触发指令；会永久改变扫码枪的设置",
    "first send the make's setup command, so that it obeys the start command; changes the scanner permanently",
)
PORTS = Phrase("本机现有串口：{ports}", "Serial ports of this PC: {ports}")
NOT_SET_UP = Phrase(
    "本机没有设置扫码枪，请在 vcshim.ini 的 [scanner] 设置 type，或在命令行写 --type",
    "no scanner is set up on this PC: set type in [scanner] of vcshim.ini, or write --type on the command line",
)
PLEASE_SCAN = Phrase(
    "请扫码（最多等 {seconds} 秒，按 Ctrl+C 取消）", "Scan a code now (up to {seconds} s; Ctrl+C cancels)"
)
READ = Phrase("读到 {count} 个字符：{kind} {code}", "Read {count} characters: {kind} {code}")
NO_SETUP = Phrase(
    "make = {make} 没有需要先发的设置指令（有的是：{makes}）",
    "make = {make} has no setup command (those that have one: {makes})",
)
SETUP_NOT_SENT = Phrase(
    "失败：设置指令没有发出，扫码枪断开了，请重新插好后再试",
    "Failed: the setup command was not sent because the scanner was disconnected; connect it and try again",
)
KINDS: Mapping[str, Phrase] = {
    "INSURANCE": Phrase("医保电子凭证", "insurance code"),
    "FUSED": Phrase("多码融合码", "fused health code"),
    "UNKNOWN": Phrase("未知二维码", "unknown code"),
}
"""By the name of the member of `scanned.Kind`."""
