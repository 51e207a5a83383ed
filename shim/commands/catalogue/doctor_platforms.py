"""The texts of `vcshim doctor` about platforms: the way to them, TLS, HTTP, the clock, and a signed request."""

from __future__ import annotations

from shim.commands.language import Phrase

TITLE_PROXIES = Phrase("代理", "Proxies")
TITLE_PLATFORMS = Phrase("平台", "Platforms")
TITLE_SIGNING = Phrase("签名", "Signing")

# ---- the way ---------------------------------------------------------------------------------------------------------

NO_ADDRESS = Phrase("不知道平台的地址，没有检查网络", "no address of a platform is known: the network was not tried")
GIVE_ADDRESS = Phrase(
    "请用 --url 写上医院程序传入的 strUrl，再检查一次", "name the host's strUrl with --url, and run this again"
)
BAD_ADDRESS = Phrase("{url} 不是可用的地址", "{url} is no address that can be used")
MEND_ADDRESS = Phrase("请写成 http://10.1.1.1:8080/gateway.do 的格式", "write it as http://10.1.1.1:8080/gateway.do")
BAD_PROXY = Phrase("[transport] proxy 不是 HTTP 代理的地址", "[transport] proxy is not the address of an HTTP proxy")
MEND_PROXY = Phrase("请写成 http://10.1.1.1:3128 的格式", "write it as http://10.1.1.1:3128")
BAD_CERTIFICATES = Phrase("{reason}", "{reason}")
MEND_CERTIFICATES = Phrase(
    "请改正 [transport] ca_file，或删除这一行，改用系统信任的证书",
    "correct [transport] ca_file, or delete the line to trust what the system trusts",
)
NOT_REACHED_MEANS = Phrase("发往这个地址的调用都失败", "every call to this address fails")
UNKNOWN_CAUSE = Phrase("{reason}", "{reason}")
UNKNOWN_REMEDY = Phrase("请把这一行发给信息科", "hand this line to whoever looks after the network")

FOUND = Phrase("{host} 的地址是 {addresses}", "{host} is {addresses}")
CONNECTED = Phrase("{peer} 接受连接", "{peer} accepts connections")
CONNECTED_BY_PROXY = Phrase("经代理 {proxy} 接通 {peer}", "{peer} is reached by the proxy {proxy}")
TLS = Phrase(
    "{peer} 使用 {version}，证书（{names}）有效期至 {until}，还有 {days} 天",
    "{peer} uses {version}; its certificate ({names}) is valid until {until}, {days} more days",
)
TLS_ENDS = Phrase(
    "{peer} 的证书（{names}）还有 {days} 天到期（{until}）",
    "the certificate of {peer} ({names}) expires in {days} days ({until})",
)
TLS_ENDS_MEANS = Phrase("到期以后，发往这个平台的调用都失败", "after that, every call to this platform fails")
TLS_ENDS_REMEDY = Phrase("请平台在到期之前更换证书", "ask the platform to renew it before that day")
CERTIFICATE_SHOWN = Phrase(
    "证书：{names}，由 {issuer} 签发，有效期 {since} 至 {until}",
    "the certificate: for {names}, by {issuer}, valid from {since} to {until}",
)
CERTIFICATE_ALONE = Phrase(
    "证书：{names}，由 {issuer} 签发，有效期 {since} 至 {until}；平台没有同时给出 {issuer} 的证书",
    "the certificate: for {names}, by {issuer}, valid from {since} to {until}; that of {issuer} is not sent with it",
)
CERTIFICATE_ALONE_REMEDY = Phrase(
    "{issuer} 若是中间证书，请平台在服务器上补全证书链；若是根证书，请装入系统",
    "if {issuer} is an intermediate authority, ask the platform for the whole chain; if it is a root, install it",
)

# ---- proxies ---------------------------------------------------------------------------------------------------------

PROXY_SET = Phrase("[transport] proxy：{proxy}", "[transport] proxy: {proxy}")
PROXY_NONE = Phrase("没有使用代理", "no proxy is in use")
PROXY_IGNORED = Phrase(
    "本机另有代理 {proxy}（{text}），vcshim 不使用它", "{text} names the proxy {proxy}, which vcshim does not use"
)
PROXY_IGNORED_MEANS = Phrase("浏览器能打开的地址，vcshim 未必能连上", "what a browser reaches, vcshim may not")
PAC_IGNORED = Phrase(
    "本机有代理的自动配置脚本 {url}（{text}），vcshim 不使用它",
    "{text} names {url}, a script that chooses a proxy, which vcshim does not use",
)
PAC_REMEDY = Phrase(
    "连不上平台时，请从脚本中查出平台所用的代理，写入 [transport] proxy",
    "if the platform is not reached, look in the script for its proxy and write it into [transport] proxy",
)
PROXY_NEEDED = Phrase("{peer} 要经过代理 {proxy} 才能连上", "{peer} is reached only by the proxy {proxy}")
PROXY_NEEDED_REMEDY = Phrase(
    "请在 vcshim.ini 的 [transport] 中写 proxy = {proxy}", "write proxy = {proxy} into [transport] of vcshim.ini"
)
PROXY_USELESS = Phrase(
    "经代理 {proxy} 连不上 {peer}，不经过它可以连上", "{peer} is not reached by the proxy {proxy}, but without it"
)
PROXY_USELESS_REMEDY = Phrase(
    "请删除 vcshim.ini 中 [transport] proxy 这一行，或请网络管理部门改正代理的设置",
    "delete the line [transport] proxy of vcshim.ini, or have the proxy corrected",
)
IN_ENVIRONMENT = Phrase("环境变量 {name}", "the variable {name}")
IN_WINDOWS = Phrase("Windows 的 Internet 选项", "the Internet options of Windows")
IN_WINHTTP = Phrase("WinHTTP（netsh winhttp）", "WinHTTP (netsh winhttp)")

# ---- HTTP ------------------------------------------------------------------------------------------------------------

ANSWERS = Phrase("{peer} 有 HTTP 应答（{status}）", "{peer} answers by HTTP ({status})")
NOT_FOUND = Phrase("{peer} 上没有 {path}（HTTP 404）", "{peer} has nothing at {path} (HTTP 404)")
NOT_FOUND_MEANS = Phrase(
    "只收 POST 的平台也可能这样应答 GET", "a platform that takes only POST may answer a GET so, too"
)
NOT_FOUND_REMEDY = Phrase("调用失败时，请核对 strUrl 的路径", "if calls fail, check the path of strUrl")
FORBIDDEN = Phrase("{peer} 不许本机访问（HTTP {status}）", "{peer} does not let this PC in (HTTP {status})")
FORBIDDEN_REMEDY = Phrase(
    "请核对 strUrl，并请平台把医院的地址加入允许的名单",
    "check strUrl, and ask the platform to allow the hospital's address",
)
NO_SERVER = Phrase(
    "{peer} 的前置服务器有应答，它后面的平台没有（HTTP {status}）",
    "the server at {peer} answers, the platform behind it does not (HTTP {status})",
)
NO_SERVER_REMEDY = Phrase("请联系平台，确认服务正常", "ask the platform whether its service is running")
REDIRECTED = Phrase("{peer} 转向 {target}（HTTP {status}）", "{peer} redirects to {target} (HTTP {status})")
REDIRECTED_MEANS = Phrase("vcshim 不跟随转向，调用会失败", "vcshim does not follow it, and calls fail")
REDIRECTED_REMEDY = Phrase(
    "若是上网登录页面，请先登录或免除本机；若是平台的新地址，请改 strUrl",
    "if it is a page to log in to the network, log in or exempt this PC; if the platform has moved, change strUrl",
)
INTERMEDIARY = Phrase(
    "代理 {proxy} 代替 {peer} 应答（HTTP {status}）", "the proxy {proxy} answers instead of {peer} (HTTP {status})"
)
INTERMEDIARY_MEANS = Phrase("请求没有到达平台", "the request does not reach the platform")
INTERMEDIARY_REMEDY = Phrase(
    "请网络管理部门让本机直接连接平台，或放行这个地址",
    "have the network department let this PC reach the platform directly, or allow this address",
)

# ---- the clock -------------------------------------------------------------------------------------------------------

CLOCK = Phrase("本机时间与 {peer} 相差 {seconds} 秒", "the clock of this PC and that of {peer} differ by {seconds} s")
CLOCK_AHEAD = Phrase(
    "本机时间比 {peer} 快 {minutes} 分钟", "the clock of this PC is {minutes} minutes ahead of that of {peer}"
)
CLOCK_BEHIND = Phrase(
    "本机时间比 {peer} 慢 {minutes} 分钟", "the clock of this PC is {minutes} minutes behind that of {peer}"
)
CLOCK_MEANS = Phrase(
    "平台可能以时间戳不对拒绝请求，日志中的时间也不对",
    "platforms may refuse requests for their timestamp, and the log has wrong times",
)
CLOCK_REMEDY = Phrase(
    "请校准本机时间（w32tm /resync），并让它自动与医院的时间服务器同步；平台的时间不对时请联系平台",
    "set the clock (w32tm /resync) and have it follow the hospital's time server; if the platform is wrong, tell it",
)

# ---- a signed request ------------------------------------------------------------------------------------------------

NO_ACCOUNT = Phrase("没有给出 app_id 和 key，没有试签名", "no app_id and key were given: no signed request was made")
GIVE_ACCOUNT = Phrase(
    "要试签名，请用 --account 给出医院程序的一个 InData 文件，并写上 --url",
    "to try it, name a file with an InData of the host with --account, and its address with --url",
)
SIGN_ACCEPTED = Phrase(
    "{peer} 接受签名（报文格式 {dialect}，返回码 {code}）", "{peer} accepts the sign (dialect {dialect}, code {code})"
)
ANSWER_SIGN_WRONG = Phrase(
    "{peer} 接受签名，但它的应答签名不对（报文格式 {dialect}）",
    "{peer} accepts the sign, but the sign of its answer is wrong (dialect {dialect})",
)
ANSWER_SIGN_REMEDY = Phrase(
    "请把平台的接口文档与报文格式逐项核对", "compare the dialect with the platform's document column by column"
)
WRONG_DIALECT = Phrase(
    "报文格式不对：{peer} 拒绝 {dialect} 的签名，接受 {right} 的",
    "wrong dialect: {peer} refuses the sign of {dialect} and accepts that of {right}",
)
WRONG_DIALECT_REMEDY = Phrase(
    "请在 vcshim.ini 的 [wire] 中写 dialect = {right}", "write dialect = {right} into [wire] of vcshim.ini"
)
WRONG_KEY = Phrase(
    "应用密钥 key 不对：{peer} 拒绝签名，{count} 种报文格式都试过（返回码 {code}）",
    "wrong key: {peer} refuses the sign, in each of {count} dialects (code {code})",
)
WRONG_KEY_REMEDY = Phrase(
    "请核对 app_id 与 key 是否配对、是否同为测试或正式环境；确认无误的，用 vcshim learn 找出平台的报文格式",
    "check that app_id and key belong together and to this platform; if they do, find its dialect by `vcshim learn`",
)
REFUSED = Phrase("{peer} 拒绝请求：{code}，{reason}", "{peer} refuses the request with {code}: {reason}")
REFUSED_REMEDY = Phrase("{text}", "{text}")
NOT_TRIED = Phrase("没有试成签名：{reason}", "no signed request was made: {reason}")
NOT_TRIED_REMEDY = Phrase("请先解决上面的问题，再试一次", "mend what is above first, and try again")
SIGN_MEANS = Phrase("发往这个平台的调用都失败", "every call to this platform fails")
