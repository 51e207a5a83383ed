"""[abi]: how the DLLs meet the host. Read by shim/abi.py and, because C must obey it without Python, by
native/settings.c."""

from __future__ import annotations

from typing import ClassVar

from shim.settings.option import Section, number, word


class AbiSettings(Section):
    """[abi]."""

    NAME: ClassVar[str] = "abi"

    charset: str = word(
        "gbk",
        "与医院程序交换文本的字符集：gbk（按 GB18030，生僻字不丢）、utf-8、auto",
        ("gbk", "utf-8", "auto"),
        refuses=True,
    )
    out_capacity: int = number(
        2048,
        "医院程序为 OutData 分配的字节数（含结尾 NUL）；只有确知分配得更大才可改大",
        256,
        1048576,
        refuses=True,
    )
    return_memory: str = word(
        "cotaskmem", "返回字符串的内存：cotaskmem（.NET 程序声明为 string 也安全）或 static", ("cotaskmem", "static")
    )
    set_qrflow_mode: str = word(
        "stdcall",
        "Set_QRflow_Mode 的调用约定；按规范 3.3 原文编译的程序用 cdecl",
        ("stdcall", "cdecl"),
        refuses=True,
    )
