"""The texts of `vcshim sign`."""

from __future__ import annotations

from shim.commands.language import Phrase

HELP = Phrase(
    "手工签名和加密一个请求：从入参到要发出的报文", "sign and encrypt a request by hand: InData to what is sent"
)
DESCRIPTION = Phrase(
    "把入参 InData 变成动态库要发出的报文，可用任何报文格式；不发送。读取 VirtualCardTrans 的入参 JSON，"
    "报文写到标准输出。动态库会发现的问题"
    "按 [validate] 写到标准错误输出；写 --explain 则改为写出被签名的文字，其中的应用密钥写作 <key>。",
    "InData as the DLL would put it on the wire, in any message format; nothing is sent. Reads the JSON of a "
    "VirtualCardTrans InData and prints the sealed request to stdout. What the DLL would find wrong with it is printed "
    "to stderr, as [validate] says; with --explain instead the text that was signed, with <key> in place of the key.",
)
EXPLAIN = Phrase("写出被签名的文字（到标准错误输出）", "print the text that is signed (to stderr)")
