"""The texts of `vcshim learn`. FINDINGS says the topics of shim/learn/findings.py."""

from __future__ import annotations

from collections.abc import Mapping

from shim.commands.language import Phrase

HELP = Phrase(
    "从留存的报文找出报文格式，写成可直接使用的设置", "find the dialect of captured calls, as a section ready to use"
)
DESCRIPTION = Phrase(
    "读取留存的报文（[mode] run = capture），找出能把每个请求一字节不差地重做、并解开每个应答的报文格式，"
    "写成 vcshim.ini 的设置，到标准输出；依据、尚不能分辨的项和问题写作其中的注释。"
    "应用密钥 key 取自入参，或由 --key-file、--ask-key 给出；输出中没有任何密钥。"
    "按 Ctrl-C 可停下，再次运行时接着做。\n\n"
    "返回码：0 全部找到；1 没有找到，或只找到一部分，原因写在输出中。\n\n"
    "--json 输出 {{verdicts, figures, base, sections, fill_in, findings}}，内容不随 --lang 变化；"
    "已有的键不会改，可能增加新的键。",
    "Reads captured calls ([mode] run = capture), finds the dialect that makes every request again byte for byte and "
    "opens every answer, and prints it as sections of vcshim.ini to stdout; evidence, what these captures do not "
    "decide, and problems are comments in it. The application key is taken from InData, or given by --key-file or "
    "--ask-key; no key is in the output. Ctrl-C interrupts; the next run goes on.\n\n"
    "Exit code: 0 found for all calls; 1 not found, or in part only, with the reason in the output.\n\n"
    "--json prints {{verdicts, figures, base, sections, fill_in, findings}}, which does not depend on --lang. Keys "
    "stay; new ones may be added.",
)
KEY_FILE = Phrase(
    "只含应用密钥 key 的文件，入参中的 key 不对时使用",
    "file with the application key, if that of InData is not the one",
)
ASK_KEY = Phrase("输入应用密钥 key，不显示", "ask for the application key, without showing it")
CIPHER_KEY_FILE = Phrase(
    "只含加密所用密钥的文件，与应用密钥 key 不同时使用", "file with the key of the ciphers, if it is another one"
)
PROCESSES = Phrase("同时工作的进程数（默认：处理器数）", "how many processes work at a time (default: one a processor)")
FRESH = Phrase("不接着上次停下的地方，从头做起", "do not go on where an earlier run was interrupted")
PROMPT = Phrase("应用密钥 key：", "application key: ")
NO_KEY = Phrase("没有输入应用密钥 key", "no application key was given")
NOTHING_READ = Phrase("没有留存的报文", "no captured calls")
PROGRESS = Phrase(
    "已试 {tried} 种，共 {total} 种，约需再等 {seconds} 秒", "tried {tried} of {total}, about {seconds} s to go"
)
RESUMED = Phrase("接着上次停下的地方做", "going on where the last run was interrupted")
INTERRUPTED = Phrase("已停下，再次运行时接着做", "interrupted; the next run goes on")

# ---- the comments of the output --------------------------------------------------------------------------------------

TITLE = Phrase("vcshim learn：{calls} 次调用", "vcshim learn: {calls} calls")
VC_FIGURES = Phrase(
    "VirtualCardTrans：{vc} 次；请求一字节不差 {bodies} 次，签名相符 {signs} 次，"
    "密文解开 {opened} 个（共 {sealed} 个）；"
    "出参和返回值相同 {results} 次（共 {answered} 次）",
    "VirtualCardTrans: {vc} calls; requests byte for byte: {bodies}, signs: {signs}, ciphertexts opened: {opened} of "
    "{sealed}; OutData and return value the same: {results} of {answered}",
)
EC_FIGURES = Phrase(
    "NationEcTrans：{ec} 次；请求一字节不差 {bodies} 次；出参和返回值相同 {results} 次（共 {answered} 次）",
    "NationEcTrans: {ec} calls; requests byte for byte: {bodies}; OutData and return value the same: {results} of "
    "{answered}",
)
VERDICTS: Mapping[str, Phrase] = {
    "found": Phrase("{function}：已找到", "{function}: found"),
    "partly": Phrase("{function}：只找到一部分，见问题", "{function}: found in part, see the problems"),
    "nothing": Phrase("{function}：没有找到，见问题", "{function}: nothing fits, see the problems"),
    "wrong key": Phrase(
        "{function}：应用密钥 key 不对，或签名和加密都在查找范围之外；没有给出报文格式",
        "{function}: the application key is wrong, or neither sign nor cipher is in the search space; no "
        "dialect is given",
    ),
    "no calls": Phrase("{function}：没有可用的调用", "{function}: no calls to learn from"),
}
"""By the verdict on a function."""
UNUSABLE: Mapping[str, Phrase] = {
    "not recorded": Phrase(
        "{count} 次没有经过留存（{function}）", "{count} calls of {function} passed the recorder by"
    ),
    "no request": Phrase("{count} 次没有发出请求（{function}）", "{count} calls of {function} sent no request"),
    "InData": Phrase("{count} 次的入参读不出（{function}）", "InData of {count} calls of {function} cannot be read"),
    "body": Phrase("{count} 次的请求不是 JSON（{function}）", "the request of {count} calls of {function} is no JSON"),
}
"""By the reason why a call teaches nothing."""
PRESET_ALONE = Phrase("预置的报文格式与之相符", "a preset fits as it is")
NEAREST = Phrase(
    "最接近的预置报文格式：{base}，以下只写不同的项", "nearest preset: {base}; only what differs is written"
)
FILL_IN = Phrase(
    "此处填写密钥（原厂动态库所用的，不输出）", "fill the key in here (the one that the vendor's DLL uses)"
)
UNSEEN_CIPHERS = Phrase(
    "留存的报文中没有的 enc_type，取自预置，未经验证：{words}；各有一次这样的调用即可验证",
    "words of enc_type that were not captured come from the preset, unproven: {words}; one call with each would tell",
)
UNSEEN_SIGNS = Phrase(
    "留存的报文中没有的 sign_type，取自预置，未经验证：{words}；各有一次这样的调用即可验证",
    "words of sign_type that were not captured come from the preset, unproven: {words}; one call with each would tell",
)
OTHER_EVIDENCE = Phrase("不需要写一行的依据：", "evidence that needs no line:")
UNDECIDED = Phrase("留存的报文不能分辨的：", "what these captures do not decide:")
PROBLEMS = Phrase("问题：", "problems:")

FINDINGS: Mapping[str, Phrase] = {
    # ---- VirtualCardTrans: requests
    "sign-name": Phrase("签名在字段 {name}（{count} 次）", "the sign is in the field {name} ({count} calls)"),
    "no-sign": Phrase("请求中没有可能是签名的字段", "no field of the requests can be a sign"),
    "cipher": Phrase(
        "enc_type = {word} 由 {cipher} 解开 {total} 个中的 {count} 个，由第 {call} 次调用确定；"
        "IV 为 {iv}，密钥取自 {source}",
        "enc_type = {word}: {cipher} opens {count} of {total}, pinned by call {call}; IV: {iv}, key from: {source}",
    ),
    "cipher-unknown": Phrase(
        "enc_type = {word} 的 {count} 个密文没有算法能解开：编码 {encoding}，长度为 {blocks} 字节的倍数，"
        "{shortest} 到 {longest} 个字符",
        "no cipher opens the {count} ciphertexts of enc_type = {word}: {encoding}, multiples of {blocks} bytes, "
        "{shortest} to {longest} characters",
    ),
    "cipher-own-key": Phrase(
        "enc_type = {word} 的密文可能用的是另一个密钥；用 --cipher-key-file 给出它可以分辨",
        "enc_type = {word} may be encrypted with a key of its own; giving it by --cipher-key-file would tell",
    ),
    "knob": Phrase(
        "{column}：如此 {total} 次调用中 {count} 次一字节不差，用预置的值则 {without} 次",
        "{column}: with it {count} of {total} calls are the same byte for byte, with the preset's value {without}",
    ),
    "cipher-outside-key": Phrase(
        "enc_type = {word} 能解开，但密钥的做法 {cipher} 不在报文格式的规则中",
        "enc_type = {word} opens, but no key rule of a dialect makes its key: {cipher}",
    ),
    "cipher-outside-iv": Phrase(
        "enc_type = {word}：{cipher} 的密钥已知，但每次的 IV 都不同，又没有随报文发送",
        "enc_type = {word}: the key of {cipher} is known, but each text has another IV, which is not sent",
    ),
    "cipher-word": Phrase(
        "enc_type = {word} 不能写入报文格式，只能是 AES、DES、3DES、SM4",
        "enc_type = {word} cannot be written in a dialect, which has AES, DES, 3DES and SM4",
    ),
    "cipher-closed": Phrase(
        "enc_type = {word} 只解开 {total} 个中的 {count} 个，其余：{calls}",
        "enc_type = {word}: {count} of {total} open, not those of calls {calls}",
    ),
    "cipher-charset": Phrase(
        "enc_type = {word} 的明文字符集：{values}；明文含汉字的调用可以分辨",
        "charset of the text of enc_type = {word}: {values}; a call with a Chinese name would tell",
    ),
    "cipher-key-rule": Phrase(
        "enc_type = {word} 的密钥规则：{values}；换一个更短的应用密钥 key 可以分辨",
        "key rule of enc_type = {word}: {values}; another, shorter application key would tell",
    ),
    "cipher-iv": Phrase(
        "enc_type = {word} 的 IV：{values}；换一个应用密钥 key 可以分辨",
        "IV of enc_type = {word}: {values}; another application key would tell",
    ),
    "plain-word": Phrase("enc_type = {word}：不加密（{count} 次）", "enc_type = {word}: not encrypted ({count} calls)"),
    "sometimes-sealed": Phrase(
        "enc_type = {word} 有时加密，有时不加密（不加密 {count} 次）",
        "enc_type = {word} is sometimes encrypted, and {count} times not",
    ),
    "sign": Phrase(
        "sign_type = {word} 时 {digest} 与 {total} 个签名中的 {count} 个相符，由第 {call} 次调用确定：{recipe}",
        "sign_type = {word}: {digest} makes {count} of {total} signs, pinned by call {call}: {recipe}",
    ),
    "sign-unknown": Phrase(
        "sign_type = {word} 的 {count} 个签名（{size} 字节，{encoding}）没有算法相符",
        "nothing makes the {count} signs of sign_type = {word} ({size} bytes, {encoding})",
    ),
    "sign-misfits": Phrase(
        "{total} 个签名中 {count} 个相符；不符的：{calls}；它们的共同点：{why}",
        "{count} of {total} signs; not those of calls {calls}, which have in common: {why}",
    ),
    "sign-outside": Phrase(
        "签名的做法已知，但不能写入报文格式：{what}", "how the sign is made is known, but no dialect says it: {what}"
    ),
    "same-empty": Phrase(
        "empty = {value}，也可能是 {values}；有空字段的调用可以分辨",
        "empty = {value}, or {values}; a call with an empty field would tell",
    ),
    "same-charset": Phrase(
        "charset = {value}，也可能是 {values}；签名文字含汉字的调用可以分辨",
        "charset = {value}, or {values}; a call whose signed text has a Chinese name would tell",
    ),
    "same-sort": Phrase(
        "sort = {value}，也可能是 {values}；多一个字段或字段次序不同的调用可以分辨",
        "sort = {value}, or {values}; a call with one more field, or with its fields in another order, would tell",
    ),
    "same-sign_over": Phrase(
        "sign_over = {value}，也可能是 {values}；加密的调用可以分辨",
        "sign_over = {value}, or {values}; an encrypted call would tell",
    ),
    "same-scope": Phrase(
        "scope = {value}，也可能是 {values}；字段不同的调用可以分辨",
        "scope = {value}, or {values}; a call with other fields would tell",
    ),
    "same-value_form": Phrase(
        "value_form = {value}，也可能是 {values}；值中有空格、汉字或标点的调用可以分辨",
        "value_form = {value}, or {values}; a value with a blank, a Chinese character or a mark would tell",
    ),
    "same-base_case": Phrase(
        "base_case = {value}，也可能是 {values}；值中有小写和大写字母的调用可以分辨",
        "base_case = {value}, or {values}; a value with letters of both cases would tell",
    ),
    "same-secret_form": Phrase(
        "secret_form = {value}，也可能是 {values}；换一个应用密钥 key 可以分辨",
        "secret_form = {value}, or {values}; another application key would tell",
    ),
    "same-unsigned": Phrase(
        "unsigned = {value}，也可能是 {values}；该字段不空的调用可以分辨",
        "unsigned = {value}, or {values}; a call in which that field is filled would tell",
    ),
    "same-content_text": Phrase(
        "content_text = {value}，也可能是 {values}；biz_content 中有空格或换行的调用可以分辨",
        "content_text = {value}, or {values}; a biz_content with blanks or line ends would tell",
    ),
    "same-content_order": Phrase(
        "content_order = {value}，也可能是 {values}；biz_content 各字段不按字母次序的调用可以分辨",
        "content_order = {value}, or {values}; a biz_content whose names are not sorted would tell",
    ),
    "same-content_empty": Phrase(
        "content_empty = {value}，也可能是 {values}；biz_content 中有空字段的调用可以分辨",
        "content_empty = {value}, or {values}; an empty field inside biz_content would tell",
    ),
    "same-content_values": Phrase(
        "content_values = {value}，也可能是 {values}；biz_content 中有数字或 null 的调用可以分辨",
        "content_values = {value}, or {values}; a number or null inside biz_content would tell",
    ),
    "same-content_escape": Phrase(
        "content_escape = {value}，也可能是 {values}；biz_content 中有汉字或斜杠的调用可以分辨",
        "content_escape = {value}, or {values}; Chinese or a slash inside biz_content would tell",
    ),
    "same-content_place": Phrase(
        "content_place = {value}，也可能是 {values}；biz_content 不在最后的调用可以分辨",
        "content_place = {value}, or {values}; an InData whose biz_content is not last would tell",
    ),
    "same-body_order": Phrase(
        "body_order = {value}，也可能是 {values}；各字段不按字母次序的调用可以分辨",
        "body_order = {value}, or {values}; an InData whose names are not sorted would tell",
    ),
    "same-body_empty": Phrase(
        "body_empty = {value}，也可能是 {values}；有空字段的调用可以分辨",
        "body_empty = {value}, or {values}; a call with an empty field would tell",
    ),
    "same-body_values": Phrase(
        "body_values = {value}，也可能是 {values}；顶层有数字或 null 的调用可以分辨",
        "body_values = {value}, or {values}; a number or null at the top would tell",
    ),
    "same-body_charset": Phrase(
        "body_charset = {value}，也可能是 {values}；报文中有汉字的调用可以分辨",
        "body_charset = {value}, or {values}; a body with Chinese in it would tell",
    ),
    "same-body_escape": Phrase(
        "body_escape = {value}，也可能是 {values}；报文中有汉字或斜杠的调用可以分辨",
        "body_escape = {value}, or {values}; a body with Chinese or a slash in it would tell",
    ),
    "same-sign_place": Phrase(
        "sign_place = {value}，也可能是 {values}；sign 不在最后的入参可以分辨",
        "sign_place = {value}, or {values}; an InData whose sign is not last would tell",
    ),
    "same-writing": Phrase(
        "{columns}：医院程序写入参的方式不变就没有区别；换一个医院程序可以分辨",
        "{columns}: no difference as long as the host writes InData in the same way; another host program would tell",
    ),
    "same-host_words": Phrase(
        "host_words = {value}，也可能是 {values}；值两端有空白或用别名的调用可以分辨",
        "host_words = {value}, or {values}; a value with blanks around it, or another spelling, would tell",
    ),
    # ---- keys
    "given-key-wrong": Phrase(
        "给出的应用密钥 key 不对：{total} 次调用用的都是入参中的 key",
        "the given application key is wrong: the {total} calls are made with that of InData",
    ),
    "in-data-key-unused": Phrase(
        "入参中的 key 没有用到，{total} 次调用用的是给出的应用密钥",
        "`key` of InData is not used; the {total} calls are made with the given key",
    ),
    "cipher-key-unused": Phrase(
        "给出的加密密钥一个密文也解不开（共 {total} 个）",
        "the given key of the ciphers opens none of {total} ciphertexts",
    ),
    "key-fits-nothing": Phrase(
        "{total} 次调用的签名和密文与已知的 key 都不符，而长度和编码都是常见的：要么 key 不对，要么算法在查找范围之外",
        "the key fits neither sign nor ciphertext of the {total} calls, although both have a usual shape: "
        "either the key "
        "is wrong, or the algorithms are outside the search space",
    ),
    "other-keys": Phrase(
        "{count} 次调用的 key 与其余 {usual} 次不同（{calls}），其中 {refused} 次被平台拒绝：这些调用的 key 不对",
        "{count} calls ({calls}) have another key than the other {usual}; the platform refused {refused} of "
        "them: their key "
        "is wrong",
    ),
    "many-keys": Phrase("入参中有 {count} 个不同的 key，都相符", "InData has {count} different keys, all of which fit"),
    # ---- fields
    "field-made": Phrase(
        "字段 {name} 由原厂动态库填入：{rule}（{count} 次）", "the vendor's DLL fills in {name}: {rule} ({count} calls)"
    ),
    "field-filled": Phrase(
        "字段 {name} 为空时由原厂动态库填入：{rule}（{count} 次）",
        "the vendor's DLL fills in {name} where it is empty: {rule} ({count} calls)",
    ),
    "field-added-or-filled": Phrase(
        "字段 {name} 一律填入（added），还是只在为空时填入（filled）；医院程序自己填写它的调用可以分辨",
        "whether {name} is always filled in (added) or only where it is empty (filled); a host that fills it "
        "would tell",
    ),
    "field-renamed": Phrase("字段 {other} 改名为 {name}（{count} 次）", "{other} is sent as {name} ({count} calls)"),
    "field-dropped": Phrase("字段 {name} 没有发送（{count} 次）", "{name} is not sent ({count} calls)"),
    "field-unknown": Phrase(
        "字段 {name} 的值不知从何而来（{total} 次中的 {count} 次）",
        "where {name} has its value from is not known ({count} of {total} calls)",
    ),
    "field-inside": Phrase(
        "字段 {name} 改名或没有发送，报文格式写不出（{total} 次中的 {count} 次）",
        "{name} is renamed or not sent, which no dialect says ({count} of {total} calls)",
    ),
    "header": Phrase("HTTP 头 {name}（{count} 次）", "the HTTP header {name} ({count} calls)"),
    "header-varies": Phrase("HTTP 头 {name} 的值有时不同", "the HTTP header {name} has several values"),
    "app-key": Phrase(
        "签名用的是给出的应用密钥，不是入参中的 key：填在 app_key",
        "signs are made with the given application key, not with `key` of InData: it goes into app_key",
    ),
    "cipher-secret": Phrase(
        "加密用的是另一个密钥，来源：{source}", "the ciphers have a key of their own, from: {source}"
    ),
    "bodies-differ": Phrase(
        "{total} 个请求中 {count} 个一字节不差；不同的：{calls}；它们的共同点：{why}",
        "{count} of {total} requests byte for byte; not those of calls {calls}, which have in common: {why}",
    ),
    "section-refused": Phrase(
        "有的值写入 vcshim.ini 后读不回来", "a value cannot be written in vcshim.ini so that it is read again"
    ),
    # ---- answers
    "no-answers": Phrase("没有可读的应答", "no answer can be read"),
    "no-successes": Phrase(
        "没有成功的调用；成功的调用可以告诉出参的形式", "no call succeeded; one would tell the form of OutData"
    ),
    "no-refusals": Phrase(
        "没有被平台拒绝的调用；这样的调用可以告诉拒绝时的出参",
        "no call was refused; one would tell OutData of a refusal",
    ),
    "no-code-name": Phrase(
        "{total} 个应答中找不到返回码的字段", "no field of the {total} answers tells success from refusal"
    ),
    "returned-success": Phrase("成功时返回 {value}（{count} 次）", "success returns {value} ({count} calls)"),
    "code-name": Phrase(
        "返回码在字段 {name}，成功为 {values}（成功 {count} 次，拒绝 {refused} 次）",
        "the code is in {name}, success is {values} ({count} successes, {refused} refusals)",
    ),
    "other-success": Phrase(
        "见到的成功返回码：{seen}；{others} 也当作成功，未见到",
        "codes of success that were seen: {seen}; {others} count as success, too, but were not seen",
    ),
    "message-name": Phrase("说明在字段 {name}（{count} 次）", "the message is in {name} ({count} calls)"),
    "answer-place": Phrase(
        "应答的内容在字段 {name}，位置 {at}（{count} 次）", "the content of answers is in {name}, {at} ({count} calls)"
    ),
    "answer-cipher-same": Phrase(
        "enc_type = {word} 的应答与请求的加密方式相同（{count} 次）",
        "answers of enc_type = {word} are encrypted as requests are ({count} calls)",
    ),
    "answer-cipher": Phrase(
        "enc_type = {word} 的应答：{cipher} 解开 {total} 个中的 {count} 个，密钥取自 {source}",
        "answers of enc_type = {word}: {cipher} opens {count} of {total}, key from: {source}",
    ),
    "answer-cipher-unknown": Phrase(
        "enc_type = {word} 的 {count} 个应答没有算法能解开", "no cipher opens the {count} answers of enc_type = {word}"
    ),
    "answer-secret": Phrase("应答用的是另一个密钥，来源：{source}", "answers have a key of their own, from: {source}"),
    "answer-sign": Phrase("{count} 个应答验签通过", "the signs of {count} answers fit"),
    "answer-sign-wrong": Phrase(
        "有签名的 {total} 个应答中验签通过 {count} 个；[wire] verify 不要写 strict",
        "{count} of {total} signed answers fit; do not set [wire] verify = strict",
    ),
    "answer-unsigned": Phrase("{count} 个成功的应答没有签名", "{count} successful answers have no sign"),
    "out-form": Phrase("出参的形式：{form}（{count} 次）", "form of OutData: {form} ({count} calls)"),
    "out-fields": Phrase("{column}：{count} 个字段（{total} 次）", "{column}: {count} fields ({total} calls)"),
    "out-order": Phrase(
        "出参各字段的次序：kept 或 sorted；各字段不按字母次序的应答可以分辨",
        "order of OutData: kept or sorted; an answer whose names are not sorted would tell",
    ),
    "out-order-found": Phrase("出参各字段的次序：{order}（{count} 次）", "order of OutData: {order} ({count} calls)"),
    "out-unknown": Phrase(
        "出参的字段 {name} 不知从何而来（{total} 次）",
        "where {name} of OutData comes from is not known ({total} calls)",
    ),
    "returned-failure": Phrase(
        "平台拒绝时一律返回 {value}（{count} 次）", "every refusal returns {value} ({count} calls)"
    ),
    "returned-platform": Phrase(
        "平台拒绝时返回平台的返回码（{count} 次）", "a refusal returns the platform's own code ({count} calls)"
    ),
    "returned-failure-open": Phrase(
        "平台只拒绝过 {value}：返回的是平台的返回码，还是固定的值；另一种拒绝可以分辨",
        "all refusals are {value}: the platform's own code or a fixed one; a refusal of another kind would tell",
    ),
    "returned-unknown": Phrase(
        "返回值既不是平台的返回码，也不固定：{calls}",
        "neither the platform's code nor a fixed one is returned: calls {calls}",
    ),
    "out-failure": Phrase("平台拒绝时的出参：{form}（{count} 次）", "OutData of a refusal: {form} ({count} calls)"),
    "out-different": Phrase(
        "{total} 次调用中 {count} 次的出参和返回值相同，不同的：{calls}",
        "OutData and return value of {count} of {total} calls are the same, not those of calls {calls}",
    ),
    # ---- NationEcTrans
    "ec-encrypted": Phrase(
        "{total} 个医保请求都是加密的（encData），不在查找范围内",
        "the {total} insurance requests are encrypted (encData), which is outside the search space",
    ),
    "ec-code": Phrase(
        "所扫的码在字段 {name}，位置 {place}（{total} 次中的 {count} 次）",
        "the scanned code is in {name}, {place} ({count} of {total} calls)",
    ),
    "ec-no-scan": Phrase(
        "没有由原厂动态库扫码的调用（入参须扫码的 {count} 次）；这样的调用可以告诉码的位置",
        "in no call did the vendor's DLL scan ({count} calls could have); one would tell where the code goes",
    ),
    "terminal-mac": Phrase(
        "本机 MAC 在字段 {name}，位置 {place}（{count} 次）", "the MAC is in {name}, {place} ({count} calls)"
    ),
    "terminal-ip": Phrase(
        "本机 IPv4 在字段 {name}，位置 {place}（{count} 次）", "the IPv4 is in {name}, {place} ({count} calls)"
    ),
    "terminal-record": Phrase(
        "终端备案号在字段 {name}，位置 {place}（{count} 次）", "the record number is in {name}, {place} ({count} calls)"
    ),
    "ec-same": Phrase(
        "{column} 也可能是 {values}；有空格、汉字或次序不同的入参可以分辨",
        "{column} may be {values}, too; an InData with blanks, Chinese or another order would tell",
    ),
    "ec-different": Phrase(
        "{total} 次调用中请求一字节不差 {bodies} 次，出参和返回值相同 {results} 次，不同的：{calls}",
        "of {total} calls, {bodies} requests are the same byte for byte, and {results} results; not those of "
        "calls {calls}",
    ),
    # ---- the exports
    "flow-convention": Phrase(
        "Set_QRflow_Mode 从栈上取走 {bytes} 字节（{count} 次）：{value}",
        "Set_QRflow_Mode takes {bytes} bytes off the stack ({count} calls): {value}",
    ),
    "no-flow-call": Phrase(
        "没有调用 Set_QRflow_Mode；一次调用可以告诉它的调用约定",
        "Set_QRflow_Mode was not called; one call would tell its convention",
    ),
    "stack-unknown": Phrase(
        "Set_QRflow_Mode 取走多少字节没有记下；32 位 Windows 上的一次调用可以告诉",
        "what Set_QRflow_Mode takes off the stack was not recorded; a call on 32-bit Windows would tell",
    ),
    "both-conventions": Phrase(
        "Set_QRflow_Mode 有时是 cdecl（{total} 次中的 {cdecl} 次）",
        "Set_QRflow_Mode is sometimes cdecl ({cdecl} of {total} calls)",
    ),
    "others-cdecl": Phrase(
        "其他函数也有 cdecl 的（{count} 次），本动态库的函数都是 stdcall",
        "other exports are cdecl, too ({count} calls); ours are stdcall",
    ),
    "no-out-data": Phrase("没有出参；一次调用可以告诉出参的大小", "there is no OutData; a call would tell its size"),
    "out-large": Phrase(
        "最大的出参 {size} 字节（第 {number} 次调用，共 {count} 次），超过规范的 2047；"
        "{capacity} 是否够须问 HIS 开发者",
        "the largest OutData has {size} bytes (call {number} of {count}), more than the 2047 of the specification; ask "
        "the HIS developer whether its buffer has {capacity}",
    ),
    "out-fits": Phrase(
        "最大的出参 {size} 字节（第 {number} 次调用，共 {count} 次），默认的缓冲区够用",
        "the largest OutData has {size} bytes (call {number} of {count}); the default buffer is enough",
    ),
    "buffer-touched": Phrase(
        "原厂动态库也写缓冲区中出参之后的部分（{total} 次中的 {count} 次），最多到 {bytes} 字节；vcshim 不写",
        "the vendor's DLL writes behind OutData, too ({count} of {total} calls), up to {bytes} bytes; vcshim does not",
    ),
    "buffer-untouched": Phrase(
        "缓冲区中出参之后的部分没有改动（{count} 次）", "the buffer behind OutData is untouched ({count} calls)"
    ),
    "memory-unknown": Phrase(
        "返回的文字在谁的内存没有记下；一次返回文字的调用可以告诉",
        "whose memory the returned text is was not recorded; a call that returns a text would tell",
    ),
    "memory-module": Phrase(
        "返回的文字在原厂动态库自己的内存（{total} 次中的 {count} 次，地址 {places} 个）",
        "the returned text is memory of the vendor's DLL ({count} of {total} calls, {places} addresses)",
    ),
    "memory-heap": Phrase(
        "返回的文字在堆上（{total} 次中的 {count} 次，地址 {places} 个）",
        "the returned text is on a heap ({count} of {total} calls, {places} addresses)",
    ),
    "memory-out": Phrase(
        "返回的文字就是医院程序的缓冲区（{total} 次中的 {count} 次，地址 {places} 个）",
        "the returned text is the host's own buffer ({count} of {total} calls, {places} addresses)",
    ),
    "memory-stack": Phrase(
        "返回的文字在栈上（{total} 次中的 {count} 次，地址 {places} 个）",
        "the returned text is on the stack ({count} of {total} calls, {places} addresses)",
    ),
    "charset": Phrase(
        "含汉字的入参 {given} 个、出参 {out} 个，都是 {value}",
        "{given} InData and {out} OutData with Chinese, all {value}",
    ),
    "charset-open": Phrase(
        "入参和出参都没有汉字；含汉字的调用可以告诉字符集",
        "neither InData nor OutData has Chinese; a call with a name would tell",
    ),
    "charsets-differ": Phrase(
        "入参的字符集是 {given}，出参的是 {out}；vcshim 两者相同",
        "InData is {given}, OutData is {out}; vcshim has one for both",
    ),
    "crashed": Phrase("原厂动态库有 {count} 次异常终止（{code}）", "the vendor's DLL crashed {count} times ({code})"),
    "control-words": Phrase(
        "原厂动态库返回时的 x87 控制字：{words}", "x87 control words that the vendor's DLL leaves: {words}"
    ),
}
"""By the topic of a finding."""
