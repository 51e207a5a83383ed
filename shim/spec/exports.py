"""The five exports of the two DLLs, as VC chapter 3 and EC B.1.3 declare them, and further names for them.

What it is: rows. What it is not: code that runs in a call. Everything else that has to know the exports reads these
rows: shim/abi.py and shim/reply.py, the front in C and the linkers' export lists (native/exports_build.py writes both
at build time), docs/reference.md and the test clients. Editions: VC V1.1.2 of 2020-06-08, EC XJ-D01-2019 of 2019-12-17.
"""

from __future__ import annotations

from shim.spec.rows import Alias, Direction, Export, Family, Parameter, Shape

# Short names keep one parameter on one line.
_IN = Direction.IN
_OUT = Direction.OUT

# Within a DLL the order of the rows is the order of its ordinals: add a row at the end of its DLL.
# number, DLL, name, family, shape, success; parameters: name, title, type, length in bytes, direction, clause
EXPORTS: tuple[Export, ...] = (
    Export(
        1, "VirtualCardChk.dll", "VirtualCardTrans", Family.VC, Shape.TRANS, "00",
        (
            Parameter("strUrl", "交易请求地址", "Char", 2048, _IN, "VC 3.2", word=True),
            Parameter("InData", "交易请求数据", "Char", None, _IN, "VC 3.2", note="JSON 格式字符串"),
            Parameter("OutData", "交易返回数据", "Char", 2048, _OUT, "VC 3.2", aliases=("poutdata",)),
        ),
        "VC 3.2",
    ),
    # VC 3.3 prints this one without __stdcall: docs/errata.md
    Export(
        2, "VirtualCardChk.dll", "Set_QRflow_Mode", Family.VC, Shape.NUMBER, "0",
        (Parameter("mode", "拓展屏二维码显示模式", "int", None, _IN, "VC 3.3", note="0 不显示；1 拓展屏显示"),),
        "VC 3.3",
    ),
    Export(
        3, "VirtualCardChk.dll", "EhealthID_Print", Family.VC, Shape.NUMBER, "0",
        (
            Parameter("ehealthid", "健康卡静态二维码", "Char", 256, _IN, "VC 3.4", word=True),
            Parameter("cardNo", "卡号", "Char", 256, _IN, "VC 3.4", word=True),
            Parameter("name", "用户名", "Char", 256, _IN, "VC 3.4"),
        ),
        "VC 3.4",
    ),
    Export(
        4, "VirtualCardChk.dll", "SetEcQrcode", Family.VC, Shape.MESSAGE, "0",
        (Parameter("pErrmsg", "错误信息说明", "Char", 256, _OUT, "VC 3.5"),),
        "VC 3.5",
    ),
    Export(
        5, "NationECCode.dll", "NationEcTrans", Family.EC, Shape.TRANS, "0000",
        (
            Parameter("strUrl", "业务请求地址", "Char", 2048, _IN, "EC B.1.3", word=True),
            Parameter("InData", "交易请求数据", "Char", 2048, _IN, "EC B.1.3", note="JSON 格式字符串"),
            Parameter("OutData", "交易返回数据", "Char", 2048, _OUT, "EC B.1.3"),
        ),
        "EC B.1.3",
    ),
)  # fmt: skip

EXPORT_BY_NAME: dict[str, Export] = {row.name: row for row in EXPORTS}

# name, export, evidence. The DLL of the export offers it too, on x86 in the decorated forms as well.
ALIASES: tuple[Alias, ...] = ()


def find_export(name: str) -> Export | None:
    """The export of this name or alias, letter for letter; None where there is none."""
    own = next((alias.export for alias in ALIASES if alias.name == name), name)
    return EXPORT_BY_NAME.get(own)


def stdcall_names(name: str, stack_bytes: int) -> tuple[str, str, str]:
    """The names under which a 32-bit DLL offers a function: as hosts import it, then as other compilers' linkers do."""
    return name, f"_{name}@{stack_bytes}", f"{name}@{stack_bytes}"
