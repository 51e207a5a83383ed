"""The exports of both DLLs for ctypes.

Generated from shim/spec/exports.py by python -m buildlib.declarations: do not edit.
Texts are GBK (GB18030) and end with a NUL. Nobody frees the returned text: c_char_p copies it. Each thread needs
buffers of its own. A 32-bit DLL can be loaded by a 32-bit Python only.
"""

from __future__ import annotations

import ctypes
import sys
from pathlib import Path
from typing import Any

# Bytes of the buffers, with the NUL.
OUTDATA_SIZE = 2048
PERRMSG_SIZE = 256

# name: what it returns, what it takes
EXPORTS: dict[str, dict[str, tuple[Any, list[Any]]]] = {
    "VirtualCardChk": {
        # VC 3.2: strUrl, InData, OutData
        "VirtualCardTrans": (ctypes.c_char_p, [ctypes.c_char_p, ctypes.c_char_p, ctypes.c_char_p]),
        # VC 3.3: mode
        "Set_QRflow_Mode": (ctypes.c_int, [ctypes.c_int]),
        # VC 3.4: ehealthid, cardNo, name
        "EhealthID_Print": (ctypes.c_int, [ctypes.c_char_p, ctypes.c_char_p, ctypes.c_char_p]),
        # VC 3.5: pErrmsg
        "SetEcQrcode": (ctypes.c_int, [ctypes.c_char_p]),
    },
    "NationECCode": {
        # EC B.1.3: strUrl, InData, OutData
        "NationEcTrans": (ctypes.c_char_p, [ctypes.c_char_p, ctypes.c_char_p, ctypes.c_char_p]),
    },
}


def load(folder: Path) -> dict[str, Any]:
    """The exports of both DLLs in `folder`, by their names. OSError if one is not there, or is of other bits."""
    return {
        name: declared(library, name)
        for dll, rows in EXPORTS.items()
        for library in [open_library(folder / file_name(dll))]
        for name in rows
    }


def file_name(dll: str) -> str:
    """VirtualCardChk.dll is libVirtualCardChk.so on Linux."""
    return f"{dll}.dll" if sys.platform == "win32" else f"lib{dll}.so"


def open_library(path: Path) -> Any:
    """By its whole path: not by the working directory or PATH. WinDLL is stdcall; neither kind holds the GIL."""
    if sys.platform == "win32":
        return ctypes.WinDLL(str(path.resolve()))
    return ctypes.CDLL(str(path.resolve()))


def declared(library: Any, name: str) -> Any:
    """An export with its types. AttributeError if the library has none of this name."""
    function = getattr(library, name)
    function.restype, function.argtypes = next(rows[name] for rows in EXPORTS.values() if name in rows)
    return function
