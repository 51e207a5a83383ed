"""Rows: answers of platforms that came and are not understood, and what was wanted of them is not there.

A refusal that is understood is no row: its code and its words are the platform's. Used by shim/dialects and by
shim/service.py. Every row knows the state: the request went out.
"""

from __future__ import annotations

from shim.errors import Message, Reason, State

_UNREADABLE = "{platform}已答复，但读不出内容"
_INCOMPLETE = "{platform}已答复，但内容不全"
_ODD = "{platform}没有正常答复"
_SIZE = {"size": 120}

# ---- what came -------------------------------------------------------------------------------------------------------

EMPTY = Message(
    "answers.empty", Reason.EMPTY_ANSWER, "{platform}已答复，但没有内容",
    "{platform}的应答为空；请联系{platform}",
    again=False, state=State.UNKNOWN,
    english="the answer of {platform} is empty; ask {platform}",
)  # fmt: skip
COMPRESSED = Message(
    "answers.compressed", Reason.UNREADABLE_ANSWER, _UNREADABLE,
    "{platform}的应答用 {encoding} 压缩，读不出（{size} 字节）；请联系{platform}",
    {"encoding": "br", **_SIZE}, again=False, state=State.UNKNOWN,
    english="the answer of {platform} is compressed by {encoding} and cannot be read ({size} bytes); ask {platform}",
)  # fmt: skip
COMPRESSED_SOMEHOW = Message(
    "answers.compressed_somehow", Reason.UNREADABLE_ANSWER, _UNREADABLE,
    "{platform}的应答用不认识的方式压缩，读不出（{size} 字节）；请联系{platform}",
    _SIZE, again=False, state=State.UNKNOWN,
    english="the answer of {platform} is compressed in an unknown way and cannot be read ({size} bytes); ask "
    "{platform}",
)  # fmt: skip
NO_TEXT = Message(
    "answers.no_text", Reason.UNREADABLE_ANSWER, _UNREADABLE,
    "{platform}的应答中有损坏的字符，既不是 UTF-8 也不是 GBK（{size} 字节）；请联系{platform}",
    _SIZE, again=False, state=State.UNKNOWN,
    english="the answer of {platform} holds damaged characters and is neither UTF-8 nor GBK ({size} bytes); ask "
    "{platform}",
)  # fmt: skip
HALF_CHARACTER = Message(
    "answers.half_character", Reason.UNREADABLE_ANSWER, _UNREADABLE,
    "{platform}的应答中有半个字符（单独的 \\uD800 至 \\uDFFF）；请联系{platform}",
    again=False, state=State.UNKNOWN,
    english="the answer of {platform} holds half a character (\\uD800 to \\uDFFF alone); ask {platform}",
)  # fmt: skip
NOT_JSON = Message(
    "answers.not_json", Reason.UNREADABLE_ANSWER, _UNREADABLE,
    "{platform}的应答不能按 JSON 读出（{size} 字节，以{beginning}开头）；请核对请求地址",
    {**_SIZE, "beginning": " XML 标记"}, again=False, state=State.UNKNOWN,
    english="the answer of {platform} cannot be read as JSON ({size} bytes, beginning with {beginning}); check the "
    "address",
)  # fmt: skip
A_PAGE = Message(
    "answers.a_page", Reason.UNREADABLE_ANSWER, "{platform}答复的是 HTML 网页",
    "{platform}的应答不能按 JSON 读出（{size} 字节，是 HTML 网页）；请核对请求地址，并看途中有无防火墙或登录页面",
    _SIZE, again=False, state=State.UNKNOWN,
    english="the answer of {platform} cannot be read as JSON ({size} bytes, an HTML page); check the address, and "
    "look for a firewall or a login page on the way",
)  # fmt: skip
NOT_AN_OBJECT = Message(
    "answers.not_an_object", Reason.UNREADABLE_ANSWER, _UNREADABLE,
    "{platform}的应答不是 JSON 对象（{size} 字节）；请核对请求地址",
    _SIZE, again=False, state=State.UNKNOWN,
    english="the answer of {platform} is not a JSON object ({size} bytes); check the address",
)  # fmt: skip

# ---- its code --------------------------------------------------------------------------------------------------------

CODE_UNREADABLE = Message(
    "answers.code_unreadable", Reason.UNREADABLE_ANSWER, _INCOMPLETE,
    "{platform}的应答中返回码为空，或不是数字和文本；请联系{platform}",
    again=False, state=State.UNKNOWN,
    english="the return code in the answer of {platform} is empty, or neither number nor text; ask {platform}",
)  # fmt: skip
NO_CODE = Message(
    "answers.no_code", Reason.UNREADABLE_ANSWER, "医保平台已答复，但内容不全",
    "医保平台的应答中没有返回码 code（EC B.2）；请核对请求地址",
    again=False, state=State.UNKNOWN,
    english="the answer of the insurance platform has no return code (EC B.2); check the address",
)  # fmt: skip
NO_CODE_NO_CONTENT = Message(
    "answers.no_code_no_content", Reason.UNREADABLE_ANSWER, _INCOMPLETE,
    "{platform}的应答中没有返回码，也没有 biz_content；请核对请求地址与 [wire] dialect",
    again=False, state=State.UNKNOWN,
    english="the answer of {platform} has neither a return code nor biz_content; check the address and [wire] dialect",
)  # fmt: skip

# ---- its content -----------------------------------------------------------------------------------------------------

NO_SUCH_CIPHER = Message(
    "answers.no_such_cipher", Reason.ANSWER_NOT_DECIPHERED, _UNREADABLE,
    "{platform}的应答 enc_type = {enc_type}，报文格式 {dialect} 没有这种加密方式；请核对 [wire] dialect",
    {"enc_type": "SM4", "dialect": "ehcservice"}, again=False, state=State.UNKNOWN,
    english="the answer of {platform} has enc_type = {enc_type}, a cipher that dialect {dialect} does not have; check "
    "[wire] dialect",
)  # fmt: skip
NOT_DECIPHERED = Message(
    "answers.not_deciphered", Reason.ANSWER_NOT_DECIPHERED, _UNREADABLE,
    "{platform}的应答中 biz_content 无法按 {enc_type} 解密（{length} 字）；请核对应用密钥 key 与 [wire] dialect",
    {"enc_type": "SM4", "length": 256}, again=False, state=State.UNKNOWN,
    english="biz_content in the answer of {platform} cannot be decrypted by {enc_type} ({length} characters); check "
    "the application key and [wire] dialect",
)  # fmt: skip
CONTENT_NOT_JSON = Message(
    "answers.content_not_json", Reason.UNREADABLE_ANSWER, _UNREADABLE,
    "{platform}的应答中 biz_content 不能按 JSON 读出（{length} 字）；请核对应用密钥 key 与 [wire] dialect",
    {"length": 256}, again=False, state=State.UNKNOWN,
    english="biz_content in the answer of {platform} cannot be read as JSON ({length} characters); check the "
    "application key and [wire] dialect",
)  # fmt: skip
DATA_NOT_JSON = Message(
    "answers.data_not_json", Reason.UNREADABLE_ANSWER, "医保平台已答复，但读不出内容",
    "医保平台的应答中 data 不能按 JSON 读出（{length} 字，EC B.4）；请核对 ECUrl",
    {"length": 64}, again=False, state=State.UNKNOWN,
    english="data in the answer of the insurance platform cannot be read as JSON ({length} characters, EC B.4); check "
    "ECUrl",
)  # fmt: skip
DATA_NOT_AN_OBJECT = Message(
    "answers.data_not_an_object", Reason.UNREADABLE_ANSWER, "医保平台已答复，但读不出内容",
    "医保平台的应答中 data 不是 JSON 对象（EC B.4）；请核对 ECUrl",
    again=False, state=State.UNKNOWN,
    english="data in the answer of the insurance platform is not a JSON object (EC B.4); check ECUrl",
)  # fmt: skip
NO_PERSON = Message(
    "answers.no_person", Reason.UNREADABLE_ANSWER, "医保平台已答复，但没有人员信息",
    "医保平台的应答中没有人员信息（EC B.4）；请核对 ECUrl",
    again=False, state=State.UNKNOWN,
    english="the answer of the insurance platform names no person (EC B.4); check ECUrl",
)  # fmt: skip
SIGN_WRONG = Message(
    "answers.sign_wrong", Reason.ANSWER_SIGN_WRONG, "{platform}已答复，但签名不对，没有采用",
    "{platform}的应答签名不对，按 [wire] verify = strict 没有采用；请核对应用密钥 key 与 [wire] dialect",
    again=False, state=State.UNKNOWN,
    english="the sign of the answer of {platform} does not fit, and by [wire] verify = strict the answer is not used; "
    "check the application key and [wire] dialect",
)  # fmt: skip
NOTHING_TO_PRINT = Message(
    "answers.nothing_to_print", Reason.UNREADABLE_ANSWER, "{platform}没有给出标签的内容",
    "{platform}的应答中没有 {field}",
    {"field": "ehealth_code"}, again=False, state=State.DONE,
    english="the answer of {platform} has no {field}",
)  # fmt: skip

# ---- statuses of HTTP that are no success: every row is told the status ----------------------------------------------

_STATUS = {"status": 404}

REDIRECTED = Message(
    "answers.redirected", Reason.HTTP_STATUS, _ODD,
    "请求地址已转向（HTTP {status}）；请核对 strUrl",
    {"status": 302}, again=False, state=State.UNKNOWN,
    english="the address redirects (HTTP {status}); check strUrl",
)  # fmt: skip
REDIRECTED_TO = Message(
    "answers.redirected_to", Reason.HTTP_STATUS, "请求被转到 {host}",
    "请求地址已转向 {address}（HTTP {status}）；若这是{platform}的新地址，请把 strUrl 改为它",
    {"status": 302, "host": "gateway.example", "address": "https://gateway.example:443/gateway.do"},
    again=False, state=State.UNKNOWN,
    english="the address redirects to {address} (HTTP {status}); if that is the new address of {platform}, set strUrl "
    "to it",
)  # fmt: skip
REDIRECTED_ON_SITE = Message(
    "answers.redirected_on_site", Reason.HTTP_STATUS, _ODD,
    "请求地址已转向 {address}（HTTP {status}）；若这是{platform}的新地址，请把 strUrl 改为它",
    {"status": 302, "address": "/gateway.do"}, again=False, state=State.UNKNOWN,
    english="the address redirects to {address} (HTTP {status}); if that is the new address of {platform}, set strUrl "
    "to it",
)  # fmt: skip
STATUS_3XX = Message(
    "answers.status_3xx", Reason.HTTP_STATUS, _ODD,
    "请求地址没有给出应答（HTTP {status}）；请核对 strUrl",
    {"status": 304}, again=False, state=State.UNKNOWN,
    english="the address gave no answer (HTTP {status}); check strUrl",
)  # fmt: skip
BAD_REQUEST = Message(
    "answers.bad_request", Reason.HTTP_STATUS, _ODD,
    "请求地址不接受该报文（HTTP {status}）；请核对 strUrl 与 [wire] content_type",
    {"status": 400}, again=False, state=State.UNKNOWN,
    english="the address does not accept this body (HTTP {status}); check strUrl and [wire] content_type",
)  # fmt: skip
LOGIN_WANTED = Message(
    "answers.login_wanted", Reason.HTTP_STATUS, _ODD,
    "请求地址要求登录（HTTP {status}）；请向{platform}核对 strUrl 与接入权限",
    {"status": 401}, again=False, state=State.UNKNOWN,
    english="the address wants a login (HTTP {status}); ask {platform} about strUrl and the right of access",
)  # fmt: skip
FORBIDDEN = Message(
    "answers.forbidden", Reason.HTTP_STATUS, _ODD,
    "请求被{platform}或防火墙禁止（HTTP {status}）；请向{platform}核对本机 IP 是否在允许之列",
    {"status": 403}, again=False, state=State.UNKNOWN,
    english="{platform} or a firewall forbids the request (HTTP {status}); ask {platform} whether the IP address of "
    "this PC is allowed",
)  # fmt: skip
NOT_FOUND = Message(
    "answers.not_found", Reason.HTTP_STATUS, _ODD,
    "请求地址上没有该接口（HTTP {status}）；请核对 strUrl 的路径",
    _STATUS, again=False, state=State.UNKNOWN,
    english="there is no such service at the address (HTTP {status}); check the path of strUrl",
)  # fmt: skip
NO_POST = Message(
    "answers.no_post", Reason.HTTP_STATUS, _ODD,
    "请求地址不接受 POST（HTTP {status}）；请核对 strUrl 的路径",
    {"status": 405}, again=False, state=State.UNKNOWN,
    english="the address does not accept POST (HTTP {status}); check the path of strUrl",
)  # fmt: skip
PROXY_LOGIN_WANTED = Message(
    "answers.proxy_login_wanted", Reason.HTTP_STATUS, "代理服务器要求登录",
    "代理服务器要求登录（HTTP {status}）；请核对 [transport] proxy 中的用户名与密码",
    {"status": 407}, again=False, state=State.UNKNOWN,
    english="the proxy wants a login (HTTP {status}); check user and password in [transport] proxy",
)  # fmt: skip
REQUEST_LATE = Message(
    "answers.request_late", Reason.HTTP_STATUS, _ODD,
    "{platform}等待报文超时（HTTP {status}）；请检查网络",
    {"status": 408}, state=State.UNKNOWN,
    english="{platform} timed out waiting for the request (HTTP {status}); check the network",
)  # fmt: skip
GONE = Message(
    "answers.gone", Reason.HTTP_STATUS, _ODD,
    "请求地址已停用（HTTP {status}）；请向{platform}核对 strUrl",
    {"status": 410}, again=False, state=State.UNKNOWN,
    english="the address is out of service (HTTP {status}); ask {platform} about strUrl",
)  # fmt: skip
TOO_LARGE = Message(
    "answers.too_large", Reason.HTTP_STATUS, _ODD,
    "报文超过{platform}的限制（HTTP {status}）；请减小照片等较长的字段",
    {"status": 413}, again=False, state=State.UNKNOWN,
    english="the body is larger than {platform} allows (HTTP {status}); shorten long fields such as photographs",
)  # fmt: skip
WRONG_CONTENT_TYPE = Message(
    "answers.wrong_content_type", Reason.HTTP_STATUS, _ODD,
    "请求地址不接受该报文类型（HTTP {status}）；请核对 [wire] content_type",
    {"status": 415}, again=False, state=State.UNKNOWN,
    english="the address does not accept a body of this type (HTTP {status}); check [wire] content_type",
)  # fmt: skip
TOO_MANY_REQUESTS = Message(
    "answers.too_many_requests", Reason.HTTP_STATUS, "{platform}暂时不能办理",
    "请求过于频繁（HTTP {status}）；请降低调用频率",
    {"status": 429}, state=State.UNKNOWN,
    english="requests come too often (HTTP {status}); call less often",
)  # fmt: skip
STATUS_4XX = Message(
    "answers.status_4xx", Reason.HTTP_STATUS, _ODD,
    "请求没有被接受（HTTP {status}）；请核对 strUrl",
    {"status": 418}, again=False, state=State.UNKNOWN,
    english="the request was not accepted (HTTP {status}); check strUrl",
)  # fmt: skip
SERVER_ERROR = Message(
    "answers.server_error", Reason.HTTP_STATUS, _ODD,
    "{platform}内部出错（HTTP {status}）；请联系{platform}",
    {"status": 500}, state=State.UNKNOWN,
    english="an error inside {platform} (HTTP {status}); ask {platform}",
)  # fmt: skip
BAD_GATEWAY = Message(
    "answers.bad_gateway", Reason.HTTP_STATUS, _ODD,
    "途中的服务器没有收到{platform}的应答（HTTP {status}）；请联系{platform}",
    {"status": 502}, state=State.UNKNOWN,
    english="a server on the way got no answer of {platform} (HTTP {status}); ask {platform}",
)  # fmt: skip
SERVICE_STOPPED = Message(
    "answers.service_stopped", Reason.HTTP_STATUS, "{platform}暂时不能办理",
    "{platform}或途中的服务器暂停服务（HTTP {status}）；请联系{platform}",
    {"status": 503}, state=State.UNKNOWN,
    english="{platform} or a server on the way is out of service for now (HTTP {status}); ask {platform}",
)  # fmt: skip
GATEWAY_TIMED_OUT = Message(
    "answers.gateway_timed_out", Reason.HTTP_STATUS, "{platform}没有及时答复",
    "途中的服务器等待{platform}的应答超时，{platform}可能仍在处理（HTTP {status}）；请联系{platform}",
    {"status": 504}, state=State.UNKNOWN,
    english="a server on the way timed out waiting for {platform}, which may still be working (HTTP {status}); "
    "ask {platform}",
)  # fmt: skip
STATUS_5XX = Message(
    "answers.status_5xx", Reason.HTTP_STATUS, _ODD,
    "{platform}或途中的服务器出错（HTTP {status}）；请联系{platform}",
    {"status": 511}, state=State.UNKNOWN,
    english="an error in {platform} or a server on the way (HTTP {status}); ask {platform}",
)  # fmt: skip
STATUS_ODD = Message(
    "answers.status_odd", Reason.HTTP_STATUS, _ODD,
    "{platform}返回了意外的状态（HTTP {status}）；请核对 strUrl",
    {"status": 700}, again=False, state=State.UNKNOWN,
    english="{platform} returned an unexpected status (HTTP {status}); check strUrl",
)  # fmt: skip
