"""What `vcshim bridge` says. What a page is told is in shim/bridge/refusals.py."""

from __future__ import annotations

from shim.commands.language import Phrase

HELP = Phrase("为浏览器中的 HIS 提供本机网页服务", "the local web service for a HIS in a browser")
DESCRIPTION = Phrase(
    "在 127.0.0.1 上提供 HTTP 和 WebSocket，网页用 JSON 调用医院文件夹中的两个动态库，直到按 Ctrl-C。\n"
    "允许的网站、令牌和端口在 vcshim.ini 的 [bridge] 中，见 docs/bridge.md。",
    "Serves HTTP and WebSocket on 127.0.0.1, by which a page calls the two DLLs of a HIS folder with JSON, "
    "until Ctrl-C.\n"
    "The permitted sites, the token and the port are in [bridge] of vcshim.ini: see docs/bridge.md.",
)
PORT = Phrase(
    "端口，代替 [bridge] port；0 为任意空闲端口", "the port, in the place of [bridge] port; 0 takes a free one"
)
ORIGIN = Phrase(
    "再允许一个网站，如 https://his.example.cn；可写多次",
    "permit one more site, such as https://his.example.cn; repeatable",
)
BACKGROUND = Phrase("不占窗口，在后台启动", "start it in the background, without a window")
AT_LOG_ON = Phrase("当前用户以后登录时自动启动", "have it started at each log-on of this user")
NOT_AT_LOG_ON = Phrase("以后登录时不再自动启动", "have it no longer started at log-on")
STOP = Phrase("停止当前会话中的服务", "stop the service of this session")
TOKEN = Phrase("显示令牌", "print the token")
NO_SERVER = Phrase(
    "这里没有网页服务器，vcshim.exe 从来不带它。请用 vcshim-toolbox.exe，"
    "或在本项目的源码文件夹中执行 pip install . 后运行",
    "the web server is not in this installation, and vcshim.exe never has it. Use vcshim-toolbox.exe, or a checkout of "
    "the project after `pip install .` there",
)
NO_PORT = Phrase(
    "127.0.0.1 的端口 {first} 到 {last} 都不能使用，系统报告：{reason}。请改 [bridge] port 或 ports",
    "no port of 127.0.0.1 from {first} to {last} can be used, the system says: {reason}. Change [bridge] port or ports",
)
SERVES = Phrase(
    "正在 http://127.0.0.1:{port} 提供服务，动态库在 {folder}", "serving http://127.0.0.1:{port}, DLLs in {folder}"
)
ORIGINS = Phrase("允许的网站：{origins}", "permitted sites: {origins}")
NO_ORIGINS = Phrase(
    "[bridge] origins 是空的：没有网页可以使用，只有本机的程序可以",
    "[bridge] origins is empty: no page may use it, only programs of this PC",
)
RUNNING = Phrase(
    "当前会话中已有一个服务，端口 {port}，动态库在 {folder}",
    "this session has a service already, on port {port}, with the DLLs in {folder}",
)
RUNNING_SOMEWHERE = Phrase("当前会话中已有一个服务", "this session has a service already")
STARTED = Phrase("已在后台启动，端口 {port}", "started in the background, on port {port}")
NOT_STARTED = Phrase("没有启动", "it did not start")
NOT_RUNNING = Phrase("当前会话中没有服务", "this session has no service")
STOPPED = Phrase("已停止，端口 {port}", "stopped, on port {port}")
NOT_STOPPED = Phrase(
    "端口 {port} 的服务没有停止，可能它的令牌不是当前的令牌",
    "the service on port {port} has not stopped; perhaps its token is not the present one",
)
WILL_START = Phrase("当前用户登录时将启动：{command}", "will be started at log-on of this user: {command}")
WILL_NOT_START = Phrase("登录时不再启动", "will not be started at log-on any more")
WOULD_NOT_START = Phrase("登录时本来就不启动", "was not to be started at log-on")
