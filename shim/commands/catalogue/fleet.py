"""The texts of `vcshim fleet` and of its first words."""

from __future__ import annotations

from shim.commands.language import Phrase

HELP = Phrase(
    "集中设置：查看状态，检查或立即取用，签名，生成公钥和私钥",
    "the hospital's settings: state, check or take them now, sign a file, make a key",
)
DESCRIPTION = Phrase(
    "全院电脑从同一个文件取用设置（[fleet] source）。在信息科用 key 生成公钥和私钥，用 sign 检查并签名设置文件；"
    "在各电脑用 status、check、take 查看和取用。",
    "Settings that all PCs of a hospital take from one file ([fleet] source). The IT department makes a key with `key` "
    "and checks and signs a file of settings with `sign`; `status`, `check` and `take` are for each PC.",
)
WORDS_TITLE = Phrase("可以做什么", "what to do")
STATUS_HELP = Phrase(
    "显示本机用的是第几号、最近一次查看的结果（不写即此项）",
    "show what is in force and what the last look found (the default)",
)
CHECK_HELP = Phrase("取一次并检查，不采用", "fetch the file and check it, without taking it")
TAKE_HELP = Phrase("立即取一次，没有问题就采用", "fetch the file now and take it if it is good")
SIGN_HELP = Phrase("检查一个设置文件，没有问题就签名", "check a file of settings and sign it if it is good")
KEY_HELP = Phrase("生成签名用的公钥和私钥", "make a key for signing")

CHECKED_FILE = Phrase("检查这个已签名的文件，而不是 [fleet] source", "check this signed file instead of [fleet] source")
SETTINGS = Phrase("要签名的设置文件，写法与 vcshim.ini 相同", "the settings to sign, written like vcshim.ini")
KEY = Phrase(
    "私钥文件，由 vcshim fleet key 生成；不写则只加校验和",
    "the private key made by `vcshim fleet key`; without it a checksum is added instead",
)
OUT = Phrase("写到这个文件", "the file to write")
SHARE = Phrase("采用的电脑占百分之几（默认 100）", "per cent of the PCs that take it (default: 100)")
PCS = Phrase(
    "一定采用的电脑，计算机名以逗号分隔，可用 * 和 ?",
    "PCs that take it in any case: names divided by commas, with * and ?",
)
SERIAL = Phrase(
    "编号，大的为新（默认：现在的时间）", "its number, the higher one is the newer (default: the present time)"
)
KEY_FILE = Phrase("私钥写到这个文件，它不能已经存在", "the file for the private key, which must not exist")

SOURCE = Phrase("来源：{source}", "Source: {source}")
NO_SOURCE = Phrase(
    "没有设 [fleet] source，不用集中设置", "[fleet] source is not set: no settings are taken from elsewhere"
)
IN_FORCE = Phrase("在用：第 {serial} 号，{file}", "In force: number {serial}, {file}")
NONE_IN_FORCE = Phrase("在用：无", "In force: none")
DAMAGED = Phrase(
    "本机保存的集中设置已损坏，下一次查看时会换掉：{file}",
    "The copy on this PC is damaged and will be replaced: {file}",
)
LOOKED = Phrase("最近一次查看：{time}，{text}", "Last look: {time}, {text}")
NEVER_LOOKED = Phrase("还没有查看过", "Nobody has looked yet")
GOOD = Phrase("第 {serial} 号没有问题", "Number {serial} is good")
FOR_THIS_PC = Phrase("本机 {pc} 采用它", "This PC, {pc}, takes it")
NOT_FOR_THIS_PC = Phrase("还没有轮到本机 {pc}", "It is not yet the turn of this PC, {pc}")
PROBLEMS = Phrase("设置文件有问题，没有签名：", "The settings have problems and were not signed:")
SIGNED = Phrase(
    "已签名：第 {serial} 号，{share}% 的电脑采用，{file}", "Signed: number {serial}, for {share}% of the PCs, {file}"
)
HASHED = Phrase(
    "已加校验和：第 {serial} 号，{share}% 的电脑采用，{file}",
    "Given a checksum: number {serial}, for {share}% of the PCs, {file}",
)
NOT_A_KEY = Phrase("{file} 不是 vcshim fleet key 生成的私钥", "{file} is no private key made by `vcshim fleet key`")
NAME_NOT_ASCII = Phrase("--pcs 只能写英文字母、数字和符号", "--pcs may hold ASCII characters only")
MADE = Phrase(
    "私钥已保存到 {file}，请妥善保管。公钥，写到各电脑的 vcshim.ini：",
    "The private key is in {file}: keep it safe. The public key, for vcshim.ini on each PC:",
)
EXISTS = Phrase("{file} 已经存在，没有改动", "{file} exists already and was left as it is")
