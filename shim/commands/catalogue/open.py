"""The texts of `vcshim open`."""

from __future__ import annotations

from shim.commands.language import Phrase

HELP = Phrase("手工解密一个应答并验签", "open an answer by hand: decrypt biz_content and verify the sign")
DESCRIPTION = Phrase(
    "手工解密一个应答（或抓到的请求）并验签，可用任何报文格式。"
    "读取收到的 JSON；biz_content 的明文写到标准输出，验签结果写到标准错误输出。",
    "Decrypt and verify an answer (or a captured request) by hand, in any message format. Reads the JSON as it was "
    "received; prints the plain biz_content to stdout and whether the sign fits to stderr.",
)
DIRECTION = Phrase("文件的内容：answer 应答，request 请求（默认：answer）", "what the file contains (default: answer)")
OF_REQUEST = Phrase("请求中的值，应答中没有时使用", "value of the request, used if the answer has none")
SIGN_FITS = Phrase("验签通过", "sign fits")
SIGN_WRONG = Phrase("验签没有通过", "sign does NOT fit")
