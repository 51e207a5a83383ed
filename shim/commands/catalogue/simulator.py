"""The texts of `vcshim simulator`."""

from __future__ import annotations

from shim.commands.language import Phrase

HELP = Phrase("在本机运行两个模拟平台", "run both platforms on this machine")
DESCRIPTION = Phrase(
    "在本机运行两个模拟平台，带手机页面和控制台，直到按 Ctrl+C。",
    "Run both platforms on this machine, with pages for phones and a console, until interrupted.",
)
HOST = Phrase("监听的地址（默认：只限本机）", "address to listen on (default: this machine only)")
PORT = Phrase("监听的端口，0 为任意空闲端口（默认：18080）", "port to listen on, 0 for a free one (default: 18080)")
FILE = Phrase("保存状态的 SQLite 文件（默认：只在内存中）", "SQLite file that keeps the state (default: in memory)")
URL = Phrase(
    "手机访问它的地址，与 http://HOST:PORT 不同时才写",
    "address at which phones reach it, if that is not http://HOST:PORT",
)
ALLOW_HOST = Phrase(
    "访问模拟平台时还可使用的名称或地址（HTTP 的 Host 头）；可写多次",
    "another name or address by which it may be reached, for the Host header; repeatable",
)
MISBEHAVE = Phrase(
    "对每个请求执行一条指令，或以概率 P 执行：delay:500、drop:1@0.1（见 docs/simulator.md）；可写多次",
    "apply a directive to every request, or with probability P: delay:500, drop:1@0.1 (docs/simulator.md); repeatable",
)
SEED = Phrase("--misbehave 概率的种子（默认：0）", "seed for the probabilities of --misbehave (default: 0)")
NO_SERVER = Phrase(
    "这里没有模拟平台的服务器，vcshim.exe 从来不带它。请用 vcshim-toolbox.exe，"
    "或在本项目的源码文件夹中执行 pip install . 后运行；"
    "或者把 strUrl 写成 sim:，在动态库内部就能用同样的平台",
    "the server of the simulator is not in this installation, and vcshim.exe never has it. Use "
    "vcshim-toolbox.exe, or a checkout of the project after `pip install .` there; or give sim: as strUrl, which "
    "reaches the same platforms inside the DLL",
)
BAD_DIRECTIVE = Phrase("--misbehave 写得不对，模拟平台报告：\n  {reason}", "--misbehave: {reason}")
BAD_STATE = Phrase("状态文件不能使用，模拟平台报告：\n  {reason}", "{reason}")
OPEN_TO_ALL = Phrase(
    "正在监听 {host}：能访问本机的人都能使用它",
    "listening on {host}: anybody who can reach this machine can use it",
)
BAD_HOST = Phrase(
    "{host} 不是电脑的名称或 IPv4 地址，请改正 --host",
    "{host} is not the name or IPv4 address of a machine: correct --host",
)
IN_USE = Phrase(
    "{address} 被其他程序占用，请关闭该程序，或用 --port 换一个端口（0 为任意空闲端口）",
    "{address} is in use by another program: end that, or choose another --port (0 takes a free one)",
)
NOT_PERMITTED = Phrase(
    "{address} 不允许当前用户使用，请用 --port 换一个 1023 以上、没有被 Windows 保留的端口",
    "{address} may not be used by this user: choose a --port above 1023 that Windows has not reserved",
)
NOT_OURS = Phrase(
    "{address} 不是本机的地址，请用 --host 换一个",
    "{address} is not an address of this machine: choose another --host",
)
GATEWAY = Phrase("VirtualCardTrans 的 strUrl：{url}", "VirtualCardTrans strUrl: {url}")
QR_QUERY = Phrase("NationEcTrans 的 strUrl：{url}", "NationEcTrans    strUrl: {url}")
CONSOLE = Phrase("控制台：{url}", "console: {url}")
PHONES = Phrase("手机页面：{url}", "phones:  {url}")
ACCOUNT = Phrase(
    "请求中用：app_id {app_id}，应用密钥 key {key}，term_id {term_id}",
    "use in requests: app_id {app_id}, key {key}, term_id {term_id}",
)

# ---- the calls, one line each ----------------------------------------------------------------------------------------

QUIET = Phrase("不逐笔显示调用", "do not print a line for each call")
CALL = Phrase("{time}  {method}  {code} {meaning}  {ms} 毫秒", "{time}  {method}  {code} {meaning}  {ms} ms")
MORE = Phrase("…… 另有 {count} 笔，见控制台", "... and {count} more, see the console")
WRONG_ADDRESS = Phrase(
    "{time}  404：没有 {path} 这个地址，可用 {known}", "{time}  404: no platform at {path}; there are {known}"
)
UNREAD = Phrase("（未读取）", "(not read)")
WHY = Phrase("    原因：{cause}", "    cause: {cause}")
NOT_OPENED = Phrase(
    "    密文用已知的写法都解不开：请核对应用密钥和加密方式",
    "    the ciphertext opens in no known way: check the key and the cipher",
)
NOT_EXPLAINED = Phrase(
    "    签名不对，已知的写法都算不出：请在控制台比较签名文字",
    "    the sign is wrong in no known way: compare the base strings in the console",
)
