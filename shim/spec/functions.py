"""The five exports of the two DLLs, as VC chapter 3 and EC B.1.3 declare them.

What it is: names, parameters and stack sizes. What it is not: the export list that the linker reads (``native/*.def``,
compared with this table by a test). Used by the checks of the native part, the diagnostics and the reference.
Editions: VC V1.1.2 of 2020-06-08, EC XJ-D01-2019 of 2019-12-17.

Lengths are bytes here, the terminating NUL included, because the parameters are C buffers. A parameter whose note
starts with 出参 is written by the DLL.
"""

from __future__ import annotations

from shim.spec.rows import Field, Function

# name, title, type, length in bytes, required, clause
FUNCTIONS: tuple[Function, ...] = (
    # VC 3.2; returns "00", anything else is a code of appendix 1
    Function(
        "VirtualCardTrans",
        "VirtualCardChk.dll",
        "char*",
        (
            Field("strUrl", "交易请求地址", "Char", 2048, True, "VC 3.2"),
            Field("InData", "交易请求数据", "Char", None, True, "VC 3.2", note="JSON 格式字符串"),
            Field("OutData", "交易返回数据", "Char", 2048, True, "VC 3.2", aliases=("poutdata",), note="出参"),
        ),
        "VC 3.2",
        12,
    ),
    # VC 3.3; printed without __stdcall; returns 0 for success
    Function(
        "Set_QRflow_Mode",
        "VirtualCardChk.dll",
        "int",
        (Field("mode", "拓展屏二维码显示模式", "int", None, True, "VC 3.3", note="0 不显示；1 拓展屏显示"),),
        "VC 3.3",
        4,
    ),
    # VC 3.4; returns 0 for success
    Function(
        "EhealthID_Print",
        "VirtualCardChk.dll",
        "int",
        (
            Field("ehealthid", "健康卡静态二维码", "Char", 256, True, "VC 3.4"),
            Field("cardNo", "卡号", "Char", 256, True, "VC 3.4"),
            Field("name", "用户名", "Char", 256, True, "VC 3.4"),
        ),
        "VC 3.4",
        12,
    ),
    # VC 3.5; returns 0 for success, else the reason is in pErrmsg
    Function(
        "SetEcQrcode",
        "VirtualCardChk.dll",
        "int",
        (Field("pErrmsg", "错误信息说明", "Char", 256, True, "VC 3.5", note="出参"),),
        "VC 3.5",
        4,
    ),
    # EC B.1.3; returns "0000", anything else is a failure
    Function(
        "NationEcTrans",
        "NationECCode.dll",
        "char*",
        (
            Field("strUrl", "业务请求地址", "Char", 2048, True, "EC B.1.3"),
            Field("InData", "交易请求数据", "Char", 2048, True, "EC B.1.3", note="JSON 格式字符串"),
            Field("OutData", "交易返回数据", "Char", 2048, True, "EC B.1.3", note="出参"),
        ),
        "EC B.1.3",
        12,
    ),
)
