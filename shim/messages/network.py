"""Rows: why no answer came from a platform. {peer} is a host and its port, {host} a name that was looked up.

The state of each row is certain: nothing was sent, or not all of it, or all of it. Used by shim/transport.
"""

from __future__ import annotations

from shim.errors import Message, Reason, State
from shim.messages.clerk import IF_IT_GOES_ON, IT_DEPARTMENT

_PEER = {"peer": "10.1.1.1:8080"}
_PROXY = {"peer": "10.1.1.2:3128"}
_HOST = {"host": "platform.example"}
_SECONDS = {"seconds": "10"}
# The one key that a clerk reads out: whoever hears it has just written it, and it alone is wrong.
_CA_FILE = "本机设置有误（ca_file），连不上{platform}"
_CA_FILE_ENGLISH = "[transport] ca_file = {path} cannot be used: "

# ---- the address -----------------------------------------------------------------------------------------------------

NO_URL = Message(
    "network.no_url", Reason.NO_URL, "医院程序没有给出{platform}的地址",
    "请求地址 strUrl 为空（VC 3.2、EC B.1.3）",
    then=IT_DEPARTMENT, again=False, state=State.NOT_DONE,
    english="strUrl, the address of the request, is empty (VC 3.2, EC B.1.3)",
)  # fmt: skip
URL_SCHEME = Message(
    "network.url_scheme", Reason.UNSUPPORTED_URL, "医院程序给出的{platform}地址不能使用",
    "请求地址 strUrl 应以 http:// 或 https:// 开头",
    then=IT_DEPARTMENT, again=False, state=State.NOT_DONE,
    english="strUrl, the address of the request, should begin with http:// or https://",
)  # fmt: skip
URL_FORM = Message(
    "network.url_form", Reason.UNSUPPORTED_URL, "医院程序给出的{platform}地址不能使用",
    "请求地址 strUrl 的格式不对",
    then=IT_DEPARTMENT, again=False, state=State.NOT_DONE,
    english="strUrl, the address of the request, has a wrong form",
)  # fmt: skip
PROXY_FORM = Message(
    "network.proxy_form", Reason.SETTINGS, "本机设置有误，连不上{platform}",
    "vcshim.ini 的 [transport] proxy 不是 HTTP 代理的地址（形如 http://10.1.1.1:3128）",
    then=IT_DEPARTMENT, again=False, state=State.NOT_DONE,
    english="[transport] proxy of vcshim.ini is not the address of an HTTP proxy (such as http://10.1.1.1:3128)",
)  # fmt: skip
NOT_STARTED = Message(
    "network.not_started", Reason.INTERNAL, "扫码组件出错",
    "地址 {scheme}: 的传输没有启动（{why}）；下一次调用会再试",
    {"scheme": "sim", "why": "MemoryError，store.py:31:open"},
    then=IF_IT_GOES_ON, state=State.NOT_DONE,
    english="the transport for {scheme}: addresses did not start ({why}); the next call tries again",
)  # fmt: skip

# ---- the name --------------------------------------------------------------------------------------------------------

NO_SUCH_NAME = Message(
    "network.no_such_name", Reason.CONNECT_FAILED, "找不到{platform}的地址",
    "找不到{platform}的主机名 {host}；请核对 strUrl 与本机的 DNS 设置",
    _HOST, then="请联系信息科检查网络", again=False, state=State.NOT_DONE,
    english="the host name of {platform} does not exist: {host}; check strUrl and the DNS settings of this PC",
)  # fmt: skip
NO_SUCH_PROXY_NAME = Message(
    "network.no_such_proxy_name", Reason.CONNECT_FAILED, "连不上{platform}：找不到代理服务器",
    "找不到代理的主机名 {host}；请核对 [transport] proxy 与本机的 DNS 设置",
    _HOST, then=IT_DEPARTMENT, again=False, state=State.NOT_DONE,
    english="no such proxy: {host}; check [transport] proxy and the DNS settings of this PC",
)  # fmt: skip
NAME_SERVER_SILENT = Message(
    "network.name_server_silent", Reason.CONNECT_FAILED, "找不到{platform}的地址",
    "域名服务器没有应答，查不到主机名 {host}；请检查网络与本机的 DNS 设置",
    _HOST, then=IF_IT_GOES_ON, state=State.NOT_DONE,
    english="no name server answers, and {host} cannot be looked up; check the network and the DNS settings of this PC",
)  # fmt: skip
LOOK_UP_FAILED = Message(
    "network.look_up_failed", Reason.CONNECT_FAILED, "找不到{platform}的地址",
    "查不到主机名 {host}（系统错误 {number}）；请检查本机的 DNS 设置",
    {**_HOST, "number": 11003}, then=IF_IT_GOES_ON, state=State.NOT_DONE,
    english="{host} cannot be looked up (error {number}); check the DNS settings of this PC",
)  # fmt: skip
LOOK_UP_TIMED_OUT = Message(
    "network.look_up_timed_out", Reason.CONNECT_FAILED, "{seconds} 秒没有查到{platform}的地址",
    "{seconds} 秒没有查到主机名 {host}；请检查网络与本机的 DNS 设置",
    {**_HOST, **_SECONDS}, then=IF_IT_GOES_ON, state=State.NOT_DONE,
    english="{host} was not found within {seconds} s; check the network and the DNS settings of this PC",
)  # fmt: skip
NO_THREAD = Message(
    "network.no_thread", Reason.CONNECT_FAILED, "本机资源不足，连不上{platform}",
    "系统没有可用的线程，不能连接 {peer}；请关闭不用的程序",
    _PEER, then="仍不行请重新打开医院程序", state=State.NOT_DONE,
    english="the system has no thread left to connect to {peer}; close programs that are not needed",
)  # fmt: skip

# ---- the connection --------------------------------------------------------------------------------------------------

REFUSED = Message(
    "network.refused", Reason.CONNECT_FAILED, "连不上{platform}",
    "{platform} {peer} 拒绝连接；请核对地址与端口，并确认对方服务已启动",
    _PEER, then=IF_IT_GOES_ON, state=State.NOT_DONE,
    english="{platform} {peer} refuses the connection; check the address and the port, and that the platform's "
    "service is running",
)  # fmt: skip
BROKEN = Message(
    "network.broken", Reason.CONNECT_FAILED, "连不上{platform}",
    "{platform} {peer} 在建立连接时断开了连接；请核对地址与端口，并确认对方服务已启动",
    _PEER, then=IF_IT_GOES_ON, state=State.NOT_DONE,
    english="{platform} {peer} broke off while the connection was made; check the address and the port, and that the "
    "platform's service is running",
)  # fmt: skip
NO_ROUTE = Message(
    "network.no_route", Reason.CONNECT_FAILED, "连不上{platform}",
    "没有到{platform} {peer} 的路由；请检查网线、路由与防火墙",
    _PEER, then=IF_IT_GOES_ON, state=State.NOT_DONE,
    english="there is no route to {platform} {peer}; check the cable, the routes and the firewall",
)  # fmt: skip
CONNECT_TIMED_OUT = Message(
    "network.connect_timed_out", Reason.CONNECT_FAILED, "{seconds} 秒没有连上{platform}",
    "{platform} {peer} 在 {seconds} 秒内没有接受连接；请检查网络与防火墙，核对地址与端口",
    {**_PEER, **_SECONDS}, then=IF_IT_GOES_ON, state=State.NOT_DONE,
    english="{platform} {peer} did not accept a connection within {seconds} s; check the network and the firewall, "
    "the address and the port",
)  # fmt: skip
NETWORK_DOWN = Message(
    "network.network_down", Reason.CONNECT_FAILED, "本机没有连上网络，连不上{platform}",
    "本机的网络不通，不能连接 {peer}；请检查网线与网卡",
    _PEER, then=IF_IT_GOES_ON, state=State.NOT_DONE,
    english="this PC has no network to reach {peer} by; check the cable and the network card",
)  # fmt: skip
NO_LOCAL_ADDRESS = Message(
    "network.no_local_address", Reason.CONNECT_FAILED, "连不上{platform}",
    "本机没有可用的端口或地址，不能连接 {peer}；请检查本机的网络设置",
    _PEER, then=IF_IT_GOES_ON, state=State.NOT_DONE,
    english="this PC has no port or address left to connect to {peer}; check the network settings of this PC",
)  # fmt: skip
NOT_ALLOWED = Message(
    "network.not_allowed", Reason.CONNECT_FAILED, "本机不允许连接{platform}",
    "系统不允许连接 {peer}；请检查本机的防火墙与安全软件",
    _PEER, then=IT_DEPARTMENT, again=False, state=State.NOT_DONE,
    english="the system does not allow a connection to {peer}; check the firewall and the security software of this PC",
)  # fmt: skip
TOO_MANY_FILES = Message(
    "network.too_many_files", Reason.CONNECT_FAILED, "医院程序打开的文件太多，连不上{platform}",
    "本进程打开的文件与连接已到上限，不能连接 {peer}；请重新启动医院程序",
    _PEER, then="请重新打开医院程序", again=False, state=State.NOT_DONE,
    english="too many files and connections are open to reach {peer}; start the program again",
)  # fmt: skip
TOO_MANY_FILES_HERE = Message(
    "network.too_many_files_here", Reason.CONNECT_FAILED, "本机打开的文件太多，连不上{platform}",
    "本机打开的文件与连接已到上限，不能连接 {peer}；请重新启动本机",
    _PEER, then="请重新启动电脑", again=False, state=State.NOT_DONE,
    english="too many files are open on this PC to reach {peer}; restart this PC",
)  # fmt: skip
NO_BUFFERS = Message(
    "network.no_buffers", Reason.CONNECT_FAILED, "本机网络资源不足，连不上{platform}",
    "系统的网络缓冲区不足，不能连接 {peer}；请关闭不用的程序",
    _PEER, then=IF_IT_GOES_ON, state=State.NOT_DONE,
    english="the system has no network buffers left to reach {peer}; close programs that are not needed",
)  # fmt: skip
NO_MEMORY = Message(
    "network.no_memory", Reason.CONNECT_FAILED, "本机内存不足，连不上{platform}",
    "系统的内存不足，不能连接 {peer}；请关闭不用的程序",
    _PEER, then="仍不行请关闭不用的程序", state=State.NOT_DONE,
    english="the system has no memory left to reach {peer}; close programs that are not needed",
)  # fmt: skip
NOT_CONNECTED = Message(
    "network.not_connected", Reason.CONNECT_FAILED, "连不上{platform}",
    "未能连接 {peer}，系统没有给出原因；请检查网络，核对地址与端口",
    _PEER, then=IF_IT_GOES_ON, state=State.NOT_DONE,
    english="{peer} was not reached, and the system does not say why; check the network and the firewall, the address "
    "and the port",
)  # fmt: skip
SYSTEM_ERROR = Message(
    "network.system_error", Reason.CONNECT_FAILED, "连不上{platform}",
    "系统错误 {number}，未能连接 {peer}；请检查网络，核对地址与端口",
    {**_PEER, "number": 10047}, then=IF_IT_GOES_ON, state=State.NOT_DONE,
    english="{peer} was not reached: error {number} of the system; check the network and the firewall, the address "
    "and the port",
)  # fmt: skip
SPOKE_FIRST = Message(
    "network.spoke_first", Reason.CONNECT_FAILED, "连不上{platform}",
    "{platform} {peer} 在请求之前就发来数据；请核对端口",
    _PEER, then=IT_DEPARTMENT, again=False, state=State.NOT_DONE,
    english="{platform} {peer} speaks before it is asked, which is no HTTP; check the port",
)  # fmt: skip

# ---- the proxy -------------------------------------------------------------------------------------------------------

PROXY_REFUSED = Message(
    "network.proxy_refused", Reason.CONNECT_FAILED, "连不上{platform}：代理服务器不通",
    "代理 {peer} 拒绝连接；请核对 [transport] proxy，并确认代理已启动",
    _PROXY, then=IF_IT_GOES_ON, state=State.NOT_DONE,
    english="the proxy {peer} refuses the connection; check [transport] proxy, and that the proxy is running",
)  # fmt: skip
PROXY_BROKEN = Message(
    "network.proxy_broken", Reason.CONNECT_FAILED, "连不上{platform}：代理服务器不通",
    "代理 {peer} 在建立连接时断开了连接；请核对 [transport] proxy，并检查代理",
    _PROXY, then=IF_IT_GOES_ON, state=State.NOT_DONE,
    english="the proxy {peer} broke off while the connection was made; check [transport] proxy, and that the proxy is "
    "running",
)  # fmt: skip
PROXY_NO_ROUTE = Message(
    "network.proxy_no_route", Reason.CONNECT_FAILED, "连不上{platform}：代理服务器不通",
    "没有到代理 {peer} 的路由；请核对 [transport] proxy，并检查网线、路由与防火墙",
    _PROXY, then=IF_IT_GOES_ON, state=State.NOT_DONE,
    english="there is no route to the proxy {peer}; check [transport] proxy and the network",
)  # fmt: skip
PROXY_CONNECT_TIMED_OUT = Message(
    "network.proxy_connect_timed_out", Reason.CONNECT_FAILED, "代理服务器 {seconds} 秒不通，连不上{platform}",
    "代理 {peer} 在 {seconds} 秒内没有接受连接；请核对 [transport] proxy，并检查网络",
    {**_PROXY, **_SECONDS}, then=IF_IT_GOES_ON, state=State.NOT_DONE,
    english="the proxy {peer} did not accept a connection within {seconds} s; check [transport] proxy and the network",
)  # fmt: skip
PROXY_SILENT = Message(
    "network.proxy_silent", Reason.CONNECT_FAILED, "代理服务器 {seconds} 秒没有接通{platform}",
    "代理 {peer} 在 {seconds} 秒内没有接通{platform}；请检查代理到{platform}的网络",
    {**_PROXY, **_SECONDS}, then=IF_IT_GOES_ON, state=State.NOT_DONE,
    english="the proxy {peer} did not connect to {platform} within {seconds} s; check the network between the proxy "
    "and {platform}",
)  # fmt: skip
PROXY_WANTS_PASSWORD = Message(
    "network.proxy_wants_password", Reason.CONNECT_FAILED, "连不上{platform}：代理服务器要求登录",
    "代理 {peer} 要求身份验证（HTTP 407）；请在 [transport] proxy 中写明用户名与密码",
    _PROXY, then=IT_DEPARTMENT, again=False, state=State.NOT_DONE,
    english="the proxy {peer} wants a user and a password (HTTP 407); write both into [transport] proxy",
)  # fmt: skip
PROXY_DENIED = Message(
    "network.proxy_denied", Reason.CONNECT_FAILED, "连不上{platform}：代理服务器没有接通",
    "代理 {peer} 没有接通{platform}（HTTP {status}）；请检查 [transport] proxy 与代理的设置",
    {**_PROXY, "status": 403}, then=IF_IT_GOES_ON, state=State.NOT_DONE,
    english="the proxy {peer} does not connect to {platform} (HTTP {status}); check [transport] proxy and the "
    "settings of the proxy",
)  # fmt: skip
PROXY_NOT_HTTP = Message(
    "network.proxy_not_http", Reason.CONNECT_FAILED, "连不上{platform}：代理服务器设置有误",
    "{peer} 的应答不是 HTTP 代理的应答；请核对 [transport] proxy",
    _PROXY, then=IT_DEPARTMENT, again=False, state=State.NOT_DONE,
    english="{peer} does not answer as an HTTP proxy; check [transport] proxy",
)  # fmt: skip

# ---- the secure connection -------------------------------------------------------------------------------------------

TLS_TIMED_OUT = Message(
    "network.tls_timed_out", Reason.CONNECT_FAILED, "{seconds} 秒没有连上{platform}",
    "与{platform} {peer} 的 TLS 握手在 {seconds} 秒内没有完成；请检查网络，核对端口是否为 https",
    {**_PEER, **_SECONDS}, then=IF_IT_GOES_ON, state=State.NOT_DONE,
    english="the TLS handshake with {platform} {peer} was not done within {seconds} s; check the network, and whether "
    "the port is one of https",
)  # fmt: skip
TLS_CLOSED = Message(
    "network.tls_closed", Reason.CONNECT_FAILED, "连不上{platform}：安全连接失败",
    "{platform} {peer} 在 TLS 握手时关闭了连接；请核对端口是否为 https，并联系{platform}",
    _PEER, then=IF_IT_GOES_ON, state=State.NOT_DONE,
    english="{platform} {peer} closed the connection during the TLS handshake; check the port, and ask {platform}",
)  # fmt: skip
TLS_BROKEN = Message(
    "network.tls_broken", Reason.CONNECT_FAILED, "连不上{platform}：安全连接失败",
    "{platform} {peer} 在 TLS 握手时断开了连接；请核对端口是否为 https，并检查防火墙",
    _PEER, then=IF_IT_GOES_ON, state=State.NOT_DONE,
    english="{platform} {peer} broke off during the TLS handshake; check the port and the firewall",
)  # fmt: skip
NOT_TLS = Message(
    "network.not_tls", Reason.CONNECT_FAILED, "连不上{platform}：安全连接失败",
    "{platform} {peer} 的端口不是 https；请把 strUrl 改为 http:// 开头，或核对端口",
    _PEER, then=IT_DEPARTMENT, again=False, state=State.NOT_DONE,
    english="the port of {platform} {peer} is not one of https; let strUrl begin with http:// instead, or check the "
    "port",
)  # fmt: skip
TLS_TOO_OLD = Message(
    "network.tls_too_old", Reason.CONNECT_FAILED, "连不上{platform}：安全连接失败",
    "{platform} {peer} 只支持过旧的 TLS 版本（低于 1.2）；请{platform}升级",
    _PEER, then=IT_DEPARTMENT, again=False, state=State.NOT_DONE,
    english="{platform} {peer} knows only versions of TLS that are too old (before 1.2); ask {platform} for TLS 1.2 "
    "or later",
)  # fmt: skip
TLS_RENEGOTIATION = Message(
    "network.tls_renegotiation", Reason.CONNECT_FAILED, "连不上{platform}：安全连接失败",
    "{platform} {peer} 的 TLS 不支持安全重协商；请{platform}升级",
    _PEER, then=IT_DEPARTMENT, again=False, state=State.NOT_DONE,
    english="{platform} {peer} has no secure renegotiation of TLS; ask {platform}",
)  # fmt: skip
TLS_SHORT_KEY = Message(
    "network.tls_short_key", Reason.CONNECT_FAILED, "连不上{platform}：安全连接失败",
    "{platform} {peer} 的公钥过短，不够安全；请{platform}更换证书",
    _PEER, then=IT_DEPARTMENT, again=False, state=State.NOT_DONE,
    english="the public key of {platform} {peer} is too short to be safe; ask {platform} for a new certificate",
)  # fmt: skip
TLS_WEAK_SIGNATURE = Message(
    "network.tls_weak_signature", Reason.CONNECT_FAILED, "连不上{platform}：安全连接失败",
    "{platform} {peer} 的证书签名算法过旧；请{platform}更换证书",
    _PEER, then=IT_DEPARTMENT, again=False, state=State.NOT_DONE,
    english="the certificate of {platform} {peer} is signed by an outdated algorithm; ask {platform} for a new "
    "certificate",
)  # fmt: skip
TLS_WANTS_CERTIFICATE = Message(
    "network.tls_wants_certificate", Reason.CONNECT_FAILED, "连不上{platform}：安全连接失败",
    "{platform} {peer} 要求客户端证书，vcshim 不支持；请联系{platform}",
    _PEER, then=IT_DEPARTMENT, again=False, state=State.NOT_DONE,
    english="{platform} {peer} wants a client's certificate, which vcshim does not support; ask {platform}",
)  # fmt: skip
TLS_FAILED = Message(
    "network.tls_failed", Reason.CONNECT_FAILED, "连不上{platform}：安全连接失败",
    "与{platform} {peer} 的 TLS 握手失败，没有给出原因；请联系{platform}",
    _PEER, then=IT_DEPARTMENT, again=False, state=State.NOT_DONE,
    english="the TLS handshake with {platform} {peer} failed without a reason; ask {platform}",
)  # fmt: skip
TLS_FAILED_BY = Message(
    "network.tls_failed_by", Reason.CONNECT_FAILED, "连不上{platform}：安全连接失败",
    "与{platform} {peer} 的 TLS 握手失败（OpenSSL：{why}）；请联系{platform}",
    {**_PEER, "why": "SSLV3_ALERT_HANDSHAKE_FAILURE"}, then=IT_DEPARTMENT, again=False, state=State.NOT_DONE,
    english="the TLS handshake with {platform} {peer} failed (OpenSSL: {why}); ask {platform}",
)  # fmt: skip
CERTIFICATE_EXPIRED = Message(
    "network.certificate_expired", Reason.CONNECT_FAILED, "连不上{platform}：它的安全证书已过期",
    "{platform} {peer} 的证书已过期（按本机日期）；请核对本机日期，日期不错的，请{platform}更换证书",
    _PEER, then="请看电脑日期对不对，再联系信息科", again=False, state=State.NOT_DONE,
    english="the certificate of {platform} {peer} has expired, by the date of this PC; check the date of this PC; if "
    "it is right, ask {platform} for a new certificate",
)  # fmt: skip
CERTIFICATE_NOT_YET_VALID = Message(
    "network.certificate_not_yet_valid", Reason.CONNECT_FAILED, "连不上{platform}：它的安全证书还没有生效",
    "{platform} {peer} 的证书尚未生效（按本机日期）；请核对本机日期，日期不错的，请联系{platform}",
    _PEER, then="请看电脑日期对不对，再联系信息科", again=False, state=State.NOT_DONE,
    english="the certificate of {platform} {peer} is not valid yet, by the date of this PC; check the date of this "
    "PC; if it is right, ask {platform}",
)  # fmt: skip
CERTIFICATE_OF_ANOTHER = Message(
    "network.certificate_of_another", Reason.CONNECT_FAILED, "连不上{platform}：安全证书不是这个地址的",
    "{platform} {peer} 的证书不是为该地址签发的；请按证书上的域名填写 strUrl，或请{platform}更换证书",
    _PEER, then=IT_DEPARTMENT, again=False, state=State.NOT_DONE,
    english="the certificate of {platform} {peer} is for another name; write the name of the certificate into strUrl, "
    "or ask {platform} for a new certificate",
)  # fmt: skip
CERTIFICATE_NOT_TRUSTED = Message(
    "network.certificate_not_trusted", Reason.CONNECT_FAILED, "连不上{platform}：本机不信任它的安全证书",
    "{platform} {peer} 的证书不受信任；请把它的根证书装入系统，或检查 [transport] ca_file",
    _PEER, then=IT_DEPARTMENT, again=False, state=State.NOT_DONE,
    english="the certificate of {platform} {peer} is not trusted here; install its root certificate in the system, or "
    "check [transport] ca_file",
)  # fmt: skip
CERTIFICATE_REFUSED = Message(
    "network.certificate_refused", Reason.CONNECT_FAILED, "连不上{platform}：安全连接失败",
    "{platform} {peer} 的证书校验不通过（OpenSSL 校验码 {number}）；请联系{platform}",
    {**_PEER, "number": 23}, then=IT_DEPARTMENT, again=False, state=State.NOT_DONE,
    english="the certificate of {platform} {peer} is refused (OpenSSL: {number}); ask {platform}",
)  # fmt: skip
NEEDS_TLS = Message(
    "network.needs_tls", Reason.CONNECT_FAILED, "连不上{platform}：它要求安全连接",
    "{platform} {peer} 的端口要求 https，没有受理请求；请把 strUrl 改为 https:// 开头",
    _PEER, then=IT_DEPARTMENT, again=False, state=State.NOT_DONE,
    english="the port of {platform} {peer} wants https; let strUrl begin with https:// instead",
)  # fmt: skip
NO_TIME_ZONE = Message(
    "network.no_time_zone", Reason.CONNECT_FAILED, "医院程序现在不能连接{platform}",
    "本进程由 fork 产生，当时另一线程正在取系统时间，本进程不能使用 https；请重新 fork，或 exec 程序后再调用",
    then="请重新打开医院程序", again=False, state=State.NOT_DONE,
    english="this process comes from a fork during which another thread was reading the time of the system, and "
    "cannot use https; fork again, or exec the program before it calls",
)  # fmt: skip
CA_FILE_MISSING = Message(
    "network.ca_file_missing", Reason.SETTINGS, _CA_FILE,
    "[transport] ca_file = {path} 不能使用：找不到该文件",
    {"path": "C:\\HIS\\ca.pem"}, then=IT_DEPARTMENT, again=False, state=State.NOT_DONE,
    english=_CA_FILE_ENGLISH + "there is no such file",
)  # fmt: skip
CA_FILE_DENIED = Message(
    "network.ca_file_denied", Reason.SETTINGS, _CA_FILE,
    "[transport] ca_file = {path} 不能使用：没有读取该文件的权限",
    {"path": "C:\\HIS\\ca.pem"}, then=IT_DEPARTMENT, again=False, state=State.NOT_DONE,
    english=_CA_FILE_ENGLISH + "it may not be read",
)  # fmt: skip
CA_FILE_UNREADABLE = Message(
    "network.ca_file_unreadable", Reason.SETTINGS, _CA_FILE,
    "[transport] ca_file = {path} 不能使用：无法读取该文件",
    {"path": "C:\\HIS\\ca.pem"}, then=IT_DEPARTMENT, again=False, state=State.NOT_DONE,
    english=_CA_FILE_ENGLISH + "it cannot be read",
)  # fmt: skip
CA_FILE_IS_NO_FILE = Message(
    "network.ca_file_is_no_file", Reason.SETTINGS, _CA_FILE,
    "[transport] ca_file = {path} 不能使用：它不是文件",
    {"path": "C:\\HIS"}, then=IT_DEPARTMENT, again=False, state=State.NOT_DONE,
    english=_CA_FILE_ENGLISH + "it is no file",
)  # fmt: skip
CA_FILE_TOO_LARGE = Message(
    "network.ca_file_too_large", Reason.SETTINGS, _CA_FILE,
    "[transport] ca_file = {path} 不能使用：它超过 {limit} MB",
    {"path": "C:\\HIS\\ca.pem", "limit": 4}, then=IT_DEPARTMENT, again=False, state=State.NOT_DONE,
    english=_CA_FILE_ENGLISH + "it has more than {limit} MB",
)  # fmt: skip
CA_FILE_EMPTY = Message(
    "network.ca_file_empty", Reason.SETTINGS, _CA_FILE,
    "[transport] ca_file = {path} 不能使用：其中没有证书，应为 PEM 或 DER 格式的 X.509 证书",
    {"path": "C:\\HIS\\ca.pem"}, then=IT_DEPARTMENT, again=False, state=State.NOT_DONE,
    english=_CA_FILE_ENGLISH + "it holds no certificate; it should hold X.509 certificates in PEM or DER",
)  # fmt: skip
CA_FILE_DAMAGED = Message(
    "network.ca_file_damaged", Reason.SETTINGS, _CA_FILE,
    "[transport] ca_file = {path} 不能使用：其中第 {number} 个不是 X.509 证书或已损坏，应为 PEM 或 DER 格式",
    {"path": "C:\\HIS\\ca.pem", "number": 2}, then=IT_DEPARTMENT, again=False, state=State.NOT_DONE,
    english=_CA_FILE_ENGLISH + "number {number} in it is damaged or no X.509 certificate in PEM or DER",
)  # fmt: skip
CERTIFI_MISSING = Message(
    "network.certifi_missing", Reason.INTERNAL, "扫码组件缺少文件，连不上{platform}",
    "vcshim 文件夹中缺少 certifi；请重新复制 vcshim 文件夹",
    then=IT_DEPARTMENT, again=False, state=State.NOT_DONE,
    english="certifi is missing in the vcshim folder; copy the vcshim folder again",
)  # fmt: skip

# ---- the request -----------------------------------------------------------------------------------------------------

NO_TIME_LEFT = Message(
    "network.no_time_left", Reason.CONNECT_FAILED, "{seconds} 秒没有连上{platform}",
    "{seconds} 秒已到，请求没有发往 {peer}；请检查网络",
    {**_PEER, "seconds": "90"}, then=IF_IT_GOES_ON, state=State.NOT_DONE,
    english="nothing was sent to {peer} within {seconds} s; check the network",
)  # fmt: skip
SENDING_TIMED_OUT = Message(
    "network.sending_timed_out", Reason.SEND_FAILED, "{seconds} 秒没有向{platform}发完请求",
    "{seconds} 秒没有把请求发给 {peer}，对方没有收到完整的请求；请检查网络",
    {**_PEER, "seconds": "90"}, then=IF_IT_GOES_ON, state=State.NOT_DONE,
    english="a request to {peer} was not sent to its end within {seconds} s; check the network",
)  # fmt: skip
SENDING_BROKEN = Message(
    "network.sending_broken", Reason.SEND_FAILED, "与{platform}的连接断开，请求没有发完",
    "发送请求时与 {peer} 的连接断开，对方没有收到完整的请求；请检查网络",
    _PEER, then=IF_IT_GOES_ON, state=State.NOT_DONE,
    english="{peer} broke off before a request was sent to its end; check the network",
)  # fmt: skip

# ---- the answer ------------------------------------------------------------------------------------------------------

NO_ANSWER = Message(
    "network.no_answer", Reason.UNKNOWN_OUTCOME, "{platform} {seconds} 秒未答复",
    "{platform} {peer} 在 {seconds} 秒内没有应答",
    {**_PEER, "seconds": "90"}, state=State.UNKNOWN,
    english="{platform} {peer} did not answer within {seconds} s",
)  # fmt: skip
CONNECTION_LOST = Message(
    "network.connection_lost", Reason.UNKNOWN_OUTCOME, "与{platform}的连接断开，没有收到答复",
    "与{platform} {peer} 的连接在等待应答时断开",
    _PEER, state=State.UNKNOWN,
    english="{platform} {peer} closed the connection without an answer",
)  # fmt: skip
ANSWER_CUT = Message(
    "network.answer_cut", Reason.UNKNOWN_OUTCOME, "与{platform}的连接断开，答复没有收完",
    "{platform} {peer} 的应答不完整（收到 {count} 字节）",
    {**_PEER, "count": 512}, state=State.UNKNOWN,
    english="the answer of {platform} {peer} broke off after {count} bytes",
)  # fmt: skip
NOT_HTTP = Message(
    "network.not_http", Reason.UNKNOWN_OUTCOME, "{platform}已答复，但读不出内容",
    "{platform} {peer} 的应答不是 HTTP 应答；请核对 strUrl",
    _PEER, again=False, state=State.UNKNOWN,
    english="what {platform} {peer} answers is not HTTP; check strUrl",
)  # fmt: skip
ANSWER_TOO_LARGE = Message(
    "network.answer_too_large", Reason.UNKNOWN_OUTCOME, "{platform}已答复，但读不出内容",
    "{platform} {peer} 的应答超过 {limit} MB；请核对 strUrl",
    {**_PEER, "limit": 8}, again=False, state=State.UNKNOWN,
    english="the answer of {platform} {peer} has more than {limit} MB; check strUrl",
)  # fmt: skip
