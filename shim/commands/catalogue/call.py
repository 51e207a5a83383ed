"""The texts of `vcshim call`."""

from __future__ import annotations

from shim.commands.language import Phrase

HELP = Phrase(
    "像 HIS 那样调用一个导出函数，显示返回值和出参", "call an export as a hospital program does, show what it returns"
)
DESCRIPTION = Phrase(
    "在本进程内完成一次调用，不加载动态库；设置、设备、报文、日志、交易流水都与真实调用相同。出参写到标准输出，"
    "返回值写到标准错误输出。请求地址默认是 sim:，即进程内的模拟平台；写 --url 可以改为正在运行的模拟平台或真实平台。"
    "真实平台会收到这笔交易。",
    "One call in this process, without loading a DLL; settings, devices, wire, log and journal are those of a real "
    "call. OutData goes to stdout, the returned code to stderr. The address is sim: by default, which is the simulator "
    "inside this process; --url names a running simulator or a real platform, which then receives the transaction.",
)
EXPORT = Phrase("导出函数的名称；写了 --example 时可省略", "name of the export; may be left out with --example")
VALUES = Phrase(
    "除 strUrl 外的入参，按规范的顺序。InData 写文件名，- 或不写为标准输入；编码自动识别",
    "the inputs but strUrl, in the order of the specification. For InData the name of a file, - or nothing for stdin; "
    "its charset is recognised",
)
URL = Phrase("strUrl（默认：sim:）", "strUrl (default: sim:)")
EXAMPLE = Phrase("入参用这个示例，见 vcshim examples", "take this example as InData, see vcshim examples")
NO_EXPORT = Phrase(
    "请写导出函数的名称，或用 --example 选一个示例：{exports}", "name an export, or an --example: {exports}"
)
NO_EXPORT_NEAR = Phrase(
    "规范中没有交易类型 {method}，最接近的是 {near}；确要用它，请写导出函数的名称：{exports}",
    "no specification has the method {method} (did you mean {near}?); to call it none the less, name: {exports}",
)
EXAMPLE_AND_VALUES = Phrase(
    "示例 {name} 是 {export} 的完整入参，不能再写别的入参或别的导出函数",
    "example {name} is the whole InData of {export}: no other input and no other export with it",
)
WRONG_VALUES = Phrase("{export} 的入参应为：{values}", "the inputs of {export} are: {values}")
NO_NUMBER = Phrase("{name} 应为整数", "{name} must be a whole number")
RETURNED = Phrase("{export} 返回 {code}", "{export} returned {code}")

# ---- InData ----------------------------------------------------------------------------------------------------------

METHOD = Phrase(
    "入参用这个接口的示例，可再用 --set 修改；规范中没有的接口也可以写（例如 iot.gain.ec.qrcode）",
    "take the example of this method as InData, to be changed by --set; also a method that is in no specification",
)
SET = Phrase(
    "改一个字段：FIELD=TEXT，或 FIELD:=JSON；字段名与规范相同，自动放到 biz_content（data）内外；"
    "{{n}} 代表第几次调用；可写多次",
    "change a field: FIELD=TEXT, or FIELD:=JSON; named as in the specification, and put beside or inside biz_content "
    "(data) by itself; {{n}} is the number of the call; repeatable",
)
UNSET = Phrase("去掉一个字段；可写多次", "take a field away; repeatable")
FORM_WORD = Phrase(
    "逐个询问规范中的字段：空行保持原值，- 去掉该字段，? 列出字典",
    "ask for each field of the specification: an empty line keeps it, - takes it away, ? lists its dictionary",
)
KEY_FILE = Phrase("应用密钥所在的文件", "file that holds the application key")
EXPLAIN = Phrase(
    "显示每一步：读到的字段、签名文字、签名、加密、报文、应答、返回值；应用密钥写作 <key>",
    "show every stage: fields found, base string, sign, cipher, wire, answer, result; the application key is <key>",
)
REPEAT = Phrase(
    "调用这么多次（默认：1）；第二次起流水号不同，因为平台不接受用过的流水号",
    "make so many calls (default: 1), each with a serial number of its own, since a platform accepts one only once",
)
SAVE = Phrase(
    "把入参、每一步和返回值存成 JSON 文件；文件名以 .har 结尾时存成 HAR。含患者数据，不含应用密钥",
    "save inputs, stages and result as JSON, or as HAR if the name ends in .har; patient data included, the "
    "application key not",
)
CURL = Phrase(
    "不发送，把这个请求写成 curl 命令；sh 用于 Linux，cmd 用于 Windows 命令行（默认：本机的那一种）",
    "send nothing, print the request as a command line of curl, for sh or for cmd of Windows (default: this system's)",
)

NO_CHANGE = Phrase("--set {word} 应写作 FIELD=TEXT 或 FIELD:=JSON", "--set {word}: write FIELD=TEXT or FIELD:=JSON")
NO_JSON = Phrase("--set {name}:= 之后不是 JSON", "--set {name}:= is not followed by JSON")
KEY_IN_WORDS = Phrase(
    "应用密钥不要写在命令中，本机的其他程序看得到：请写入文件，用 --key-file",
    "do not write the application key on the command line, where other programs can read it: use --key-file",
)
OTHER_EXPORT = Phrase("{method} 是 {export} 的接口", "{method} is a method of {export}")
NEAR_METHOD = Phrase("没有 {method} 这个接口，最接近的是 {near}", "no method {method} (did you mean {near}?)")
METHOD_AND_VALUES = Phrase("--method 已给出 InData，不能再写入参", "--method gives InData: no other input with it")
NO_IN_DATA = Phrase(
    "{export} 没有 InData，不能用 --method、--set、--unset、--form、--key-file",
    "{export} has no InData: none of --method, --set, --unset, --form, --key-file with it",
)
NEAR_FIELD = Phrase(
    "{method} 没有 {field} 这个字段，最接近的是 {near}；一定要用时写 {whole}=",
    "{method} has no field {field} (did you mean {near}?); to send it all the same write {whole}=",
)
UNKNOWN_FIELD = Phrase(
    "{method} 没有 {field} 这个字段；一定要用时写 {whole}=",
    "{method} has no field {field}; to send it all the same write {whole}=",
)

# ---- the form --------------------------------------------------------------------------------------------------------

FORM = Phrase(
    "空行保持原值，- 去掉该字段，? 列出字典。", "An empty line keeps the value, - takes it away, ? lists choices."
)
QUESTION = Phrase("{field}（{about}）[{value}]：", "{field} ({about}) [{value}]:")
REQUIRED = Phrase("必填", "required")
OPTIONAL = Phrase("可空", "optional")
AT_MOST = Phrase("最长 {length}", "at most {length}")
ONE_OF = Phrase("可填 {choices}{more}", "one of {choices}{more}")
NO_ANSWER = Phrase("标准输入已结束，{field} 没有回答，没有调用", "standard input ended at {field}: no call was made")

# ---- what came of it -------------------------------------------------------------------------------------------------

RETURNED_IN = Phrase("第 {number} 次：{export} 返回 {code}，{ms} 毫秒", "{number}: {export} returned {code} in {ms} ms")
SUMMARY = Phrase(
    "{calls} 次调用：{codes}；毫秒：最少 {least}，中位 {middle}，最多 {most}",
    "{calls} calls: {codes}; ms: least {least}, median {middle}, most {most}",
)
SAVED = Phrase("已保存到 {file}", "saved to {file}")
NOTHING_TO_SEND = Phrase(
    "{export} 没有要发送的请求：返回 {code}", "{export} came to no request to send: it returned {code}"
)
CURL_SIMULATOR = Phrase(
    "sim: 不走网络，命令改用正在运行的模拟平台的地址 {url}",
    "sim: uses no network; the command line has the address of a running simulator, {url}",
)
LOG_LINE = Phrase("日志：{line}", "log: {line}")
STAGE_REQUEST = Phrase("读到的字段", "fields found")
STAGE_FINDINGS = Phrase("不合规范之处", "against the specification")
STAGE_CODE = Phrase("二维码", "code")
STAGE_BASE = Phrase("签名文字和签名", "base string and sign")
STAGE_CIPHER = Phrase("加密", "cipher")
STAGE_WIRE = Phrase("发出的报文", "wire")
STAGE_ANSWER = Phrase("收到的应答", "answer")
STAGE_OPENED = Phrase("解开的应答", "answer opened")
STAGE_RESULT = Phrase("返回给 HIS", "what the hospital program gets")
EXPLAIN_METHOD = Phrase("接口 {method}", "method {method}")
# Of a method and of a field: their titles, which are the specification's and Chinese, are left out in English.
METHOD_TITLED = Phrase("{name}（{title}）", "{name}")
FIELD_TITLED = Phrase("{title}；{facts}", "{facts}")
EXPLAIN_SIGNER = Phrase(
    "报文格式 {dialect}，签名算法 {signer}（sign_type {sign_type}），字符集 {charset}，应用密钥的位置写作 <key>：",
    "dialect {dialect}, signer {signer} (sign_type {sign_type}), charset {charset}; <key> stands for the key:",
)
EXPLAIN_SIGN = Phrase("签名 = {sign}", "sign = {sign}")
EXPLAIN_PLAIN = Phrase("enc_type {enc_type}：不加密", "enc_type {enc_type}: not encrypted")
EXPLAIN_CIPHER = Phrase("enc_type {enc_type}：{cipher}", "enc_type {enc_type}: {cipher}")
EXPLAIN_FITS = Phrase("应答的签名正确", "the sign of the answer fits")
EXPLAIN_UNFIT = Phrase("应答的签名不对", "the sign of the answer does not fit")
