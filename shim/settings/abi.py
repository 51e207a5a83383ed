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
        "与医院程序交换文本的字符集：gbk 几乎都是，按 GB18030 转换，生僻字不丢；utf-8；auto 逐次判断",
        ("gbk", "utf-8", "auto"),
        refuses=True,
    )
    out_capacity: int = number(
        2048,
        "医院程序为出参 OutData 留的字节数（含结尾 NUL）；写得比实际留的大，会破坏医院程序的内存，须先问 HIS 开发者",
        256,
        1048576,
        refuses=True,
    )
    return_memory: str = word(
        "cotaskmem",
        "返回码所在的内存：cotaskmem 每次另给一块，哪种程序都安全；static 用固定的内存，.NET 程序可能崩溃。一般不用改",
        ("cotaskmem", "static"),
    )
    set_qrflow_mode: str = word(
        "stdcall",
        "函数 Set_QRflow_Mode 的调用约定：stdcall 与其他函数一样；cdecl 用于按 VC 3.3 原文编译的程序，须问 HIS 开发者",
        ("stdcall", "cdecl"),
        refuses=True,
    )
